"""What the household subject consists of: its rules in the order in which pages list them, and their shared facts."""

from shouwang.screening import rule as rule_module
from shouwang.screening.catalogue import Subject
from shouwang.screening.rule import bind

from . import facts, kinds
from .rules import (
    child_not_in_school,
    housing_unsafe,
    income_below_alleviated_average,
    income_below_line,
    income_falling,
    major_illness_cost,
    no_labour_low_income,
    not_insured,
    projected,
    severe_disability_low_income,
    spending_exceeds_income,
    sudden_hardship,
    transfer_share_high,
    water_unsafe,
)

_SHARED = (rule_module, facts, kinds, projected)

RULES = tuple(
    bind(module, shared=_SHARED)
    for module in (
        major_illness_cost,
        severe_disability_low_income,
        sudden_hardship,
        spending_exceeds_income,
        income_falling,
        income_below_line,
        income_below_alleviated_average,
        transfer_share_high,
        no_labour_low_income,
        child_not_in_school,
        not_insured,
        housing_unsafe,
        water_unsafe,
    )
)


def questions(household_facts, hits):
    """Asset hints of the found households' members: reasons to ask when visiting, never a reason to drop a finding."""
    found = hits.select("household_key").distinct().view()
    hint = household_facts.tables["asset_hint"]
    people = household_facts.people.select("person_key", "household_key")
    hint = hint.drop("household_key").inner_join(people, "person_key").semi_join(found, "household_key")
    return hint.select(
        "household_key",
        "person_key",
        kind=hint.asset_kind,
        since_on=hint.registered_on,
        value_fen=hint.value_fen,
        batch=hint.batch.cast("int64"),
        row=hint.row.cast("int32"),
    )


SUBJECT = Subject(name="household", label="防返贫", rules=RULES, facts=facts.HouseholdFacts, questions=questions)
