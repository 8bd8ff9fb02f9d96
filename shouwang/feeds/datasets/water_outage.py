"""饮水停供: when the supply of a village was out or failed its test (水利局)."""

from shouwang.intake.contract import CodeList, Column, Kind

from ..dataset import Dataset, Subject
from .common import EXCHANGE, GUARANTEES

QUALITY = CodeList("水质合格", {"是": ("合格", "达标", "通过"), "否": ("不合格", "超标", "不达标", "未通过")})

DATASET = Dataset(
    code="water_outage",
    label="饮水停供",
    department="水利局",
    description="行政村供水中断的起止和水质检测结果；没有停水而水质不合格的，停水开始填检测日期。",
    cites=(
        *EXCHANGE,
        *GUARANTEES,
    ),
    subject=Subject.VILLAGE,
    frequency_parameter="",
    columns=(
        Column(
            "行政村代码",
            "village_code",
            Kind.VILLAGE,
            "12 位统计用区划代码",
            is_required=True,
            may_be_empty=False,
            aliases=("村代码", "行政区划代码", "区划代码", "村编码", "行政村编码", "村级代码"),
            example="130630101201",
        ),
        Column(
            "停水开始",
            "outage_from",
            Kind.DAY,
            "停水开始的日期",
            is_required=True,
            may_be_empty=False,
            aliases=("停水开始日期", "停水开始时间", "停水日期", "停水时间", "开始日期", "停水起始日期"),
            is_not_after_period=True,
            example="2022-06-05",
        ),
        Column(
            "原因",
            "reason",
            Kind.TEXT,
            "停水原因",
            is_required=True,
            aliases=("停水原因", "故障原因", "情况说明"),
            example="水泵损坏",
        ),
        Column(
            "停水结束",
            "outage_to",
            Kind.DAY,
            "恢复供水的日期；仍未恢复的留空",
            aliases=("停水结束日期", "停水结束时间", "恢复供水日期", "恢复供水时间", "恢复日期", "结束日期"),
            example="",
        ),
        Column(
            "水质合格",
            "quality_passed",
            Kind.YES_NO,
            "水质检测是否合格；没有检测的留空",
            aliases=("水质是否合格", "水质检测结果", "水质", "水质达标", "水质是否达标"),
            codes=QUALITY,
            example="是",
        ),
    ),
    natural_key=("outage_from",),
    supersession="同一村同一停水开始日期为同一次停水，以所属月份新的文件为准（如补上停水结束）",
)
