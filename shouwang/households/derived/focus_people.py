"""重点关注人员: members with a listed disease, a severe disability, or social assistance in force, each with the row that says so."""

import ibis

from shouwang.foundation.periods import Month
from shouwang.screening.derived import Derived

from ..rules.major_illness_cost import diagnoses
from ..rules.severe_disability_low_income import certificates

DERIVED = Derived(
    code="household.focus_people",
    label="重点关注人员",
    cites=("hebei-opinion-2021#2.2.4",),
    uses=("household.major_diseases", "household.chronic_diseases", "household.severe_disability_levels"),
    datasets=(),
    optional_datasets=("major_disease", "disability", "social_assistance"),
    columns={
        "household_key": "int64",
        "person_key": "int64",
        "tag": "string",
        "dataset": "string",
        "batch": "int64",
        "row": "int32",
    },
)


def build(facts, parameters):
    """One row per member and reason for attention."""
    people = facts.people.select("person_key", "household_key")
    parts = [
        _tagged(diagnoses(facts, parameters), people, "major_disease", "大病慢病"),
        _tagged(certificates(facts, parameters), people, "disability", "重度残疾"),
        _tagged(_assistance(facts), people, "social_assistance", "社会救助"),
    ]
    return parts[0].union(parts[1]).union(parts[2])


def _assistance(facts):
    row = facts.table("social_assistance")
    month = str(Month.of(facts.as_of))
    return row.filter((row.from_month <= month) & (row.to_month.isnull() | (row.to_month >= month)))


def _tagged(rows, people, dataset, tag):
    rows = rows.select("person_key", "batch", "row").inner_join(people, "person_key")
    return rows.select(
        "household_key", "person_key", "batch", "row", tag=ibis.literal(tag), dataset=ibis.literal(dataset)
    )
