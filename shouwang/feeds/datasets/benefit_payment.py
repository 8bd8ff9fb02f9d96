"""补贴发放: what was paid out to whom on the one card, month by month: pensions, subsidies, wages of public posts (财政局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME

KINDS = CodeList(
    "发放项目",
    {
        "养老保险金": ("养老金", "城乡居民养老保险", "城乡居民基本养老保险", "居民养老保险", "基础养老金"),
        "计划生育金": ("计生金", "计划生育奖励扶助", "计生奖扶", "奖扶金"),
        "生态补偿": (
            "退耕还林补助",
            "退耕还林",
            "公益林补偿",
            "森林生态效益补偿",
            "草原补奖",
            "移民后扶",
            "生态补偿金",
        ),
        "玉米大豆补贴": ("玉米大豆生产者补贴", "大豆玉米补贴"),
        "地力补贴": ("耕地地力保护补贴", "耕地地力补贴", "种粮补贴", "实际种粮农民一次性补贴"),
        "高龄补贴": ("高龄津贴", "老年津贴"),
        "优抚": ("优抚金", "优抚对象抚恤", "抚恤金"),
        "教育补助": ("教育资助", "雨露计划", "雨露计划补助", "家庭经济困难学生生活补助", "助学金"),
        "失能老人补贴": ("失能补贴", "护理补贴（失能老人）"),
        "取暖补贴": ("采暖补贴", "清洁取暖补贴", "取暖补助"),
        "物价补贴": ("价格临时补贴", "物价联动补贴"),
        "公益岗位补助": ("公益岗位工资", "公益性岗位补贴", "公益岗", "公益岗位", "护林员补助", "保洁员补助"),
        "资产收益分红": ("分红", "扶贫资产收益", "光伏收益", "光伏分红"),
        "其他": ("其它", "其他补贴"),
    },
)

DATASET = Dataset(
    code="benefit_payment",
    label="补贴发放",
    department="财政局",
    description="惠民惠农“一卡通”按人按月发放的养老金、各类补贴和公益岗位补助，一笔一行；自动记入收入台账，不再问农户。",
    cites=(
        *EXCHANGE,
        "laiyuan-2022-9#2.1.3",
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "发放项目",
            "benefit_kind",
            Kind.CODE,
            "发的是哪一项",
            is_required=True,
            may_be_empty=False,
            aliases=("补贴项目", "补贴名称", "项目名称", "发放种类", "补贴种类", "资金名称"),
            codes=KINDS,
            privacy=Privacy.SENSITIVE,
            example="养老保险金",
        ),
        Column(
            "发放月份",
            "paid_month",
            Kind.MONTH,
            "发放的月份",
            is_required=True,
            may_be_empty=False,
            aliases=("发放年月", "发放时间", "到账月份", "补贴月份", "支付月份"),
            privacy=Privacy.PERSONAL,
            example="2022-06",
        ),
        Column(
            "金额",
            "amount_fen",
            Kind.MONEY,
            "实发金额",
            is_required=True,
            may_be_empty=False,
            aliases=("发放金额", "补贴金额", "实发金额", "到账金额"),
            unit="元",
            privacy=Privacy.SENSITIVE,
            example="128",
        ),
    ),
    natural_key=("benefit_kind", "paid_month", "amount_fen"),
    supersession="同一人、同一项目、同月、同额的两行视为同一笔；要更正一笔，请撤销原批次后重新导入",
    tolerates_unsound_identity=True,
)
