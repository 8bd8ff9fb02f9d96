"""重点关注人员: members with a listed disease, a severe disability, or social assistance in force, each with the row that says so."""

import ibis

from shouwang.foundation.periods import Month
from shouwang.screening.derived import Derived

from ..rules.major_illness_cost import diagnoses
from ..rules.severe_disability_low_income import certificates

# A kind of assistance that says of a child what the tag says; everybody else in the list is 社会救助.
ORPHAN = "孤儿和事实无人抚养儿童"
# Whom the clause names too, and what would have to say who they are: no document does, so nobody is tagged.
UNDEFINED = {
    "留守儿童": "household.focus_definition.left_behind_child",
    "困境儿童": "household.focus_definition.child_in_difficulty",
    "困难老人": "household.focus_definition.elderly_in_difficulty",
}

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
    helped = _assistance(facts)
    parts = [
        _tagged(diagnoses(facts, parameters), people, "major_disease", "大病慢病"),
        _tagged(certificates(facts, parameters), people, "disability", "重度残疾"),
        _tagged(helped.filter(helped.assistance_kind == ORPHAN), people, "social_assistance", ORPHAN),
        _tagged(helped.filter(helped.assistance_kind != ORPHAN), people, "social_assistance", "社会救助"),
    ]
    return parts[0].union(parts[1]).union(parts[2]).union(parts[3])


def _assistance(facts):
    row = facts.table("social_assistance")
    month = str(Month.of(facts.as_of))
    return row.filter((row.from_month <= month) & (row.to_month.isnull() | (row.to_month >= month)))


def _tagged(rows, people, dataset, tag):
    rows = rows.select("person_key", "batch", "row").inner_join(people, "person_key")
    return rows.select(
        "household_key", "person_key", "batch", "row", tag=ibis.literal(tag), dataset=ibis.literal(dataset)
    )
