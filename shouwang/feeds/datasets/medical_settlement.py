"""医保结算: what insurance paid and what the patient paid for each visit (医保局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, GUARANTEES, IDENTITY, NAME, QUARTERLY

VISIT_KINDS = CodeList(
    "就诊类型",
    {
        "住院": ("普通住院", "住院治疗", "异地住院", "急诊转住院", "住院就医", "21", "2"),
        "门诊": ("普通门诊", "门急诊", "急诊", "门诊就医", "11", "1"),
        "门诊慢特病": ("门慢", "门特", "门诊慢病", "门诊特病", "门诊慢性病", "门诊特殊病", "慢特病", "门诊慢特", "14"),
        "药店购药": ("定点药店购药", "药店", "购药", "41"),
        "其他": ("生育", "生育住院", "生育门诊", "其它"),
    },
)


def _part(heading: str, name: str, description: str, *aliases: str) -> Column:
    return Column(
        heading,
        name,
        Kind.MONEY,
        description,
        aliases=aliases,
        unit="元",
        privacy=Privacy.SENSITIVE,
        example="1,234.50",
    )


DATASET = Dataset(
    code="medical_settlement",
    label="医保结算",
    department="医保局",
    description="参保人每次就诊的结算：总费用、各项支付和个人自付。大病预警和刚性支出都由此计算。",
    cites=(
        *EXCHANGE,
        *GUARANTEES,
        *QUARTERLY,
        "hebei-xiangzhenfa-2022-14#1.1",
        "hebei-xiangzhenfa-2022-14#1.4",
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "结算日期",
            "settled_on",
            Kind.DAY,
            "费用结算的日期",
            is_required=True,
            may_be_empty=False,
            aliases=("结算时间", "结算日", "费用结算日期", "就诊日期", "就诊时间", "出院日期", "出院结算日期", "日期"),
            privacy=Privacy.SENSITIVE,
            is_not_after_period=True,
            example="2022-06-03",
        ),
        Column(
            "个人自付",
            "own_payment_fen",
            Kind.MONEY,
            "各项保险和救助支付之后由个人负担的金额；退费写负数",
            is_required=True,
            may_be_empty=False,
            aliases=(
                "个人自付金额",
                "个人自付费用",
                "个人支付",
                "个人支付金额",
                "个人负担",
                "个人负担金额",
                "个人现金支付",
                "自付金额",
                "自付费用",
                "自付",
                "GRZF",
            ),
            unit="元",
            privacy=Privacy.SENSITIVE,
            example="1,234.50",
        ),
        Column(
            "就诊类型",
            "visit_kind",
            Kind.CODE,
            "住院、门诊等",
            aliases=("医疗类别", "就医类别", "就医方式", "医疗类型"),
            codes=VISIT_KINDS,
            privacy=Privacy.SENSITIVE,
            example="住院",
        ),
        Column(
            "病种名称",
            "disease",
            Kind.TEXT,
            "诊断或病种名称",
            aliases=("病种", "疾病名称", "诊断名称", "主要诊断", "诊断", "出院诊断", "疾病诊断"),
            privacy=Privacy.SENSITIVE,
            example="脑卒中",
        ),
        _part(
            "医疗总费用", "total_cost_fen", "本次就诊的全部费用", "总费用", "医疗费总额", "费用总额", "总金额", "YLFZE"
        ),
        _part(
            "基本医保支付",
            "basic_insurance_fen",
            "基本医疗保险支付",
            "基本医疗保险支付",
            "统筹支付",
            "统筹基金支付",
            "基本医保报销",
            "基本医疗支付",
            "JBYBZF",
        ),
        _part("大病保险支付", "critical_illness_fen", "大病保险支付", "大病支付", "大病保险报销", "大病保险", "DBBX"),
        _part("医疗救助支付", "medical_assistance_fen", "医疗救助支付", "医疗救助", "救助支付", "民政救助支付", "YLJZ"),
        _part(
            "其他补充支付", "other_supplement_fen", "其他补充保障支付", "其他支付", "补充医疗支付", "其他报销", "CZDD"
        ),
        Column(
            "结算编号",
            "settlement_no",
            Kind.KEY,
            "结算单号；有它才能区分同日同额的两次结算，也才能更正一次结算",
            aliases=("结算单号", "结算号", "结算流水号", "流水号", "就诊流水号", "单据号", "结算ID"),
            privacy=Privacy.PERSONAL,
            example="JS202206030001",
        ),
    ),
    natural_key=("settlement_no",),
    is_whole_row_without_key=True,
    supersession="有结算编号的，同一编号以所属月份新的文件为准；没有结算编号的，各列都相同的两行视为同一次结算",
    tolerates_unsound_identity=True,
)
