"""社会救助: minimum living allowance, extreme hardship support and other assistance from month to month (民政局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME, QUARTERLY

KINDS = CodeList(
    "救助类别",
    {
        "农村低保": ("低保", "最低生活保障", "农村居民最低生活保障", "农村最低生活保障", "农村低保对象", "农低"),
        "城市低保": ("城市居民最低生活保障", "城镇低保", "城低"),
        "特困供养": (
            "特困",
            "特困人员",
            "特困人员供养",
            "特困人员救助供养",
            "农村特困",
            "分散供养",
            "集中供养",
            "特困分散供养",
            "特困集中供养",
            "分散供养特困人员",
            "集中供养特困人员",
            "五保",
        ),
        "低保边缘": ("低边", "低保边缘家庭", "低保边缘家庭成员", "低收入家庭"),
        "刚性支出困难": ("刚性支出困难家庭", "支出型困难", "支出型困难家庭", "刚性支出困难家庭成员"),
        "临时救助": ("临时生活救助", "急难型临时救助", "支出型临时救助"),
        "困难残疾人生活补贴": ("生活补贴", "困难残疾人补贴"),
        "重度残疾人护理补贴": ("护理补贴", "重残护理补贴"),
        "孤儿和事实无人抚养儿童": ("孤儿", "事实无人抚养儿童", "困境儿童", "孤儿保障"),
        "其他": ("其它", "其他救助"),
    },
)

DATASET = Dataset(
    code="social_assistance",
    label="社会救助",
    department="民政局",
    description="低保、特困、低保边缘、临时救助和残疾人两项补贴的享受人员，按起止月份。",
    cites=(
        *EXCHANGE,
        *QUARTERLY,
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "救助类别",
            "assistance_kind",
            Kind.CODE,
            "享受哪一种救助",
            is_required=True,
            may_be_empty=False,
            aliases=("救助类型", "保障类别", "保障类型", "救助种类", "对象类别", "救助项目"),
            codes=KINDS,
            privacy=Privacy.SENSITIVE,
            example="农村低保",
        ),
        Column(
            "起始月份",
            "from_month",
            Kind.MONTH,
            "开始享受的月份",
            is_required=True,
            may_be_empty=False,
            aliases=(
                "起始年月",
                "开始月份",
                "开始年月",
                "享受起始月",
                "享受开始时间",
                "起始时间",
                "纳入月份",
                "救助月份",
                "审批月份",
            ),
            privacy=Privacy.PERSONAL,
            example="2022-01",
        ),
        Column(
            "终止月份",
            "to_month",
            Kind.MONTH,
            "停止享受的月份；仍在享受的留空",
            aliases=("终止年月", "结束月份", "结束年月", "停发月份", "停保月份", "终止时间", "截止月份"),
            privacy=Privacy.PERSONAL,
            example="",
        ),
        Column(
            "金额",
            "amount_fen",
            Kind.MONEY,
            "每月（临时救助为每次）金额",
            aliases=("救助金额", "保障金额", "月保障金额", "补助金额", "发放金额", "月补助金额"),
            unit="元",
            privacy=Privacy.SENSITIVE,
            example="385",
        ),
    ),
    natural_key=("assistance_kind", "from_month"),
    supersession="同一人、同一类别、同一起始月份，以所属月份新的文件为准（如补上终止月份）",
    tells_of_its_month=True,
    tolerates_unsound_identity=True,
)
