"""监测对象信息: the monitored-object sheet of the national system (domain 2.10, object sheet extras)."""

from shouwang.intake.contract import Column, Kind, Privacy

from .sheet import (
    HEAD_IDENTITY,
    HEAD_NAME,
    HOUSEHOLD_NO,
    HOUSEHOLD_TYPE,
    PLACE,
    RegisterSheet,
    number,
    person_name,
    text,
)

PERSONAL, SENSITIVE = Privacy.PERSONAL, Privacy.SENSITIVE
MEASURES = (
    "产业帮扶",
    "就业帮扶",
    "金融帮扶",
    "公益岗位帮扶",
    "住房安全保障",
    "饮水安全保障",
    "健康帮扶",
    "义务教育保障",
    "其他教育帮扶",
    "综合保障",
    "社会帮扶",
    "搬迁",
    "生产生活条件改善",
    "基础设施建设",
)
RISKS = tuple(f"致贫/返贫风险{number}" for number in range(1, 6))
SAFETY = (
    "是否义务教育阶段适龄儿童少年失学辍学",
    "是否住房出现安全问题",
    "是否饮水出现安全问题",
    "是否有家庭成员未参加基本医疗保险",
)
INCOMES = (
    "人均纯收入",
    "纯收入",
    "工资性收入",
    "生产经营性收入",
    "财产性收入",
    "转移性收入",
    "生产经营性支出",
    "理赔收入",
    "合规自付支出",
    "纳入监测对象的收入参考范围",
    "人均收入参考范围",
)
AFTER = "风险消除后"
_MEASURE_ALIASES = {
    "公益岗位帮扶": ("公益岗位", "公益性岗位帮扶"),
    "住房安全保障": ("住房帮扶", "住房保障"),
    "饮水安全保障": ("饮水帮扶", "饮水保障"),
    "其他教育帮扶": ("教育帮扶",),
    "义务教育保障": ("义务教育帮扶",),
    "综合保障": ("综合保障帮扶",),
    "搬迁": ("搬迁帮扶", "易地搬迁"),
}
_RISK_ALIASES = {
    risk: (f"致贫返贫风险{place}", f"返贫致贫风险{place}", f"风险类型{place}", f"致贫风险{place}")
    for place, risk in enumerate(RISKS, start=1)
}
_INCOME_ALIASES = {"人均纯收入": ("家庭人均纯收入",), "纯收入": ("家庭纯收入",), "理赔收入": ("家庭理赔收入",)}

SHEET = RegisterSheet(
    code="monitored",
    label="监测对象信息",
    description="全国防返贫监测信息系统导出的监测对象信息表，一户一行。",
    columns=(
        *PLACE,
        HOUSEHOLD_NO,
        HEAD_NAME,
        HEAD_IDENTITY,
        text("家庭人口数", "家庭人口", "家庭人数", "人数", privacy=PERSONAL),
        HOUSEHOLD_TYPE,
        Column(
            "监测对象类别",
            "object_category",
            Kind.TEXT,
            "脱贫不稳定户、边缘易致贫户、突发严重困难户",
            is_required=True,
            aliases=("易返贫致贫户类型", "监测对象类型", "监测户类型", "监测户类别"),
            privacy=SENSITIVE,
        ),
        *(text(risk, *_RISK_ALIASES[risk], privacy=SENSITIVE) for risk in RISKS),
        text("因自然灾害子项", "自然灾害子项", privacy=SENSITIVE),
        text("其他备注", "其他风险备注", privacy=SENSITIVE),
        text("识别监测时间", "风险识别时间", "识别时间", "纳入监测时间", privacy=SENSITIVE),
        *(text(heading, *_INCOME_ALIASES.get(heading, ()), privacy=SENSITIVE) for heading in INCOMES),
        text("整户无劳动能力兜底保障户", "是否整户无劳动能力兜底保障户", privacy=SENSITIVE),
        text("实施开发式帮扶措施情况", "开发式帮扶措施实施情况", privacy=SENSITIVE),
        *(text(measure, *_MEASURE_ALIASES.get(measure, ()), privacy=SENSITIVE) for measure in MEASURES),
        text("风险是否已消除", "风险是否消除", "是否消除风险", privacy=SENSITIVE),
        text("消除监测时间", "风险消除时间", "消除时间", privacy=SENSITIVE),
        text("风险消除方式", "消除方式", privacy=SENSITIVE),
        *(text(heading, privacy=SENSITIVE) for heading in SAFETY),
        *(text(f"{AFTER}{heading}", privacy=SENSITIVE) for heading in (*INCOMES, *SAFETY)),
        person_name("监测联系人", "contact_name", "监测联系人姓名"),
        number("监测联系人电话", "contact_phone", "监测联系人联系电话"),
        person_name("信息采集人", "collector_name", "信息采集人姓名"),
    ),
    cites=("hengshui-2022-1#C.4.4",),
    keeps_unknown_columns=True,
    key="户编号",
    key_name="household_no",
    row_label="户",
)
