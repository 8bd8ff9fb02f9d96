"""大宗农副产品价格: what bulk farm produce sold for, as the agriculture or price department watches it (农业农村局、发展改革局)."""

from shouwang.intake.contract import CodeList, Column, Kind

from ..dataset import Dataset, Subject
from .common import EXCHANGE

# hengshui-2022-1#C.2.6.1: a price that goes on falling is one of the five large-scale risks.
LARGE_SCALE = ("hengshui-2022-1#C.2.6.1",)

CROPS, LIVESTOCK, ORCHARD = "种植", "养殖", "林果"
BRANCH = CodeList(
    "产业",
    {
        CROPS: ("种植业", "粮食", "粮油", "蔬菜", "油料", "药材", "中药材", "食用菌", "薯类", "豆类", "经济作物"),
        LIVESTOCK: ("养殖业", "畜禽", "畜牧", "畜牧业", "生猪", "牛羊", "禽蛋", "肉类", "水产", "奶类"),
        ORCHARD: ("林果业", "水果", "干果", "林产品", "果品", "坚果"),
    },
)

DATASET = Dataset(
    code="produce_price",
    label="大宗农副产品价格",
    department="农业农村局",
    description="本县大宗农副产品的产地价格，一天一个品种一个采价点一行；每周至少采一次价，才能看出是不是持续下跌。",
    cites=(*LARGE_SCALE, *EXCHANGE),
    subject=Subject.COUNTY,
    frequency_parameter="",
    columns=(
        Column(
            "品种",
            "product",
            Kind.TEXT,
            "农副产品的名称；同一品种各期写法要一致",
            is_required=True,
            may_be_empty=False,
            aliases=("品名", "产品", "产品名称", "农产品", "农产品名称", "农副产品", "商品名称", "品种名称"),
            example="玉米",
        ),
        Column(
            "产业",
            "branch",
            Kind.CODE,
            "种植、养殖或林果：用来找到可能受影响的户",
            aliases=("产业类别", "类别", "品类", "产品类别", "大类", "行业"),
            codes=BRANCH,
            example="种植",
        ),
        Column(
            "采价日期",
            "priced_on",
            Kind.DAY,
            "哪一天的价格",
            is_required=True,
            may_be_empty=False,
            aliases=("日期", "价格日期", "监测日期", "报价日期", "采集日期", "时间", "监测时间"),
            is_not_after_period=True,
            example="2022-06-27",
        ),
        Column(
            "价格",
            "price_fen",
            Kind.MONEY,
            "一个计量单位的价格",
            is_required=True,
            may_be_empty=False,
            aliases=(
                "均价",
                "平均价",
                "平均价格",
                "单价",
                "产地价",
                "产地价格",
                "收购价",
                "地头价",
                "出场价",
                "本期价格",
            ),
            unit="元",
            example="2.68",
        ),
        Column(
            "计量单位",
            "price_unit",
            Kind.TEXT,
            "公斤、斤、头等；同一品种单位不同的不放在一起比",
            aliases=("单位", "价格单位", "计价单位", "规格"),
            example="公斤",
        ),
        Column(
            "采价点",
            "market",
            Kind.TEXT,
            "市场、收购点或乡镇；同一周各采价点取平均",
            aliases=("市场", "市场名称", "监测点", "采集点", "产地", "报价单位", "收购点"),
            example="涞源县农贸市场",
        ),
        Column(
            "县",
            "county_name",
            Kind.TEXT,
            "市、省的文件须写明是哪个县的价格；县的文件不用填",
            aliases=("县区", "区县", "县市区", "县（市、区）", "所属县", "县名称", "行政区划"),
            example="",
        ),
    ),
    natural_key=("product", "priced_on", "market", "price_unit"),
    supersession="同一品种、采价日期、采价点和计量单位为同一个价格，以所属月份新的文件为准",
)
