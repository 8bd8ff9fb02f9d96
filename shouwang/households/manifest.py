"""What the household subject consists of: its rules in the order in which pages list them, and their shared facts."""

from shouwang.screening import derived
from shouwang.screening import rule as rule_module
from shouwang.screening.catalogue import Subject
from shouwang.screening.rule import PROVISIONAL, bind

from . import categories, facts, kinds
from .derived import focus_people, income_outlook, low_income
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


DERIVED = (
    derived.bind(income_outlook, shared=_SHARED),
    derived.bind(low_income, shared=_SHARED),
    derived.bind(focus_people, shared=(*_SHARED, major_illness_cost, severe_disability_low_income)),
)


def collected_months(household_facts, findings):
    """The months collected for households whose projection is provisional: household_key, month (2022-06)."""
    provisional = findings.filter(findings.status == PROVISIONAL).select("household_key").distinct().view()
    return household_facts.complete_months(provisional)


SUBJECT = Subject(
    name="household",
    label="防返贫",
    rules=RULES,
    facts=facts.HouseholdFacts,
    derived=DERIVED,
    collected_months=collected_months,
    collection_dataset="monthly_income",
    category_table=low_income.DERIVED.code,
    category=categories.proposed,
)
