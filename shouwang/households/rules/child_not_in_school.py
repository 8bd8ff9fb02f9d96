"""适龄儿童少年未在校: a member of school age on the first day of the school year without an enrolment in force, unless for health.

Ages and the day on which they are counted are one parameter. The newest enrolment row of the school year counts; 送教上门
counts as enrolled, 身体原因 as a reason.
"""

import ibis

from shouwang.foundation.periods import Month
from shouwang.screening.rule import HIT, NOT_COMPUTED, Evidence, Rule, finding

from ..kinds import ENROLLED, HEALTH_REASON

AGES = "household.compulsory_education_ages"

RULE = Rule(
    code="household.child_not_in_school",
    label="义务教育适龄儿童少年未在校",
    cites=("hengshui-2022-1#C.3.5",),
    subject="person",
    unit="text",
    sentence="{person}已到义务教育年龄，学籍情况：{observed}",
    applies_to="全部农村家庭",
    causes=("因学",),
    uses=(AGES,),
    datasets=("enrolment",),
)


# hengshui-2022-1#C.3.5
def find(facts, parameters):
    """One row per child of school age whose newest enrolment row of the school year is not 在读."""
    ages = parameters.value(AGES)
    start = school_year_start(facts, parameters)
    born_from, born_before = _years_before(start, int(ages["until"])), _years_before(start, int(ages["from"]))
    person = facts.people
    # aged `from` or more and under `until` on the day: born after the same day `until` years ago, at the latest `from` years ago
    child = person.filter(person.born_on.isnull() | ((person.born_on > born_from) & (person.born_on <= born_before)))
    child = child.select("person_key", "household_key", "born_on")
    row = newest_enrolment(facts, parameters).select("person_key", "enrolment_status", "not_enrolled_reason")
    child = child.left_join(row, "person_key").drop("person_key_right")
    is_enrolled = ibis.coalesce(child.enrolment_status.isin(ENROLLED), False)
    is_excused = ibis.coalesce(child.not_enrolled_reason == HEALTH_REASON, False)
    status = ibis.cases(
        (is_enrolled | is_excused, ibis.null("string")), (child.born_on.isnull(), NOT_COMPUTED), else_=HIT
    )
    return finding(
        child,
        person_key=child.person_key,
        status=status,
        reason=ibis.ifelse(child.born_on.isnull(), "缺出生日期", ibis.null("string")),
        observed_text=ibis.coalesce(child.enrolment_status, "没有学籍记录"),
    )


def evidence(facts, parameters):
    """The child's own row in the register, and its newest enrolment row where there is one."""
    return [
        Evidence("registry_person", facts.people_rows, of="person"),
        Evidence("enrolment", newest_enrolment(facts, parameters), of="person"),
    ]


def newest_enrolment(facts, parameters):
    """The newest enrolment row per person among the files of the school year."""
    row = facts.table("enrolment")
    row = row.filter(row.period >= str(Month.of(school_year_start(facts, parameters))))
    return facts.newest(row, "enrolment", "person_key")


def school_year_start(facts, parameters):
    """The last of the yearly days up to the screened day."""
    day = parameters.value(AGES)["on"]
    this_year = day.in_year(facts.as_of.year)
    return this_year if this_year <= facts.as_of else day.in_year(facts.as_of.year - 1)


def _years_before(day, years):
    return day.replace(year=day.year - years)
