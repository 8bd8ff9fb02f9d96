"""The policies that people may be entitled to, as laiyuan-2022-9#2.3.4 names them: whom each fits, and what shows that it is received.

Conditions are SQL over the traits of a person (``person_traits``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Policy:
    """``fits`` and ``has`` are SQL over one wide row per person (see ``_wide``); ``sources``: datasets of which one must have come.

    ``needs``: what has to be known to say whom it fits: datasets, or ``screening``. ``measures``: kinds of measures that also say so.
    """

    code: str
    label: str
    department: str
    fits: str
    has: str
    why: str
    cites: tuple[str, ...]
    sources: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    duty: str = "S2-B-28"


_CLAUSE = "laiyuan-2022-9#2.3.4"
_BENEFITS = f"{_CLAUSE}.4"

POLICIES: tuple[Policy, ...] = (
    Policy(
        "dibao", "低保、特困供养", "民政局",
        "labour IN ('丧失劳动力', '弱劳动力或半劳动力') AND NOT is_employed", "has_dibao OR has_tekun",
        "完全或部分丧失劳动能力，没有稳定就业", (f"{_CLAUSE}.1",), ("social_assistance",), ("employment",), duty="S2-B-25",
    ),
    Policy(
        "individual_dibao", "单人保", "民政局",
        "(is_severe OR is_ill) AND is_low_income", "has_dibao OR has_tekun",
        "重残或重病，所在户收入低", (f"{_CLAUSE}.2",), ("social_assistance",), ("screening",), duty="S2-B-26",
    ),
    Policy(
        "special_relief", "专项救助、临时救助", "民政局",
        "is_head AND has_rigid_spending", "household_has_relief",
        "所在户刚性支出较大", (f"{_CLAUSE}.3",), ("social_assistance",), ("screening",), ("temporary_relief", "social_assistance_fund"), duty="S2-B-27",
    ),
    Policy(
        "living_allowance", "困难残疾人生活补贴", "残联、民政局",
        "is_disabled AND household_has_dibao", "has_living_allowance",
        "持证残疾人，所在户有低保对象", (_BENEFITS,), ("social_assistance",), ("disability", "social_assistance"), ("disability_allowance",),
    ),
    Policy(
        "care_allowance", "重度残疾人护理补贴", "残联、民政局",
        "is_severe", "has_care_allowance",
        "重度残疾", (_BENEFITS,), ("social_assistance",), ("disability",), ("disability_allowance",),
    ),
    Policy(
        "basic_insurance", "基本医疗保险", "医保局",
        "true", "is_insured",
        "脱贫户、监测对象应全部参保", (_BENEFITS,), ("medical_insurance",),
    ),
    Policy(
        "premium_aid", "医疗参保资助", "医保局",
        "is_monitored OR has_dibao OR has_tekun", "false",
        "监测对象、低保、特困人员", (_BENEFITS,), (), (), ("insurance_premium_aid",),
    ),
    Policy(
        "pension_insurance", "城乡居民养老保险", "人社局",
        "NOT is_in_school AND labour IS NOT NULL AND labour <> '无劳动力' AND pension_answer IS NOT NULL", "pension_answer = '是'",
        "不在校的劳动力", (_BENEFITS,), ("registry_person",), ("registry_person",), ("pension_premium_aid",),
    ),
    Policy(
        "education_aid", "教育资助", "教育局",
        "is_in_school", "false",
        "在校学生", (_BENEFITS,), (), (), ("education_aid", "compulsory_education_aid"),
    ),
    Policy(
        "yulu", "雨露计划", "乡村振兴局",
        "is_vocational", "false",
        "中职、高职在校学生", (_BENEFITS,), (), ("registry_person",), ("yulu_plan",),
    ),
    Policy(
        "public_post", "公益岗位", "人社局",
        "labour = '弱劳动力或半劳动力' AND NOT is_employed", "has_post",
        "弱劳动力或半劳动力，没有就业", ("laiyuan-2022-9#2.3.2",), ("employment",), ("employment",), ("public_welfare_post",),
    ),
    Policy(
        "anti_poverty_insurance", "防贫保险", "乡村振兴局",
        "is_head AND has_rigid_spending", "false",
        "所在户刚性支出较大", (_BENEFITS,), (), ("screening",), ("anti_poverty_insurance",),
    ),
)  # fmt: skip
BY_CODE = {policy.code: policy for policy in POLICIES}
