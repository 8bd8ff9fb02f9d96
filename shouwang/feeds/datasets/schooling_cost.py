"""教育支出: what a family paid for schooling, aid deducted (教育局)."""

from shouwang.intake.contract import Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME

DATASET = Dataset(
    code="schooling_cost",
    label="教育支出",
    department="教育局",
    description="学生家庭自行负担的学费、住宿费等，已扣除资助。刚性支出的一部分。",
    cites=(
        *EXCHANGE,
        "hebei-xiangzhenfa-2022-14#1.4",
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "支付日期",
            "paid_on",
            Kind.DAY,
            "缴费日期",
            is_required=True,
            may_be_empty=False,
            aliases=("缴费日期", "缴费时间", "支付时间", "交费日期", "收费日期"),
            privacy=Privacy.SENSITIVE,
            is_not_after_period=True,
            example="2022-03-01",
        ),
        Column(
            "金额",
            "amount_fen",
            Kind.MONEY,
            "家庭自行负担的金额",
            is_required=True,
            may_be_empty=False,
            aliases=("缴费金额", "支付金额", "自付金额", "自费金额", "学费", "教育支出", "交费金额"),
            unit="元",
            privacy=Privacy.SENSITIVE,
            example="3,600",
        ),
        Column(
            "学校",
            "school",
            Kind.TEXT,
            "收费学校",
            aliases=("学校名称", "就读学校", "收费单位"),
            privacy=Privacy.SENSITIVE,
            example="涞源县职业技术教育中心",
        ),
    ),
    natural_key=("paid_on", "amount_fen", "school"),
    supersession="同一人、同日、同额、同校的两行视为同一笔；要更正一笔，请撤销原批次后重新导入",
    tolerates_unsound_identity=True,
)
