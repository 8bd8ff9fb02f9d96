"""How each department shapes its files: file kind, encoding, words for headings, ways to write days, months and amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..writing import Layout

ISO, SLASHES, DOTS, PLAIN, CHINESE = "iso", "slashes", "dots", "plain", "chinese"


@dataclass(frozen=True)
class Habit:
    """What one sender does with one dataset.

    ``days``, ``months``: how they are written. ``grouped``: amounts with thousands separators, ``ten_thousands``: amounts in
    万元. ``besides``: helping columns (县, 乡, 村, 出生日期) before the others. ``values``: column → our value → the sender's word.
    """

    sender: str
    title: str  # what the file is called
    extension: str = "csv"
    layout: Layout = field(default_factory=Layout)
    days: str = ISO
    months: str = ISO
    grouped: tuple[str, ...] = ()
    ten_thousands: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


INSURANCE_BUREAU = "涞源县医疗保障局"
SETTLEMENT = Habit(
    INSURANCE_BUREAU,
    "医保结算明细",
    layout=Layout(
        headings={
            "证件号码": "身份证号码",
            "姓名": "人员姓名",
            "结算日期": "结算时间",
            "个人自付": "个人自付金额",
            "就诊类型": "医疗类别",
            "病种名称": "主要诊断",
            "基本医保支付": "统筹基金支付",
            "结算编号": "结算单号",
        },
        wrapped=("证件号码",),
    ),
)
# one month came from another clerk, with a title, in another encoding
SETTLEMENT_OTHERWISE = replace(
    SETTLEMENT,
    layout=Layout(
        encoding="utf-8-sig",
        titles=("涞源县参保人员医疗费用结算情况表", "统计时间：2022年3月1日至2022年3月31日"),
        blank_after_title=True,
        headings={
            "证件号码": "公民身份号码",
            "就诊类型": "就医类别",
            "个人自付": "个人负担(元)",
            "医疗总费用": "总费用（元）",
        },
        total=("个人自付", "医疗总费用"),
    ),
    days=SLASHES,
    grouped=("个人自付", "医疗总费用"),
)

HABITS: dict[str, Habit] = {
    "medical_settlement": SETTLEMENT,
    "major_disease": Habit(
        "涞源县卫生健康局",
        "大病和慢病患者名单",
        "xlsx",
        Layout(
            titles=("涞源县30种大病、4种重点慢性病患者登记表",),
            headings={"证件号码": "身份证号", "病种名称": "所患疾病", "确诊日期": "确诊时间", "签约医生": "家庭医生"},
        ),
        days=DOTS,
    ),
    "medical_insurance": Habit(
        INSURANCE_BUREAU,
        "2022年度基本医疗保险参保人员",
        layout=Layout(
            headings={"参保年度": "缴费年度", "参保状态": "参保缴费状态", "参保类型": "险种类型"}, wrapped=("证件号码",)
        ),
        values={
            "参保状态": {"参保": "正常参保"},
            "参保类型": {"城乡居民": "城乡居民基本医疗保险", "城镇职工": "职工基本医疗保险"},
        },
    ),
    "disability": Habit(
        "涞源县残疾人联合会",
        "持证残疾人花名册",
        "xlsx",
        Layout(
            titles=("涞源县持证残疾人花名册", "填报单位：涞源县残疾人联合会"),
            blank_after_title=True,
            headings={"残疾证号": "残疾人证号", "村": "家庭住址"},
            total=("",),
        ),
        days=CHINESE,
        besides=("村",),
    ),
    "benefit_payment": Habit(
        "涞源县财政局",
        "惠民惠农一卡通发放明细",
        "xlsx",
        Layout(
            titles=("涞源县惠民惠农财政补贴资金发放明细",),
            headings={"证件号码": "身份证号码", "发放项目": "补贴名称", "发放月份": "发放年月", "金额": "实发金额"},
            total=("金额",),
            numeric=("金额",),
        ),
        months=PLAIN,
        besides=("乡", "村"),
    ),
    "social_assistance": Habit(
        "涞源县民政局",
        "社会救助对象台账",
        "xlsx",
        Layout(
            titles=("涞源县社会救助对象台账",),
            headings={
                "证件号码": "身份证号码",
                "姓名": "保障对象姓名",
                "救助类别": "保障类别",
                "起始月份": "享受起始月",
                "金额": "月保障金额",
                "乡": "乡镇",
            },
            total=("金额",),
            numeric=("金额",),
        ),
        months=PLAIN,
        besides=("乡", "村"),
        values={"救助类别": {"农村低保": "农村居民最低生活保障", "特困供养": "分散供养特困人员"}},
    ),
    "enrolment": Habit(
        "涞源县教育和体育局",
        "义务教育阶段学籍",
        layout=Layout(
            headings={
                "证件号码": "学生身份证件号",
                "姓名": "学生姓名",
                "学校": "学校名称",
                "学籍状态": "学生当前状态",
                "未就学原因": "失学或辍学原因",
            }
        ),
        besides=("出生日期",),
        days=PLAIN,
        values={"学籍状态": {"在读": "正常在读"}},
    ),
    "schooling_cost": Habit(
        "涞源县教育和体育局",
        "高中以上学生缴费",
        layout=Layout(
            encoding="utf-8-sig",
            headings={
                "证件号码": "学生身份证号",
                "姓名": "学生姓名",
                "支付日期": "缴费日期",
                "金额": "缴费金额（元）",
                "学校": "就读学校",
            },
            total=("金额",),
        ),
        days=SLASHES,
        grouped=("金额",),
    ),
    "employment": Habit(
        "涞源县人力资源和社会保障局",
        "务工就业和失业登记",
        layout=Layout(
            headings={
                "证件号码": "身份证号",
                "就业状态": "就业情况",
                "开始日期": "务工开始时间",
                "务工地点": "务工所在地",
                "单位名称": "用人单位",
                "结束日期": "务工结束时间",
                "乡": "乡镇",
                "村": "行政村",
            },
            wrapped=("证件号码",),
        ),
        besides=("乡", "村"),
        values={"就业状态": {"失业": "登记失业", "公益性岗位": "公益岗"}},
    ),
    "housing_safety": Habit(
        "涞源县住房和城乡建设局",
        "农村房屋安全鉴定",
        "xlsx",
        Layout(
            titles=("涞源县农村房屋安全鉴定台账",),
            headings={
                "户主证件号码": "户主身份证号",
                "户主姓名": "户主",
                "鉴定等级": "房屋鉴定等级",
                "鉴定日期": "鉴定时间",
                "改造状态": "改造情况",
                "现居安全住房": "是否有其他安全住房",
            },
            serial=("鉴定日期",),
        ),
        values={"鉴定等级": {grade: f"{grade}级" for grade in "ABCD"}},
    ),
    "water_outage": Habit(
        "涞源县水利局",
        "农村供水停供和水质检测",
        "xlsx",
        Layout(headings={"行政村代码": "村代码", "原因": "停水原因", "水质合格": "水质是否合格"}),
    ),
    "produce_price": Habit(
        "涞源县农业农村局",
        "大宗农副产品产地价格监测",
        "xlsx",
        Layout(
            titles=("涞源县大宗农副产品产地价格监测表",),
            headings={"产业": "产品类别", "采价日期": "监测日期", "价格": "产地价格（元）", "计量单位": "单位"},
            numeric=("价格",),
        ),
        values={"产业": {"种植": "种植业", "养殖": "养殖业", "林果": "林果业"}},
    ),
    "disaster_loss": Habit(
        "涞源县应急管理局",
        "受灾农户损失统计",
        "xlsx",
        Layout(
            titles=("涞源县自然灾害受灾农户损失统计表",),
            blank_after_title=True,
            headings={
                "户主证件号码": "户主身份证号码",
                "灾种": "灾害种类",
                "发生日期": "受灾日期",
                "损失金额": "直接经济损失（万元）",
            },
            total=("损失金额",),
            numeric=("损失金额",),
            notes_below=("备注：损失为乡镇上报数，未经核定",),
        ),
        days=CHINESE,
        ten_thousands=("损失金额",),
        values={"灾种": {"风雹": "冰雹"}},
    ),
    "accident": Habit(
        "涞源县公安局",
        "意外事故情况",
        "xlsx",
        Layout(
            headings={"证件号码": "公民身份号码", "发生日期": "事故发生时间", "自付损失": "个人承担损失"},
            dated=("发生日期",),
            numeric=("自付损失",),
        ),
    ),
    "population_change": Habit(
        "涞源县公安局",
        "户籍变动",
        "xlsx",
        Layout(headings={"证件号码": "公民身份号码", "变动类型": "变动原因", "村": "户籍地址"}),
        days=PLAIN,
        besides=("村",),
        values={"变动类型": {"死亡": "死亡注销", "出生": "出生登记", "迁出": "户口迁出"}},
    ),
    "asset_hint": Habit(
        "河北省乡村振兴局",
        "省反馈部门预警信息",
        layout=Layout(
            encoding="utf-8-sig",
            titles=("省级部门预警信息（资产类）",),
            headings={"证件号码": "身份证号", "资产类别": "资产类型", "县": "县（市、区）"},
        ),
        besides=("县",),
        days=SLASHES,
    ),
    "monthly_income": Habit(
        "涞源县乡村振兴局",
        "脱贫户和监测对象月收入",
        layout=Layout(
            headings={
                "户编号": "农户编号",
                "月份": "收入月份",
                "生产经营性收入": "生产经营收入",
                "生产经营性支出": "经营支出",
            }
        ),
        months=PLAIN,
    ),
}

# What every dataset comes as: the period of the file and the last day whose rows it holds; earlier rows came before.
HALF_YEAR = ("2022-01", "2022-02", "2022-03", "2022-04", "2022-05", "2022-06")
PERIODS: dict[str, tuple[str, ...]] = {
    "population_change": HALF_YEAR,
    "medical_settlement": ("2021-12", *HALF_YEAR),
    "major_disease": HALF_YEAR,
    "medical_insurance": ("2022-03", "2022-06"),
    "disability": ("2022-01", "2022-06"),
    "social_assistance": ("2022-01", "2022-04", "2022-06"),
    "enrolment": ("2022-03", "2022-06"),
    "schooling_cost": ("2021-12", "2022-03"),
    "employment": ("2022-01", "2022-03", "2022-06"),
    "housing_safety": ("2022-03", "2022-06"),
    "disaster_loss": ("2022-03", "2022-05", "2022-06"),
    "accident": ("2022-03", "2022-05", "2022-06"),
    "benefit_payment": HALF_YEAR,
    "monthly_income": ("2021-12", "2022-03", "2022-04", "2022-05", "2022-06"),
}
