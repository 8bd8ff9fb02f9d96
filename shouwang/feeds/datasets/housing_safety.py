"""住房安全: the appraised grade of a household's dwelling and what was done about it (住建局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset, Subject
from .common import EXCHANGE, GUARANTEES, HOUSEHOLDER_IDENTITY, HOUSEHOLDER_NAME, QUARTERLY

GRADES = CodeList(
    "鉴定等级",
    {
        "A": ("A级", "A级房", "安全A", "甲级"),
        "B": ("B级", "B级房", "基本安全", "乙级"),
        "C": ("C级", "C级危房", "局部危险", "丙级"),
        "D": ("D级", "D级危房", "整栋危险", "整体危险", "丁级"),
    },
)
REBUILD_STATUSES = CodeList(
    "改造状态",
    {
        "未改造": ("否", "没有改造", "待改造", "未开工", "0"),
        "改造中": ("正在改造", "在建", "已开工", "施工中"),
        "已改造": ("是", "改造完成", "已竣工", "竣工", "已完成", "已改造完成", "验收合格", "1"),
        "无需改造": ("不需改造", "不需要改造", "无"),
    },
)

DATASET = Dataset(
    code="housing_safety",
    label="住房安全",
    department="住建局",
    description="农村房屋安全鉴定等级和危房改造情况，按户主归户。",
    cites=(
        *EXCHANGE,
        *GUARANTEES,
        *QUARTERLY,
    ),
    subject=Subject.HOUSEHOLDER,
    columns=(
        HOUSEHOLDER_IDENTITY,
        HOUSEHOLDER_NAME,
        Column(
            "鉴定等级",
            "safety_grade",
            Kind.CODE,
            "A、B 安全，C、D 危险",
            is_required=True,
            may_be_empty=False,
            aliases=("房屋等级", "房屋鉴定等级", "危房等级", "危房级别", "住房安全等级", "安全等级", "鉴定结果"),
            codes=GRADES,
            privacy=Privacy.PERSONAL,
            example="C",
        ),
        Column(
            "鉴定日期",
            "appraised_on",
            Kind.DAY,
            "鉴定的日期",
            is_required=True,
            may_be_empty=False,
            aliases=("鉴定时间", "评定日期", "评定时间", "认定日期"),
            privacy=Privacy.PERSONAL,
            is_not_after_period=True,
            example="2022-05-20",
        ),
        Column(
            "改造状态",
            "rebuild_status",
            Kind.CODE,
            "危房改造进行到哪一步",
            aliases=("改造情况", "是否改造", "危房改造情况", "危改状态", "改造进度"),
            codes=REBUILD_STATUSES,
            privacy=Privacy.PERSONAL,
            example="未改造",
        ),
        Column(
            "现居安全住房",
            "has_safe_dwelling",
            Kind.YES_NO,
            "是否已经住在别处的安全住房（租、借、与子女同住、集中供养）",
            aliases=("是否有安全住房", "是否有其他安全住房", "是否居住安全住房", "现居住房是否安全"),
            privacy=Privacy.PERSONAL,
            example="否",
        ),
    ),
    natural_key=("appraised_on",),
    supersession="同一户同一鉴定日期以所属月份新的文件为准；鉴定日期不同的各成一行，规则取最近一次",
    tolerates_unsound_identity=True,
)
