"""重度残疾人收入低: a member with a disability certificate of a listed level, and last year's net income per head under the line."""

import ibis

from shouwang.screening.rule import HIT, NOT_COMPUTED, Evidence, Rule, finding

LEVELS = "household.severe_disability_levels"
LINE = "household.monitoring_income_line"

RULE = Rule(
    code="household.severe_disability_low_income",
    label="重度残疾人收入低",
    cites=("hebei-xiangzhenfa-2022-14#1.2",),
    subject="person",
    unit="yuan",
    sentence="{person}持有效的重度残疾证，家庭上年人均纯收入 {observed}，{comparator} {threshold} 的监测标准",
    applies_to="全部农村家庭",
    causes=("因残",),
    compared_by=(LINE,),
    uses=(LEVELS, LINE),
    datasets=("disability", "registry_income"),
)


# hebei-xiangzhenfa-2022-14#1.2
def find(facts, parameters):
    """One row per severely disabled member of a household under the line."""
    disabled = certificates(facts, parameters).select("person_key").distinct()
    member = disabled.inner_join(facts.people.select("person_key", "household_key"), "person_key")
    member = member.inner_join(facts.last_year.select("household_key", "members", "net_fen"), "household_key")
    line = parameters.fen(LINE)
    status = ibis.cases(
        (member.net_fen.isnull(), NOT_COMPUTED),
        (parameters.compare(member.net_fen, LINE, member.members * line), HIT),
    )
    return finding(
        member,
        person_key=member.person_key,
        status=status,
        reason=ibis.ifelse(member.net_fen.isnull(), "缺上年收入", ibis.null("string")),
        observed=member.net_fen,
        observed_divisor=member.members,
        threshold=line,
    )


def evidence(facts, parameters):
    """The certificate and the household's income row."""
    return [
        Evidence("disability", certificates(facts, parameters), of="person"),
        Evidence("registry_income", facts.income_rows, of="household"),
    ]


def certificates(facts, parameters):
    """Certificates of a listed level in force on the screened day."""
    row = facts.table("disability")
    in_force = (row.certified_on <= facts.as_of) & (row.cancelled_on.isnull() | (row.cancelled_on > facts.as_of))
    return row.filter(in_force & row.disability_level.isin([int(level) for level in parameters.value(LEVELS)]))
