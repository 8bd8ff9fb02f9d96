"""Members by category: what the departments' list of assistance says counts beside the register, and who died counts nowhere."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.households import insurance, insurance_members
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums
from shouwang.registry.models import Household
from shouwang.screening.models import Finding, RuleResult, Run
from tests.factories import LAIYUAN, NOW
from tests.screening.lake_world import County

pytestmark = pytest.mark.django_db
JUNE = dt.date(2022, 6, 30)


@pytest.fixture
def county() -> County:
    county = County()
    county.household("甲", "甲一", "甲二")
    county.household("乙", "乙一")
    Household.objects.filter(pk=county.households["乙"].pk).update(household_type="一般农户")
    return county


def screened(county: County, *people: str) -> RuleResult:
    """A screening that finds some people without insurance."""
    run = Run.objects.create(region_code=LAIYUAN, as_of=JUNE, engine="duckdb", started_at=NOW)
    result = RuleResult.objects.create(
        key="one", rule="household.not_insured", county_code=LAIYUAN, as_of=JUNE, outcome="computed", rule_version="1",
        engine="duckdb", computed_at=NOW,
    )  # fmt: skip
    run.results.add(result)
    for name in people:
        person = county.persons[name]
        Finding.objects.create(
            result=result, region_code=person.household.region_code, household=person.household, person=person,
            rule=result.rule, as_of=JUNE, status="hit", fingerprint=name,
        )  # fmt: skip
    return result


def told(result: RuleResult) -> dict[str, tuple[int, int]]:
    """Category → members, those without insurance; the same whether it is kept or counted."""
    (wanted,) = insurance_members.MEMBERS.wanted(today=JUNE, policies=policy.load())
    before = insurance_members.counts(result=result, scope=Scope.of_region(LAIYUAN))
    kept_sums.renew(insurance_members.MEMBERS, ranges=wanted[1], key=wanted[0])
    assert insurance_members.counts(result=result, scope=Scope.of_region(LAIYUAN)) == before
    return {category: counts for category, counts in before.items() if any(counts)}


def test_the_list_of_assistance_counts_while_it_is_in_force_and_a_new_file_is_heard_at_once(county: County) -> None:
    result = screened(county, "甲一", "乙一")
    assert told(result) == {"alleviated_household": (2, 1), "rural_population": (1, 1)}
    county.write(
        "social_assistance",
        [
            {"person": "甲一", "assistance_kind": "农村低保", "from_month": "2022-01"},
            {"person": "乙一", "assistance_kind": "特困供养", "from_month": "2021-01", "to_month": "2022-05"},
        ],
    )
    assert told(result) == {"dibao": (1, 1), "alleviated_household": (1, 0), "rural_population": (1, 1)}
    found = insurance.screenful(
        result=result, scope=Scope.of_region(LAIYUAN), policies=policy.load(), category="dibao", size=5
    )
    assert (found.count, [line.person.name for line in found.lines]) == (1, ["甲一"])


def test_who_died_is_no_member_any_more(county: County) -> None:
    result = screened(county, "甲一")
    county.write("population_change", [{"person": "甲一", "change_kind": "死亡", "changed_on": JUNE}])
    assert told(result) == {"alleviated_household": (1, 0), "rural_population": (1, 0)}
