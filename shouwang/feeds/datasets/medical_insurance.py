"""参保情况: who is insured in which year (医保局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, GUARANTEES, IDENTITY, NAME, QUARTERLY

STATUSES = CodeList(
    "参保状态",
    {
        "参保": ("已参保", "正常参保", "正常", "正常缴费", "参保缴费", "已缴费", "在保", "是", "有效", "1"),
        "未参保": ("否", "没有参保", "未缴费", "断保", "脱保", "漏保", "0"),
        "暂停参保": ("暂停", "停保", "暂停缴费", "中断", "中断参保", "2"),
        "终止参保": ("终止", "退保", "注销", "3"),
    },
)
KINDS = CodeList(
    "参保类型",
    {
        "城乡居民": (
            "居民",
            "城乡居民医保",
            "城乡居民基本医疗保险",
            "居民医保",
            "新农合",
            "新型农村合作医疗",
            "城乡居民基本医保",
            "390",
        ),
        "城镇职工": ("职工", "职工医保", "城镇职工医保", "城镇职工基本医疗保险", "职工基本医疗保险", "310"),
        "其他": ("其它", "商业保险", "异地参保", "军人保险"),
    },
)

DATASET = Dataset(
    code="medical_insurance",
    label="参保情况",
    department="医保局",
    description="年度基本医疗保险参保人员。没有参保的人由档案与本表比对得出。",
    cites=(
        *EXCHANGE,
        *GUARANTEES,
        *QUARTERLY,
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "参保年度",
            "insured_year",
            Kind.YEAR,
            "参保所属的年度",
            is_required=True,
            may_be_empty=False,
            aliases=("年度", "参保年份", "缴费年度", "保险年度", "参保缴费年度"),
            example="2022",
        ),
        Column(
            "参保状态",
            "insurance_status",
            Kind.CODE,
            "该年度是否参保",
            is_required=True,
            may_be_empty=False,
            aliases=("参保情况", "是否参保", "缴费状态", "参保缴费状态", "人员参保状态", "当前参保状态"),
            codes=STATUSES,
            privacy=Privacy.PERSONAL,
            example="参保",
        ),
        Column(
            "参保类型",
            "insurance_kind",
            Kind.CODE,
            "居民医保或职工医保",
            aliases=("险种", "险种类型", "参保险种", "医保类型", "保险类型", "参保身份"),
            codes=KINDS,
            privacy=Privacy.PERSONAL,
            example="城乡居民",
        ),
    ),
    natural_key=("insured_year",),
    supersession="同一人同一年度以所属月份新的文件为准；同一文件里一人有几行的（如职工转居民），参保的一行为准",
    precedence="insurance_status = '参保'",
    tells_of_its_month=True,
    tolerates_unsound_identity=True,
)
