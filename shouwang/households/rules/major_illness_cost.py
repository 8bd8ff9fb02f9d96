"""大病重病个人难以负担: a member with a listed disease whose own medical payments of the year exceed the warning line.

Own payments are summed from 1 January to the screened day, whatever they were for. There is no income test. 脱贫户 and 监测对象
have a warning line of their own; the line is the medical-insurance department's and stands in no document, so it is a
parameter that each county fills in.
"""

import datetime as dt

import ibis

from shouwang.screening.rule import HIT, NOT_COMPUTED, Evidence, Rule, finding

MONITORED_LINE = "household.medical_warning_line.monitored"
GENERAL_LINE = "household.medical_warning_line.general"

RULE = Rule(
    code="household.major_illness_cost",
    label="大病重病个人难以负担",
    cites=("hebei-xiangzhenfa-2022-14#1.1",),
    subject="person",
    unit="yuan",
    sentence="{person}患有清单内病种，{year}年1月1日至{as_of}个人自付医疗费 {observed}，{comparator} {threshold} 的预警标准",
    applies_to="全部农村家庭；脱贫户和监测对象用较低的预警标准",
    causes=("因病",),
    compared_by=(MONITORED_LINE, GENERAL_LINE),
    needs_one_of=(MONITORED_LINE, GENERAL_LINE),
    uses=("household.major_diseases", "household.chronic_diseases"),
    datasets=("medical_settlement",),
    optional_datasets=("major_disease",),
)


# hebei-xiangzhenfa-2022-14#1.1
def find(facts, parameters):
    """One row per ill member whose payments exceed the line of the household's kind."""
    payments = settlements(facts).semi_join(ill_persons(facts, parameters), "person_key")
    cost = payments.group_by("person_key").agg(cost=payments.own_payment_fen.sum())
    member = cost.inner_join(facts.people.select("person_key", "household_key"), "person_key")
    member = member.inner_join(
        facts.households.select("household_key", "is_alleviated", "is_monitored"), "household_key"
    )

    is_watched = member.is_alleviated | member.is_monitored
    line = ibis.cases(
        (is_watched, ibis.literal(parameters.fen(MONITORED_LINE), type="int64")),
        else_=ibis.literal(parameters.fen(GENERAL_LINE), type="int64"),
    )
    member = member.mutate(line=line, is_watched=is_watched)
    exceeds_monitored = _exceeds(member, parameters, MONITORED_LINE)
    exceeds_general = _exceeds(member, parameters, GENERAL_LINE)
    status = ibis.cases(
        (member.line.isnull(), NOT_COMPUTED),
        (ibis.ifelse(member.is_watched, exceeds_monitored, exceeds_general), HIT),
    )
    missing = ibis.ifelse(member.is_watched, f"参数 {MONITORED_LINE} 没有取值", f"参数 {GENERAL_LINE} 没有取值")
    return finding(
        member,
        person_key=member.person_key,
        status=status,
        reason=ibis.ifelse(member.line.isnull(), missing, ibis.null("string")),
        observed=member.cost,
        threshold=member.line,
    )


def evidence(facts, parameters):
    """The settlements that make up the sum, and the rows that name the disease."""
    return [
        Evidence("medical_settlement", settlements(facts), of="person"),
        Evidence("major_disease", diagnoses(facts, parameters), of="person"),
    ]


def settlements(facts):
    """Settlements from 1 January of the screened year to the screened day."""
    row = facts.table("medical_settlement")
    return row.filter(row.settled_on.between(dt.date(facts.as_of.year, 1, 1), facts.as_of))


def diagnoses(facts, parameters):
    """Registered diagnoses, up to the screened day, of a disease on one of the two lists."""
    row = facts.table("major_disease")
    return row.filter((row.diagnosed_on <= facts.as_of) & row.disease.isin(listed_diseases(parameters)))


def ill_persons(facts, parameters):
    """Who is known to have a listed disease, from the health department's list or a settlement's own disease name."""
    settled = settlements(facts)
    settled = settled.filter(settled.disease.isin(listed_diseases(parameters)))
    return diagnoses(facts, parameters).select("person_key").union(settled.select("person_key")).distinct()


def listed_diseases(parameters):
    """Every accepted spelling of the diseases on both lists."""
    names = parameters.spellings("household.major_diseases") + parameters.spellings("household.chronic_diseases")
    return sorted(set(names))


def _exceeds(member, parameters, name):
    if parameters.value(name) is None:
        return ibis.literal(False)
    return parameters.compare(member.cost, name, member.line)
