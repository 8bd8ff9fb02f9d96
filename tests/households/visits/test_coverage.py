"""Who was seen and who was not: one visit counts once, a call does not count, and a closed month stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.households.models import Responsibility, VisitMonth
from shouwang.households.visits import burden, campaigns, closing, coverage, population, seen
from shouwang.organisation.models import StaffMember
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Monitoring
from tests import factories
from tests.households.casebook import Book
from tests.households.visits.lane import NEXT_VILLAGE, NOW, VILLAGE, Lane, confirmed, progress, record, visited

pytestmark = pytest.mark.django_db
JUNE, JULY = Month(2022, 6), Month(2022, 7)
LAIYUAN, TAOCHENG = factories.LAIYUAN, factories.TAOCHENG
HENGSHUI_VILLAGE, XUCHANG_VILLAGE = "131102001045", "411003001001"
IN_JUNE = {"on": "2022-06-20", "made_at": "2022-06-20T10:00:00+08:00"}


@pytest.fixture
def lane() -> Lane:
    return Lane()


def of(county: str, month: Month = JULY, scope: Scope | None = None) -> coverage.Coverage:
    """The month by household; what the database counts of it by village, and what is kept by township, has to be the same."""
    asked = {"county": county, "scope": scope or Scope.of_region(county), "month": month, "policies": policy.load()}
    found, counted = coverage.of_county(**asked), coverage.by_village(**asked)
    assert set(found.villages) == set(counted.villages)
    names = ("wanted_count", "seen_count", "confirmed_count")
    for village, figures in found.villages.items():
        assert [getattr(figures, name) for name in names] == [
            getattr(counted.villages[village], name) for name in names
        ]
    if scope is None and found.demand.groups:
        told = seen.by_township(scope=Scope.of_region(county), demand=found.demand)
        townships = coverage.rolled_up(found.villages.values(), 9)
        assert [[getattr(one, name) for name in names] for one in told] == [
            [getattr(one, name) for name in names] for one in townships
        ]
    return found


def ordinary(home: Household) -> Household:
    Household.objects.filter(pk=home.pk).update(household_type="一般农户")
    return home


# ── the scenarios ────────────────────────────────────────────────────────────
def test_of_200_households_198_seen_one_of_them_twice_are_99_percent_and_the_missing_two_are_named(lane: Lane) -> None:
    """H-24."""
    homes = [lane.home(f"户{number:03d}") for number in range(200)]
    lane.send(*[confirmed(home, **IN_JUNE) for home in homes[:198]])
    lane.send(confirmed(homes[0], on="2022-06-25", made_at="2022-06-25T10:00:00+08:00"), by="吴")
    called = lane.one(visited(homes[199], method="phone", **IN_JUNE))
    found = of(LAIYUAN, JUNE)
    (township,) = coverage.rolled_up(found.villages.values(), 9)
    assert (township.wanted_count, township.seen_count, township.percent) == (200, 198, "99.0")
    missed = coverage.named(found.missed, month=JUNE)
    assert [one.household.head_name for one in missed] == ["户198", "户199"]
    assert called.result == "accepted" and missed[1].called_on == dt.date(2022, 6, 20), (
        "a call is kept and does not count"
    )


def test_a_grid_of_60_with_57_confirmed_and_one_moved_away_has_two_blind_spots() -> None:
    """H-25: in 衡水 everybody in the country is to be seen."""
    lane = Lane(village=HENGSHUI_VILLAGE)
    worker = StaffMember.objects.create(name="赵网格")
    homes = [ordinary(lane.home(f"户{number:02d}")) for number in range(60)]
    Responsibility.objects.bulk_create(
        Responsibility(
            household=home,
            region_code=home.region_code,
            kind="grid_worker",
            staff=worker,
            from_on=dt.date(2022, 1, 1),
            at=NOW,
        )
        for home in homes
    )
    lane.send(*[confirmed(home) for home in homes[:57]])
    lane.one(visited(homes[57], result="moved"))
    found = of(TAOCHENG)
    grid = found.grids[HENGSHUI_VILLAGE, worker.pk]
    assert (grid.seen_count, grid.wanted_count, grid.missed_count) == (58, 60, 2)
    assert grid.result_counts == {"moved": 1} and grid.confirmed_count == 57
    assert [one.household.head_name for one in coverage.named(found.missed, month=JULY)] == ["户58", "户59"]


# ── what counts ──────────────────────────────────────────────────────────────
def test_whom_a_month_is_about_is_what_the_documents_of_the_place_say(lane: Lane) -> None:
    def groups(village: str) -> tuple[str, ...]:
        return population.demand(county=village[:6] + "000000", month=JULY, policies=policy.load()).groups

    assert groups(VILLAGE) == ("alleviated_household", "monitored_object")
    assert set(groups(XUCHANG_VILLAGE)) == {"alleviated_household", "dibao", "tekun", "monitored_object"}
    assert groups(HENGSHUI_VILLAGE) == ("rural_population",)
    assert population.demand(county=LAIYUAN, month=Month(2022, 5), policies=policy.load()).groups == ()


def test_the_groups_are_told_from_the_register(lane: Lane) -> None:
    alleviated, plain, object_, on_dibao, cleared = (ordinary(lane.home(name)) for name in "甲乙丙丁戊")
    Household.objects.filter(pk=alleviated.pk).update(household_type="脱贫户")
    for home, is_cleared in ((object_, False), (cleared, True)):
        Monitoring.objects.create(
            household=home, region_code=home.region_code, period="2022-06", digest="", is_cleared=is_cleared
        )
    on_dibao.persons.update(columns={"是否享受低保": "是"})
    plain.persons.update(columns={"是否享受低保": "否"})

    def heads(*groups: str) -> list[str]:
        rows = population.households(scope=Scope.of_region(VILLAGE), groups=groups)
        return sorted(rows.values_list("head_name", flat=True))

    assert heads("alleviated_household", "monitored_object") == ["丙", "甲"]
    assert heads("dibao", "tekun") == ["丁"]
    assert len(heads("rural_population")) == 5
    assert heads() == []


def test_a_verification_of_a_lead_at_the_home_is_the_months_visit_too(lane: Lane) -> None:
    home = lane.home()
    book = Book()
    lead = book.lead(dt.date(2022, 7, 10), home)
    book.take(lead, "dispatch", dt.date(2022, 7, 11))
    assert of(LAIYUAN).villages[VILLAGE].seen_count == 0
    sent = record("step", task=f"lead-{lead.pk}", step="clear", version=1, data={"reason": "有固定收入"})
    assert lane.one(sent).result == "accepted"
    lane.one(confirmed(home))
    assert (of(LAIYUAN).villages[VILLAGE].seen_count, of(LAIYUAN).villages[VILLAGE].wanted_count) == (1, 1)


def test_what_was_taken_back_no_longer_counts(lane: Lane) -> None:
    sent = confirmed(lane.home())
    lane.one(sent)
    lane.one(record("undo", of=sent["id"]))
    assert of(LAIYUAN).villages[VILLAGE].seen_count == 0


def test_a_village_sees_its_own_and_the_neighbouring_county_nothing(lane: Lane) -> None:
    lane.home()
    lane.home("丙海生", region_code=NEXT_VILLAGE)
    assert set(of(LAIYUAN, scope=Scope.of_region(VILLAGE)).villages) == {VILLAGE}
    assert set(of(LAIYUAN).villages) == {VILLAGE, NEXT_VILLAGE}
    assert of(LAIYUAN, scope=Scope.of(factories.neighbour_li())).villages == {}


def test_one_missing_among_many_is_never_rounded_up_to_all() -> None:
    assert coverage.Figures("x", 10_000, 9_999).percent == "99.9"
    assert coverage.Figures("x", 0, 0).percent == ""


# ── closing ──────────────────────────────────────────────────────────────────
def close(month: Month = JUNE, by: object = None) -> VisitMonth:
    return closing.close(
        county=LAIYUAN,
        month=month,
        by=by or factories.county_officer_sun(),  # type: ignore[arg-type]
        today=dt.date(2022, 7, 5),
        now=NOW,
        policies=policy.load(),
    )


def test_a_closed_month_stays_as_it_was_and_opens_with_its_names(lane: Lane) -> None:
    seen, missed = lane.home("甲建国"), lane.home("乙秀英")
    lane.one(confirmed(seen, **IN_JUNE))
    close()
    lane.home("丙新来")
    Household.objects.filter(pk=missed.pk).update(is_withdrawn=True)
    found, closed = closing.month_of(county=LAIYUAN, scope=Scope.of_region(VILLAGE), month=JUNE, policies=policy.load())
    assert closed is not None
    assert (found.villages[VILLAGE].seen_count, found.villages[VILLAGE].wanted_count) == (1, 2)
    assert [one.household.head_name for one in coverage.named(found.missed, month=JUNE)] == ["乙秀英"]
    elsewhere, _ = closing.month_of(
        county=LAIYUAN, scope=Scope.of_region(NEXT_VILLAGE), month=JUNE, policies=policy.load()
    )
    assert elsewhere.villages == {} and elsewhere.missed == []


def test_a_month_is_closed_once_when_it_is_over_and_by_the_county(lane: Lane) -> None:
    lane.home()
    for by in (lane.accounts["赵"], factories.township_clerk_qian("130630100000"), factories.neighbour_li()):
        with pytest.raises(NotPermittedError):
            close(by=by)
    with pytest.raises(UserError, match="还没有过完"):
        close(JULY)
    close()
    with pytest.raises(ConflictError):
        close()
    assert VisitMonth.objects.count() == 1


def test_a_record_of_a_closed_month_cannot_be_taken_back_any_more(lane: Lane) -> None:
    sent = confirmed(lane.home(), **IN_JUNE)
    lane.one(sent)
    close()
    assert lane.one(record("undo", of=sent["id"])).result == "refused"
    assert of(LAIYUAN, JUNE).villages[VILLAGE].seen_count == 1


# ── campaigns ────────────────────────────────────────────────────────────────
def test_campaigns_are_held_where_and_when_a_document_says_so() -> None:
    def labels(county: str, today: dt.date) -> dict[str, tuple[dt.date, dt.date]]:
        held = campaigns.held(county=county, today=today, policies=policy.load())
        return {one.campaign.code: (one.first_on, one.last_on) for one in held}

    hengshui = labels(TAOCHENG, dt.date(2022, 6, 1))
    assert hengshui["concentrated"] == hengshui["look_back"] == (dt.date(2022, 3, 28), dt.date(2022, 6, 30))
    assert hengshui["annual"][1] == dt.date(2022, 12, 31) and "periodic" not in hengshui
    xuchang = labels("411003000000", dt.date(2022, 8, 9))
    assert xuchang["concentrated"] == (dt.date(2022, 6, 1), dt.date(2022, 6, 30)) and "look_back" not in xuchang
    assert xuchang["periodic"] == (dt.date(2022, 7, 1), dt.date(2022, 9, 30))
    assert labels(LAIYUAN, dt.date(2022, 7, 18)) == {}


def test_a_campaign_asks_nobody_again_but_counts_the_visits_that_were_made() -> None:
    lane = Lane(village=HENGSHUI_VILLAGE)
    seen, missed = lane.home("甲建国"), ordinary(lane.home("乙秀英"))
    lane.one(confirmed(seen, **IN_JUNE))
    held = campaigns.held(county=TAOCHENG, today=dt.date(2022, 6, 28), policies=policy.load())
    found = {
        one.campaign.code: progress(
            running=one, county=TAOCHENG, scope=Scope.of_region(TAOCHENG), today=dt.date(2022, 6, 28)
        )
        for one in held
    }
    everybody = found["concentrated"].villages[HENGSHUI_VILLAGE]
    assert (everybody.seen_count, everybody.wanted_count) == (1, 2)
    assert [key for key, _, _ in found["concentrated"].missed] == [missed.pk]
    assert (found["concentrated"].focus.seen_count, found["concentrated"].focus.wanted_count) == (1, 1)
    assert found["look_back"].villages[HENGSHUI_VILLAGE].percent == "100.0"


def test_dynamic_management_says_of_each_object_how_it_ended() -> None:
    lane = Lane(village=HENGSHUI_VILLAGE)
    kept, unchecked, added = (ordinary(lane.home(name)) for name in ("甲建国", "乙秀英", "丙海生"))
    for home in (kept, unchecked):
        Monitoring.objects.create(household=home, region_code=home.region_code, period="2022-06", digest="")
    lane.one(confirmed(kept))
    Book(village=HENGSHUI_VILLAGE).included(dt.date(2022, 7, 1), dt.date(2022, 7, 12), added)
    today = dt.date(2022, 7, 18)
    annual = next(
        one
        for one in campaigns.held(county=TAOCHENG, today=today, policies=policy.load())
        if one.campaign.code == "annual"
    )
    found = progress(running=annual, county=TAOCHENG, scope=Scope.of_region(TAOCHENG), today=today)
    assert found.standings == {kept.pk: "kept", unchecked.pk: "unchecked", added.pk: "added"}
    assert [key for key, _, _ in found.missed] == [unchecked.pk]


# ── what it costs ────────────────────────────────────────────────────────────
def test_no_change_costs_no_field_and_a_change_what_was_typed(lane: Lane) -> None:
    homes = [lane.home(f"户{number}") for number in range(4)]
    lane.send(*[confirmed(home) for home in homes])
    lane.one(visited(homes[0], {"income_wage": "1", "income_property": "2", "problems": []}))
    lane.one(visited(homes[1], result="wrong_data", note="人数不对"))
    found = burden.by_village(scope=Scope.of_region(VILLAGE), month=JULY)[VILLAGE]
    assert (found.visit_count, found.confirmed_count, found.typed_count, found.most_typed) == (6, 4, 3, 2)
    assert (found.typed_per_change, found.over_count, found.request_counts["visit"]) == ("1.5", 0, 2)
    assert burden.by_village(scope=Scope.of_region(NEXT_VILLAGE), month=JULY) == {}
    for place, villages in ((VILLAGE, 1), (NEXT_VILLAGE, 0)):
        scope = Scope.of_region(place)
        total = burden.total(burden.by_village(scope=scope, month=JULY).values(), place)
        kept = burden.by_township(scope=scope, month=JULY)
        assert [vars(one) | {"code": place} for one in kept.values()] == [vars(total)] * villages


def test_seconds_per_confirmation_leave_out_the_way_to_the_next_house(lane: Lane) -> None:
    moments = ["10:00:00", "10:00:02", "10:00:05", "10:30:00", "10:30:02"]
    for place, moment in enumerate(moments):
        lane.one(confirmed(lane.home(f"户{place}"), made_at=f"2022-07-18T{moment}+08:00"))
    assert burden.seconds_per_confirmation(scope=Scope.of_region(VILLAGE), month=JULY) == 2.0
    assert burden.seconds_per_confirmation(scope=Scope.of_region(NEXT_VILLAGE), month=JULY) is None
