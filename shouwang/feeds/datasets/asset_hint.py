"""资产线索: cars, companies and houses in a person's name: reasons to ask, never to refuse (公安、市场监管、不动产)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME

KINDS = CodeList(
    "资产类别",
    {
        "小汽车": ("轿车", "机动车", "车辆", "汽车", "小型汽车", "小型轿车", "私家车"),
        "大型车辆和农机": ("货车", "大型农机", "农机", "工程机械", "大型车辆", "农用机械"),
        "商品房": ("城镇住房", "房产", "不动产", "购房", "城镇房产", "住房"),
        "公司企业": ("企业", "公司", "企业登记", "股东", "法人", "市场主体"),
        "个体工商户": ("个体户", "个体工商", "个体"),
        "财政供养": ("财政供养人员", "公职人员", "编制内人员", "事业编制"),
        "住房公积金": ("公积金",),
        "其他": ("其它", "其他资产"),
    },
)

DATASET = Dataset(
    code="asset_hint",
    label="资产线索",
    department="市场监管、公安、自然资源等部门",
    description="名下的车辆、企业、商品房等。只作入户时要问的问题，从不用来排除线索。",
    cites=(*EXCHANGE,),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "资产类别",
            "asset_kind",
            Kind.CODE,
            "何种资产",
            is_required=True,
            may_be_empty=False,
            aliases=("资产类型", "资产种类", "财产类别", "财产类型"),
            codes=KINDS,
            privacy=Privacy.SENSITIVE,
            example="小汽车",
        ),
        Column(
            "登记日期",
            "registered_on",
            Kind.DAY,
            "登记的日期",
            aliases=("登记时间", "注册日期", "初次登记日期", "购置日期", "成立日期"),
            privacy=Privacy.SENSITIVE,
            is_not_after_period=True,
            example="2021-11-02",
        ),
        Column(
            "价值",
            "value_fen",
            Kind.MONEY,
            "估值或注册资本",
            aliases=("资产价值", "评估价值", "估值", "注册资本", "金额"),
            unit="元",
            privacy=Privacy.SENSITIVE,
            example="65,000",
        ),
    ),
    natural_key=("asset_kind", "registered_on", "value_fen"),
    supersession="各列都相同的两行视为同一资产",
    tolerates_unsound_identity=True,
)
