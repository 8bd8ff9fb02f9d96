"""住房不安全: the newest appraisal has a dangerous grade, the house is not rebuilt, and the family does not live safely elsewhere."""

import ibis

from shouwang.screening.rule import HIT, Evidence, Rule, finding

from ..kinds import REBUILT

GRADES = "household.unsafe_housing_grades"

RULE = Rule(
    code="household.housing_unsafe",
    label="住房不安全",
    cites=("hengshui-2022-1#C.3.6", "hebei-opinion-2021#2.3"),
    subject="household",
    unit="text",
    sentence="最近一次住房鉴定为 {observed} 级，尚未改造，也没有其他安全住处",
    applies_to="全部农村家庭",
    causes=("因安全住房",),
    uses=(GRADES,),
    datasets=("housing_safety",),
)


# hengshui-2022-1#C.3.6
def find(facts, parameters):
    """One row per household whose newest appraisal says so."""
    row = newest_appraisal(facts)
    row = row.inner_join(facts.households.select("household_key"), "household_key")
    is_unsafe = row.safety_grade.isin([str(grade) for grade in parameters.value(GRADES)])
    is_mended = ibis.coalesce(row.rebuild_status.isin(REBUILT), False) | ibis.coalesce(row.has_safe_dwelling, False)
    return finding(row, status=ibis.cases((is_unsafe & ~is_mended, HIT)), observed_text=row.safety_grade)


def evidence(facts, parameters):
    """The appraisal."""
    return [Evidence("housing_safety", newest_appraisal(facts), of="household")]


def newest_appraisal(facts):
    """The newest appraisal per household up to the screened day."""
    row = facts.table("housing_safety")
    row = row.filter(row.appraised_on <= facts.as_of)
    order = [row.appraised_on.desc(), row.period.desc(), row.batch.desc(), row.row.desc()]
    ranked = row.mutate(place=ibis.row_number().over(group_by=row.household_key, order_by=order))
    return ranked.filter(ranked.place == 0).drop("place")
