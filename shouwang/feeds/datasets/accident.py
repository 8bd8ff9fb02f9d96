"""意外事故: accidents of persons and what they had to bear themselves (公安局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME

KINDS = CodeList(
    "事故类型",
    {
        "交通事故": ("道路交通事故", "车祸", "交通", "道路交通"),
        "生产安全事故": ("工伤", "工伤事故", "安全生产事故", "生产事故", "务工受伤"),
        "火灾事故": ("火灾", "房屋火灾", "失火"),
        "溺水": ("溺水事故", "溺亡"),
        "触电": ("触电事故",),
        "中毒": ("食物中毒", "煤气中毒", "一氧化碳中毒", "农药中毒"),
        "坠落": ("高处坠落", "高空坠落", "摔伤", "跌落"),
        "刑事案件": ("诈骗", "电信诈骗", "伤害案件", "被盗"),
        "其他意外": ("其他", "其它", "意外", "意外事故", "意外伤害", "其他事故"),
    },
)

DATASET = Dataset(
    code="accident",
    label="意外事故",
    department="公安局",
    description="交通事故等意外事故的当事人和自行负担的损失。",
    cites=(
        *EXCHANGE,
        "hebei-xiangzhenfa-2022-14#1.3",
        "hebei-xiangzhenfa-2022-14#1.4",
    ),
    frequency_parameter="",
    columns=(
        IDENTITY,
        NAME,
        Column(
            "事故类型",
            "accident_kind",
            Kind.CODE,
            "何种事故",
            is_required=True,
            may_be_empty=False,
            aliases=("事故类别", "事故种类", "意外类型", "事故性质"),
            codes=KINDS,
            privacy=Privacy.SENSITIVE,
            example="交通事故",
        ),
        Column(
            "发生日期",
            "occurred_on",
            Kind.DAY,
            "事故发生的日期",
            is_required=True,
            may_be_empty=False,
            aliases=("发生时间", "事故日期", "事故时间", "事故发生日期", "事故发生时间"),
            privacy=Privacy.SENSITIVE,
            is_not_after_period=True,
            example="2022-06-08",
        ),
        Column(
            "自付损失",
            "own_loss_fen",
            Kind.MONEY,
            "赔付之后由本人负担的损失",
            aliases=("个人损失", "自负损失", "个人承担损失", "自付金额", "个人负担", "损失金额"),
            unit="元",
            privacy=Privacy.SENSITIVE,
            example="8,000",
        ),
    ),
    natural_key=("accident_kind", "occurred_on"),
    supersession="同一人、同一类型、同一发生日期为同一次事故，以所属月份新的文件为准",
    tolerates_unsound_identity=True,
)
