"""灾害损失: what a household lost in a disaster (应急管理局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset, Subject
from .common import EXCHANGE, HOUSEHOLDER_IDENTITY, HOUSEHOLDER_NAME

KINDS = CodeList(
    "灾种",
    {
        "洪涝": ("水灾", "洪涝灾害", "洪水", "暴雨洪涝", "内涝", "暴雨", "山洪"),
        "干旱": ("旱灾", "旱"),
        "风雹": ("冰雹", "雹灾", "大风", "风灾", "龙卷风", "风雹灾害", "雷电"),
        "低温冷冻和雪灾": ("冰冻", "霜冻", "冻害", "雪灾", "低温冷冻", "低温冻害", "冰冻雪灾", "寒潮"),
        "台风": ("台风灾害",),
        "地震": ("地震灾害",),
        "地质灾害": ("滑坡", "泥石流", "崩塌", "地面塌陷", "山体滑坡"),
        "生物灾害": ("病虫害", "虫灾", "动物疫病", "野生动物致害", "草原鼠害"),
        "火灾": ("房屋火灾", "森林火灾", "草原火灾", "失火"),
        "其他": ("其它", "其他灾害"),
    },
)

DATASET = Dataset(
    code="disaster_loss",
    label="灾害损失",
    department="应急管理局",
    description="受灾农户的灾种、发生日期和损失，按户主归户。",
    cites=(
        *EXCHANGE,
        "hebei-xiangzhenfa-2022-14#1.3",
    ),
    subject=Subject.HOUSEHOLDER,
    frequency_parameter="",
    columns=(
        HOUSEHOLDER_IDENTITY,
        HOUSEHOLDER_NAME,
        Column(
            "灾种",
            "disaster_kind",
            Kind.CODE,
            "何种灾害",
            is_required=True,
            may_be_empty=False,
            aliases=("灾害种类", "灾害类型", "灾害类别", "受灾类型"),
            codes=KINDS,
            privacy=Privacy.PERSONAL,
            example="洪涝",
        ),
        Column(
            "发生日期",
            "occurred_on",
            Kind.DAY,
            "灾害发生的日期",
            is_required=True,
            may_be_empty=False,
            aliases=("发生时间", "受灾日期", "受灾时间", "灾害发生日期", "灾害发生时间"),
            privacy=Privacy.PERSONAL,
            is_not_after_period=True,
            example="2022-06-12",
        ),
        Column(
            "损失金额",
            "loss_fen",
            Kind.MONEY,
            "直接经济损失，保险和救助之前",
            aliases=("损失", "直接经济损失", "经济损失", "损失额", "直接经济损失金额"),
            unit="元",
            privacy=Privacy.SENSITIVE,
            example="12,000",
        ),
    ),
    natural_key=("disaster_kind", "occurred_on"),
    supersession="同一户、同一灾种、同一发生日期为同一次受灾，以所属月份新的文件为准（如核定损失）",
    tolerates_unsound_identity=True,
)
