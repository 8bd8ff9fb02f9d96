"""The measures that the documents name: one code set, seen by the national form's classes and by the plan's eleven kinds."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.casework.risks import RISKS

from .models.support import PREVENTIVE, REMEDIAL

# The classes of the national collection form (domain code set), and which of them count as 开发式帮扶.
NATIONAL = {
    "industry": "产业帮扶",
    "employment": "就业帮扶",
    "finance": "金融帮扶",
    "public_post": "公益岗位帮扶",
    "housing": "住房安全保障",
    "water": "饮水安全保障",
    "health": "健康帮扶",
    "compulsory_education": "义务教育保障",
    "other_education": "其他教育帮扶",
    "safety_net": "综合保障",
    "social": "社会帮扶",
    "relocation": "搬迁",
    "living_conditions": "生产生活条件改善",
    "infrastructure": "基础设施建设",
}
DEVELOPMENTAL = ("industry", "employment", "finance", "public_post")

# The eleven of the city's plan (hengshui-2022-1#C.3.1 to C.3.11).
PLAN = {
    "C.3.1": "产业帮扶",
    "C.3.2": "就业帮扶",
    "C.3.3": "金融帮扶",
    "C.3.4": "健康帮扶",
    "C.3.5": "教育帮扶",
    "C.3.6": "住房安全保障",
    "C.3.7": "饮水安全保障",
    "C.3.8": "扶贫项目资产帮扶",
    "C.3.9": "兜底保障和救助",
    "C.3.10": "社会帮扶",
    "C.3.11": "扶志扶智",
}
_PLAN_DOCUMENT = "hengshui-2022-1"

ANYONE, WITH_LABOUR, WITHOUT_LABOUR = "", "labour", "no_labour"


@dataclass(frozen=True)
class Kind:
    """A measure: its class in the national form, the clause of the plan that names it, who owns it, which risks it answers.

    ``labour``: for households with labour only, without only, or any. ``phase`` is how it is mostly used.
    """

    code: str
    label: str
    national: str
    clause: str
    department: str
    risks: tuple[str, ...]
    labour: str = ANYONE
    phase: str = REMEDIAL
    cites: tuple[str, ...] = ()

    @property
    def is_developmental(self) -> bool:
        return self.national in DEVELOPMENTAL

    @property
    def national_label(self) -> str:
        return NATIONAL[self.national]

    @property
    def plan_label(self) -> str:
        """Which of the eleven it belongs to."""
        return PLAN[".".join(self.clause.split(".")[:3])]

    @property
    def all_cites(self) -> tuple[str, ...]:
        return (f"{_PLAN_DOCUMENT}#{self.clause}", *self.cites)

    def suits(self, has_labour: bool) -> bool:
        return self.labour == ANYONE or (self.labour == WITH_LABOUR) == has_labour


_EARNING = ("industry_failure", "unstable_work", "epidemic", "disaster", "labour_shortage", "other")
_SELF_RELIANCE = "hebei-opinion-2021#2.2.14"
_SAFETY_NET = "hebei-opinion-2021#2.2.15"
_FUNDS = "hebei-opinion-2021#2.2.16"

_KINDS: tuple[Kind, ...] = (
    # ── 产业 ──
    Kind("industry_project", "特色产业项目带动", "industry", "C.3.1.1", "agriculture",
         ("industry_failure", "illness", "disability", "schooling", "disaster", "other"), WITH_LABOUR, PREVENTIVE, (_SELF_RELIANCE,)),
    Kind("industry_training", "产业技能培训、带动经营", "industry", "C.3.1.2", "agriculture", ("industry_failure", "unstable_work"), WITH_LABOUR, PREVENTIVE),
    Kind("farm_supplies", "农资供应", "industry", "C.3.1.3", "agriculture", ("disaster", "industry_failure", "epidemic"), WITH_LABOUR),
    Kind("sales_matching", "产销对接", "industry", "C.3.1.3", "commerce", ("industry_failure", "epidemic", "disaster"), WITH_LABOUR),
    # ── 就业 ──
    Kind("job_search_subsidy", "一次性求职补贴", "employment", "C.3.2.1", "human_resources", ("unstable_work", "epidemic"), WITH_LABOUR),
    Kind("insurance_subsidy", "社保补贴", "employment", "C.3.2.1", "human_resources", ("unstable_work", "epidemic"), WITH_LABOUR),
    Kind("job_transfer", "转岗服务", "employment", "C.3.2.1", "human_resources",
         ("unstable_work", "epidemic", "industry_failure", "illness", "schooling", "accident"), WITH_LABOUR, PREVENTIVE, (_SELF_RELIANCE,)),
    Kind("transport_subsidy", "跨省、跨市务工交通补助", "employment", "C.3.2.1", "human_resources", ("unstable_work", "epidemic"), WITH_LABOUR),
    Kind("work_relief", "以工代赈", "employment", "C.3.2.1", "agriculture", ("unstable_work", "disaster", "industry_failure"), WITH_LABOUR),
    Kind("training_living_allowance", "培训生活费补贴", "employment", "C.3.2.2", "human_resources", ("unstable_work", "industry_failure"), WITH_LABOUR),
    Kind("training_subsidy", "职业培训补贴", "employment", "C.3.2.2", "human_resources", ("unstable_work", "industry_failure"), WITH_LABOUR, PREVENTIVE),
    Kind("qualification_subsidy", "资格培训补助", "employment", "C.3.2.2", "human_resources", ("unstable_work",), WITH_LABOUR, PREVENTIVE),
    Kind("yulu_plan", "雨露计划", "other_education", "C.3.2.2", "rural_revitalisation", ("schooling",)),
    Kind("public_welfare_post", "公益岗位", "public_post", "C.3.2.3", "human_resources",
         ("unstable_work", "disability", "illness", "epidemic", "labour_shortage"), WITH_LABOUR, REMEDIAL, (_SELF_RELIANCE,)),
    # ── 金融 ──
    Kind("micro_credit", "小额信贷和贴息", "finance", "C.3.3.1", "financial_work", ("industry_failure", "disaster"), WITH_LABOUR, PREVENTIVE, (_SELF_RELIANCE,)),
    Kind("startup_loan", "创业担保贷款", "finance", "C.3.3.1", "financial_work", ("industry_failure", "unstable_work"), WITH_LABOUR, PREVENTIVE),
    # ── 健康 ──
    Kind("treatment_before_payment", "先诊疗后付费", "health", "C.3.4.1", "health", ("illness", "accident", "disability")),
    Kind("major_disease_treatment", "大病专项救治", "health", "C.3.4.1", "health", ("illness",)),
    Kind("family_doctor", "家庭医生签约服务", "health", "C.3.4.1", "health", ("illness", "disability"), phase=PREVENTIVE),
    Kind("insured_in_time", "动态参加基本医保", "health", "C.3.4.2", "medical_insurance", ("illness", "accident"), phase=PREVENTIVE),
    Kind("insurance_premium_aid", "参保资助", "health", "C.3.4.2", "medical_insurance", ("illness", "disability"), phase=PREVENTIVE),
    Kind("medical_assistance", "医疗救助", "health", "C.3.4", "medical_insurance", ("illness", "accident", "epidemic")),
    # ── 教育 ──
    Kind("dropout_control", "控辍保学", "compulsory_education", "C.3.5.1", "education", ("schooling",), phase=PREVENTIVE),
    Kind("education_aid", "各学段教育资助", "other_education", "C.3.5.2", "education", ("schooling",)),
    Kind("compulsory_education_aid", "义务教育“两免一补”", "compulsory_education", "C.3.5.2", "education", ("schooling",)),
    # ── 住房、饮水 ──
    Kind("house_rebuilding", "农村危房改造", "housing", "C.3.6.1", "housing", ("housing", "disaster", "accident")),
    Kind("safe_dwelling", "租住、借住等安全住房安置", "housing", "C.3.6.1", "housing", ("housing", "disaster")),
    Kind("emergency_water", "应急供水", "water", "C.3.7.1", "water", ("water", "disaster")),
    Kind("water_works", "供水设施维修管护", "water", "C.3.7.1", "water", ("water",)),
    # ── 资产收益 ──
    Kind("asset_income", "资产收益再分配", "industry", "C.3.8.1", "rural_revitalisation", ("labour_shortage", "disability", "illness", "other")),
    Kind("asset_public_work", "资产收益临时用工、公益事业", "public_post", "C.3.8.1", "rural_revitalisation", ("unstable_work", "labour_shortage"), WITH_LABOUR),
    Kind("asset_small_award", "小微奖补", "industry", "C.3.8.1", "rural_revitalisation", ("industry_failure",), WITH_LABOUR),
    # ── 兜底 ──
    Kind("dibao", "最低生活保障（含单人保）", "safety_net", "C.3.9.1", "civil_affairs",
         ("labour_shortage", "illness", "disability", "schooling", "unstable_work", "accident", "other"), cites=(_SAFETY_NET,)),
    Kind("tekun", "特困人员救助供养", "safety_net", "C.3.9.1", "civil_affairs", ("labour_shortage", "disability"), WITHOUT_LABOUR, cites=(_SAFETY_NET,)),
    Kind("temporary_relief", "临时救助", "safety_net", "C.3.9.1", "civil_affairs",
         ("disaster", "accident", "epidemic", "illness", "schooling", "industry_failure", "unstable_work", "housing", "water", "other"), cites=(_SAFETY_NET,)),
    Kind("disability_allowance", "残疾人两项补贴", "safety_net", "C.3.9", "civil_affairs", ("disability",)),
    Kind("rehabilitation", "康复服务", "safety_net", "C.3.4", "disabled_federation", ("disability",)),
    Kind("pension_premium_aid", "养老保险代缴", "safety_net", "C.3.9", "human_resources", ("labour_shortage",), WITHOUT_LABOUR, PREVENTIVE, (_SAFETY_NET,)),
    Kind("disaster_relief", "受灾人员救助", "safety_net", "C.3.9", "emergency", ("disaster",)),
    Kind("social_assistance_fund", "社会救助基金", "safety_net", "C.3.9.2", "civil_affairs", tuple(RISKS), cites=(_FUNDS,)),
    # ── 社会 ──
    Kind("social_help", "社会组织、企业结对帮扶", "social", "C.3.10.1", "rural_revitalisation", tuple(RISKS)),
    Kind("prevention_fund", "防贫专项基金", "social", "C.3.10.2", "rural_revitalisation", ("illness", "schooling", "disaster", "accident", "other")),
    Kind("anti_poverty_insurance", "防贫保", "social", "C.3.10.2", "rural_revitalisation",
         ("illness", "schooling", "disaster", "accident", "industry_failure"), phase=PREVENTIVE, cites=(_FUNDS,)),
    # ── 扶志扶智 ──
    Kind("motivation", "扶志扶智、奖励自强", "living_conditions", "C.3.11.1", "publicity", ("unstable_work", "industry_failure", "other"), WITH_LABOUR, PREVENTIVE, (_SELF_RELIANCE,)),
)  # fmt: skip

CATALOGUE: dict[str, Kind] = {kind.code: kind for kind in _KINDS}


def label_of(code: str) -> str:
    """How a measure is called; the code itself where it is unknown."""
    return CATALOGUE[code].label if code in CATALOGUE else code
