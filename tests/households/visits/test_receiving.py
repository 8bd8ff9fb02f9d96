"""What arrives from phones: once, in any order, each for itself, and never over what somebody else wrote."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from shouwang.casework.models import Lead, Signal
from shouwang.households.models import (
    IncomeLine,
    IncomeMonth,
    NaturalChange,
    SentRecord,
    Visit,
    VisitChange,
    VisitMonth,
)
from shouwang.households.visits import effects
from tests import factories
from tests.households.casebook import Book
from tests.households.visits.lane import NEXT_VILLAGE, NOW, TODAY, Lane, confirmed, record, visited

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane() -> Lane:
    return Lane()


# ── once ─────────────────────────────────────────────────────────────────────
def test_a_record_that_a_retry_sends_again_is_kept_once(lane: Lane) -> None:
    """X-3."""
    sent = confirmed(lane.home())
    assert [lane.one(sent).result for _ in range(3)] == ["accepted", "repeated", "repeated"]
    assert Visit.objects.count() == SentRecord.objects.count() == 1


def test_the_same_id_with_other_content_is_a_conflict_and_changes_nothing(lane: Lane) -> None:
    home = lane.home()
    sent = visited(home, {"income_wage": "1200"})
    lane.one(sent)
    result = lane.one(sent | {"data": {"income_wage": "9000"}})
    assert result.result == "conflict" and not result.settling
    assert VisitChange.objects.get().value == "1200.00"
    assert lane.one(sent | {"kind": "confirmation", "data": {}}).result == "conflict"


def test_the_order_of_keys_does_not_make_another_content(lane: Lane) -> None:
    sent = confirmed(lane.home())
    lane.one(sent)
    assert lane.one(dict(reversed(sent.items()))).result == "repeated"


def test_an_id_of_somebody_else_is_a_conflict(lane: Lane) -> None:
    sent = confirmed(lane.home())
    lane.one(sent)
    assert lane.one(sent, by="吴").result == "conflict"


def test_one_bad_record_holds_back_no_other(lane: Lane) -> None:
    home = lane.home()
    results = lane.send(
        confirmed(home),
        {"id": "nonsense"},
        "not even a record",  # type: ignore[arg-type]
        visited(home, {"income_wage": "一千二"}),
        visited(home, {"height": "180"}),
        visited(home, {"problems": [{"a": 1}]}),
        visited(home, {"problem_note": "\ud800"}),
        record("dance", home),
        confirmed(home, on="yesterday"),
        confirmed(home, extra="field"),
        confirmed(home, household_no="no such household"),
        record("step", task="lead-999999999999", step="confirm", version=1, data={}),
        confirmed(lane.home("乙秀英")),
    )
    assert [one.result for one in results] == ["accepted", *["refused"] * 11, "accepted"]
    assert all(one.message for one in results[1:-1])
    assert Visit.objects.count() == 2


def test_a_crash_in_the_middle_of_a_record_leaves_nothing_of_it_and_all_of_the_others(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (lane.home(name) for name in ("甲建国", "乙秀英", "丙海生"))
    broken = visited(second, {"income_wage": "800", "problems": ["illness"]})
    real = effects.set_off

    def crash(**names: object) -> None:
        real(**names)  # type: ignore[arg-type]
        if names["household"] == second:
            raise ValueError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(effects, "set_off", crash)
        results = lane.send(confirmed(first), broken, confirmed(third))
    assert [one.result for one in results] == ["accepted", "refused", "accepted"]
    assert set(Visit.objects.values_list("household__head_name", flat=True)) == {"甲建国", "丙海生"}
    assert not VisitChange.objects.exists() and not IncomeLine.objects.exists() and not Lead.objects.exists()
    assert lane.one(broken).result == "accepted"


# ── who said what ────────────────────────────────────────────────────────────
def test_two_visitors_who_change_different_fields_are_joined(lane: Lane) -> None:
    home = lane.home()
    early = (NOW - dt.timedelta(hours=5)).isoformat()
    assert lane.one(visited(home, {"income_wage": "1200"})).result == "accepted"
    other = lane.one(visited(home, {"income_property": "300"}, made_at=early), by="吴")
    assert other.result == "merged"
    standing = {change.field: change.value for change in VisitChange.objects.filter(state="applied")}
    assert standing == {"income_wage": "1200.00", "income_property": "300.00"}


def test_the_same_field_said_differently_by_two_waits_for_the_township_and_overwrites_nothing(lane: Lane) -> None:
    home = lane.home()
    lane.one(visited(home, {"income_wage": "1200"}))
    second = lane.one(visited(home, {"income_wage": "800", "income_property": "50"}), by="吴")
    assert second.result == "conflict" and second.settling and second.is_done and "赵" in second.message
    states = dict(VisitChange.objects.filter(visit__by_name="吴").values_list("field", "state"))
    assert states == {"income_wage": "open", "income_property": "applied"}
    month = IncomeMonth.objects.get(household=home, period="2022-07")
    assert (month.wage_fen, month.property_fen) == (120_000, 5_000)
    assert Visit.objects.filter(by_name="吴").count() == 1, "the visit itself counts"


def test_who_saw_the_newest_value_may_change_it(lane: Lane) -> None:
    home = lane.home()
    lane.one(visited(home, {"income_wage": "1200"}))
    seen = visited(home, {"income_wage": "900"}, base={"income_wage": "1200"})
    assert lane.one(seen, by="吴").result == "accepted"
    assert IncomeMonth.objects.get(household=home, period="2022-07").wage_fen == 90_000


def test_two_who_say_the_same_agree(lane: Lane) -> None:
    home = lane.home()
    lane.one(visited(home, {"problems": ["illness", "water"]}))
    again = lane.one(visited(home, {"problems": ["water", "illness"]}), by="吴")
    assert again.result == "merged" and not again.settling
    assert Signal.objects.count() == 2, "one signal a risk, not one a visitor"


def test_two_members_of_one_household_who_change_are_two_things(lane: Lane) -> None:
    home = lane.home()
    son, daughter = lane.member(home, "甲小军", "之子"), lane.member(home, "甲小红", "之女")
    went = {"work_kind": "went_out", "work_member": str(son.pk), "work_place": "山东青岛"}
    came = {"work_kind": "came_back", "work_member": str(daughter.pk)}
    assert lane.one(visited(home, went)).result == "accepted"
    assert lane.one(visited(home, came), by="吴").result == "accepted"
    assert VisitChange.objects.filter(state="applied").count() == 2


# ── what it sets off ─────────────────────────────────────────────────────────
def test_a_death_told_on_a_visit_is_on_the_list_of_natural_changes_once(lane: Lane) -> None:
    home = lane.home()
    mother = lane.member(home, "田秀兰", "之母")
    said = {"change_kind": "死亡", "change_member": str(mother.pk), "change_on": "2022-07-12"}
    assert lane.one(visited(home, said)).result == "accepted"
    assert lane.one(visited(home, said), by="吴").result == "merged"
    change = NaturalChange.objects.get()
    assert (change.person, change.effect, change.source, change.state) == (mother, -1, "visit", "confirmed")


def test_two_who_tell_different_ends_of_the_same_person_wait_for_the_township(lane: Lane) -> None:
    home = lane.home()
    mother = lane.member(home, "田秀兰", "之母")
    said = {"change_kind": "死亡", "change_member": str(mother.pk), "change_on": "2022-07-12"}
    lane.one(visited(home, said))
    other = lane.one(visited(home, said | {"change_kind": "迁出"}), by="吴")
    assert other.settling
    assert NaturalChange.objects.get().kind == "死亡"


def test_a_member_of_another_household_cannot_be_named(lane: Lane) -> None:
    stranger = lane.home("乙秀英").persons.get()
    home = lane.home()
    said = {"change_kind": "死亡", "change_member": str(stranger.pk), "change_on": "2022-07-12"}
    assert lane.one(visited(home, said)).result == "refused"
    assert not NaturalChange.objects.exists()


def test_a_problem_that_a_visitor_sees_opens_a_lead_on_the_same_clock(lane: Lane) -> None:
    home = lane.home()
    lane.one(visited(home, {"problems": ["income"], "problem_note": "工地停工"}))
    lead = Lead.objects.get(household=home)
    assert (lead.opened_on, lead.due_on, lead.channels) == (TODAY, dt.date(2022, 8, 2), ["visit"])


def test_amounts_of_a_month_go_to_the_ledger_with_the_visit_named(lane: Lane) -> None:
    home = lane.home()
    sent = visited(home, {"income_wage": "1200.50", "cost_business": "0"}, on="2022-06-28")
    assert lane.one(sent).result == "accepted"
    lines = {line.item: line for line in IncomeLine.objects.filter(household=home)}
    assert (
        lines["wage"].amount_fen == 120_050 and lines["wage"].period == "2022-06" and lines["wage"].visit == sent["id"]
    )
    assert lines["business_cost"].amount_fen == 0, "nothing is something that was said"
    assert lane.one(visited(home, {"income_wage": "1.005"})).result == "refused"


# ── taking back ──────────────────────────────────────────────────────────────
def test_a_confirmation_is_taken_back_by_who_made_it_and_nobody_else(lane: Lane) -> None:
    sent = confirmed(lane.home())
    lane.one(sent)
    assert lane.one(record("undo", of=sent["id"]), by="吴").result == "refused"
    assert Visit.objects.get().undone_at is None
    undo = record("undo", of=sent["id"])
    assert [lane.one(undo).result, lane.one(undo).result] == ["accepted", "repeated"]
    assert Visit.objects.get().undone_at == NOW
    assert lane.one(sent).result == "repeated", "the record does not come back to life"


def test_an_undo_that_arrives_before_its_record_still_takes_it_back(lane: Lane) -> None:
    home = lane.home()
    sent = visited(home, {"income_wage": "1200"})
    assert lane.one(record("undo", of=sent["id"])).result == "accepted"
    assert lane.one(sent).result == "accepted"
    assert Visit.objects.get().undone_at is not None
    assert not IncomeLine.objects.exists() and not VisitChange.objects.exists()


def test_taking_a_visit_back_takes_back_what_it_set_off(lane: Lane) -> None:
    home = lane.home()
    mother = lane.member(home, "田秀兰", "之母")
    sent = visited(
        home,
        {
            "income_wage": "1200",
            "change_kind": "死亡",
            "change_member": str(mother.pk),
            "change_on": "2022-07-12",
        },
    )
    lane.one(sent)
    assert lane.one(record("undo", of=sent["id"])).result == "accepted"
    assert NaturalChange.objects.get().state == "rejected"
    month = IncomeMonth.objects.filter(household=home, period="2022-07").first()
    assert month is None or month.wage_fen is None
    assert lane.one(visited(home, {"income_wage": "700"})).result == "accepted", "the field is free again"


def test_what_was_acted_on_further_cannot_be_taken_back(lane: Lane) -> None:
    home = lane.home()
    opened = visited(home, {"problems": ["illness"]})
    lane.one(opened)
    assert lane.one(record("undo", of=opened["id"])).result == "conflict", "a lead was opened for it"
    wage = visited(home, {"income_wage": "1200"})
    lane.one(wage)
    lane.one(visited(home, {"income_wage": "900"}, base={"income_wage": "1200"}), by="吴")
    assert lane.one(record("undo", of=wage["id"])).result == "conflict", "somebody went on from there"
    assert IncomeMonth.objects.get(household=home, period="2022-07").wage_fen == 90_000


# ── clocks and months ────────────────────────────────────────────────────────
def test_a_phone_whose_clock_is_ahead_counts_for_the_day_of_arrival_and_is_told(lane: Lane) -> None:
    tomorrow = NOW + dt.timedelta(days=3, hours=2)
    sent = confirmed(lane.home(), made_at=tomorrow.isoformat(), on=tomorrow.date().isoformat())
    result = lane.one(sent)
    assert result.result == "accepted" and "3 天" in result.message
    assert Visit.objects.get().on == TODAY
    assert lane.one(sent).message == result.message, "told again to whoever lost the answer"


def test_a_phone_whose_clock_fell_back_counts_for_the_day_of_arrival(lane: Lane) -> None:
    result = lane.one(confirmed(lane.home(), made_at="2015-01-01T08:00:00+08:00", on="2015-01-01"))
    assert result.result == "accepted" and "校准" in result.message
    assert Visit.objects.get().on == TODAY


def test_records_of_last_month_are_taken_until_that_month_is_closed(lane: Lane) -> None:
    june = {"on": "2022-06-29", "made_at": "2022-06-29T10:00:00+08:00"}
    assert lane.one(confirmed(lane.home(), **june)).result == "accepted"
    assert Visit.objects.get().month == "2022-06"
    sun = factories.county_officer_sun()
    VisitMonth.objects.create(region_code="130630000000", month="2022-06", closed_at=NOW, closed_by=sun)
    late = lane.one(confirmed(lane.home("乙秀英"), **june))
    assert late.result == "refused" and "结账" in late.message
    assert lane.one(confirmed(lane.homes["乙秀英"])).result == "accepted", "this month is open"


# ── places ───────────────────────────────────────────────────────────────────
def test_nothing_of_another_village_is_touched_by_crafted_ids(lane: Lane) -> None:
    elsewhere = lane.home("丙海生", region_code=NEXT_VILLAGE)
    book = Book(village=NEXT_VILLAGE)
    lead = book.lead(dt.date(2022, 7, 10))
    book.take(lead, "dispatch", dt.date(2022, 7, 10))
    results = lane.send(
        confirmed(elsewhere),
        visited(elsewhere, {"income_wage": "1"}),
        record("step", task=f"lead-{lead.pk}", step="clear", version=1, data={"reason": "没有风险"}),
        record("undo", of=str(uuid.uuid4())),
    )
    assert [one.result for one in results] == ["refused", "refused", "refused", "accepted"]
    assert not Visit.objects.exists()
    lead.refresh_from_db()
    assert lead.state == "at_village"


# ── steps ────────────────────────────────────────────────────────────────────
def test_a_lead_is_settled_from_the_phone_and_the_second_to_settle_it_is_told_in_words(lane: Lane) -> None:
    book = Book()
    lead = book.lead(dt.date(2022, 7, 10))
    book.take(lead, "dispatch", dt.date(2022, 7, 11))
    seen = {"task": f"lead-{lead.pk}", "version": lead.version}
    cleared = record("step", step="clear", data={"reason": "有固定收入，三保障都有"}, **seen)
    assert lane.one(cleared).result == "accepted"
    assert lane.one(cleared).result == "repeated"
    late = lane.one(record("step", step="confirm", data={"risks": ["illness"]}, **seen), by="吴")
    assert late.result == "conflict" and "赵" in late.message and "无返贫风险" in late.message
    lead.refresh_from_db()
    assert (lead.state, lead.version) == ("no_risk", 2)


def test_what_a_step_still_needs_is_said_and_the_same_id_may_try_again(lane: Lane) -> None:
    book = Book()
    lead = book.lead(dt.date(2022, 7, 10))
    book.take(lead, "dispatch", dt.date(2022, 7, 11))
    sent = record("step", task=f"lead-{lead.pk}", step="confirm", version=1, data={})
    assert lane.one(sent).result == "refused"
    assert lane.one(sent | {"data": {"risks": ["illness"]}}).result == "accepted"


def test_a_step_that_was_taken_back_before_it_arrived_is_not_taken(lane: Lane) -> None:
    book = Book()
    lead = book.lead(dt.date(2022, 7, 10))
    book.take(lead, "dispatch", dt.date(2022, 7, 11))
    sent = record("step", task=f"lead-{lead.pk}", step="confirm", version=1, data={"risks": ["illness"]})
    results = lane.send(record("undo", of=sent["id"]), sent)
    assert [one.result for one in results] == ["accepted", "accepted"]
    lead.refresh_from_db()
    assert lead.state == "at_village"


def test_two_hundred_records_are_all_kept(lane: Lane) -> None:
    homes = [lane.home(f"户{number}") for number in range(40)]
    sent = [confirmed(home) if round_ else visited(home, {"income_wage": "5"}) for round_ in range(5) for home in homes]
    results = lane.send(*sent)
    assert {one.result for one in results} == {"accepted"}
    assert Visit.objects.count() == 200
    assert sum(line.amount_fen or 0 for line in IncomeLine.objects.all()) == Decimal(40 * 500)
