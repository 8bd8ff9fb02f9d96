"""Entitlements, loans, risk points, measures and closed months: what offices add beside the lines, and who may."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from shouwang import policy
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.households.income import closing, entitlements, ledger, loans, places, risk_points
from shouwang.households.models import RiskPoint
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import LAIYUAN, NOW
from tests.screening.lake_world import County

from .book import JUNE, MONTHS, at, collect, send

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 7, 1)
JUNE_MONTH = Month(2022, 6)
VILLAGE, TOWNSHIP = "130630100201", "130630100000"


@pytest.fixture
def county() -> County:
    county = County()
    county.household("甲", "甲一", "甲二")
    county.household("乙", "乙一")
    for name, labour in (("甲一", "丧失劳动力"), ("甲二", "普通劳动力"), ("乙一", "弱劳动力或半劳动力")):
        county.persons[name].labour_capacity = labour
        county.persons[name].save()
    return county


def states(county: County, code: str) -> dict[str, str]:
    """Person → state; the page, which counts without making every entry, has to say the same."""
    place = {"scope": Scope.of_region(county.code), "county_code": county.code, "as_of": JUNE}
    found = entitlements.matrix(**place, policies=policy.load(), only=[code])
    for state in entitlements.STATES:
        page = entitlements.screenful(**place, policies=policy.load(), state=state, policy=code, size=9)
        assert page.entries == [entry for entry in found if entry.state == state] and page.count == len(page.entries)
        assert page.sums == entitlements.sums(entitlements.matrix(**place, policies=policy.load()), **place)
    names = {person.pk: name for name, person in county.persons.items()}
    return {names[entry.person_id]: entry.state for entry in found}


def employ(county: County, *people: str) -> None:
    county.write(
        "employment",
        [{"person": one, "employment_status": "就业", "started_on": dt.date(2022, 1, 1)} for one in people],
    )


def test_who_lost_the_ability_to_work_and_has_no_work_ought_to_be_asked_for_dibao(county: County) -> None:
    assert states(county, "dibao") == {}, "without the employment file nobody can say who has no work"
    employ(county, "甲二")
    assert states(county, "dibao") == {"甲一": "unknown", "乙一": "unknown"}, "no word from civil affairs yet"
    county.write("social_assistance", [{"person": "甲一", "assistance_kind": "特困供养", "from_month": "2022-01"}])
    assert states(county, "dibao") == {"甲一": "received", "乙一": "missing"}
    employ(county, "乙一")
    assert states(county, "dibao") == {"甲一": "received"}


def test_assistance_that_ended_is_not_received_and_one_of_a_later_month_neither(county: County) -> None:
    employ(county, "甲二")
    county.write(
        "social_assistance",
        [
            {"person": "甲一", "assistance_kind": "农村低保", "from_month": "2021-01", "to_month": "2022-05"},
            {"person": "乙一", "assistance_kind": "农村低保", "from_month": "2022-07"},
        ],
    )
    assert states(county, "dibao") == {"甲一": "missing", "乙一": "missing"}


def test_the_two_allowances_follow_the_certificate_in_force(county: County) -> None:
    county.write(
        "disability",
        [
            {"person": "甲一", "disability_kind": "肢体", "disability_level": 2, "certified_on": dt.date(2020, 1, 1)},
            {"person": "甲二", "disability_kind": "肢体", "disability_level": 1, "certified_on": dt.date(2019, 1, 1),
             "cancelled_on": dt.date(2022, 1, 1)},
            {"person": "乙一", "disability_kind": "视力", "disability_level": 3, "certified_on": dt.date(2019, 1, 1)},
        ],
    )  # fmt: skip
    county.write("social_assistance", [{"person": "甲二", "assistance_kind": "农村低保", "from_month": "2022-01"}])
    assert states(county, "care_allowance") == {"甲一": "missing"}
    assert states(county, "living_allowance") == {"甲一": "missing"}, "乙's household has nobody on 低保"


def test_what_no_file_can_say_is_unknown_until_a_measure_says_so(county: County) -> None:
    county.write("enrolment", [{"person": "甲二", "school": "一小", "grade": "三年级", "enrolment_status": "在读"}])
    assert states(county, "education_aid") == {"甲二": "unknown"}
    measure = risk_points.plan(
        household=county.households["甲"], kind="education_aid", title="", owner="乡镇钱", on=DAY, by=None, now=NOW
    )
    risk_points.finish(measure=measure, result="已发放 500 元", on=DAY, today=DAY, by=None, now=NOW)
    assert states(county, "education_aid") == {"甲二": "received"}


def test_the_dead_and_the_neighbours_are_not_in_the_matrix(county: County) -> None:
    employ(county, "甲二")
    county.write("population_change", [{"person": "甲一", "change_kind": "死亡", "changed_on": JUNE}])
    assert "甲一" not in states(county, "dibao")
    neighbour = Scope.of_region("130633000000")
    assert entitlements.matrix(scope=neighbour, county_code=LAIYUAN, as_of=JUNE, policies=policy.load()) == []


def test_the_rate_of_loans_counts_those_who_want_one_and_can_have_one(county: County) -> None:
    def ask(name: str, **answer: object) -> None:
        given = {"wants": True, "barrier": "", "lent_on": None, "lent_fen": None, "asked_on": DAY} | answer
        loans.ask(household=county.households[name], today=DAY, by=None, now=NOW, **given)  # type: ignore[arg-type]

    scope = Scope.of_region(LAIYUAN)
    assert loans.coverage(scope=scope) == loans.Coverage(eligible=2)
    assert loans.coverage(scope=scope).rate is None
    ask("甲", barrier="project")
    ask("乙", wants=False, barrier="will")
    found = loans.coverage(scope=scope)
    assert (found.asked, found.wants, found.lent, found.rate) == (2, 1, 0, 0)
    assert found.by_barrier == {"project": 1, "will": 1}
    ask("甲", lent_on=DAY, lent_fen=5_000_000)
    assert loans.coverage(scope=scope).rate == Decimal(1)
    for wrong in ({"lent_on": DAY}, {"barrier": "money"}, {"wants": False, "lent_on": DAY, "lent_fen": 1}):
        with pytest.raises(UserError):
            ask("甲", **wrong)


def test_a_risk_point_is_closed_by_a_person_with_evidence_and_never_by_itself(county: County) -> None:
    clerk, zhao = factories.township_clerk_qian(TOWNSHIP), factories.grid_worker_zhao(VILLAGE)

    def opened() -> RiskPoint:
        return risk_points.open_point(
            household=county.households["甲"], kind="lost_work", text="工地停工", on=DAY, today=DAY, by=zhao, now=NOW
        )

    point = opened()
    assert opened() == point, "told twice, one point"
    county.income(甲=100)
    send(county, [{"household": "甲", "month": month, "wage_fen": 900_000} for month in MONTHS])
    collect(at(7, 1), county)
    point.refresh_from_db()
    assert point.closed_on is None, "a better income closes nothing"
    for evidence, by in (("", clerk), ("已上班", zhao)):
        with pytest.raises(UserError):
            risk_points.close_point(point=point, evidence=evidence, on=DAY, today=DAY, by=by, now=NOW)
    risk_points.close_point(point=point, evidence="7 月起在镇上务工", on=DAY, today=DAY, by=clerk, now=NOW)
    with pytest.raises(ConflictError):
        risk_points.close_point(point=point, evidence="再一次", on=DAY, today=DAY, by=clerk, now=NOW)
    assert opened() != point, "the same trouble again is a new point"
    with pytest.raises(NotPermittedError):
        risk_points.open_point(
            household=county.households["甲"],
            kind="illness",
            text="",
            on=DAY,
            today=DAY,
            by=factories.neighbour_li(),
            now=NOW,
        )


def test_a_row_of_the_ledger_names_measures_owner_and_result(county: County) -> None:
    household = county.households["甲"]
    point = risk_points.open_point(household=household, kind="lost_work", text="", on=DAY, today=DAY, by=None, now=NOW)
    measure = risk_points.plan(
        household=household, kind="public_welfare_post", title="", owner="乡镇钱", on=DAY, by=None, now=NOW, point=point
    )
    again = risk_points.plan(
        household=household, kind="public_welfare_post", title="", owner="乡镇钱", on=DAY, by=None, now=NOW, point=point
    )
    assert again == measure
    risk_points.finish(measure=measure, result="7 月上岗，月补 500 元", on=DAY, today=DAY, by=None, now=NOW)
    page = ledger.page(village_code=VILLAGE, scope=Scope.of_region(LAIYUAN), as_of=JUNE, policies=policy.load())
    row = next(row for row in page.rows if row.household == household)
    assert (row.measures, row.owner, row.results) == ([("公益岗位", True)], "乡镇钱", ["7 月上岗，月补 500 元"])
    assert ledger.point_labels(row) == ["务工收入减少、失去工作"]
    (place,) = places.sums(
        scope=Scope.of_region(LAIYUAN), digits=9, as_of=JUNE, policies=policy.load(), county_code=LAIYUAN
    )
    assert (place.with_measures, place.by_kind, place.open_points) == (1, {"public_welfare_post": 1}, 1)


def test_a_household_that_was_paid_more_than_it_told_is_listed_for_checking(county: County) -> None:
    send(county, [{"household": "甲", "month": "2022-06", "transfer_fen": 10_000}])
    send(county, [{"household": "乙", "month": "2022-06", "transfer_fen": 60_000}])
    rows = [
        {"person": one, "assistance_kind": "农村低保", "from_month": "2022-06", "amount_fen": 38_500}
        for one in ("甲一", "乙一")
    ]
    county.write("social_assistance", rows)
    collect(at(7, 1), county)
    page = ledger.page(village_code=VILLAGE, scope=Scope.of_region(LAIYUAN), as_of=JUNE, policies=policy.load())
    assert [row.household.head_name for row in page.rows if ledger.is_shown(row, "disputed")] == ["甲"]


# laiyuan-2022-9#2.3
def test_every_household_that_can_work_should_have_an_industry_or_employment_measure(county: County) -> None:
    scope = Scope.of_region(LAIYUAN)
    assert places.labour_coverage(scope=scope) == (2, 0)
    for kind in ("dibao", "public_welfare_post"):
        risk_points.plan(household=county.households["甲"], kind=kind, title="", owner="钱", on=DAY, by=None, now=NOW)
        page = ledger.page(village_code=VILLAGE, scope=scope, as_of=JUNE, policies=policy.load())
        lacking = [row.household.head_name for row in page.rows if ledger.is_shown(row, "no_work_measure")]
        assert lacking == (["甲", "乙"] if kind == "dibao" else ["乙"])
    assert places.labour_coverage(scope=scope) == (2, 1)
    assert places.labour_coverage(scope=Scope.of_region("130633000000")) == (0, 0)


def test_a_closed_month_keeps_its_figures_when_the_past_changes(county: County) -> None:
    county.income(甲=800_000)
    send(county, [{"household": "甲", "month": month, "wage_fen": 50_000} for month in MONTHS])
    collect(at(7, 1), county)
    clerk = factories.township_clerk_qian(TOWNSHIP)

    def close(by=clerk, month=JUNE_MONTH):
        return closing.close(region_code=TOWNSHIP, month=month, today=DAY, by=by, now=at(7, 2), policies=policy.load())

    closed = close()
    assert closed.figures["villages"][0]["fallen"] == 1
    send(county, [{"household": "甲", "month": month, "wage_fen": 99_000} for month in MONTHS], period="2022-07")
    collect(at(8, 1), county)
    (today,) = places.sums(
        scope=Scope.of_region(TOWNSHIP), digits=12, as_of=JUNE, policies=policy.load(), county_code=LAIYUAN
    )
    closed.refresh_from_db()
    assert today.fallen == 0 and closed.figures["villages"][0]["fallen"] == 1
    as_then = ledger.page(
        village_code=VILLAGE,
        scope=Scope.of_region(LAIYUAN),
        as_of=JUNE,
        policies=policy.load(),
        known_at=closed.known_at,
    )
    change = next(row for row in as_then.rows if row.household.head_name == "甲").figures.change
    assert change and change[0] < 0, "the closed figure opens to what was known"
    with pytest.raises(ConflictError, match="已经月结"):
        close()
    with pytest.raises(UserError, match="还没有结束"):
        close(month=Month(2022, 7))
    with pytest.raises(NotPermittedError):
        close(by=factories.neighbour_li())
