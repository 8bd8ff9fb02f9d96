"""A bill of 30,000, a worker home, a new post: the rules of the screening answer at once, and nothing is kept."""

from __future__ import annotations

import pytest

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households.income import what_if
from shouwang.households.income.items import OWN_MEDICAL
from shouwang.households.income.what_if import Effect
from shouwang.intake.models import Batch, LakeFile
from shouwang.screening.models import Finding, RuleResult
from tests.screening.lake_world import County

from .book import JUNE, MONTHS, send

pytestmark = pytest.mark.django_db

BELOW, FALLING = "household.income_below_line", "household.income_falling"
JULY = Month(2022, 7)


@pytest.fixture
def county() -> County:
    """甲 earns 700 a month, all of it wages: 8,400 a year, as last year."""
    county = County()
    county.household("甲", "甲一")
    county.household("乙", "乙一")
    county.register(period="2022-05")
    county.income(甲=720_000, 乙=100)
    send(county, [{"household": name, "month": month, "wage_fen": 70_000} for name in ("甲", "乙") for month in MONTHS])
    county.write("medical_settlement", [{"person": "乙一", "settled_on": JUNE, "own_payment_fen": 100}])
    return county


def ask(county: County, *effects: Effect) -> what_if.Answer:
    return what_if.ask(household=county.households["甲"], effects=effects, as_of=JUNE, policies=policy.load())


def rules(findings: list[Finding]) -> set[str]:
    return {one.rule for one in findings if one.status == "hit"}


def test_without_a_change_nothing_enters_and_nothing_leaves(county: County) -> None:
    answer = ask(county)
    assert (answer.entering, answer.leaving) == ([], [])
    assert answer.before.year_fen is not None
    assert answer.before.year_fen / answer.before.divisor == 840_000
    assert answer.supposed == ("2022-07", "2022-08", "2022-09") and answer.missing == ()


def test_one_worker_home_pulls_the_year_under_the_line(county: County) -> None:
    answer = ask(county, Effect("wage", -70_000, JULY))
    assert answer.after.year_fen == 9 * 70_000 * 12 and answer.after.divisor == 12
    assert rules(answer.entering) == {BELOW, FALLING}
    below = next(one for one in answer.entering if one.rule == BELOW)
    assert (below.observed, below.threshold, below.comparator) == ("6300.00", "7300.00", "<")


def test_a_new_post_takes_the_household_out_again(county: County) -> None:
    both = ask(county, Effect("wage", -70_000, JULY), Effect("wage", 80_000, JULY))
    assert both.entering == []


def test_a_bill_above_last_years_income_is_found_by_the_rule_about_it(county: County) -> None:
    """7,200 of last year lie under the line; a bill of 30,000 is more than all of it."""
    answer = ask(county, Effect(OWN_MEDICAL, 3_000_000, JULY, is_once=True))
    assert "household.spending_exceeds_income" in rules(answer.entering)
    assert answer.after.year_fen == answer.before.year_fen, "a bill is no loss of income"


def test_it_looks_at_this_household_alone_and_keeps_nothing(county: County) -> None:
    before = (Batch.objects.count(), LakeFile.objects.count(), Finding.objects.count(), RuleResult.objects.count())
    answer = ask(county, Effect("wage", -70_000, JULY))
    assert {one.household_id for one in answer.after.findings} == {county.households["甲"].pk}
    assert (
        Batch.objects.count(),
        LakeFile.objects.count(),
        Finding.objects.count(),
        RuleResult.objects.count(),
    ) == before


def test_an_open_parameter_is_said_and_not_guessed(county: County) -> None:
    stopped = dict(ask(county).before.not_computed)
    assert "household.transfer_share_limit" in stopped["household.transfer_share_high"]


def test_a_missing_month_keeps_the_answer_provisional(county: County) -> None:
    county = County()
    county.household("甲", "甲一")
    county.register(period="2022-05")
    send(county, [{"household": "甲", "month": month, "wage_fen": 1_000} for month in MONTHS if month != "2022-03"])
    answer = ask(county, Effect("wage", 10, JULY))
    assert answer.missing == ("2022-03",)
    assert {one.status for one in answer.after.findings if one.rule == BELOW} == {"provisional"}


def test_months_outside_the_year_and_unknown_things_are_refused(county: County) -> None:
    with pytest.raises(UserError, match="不在本采集年度"):
        ask(county, Effect("wage", 1, Month(2022, 10)))
    with pytest.raises(UserError, match="没有“gold”"):
        ask(county, Effect("gold", 1, JULY))
