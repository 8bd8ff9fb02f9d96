"""未参加基本医疗保险: a member without an insurance record in force in the year of the screened day."""

import ibis

from shouwang.screening.rule import HIT, Evidence, Rule, finding

from ..kinds import INSURED

RULE = Rule(
    code="household.not_insured",
    label="未参加基本医疗保险",
    cites=("hebei-opinion-2021#2.3", "hengshui-2022-1#C.3.4"),
    subject="person",
    unit="text",
    sentence="{person}{year}年度基本医疗保险：{observed}",
    applies_to="全部农村家庭",
    causes=("因病",),
    datasets=("medical_insurance",),
)


# hebei-opinion-2021#2.3
def find(facts, parameters):
    """One row per member whose newest record of the year does not say 参保, or who has none."""
    record = newest_record(facts).select("person_key", "insurance_status")
    member = facts.people.select("person_key", "household_key").left_join(record, "person_key").drop("person_key_right")
    is_insured = ibis.coalesce(member.insurance_status.isin(INSURED), False)
    return finding(
        member,
        person_key=member.person_key,
        status=ibis.cases((~is_insured, HIT)),
        observed_text=ibis.coalesce(member.insurance_status, "没有参保记录"),
    )


def evidence(facts, parameters):
    """The member's own row in the register, and the insurance row where there is one."""
    return [
        Evidence("registry_person", facts.people_rows, of="person"),
        Evidence("medical_insurance", newest_record(facts), of="person"),
    ]


def newest_record(facts):
    """The newest record per person for the year of the screened day."""
    row = facts.table("medical_insurance")
    row = row.filter(row.insured_year == facts.as_of.year)
    return facts.newest(row, "medical_insurance", "person_key")
