"""How the days of an identification lie: the last day for the notice, counted back in the days that the place counts."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.casework import pausing, runner
from shouwang.casework.models import Event
from shouwang.foundation import working_days
from shouwang.households import schedules
from shouwang.households.procedure import PROCEDURE

from .casebook import Book, moment, set_locally

JULY = dt.date(2022, 7, 1)
LIMITS = '{democratic_review: "3 day", publicity: "2 day", township_review: "2 day", county_decision: "2 day"}'


@pytest.fixture
def book(db) -> Book:
    return Book()


def july(day: int) -> dt.date:
    return JULY.replace(day=day)


def schedule(case, today):
    case.refresh_from_db()
    events = list(Event.objects.filter(case=case) | Event.objects.filter(lead=case.lead))
    events.sort(key=lambda event: (event.case_id or 0, event.sequence))
    return schedules.schedule(case=case, events=events, today=today, policies=policy.load())


def locally(**values: str) -> None:
    set_locally("130630", case__publicity_minimum_days='"5 day"', case__step_limits=LIMITS, **values)


def test_the_notice_has_to_go_up_while_it_can_still_hang_and_the_later_steps_have_their_time(book):
    locally()
    case = book.case(JULY)
    found = schedule(case, july(3))
    assert (found.due_on, found.publish_by, found.is_too_late_to_publish) == (july(16), july(7), False)
    assert schedule(case, july(8)).is_too_late_to_publish


def test_where_the_place_counts_working_days_every_one_of_these_days_is_one(book):
    locally(household__day_basis="working")
    found = schedule(book.case(JULY), july(3))
    # 15 working days after Friday 1 July; back from there two, two and five working days
    assert (found.due_on, found.publish_by) == (july(22), july(11))
    assert working_days.is_working_day(found.due_on) and working_days.is_working_day(found.publish_by)


def test_working_days_skip_the_holidays_of_october_and_take_the_weekend_that_is_worked_for_them(book):
    locally(household__day_basis="working")
    found = schedule(book.case(dt.date(2022, 9, 26)), dt.date(2022, 9, 27))
    assert found.due_on == dt.date(2022, 10, 20)  # 8 and 9 October are worked, 1 to 7 are not
    assert found.publish_by == dt.date(2022, 10, 9)


def test_a_notice_hangs_as_many_working_days_as_the_place_counts(book):
    locally(household__day_basis="working")
    case = book.published(JULY, july(6))
    with pytest.raises(Exception, match="至少公示到 2022-07-08"):
        book.take(case, "close_publicity", july(6))
    case = book.published(JULY, july(8), book.household("乙秀英"))
    book.take(case, "close_publicity", july(8))


def test_the_form_of_a_notice_proposes_a_last_day_that_is_long_enough(book):
    locally(household__day_basis="working")
    case = book.case(JULY)
    step = next(one for one in PROCEDURE.steps if one.code == "publish")
    asked = {"proceeding": case, "step": step, "today": JULY, "now": moment(JULY), "policies": policy.load()}
    assert runner.suggested(**asked)["shown_until"] == "2022-07-08"


def test_while_the_clock_stands_still_no_day_of_the_schedule_passes(book):
    locally()
    case = book.case(JULY)
    by = book.people["county"]
    pausing.pause(proceeding=case, by=by, reason="按县办法第九条", today=july(3), now=moment(july(3)))
    assert not schedule(case, july(12)).is_too_late_to_publish
    pausing.resume(proceeding=case, by=by, today=july(12), now=moment(july(12)))
    found = schedule(case, july(12))
    assert (found.due_on, found.publish_by, found.is_too_late_to_publish) == (july(25), july(16), False)


def test_a_last_day_on_a_weekend_moves_only_where_the_place_says_so(book):
    locally()
    saturday = book.case(JULY)
    assert saturday.due_on == july(16) and saturday.due_parameter["rolled_on"] == "2022-07-18"
    locally(household__holiday_roll="true")
    monday = book.case(JULY, book.household("乙秀英"))
    assert monday.due_on == july(18)
    assert schedule(monday, july(3)).publish_by == july(9)
    open_tasks = [task.due_on for task in monday.tasks.filter(is_open=True) if task.due_on]
    assert open_tasks and all(working_days.is_working_day(day) for day in open_tasks)


def test_nothing_is_counted_back_where_no_document_gives_a_term_or_the_notice_is_up(book):
    assert schedule(book.case(JULY), july(3)).publish_by is None
    locally()
    assert schedule(book.published(JULY, july(6), book.household("乙秀英")), july(3)).publish_by is None


def test_the_stretches_follow_the_steps_without_a_gap_and_end_with_the_decision(book):
    locally()
    case = book.included(JULY, july(8))
    found = schedule(case, july(30))
    assert found.ended_on == july(8) and found.stretches[0].label == "线索核实"
    assert [one.state for one in found.stretches[1:]] == [
        event.from_state
        for event in Event.objects.filter(case=case).order_by("sequence")
        if event.from_state != event.to_state
    ]
    assert all(
        before.until_on == after.from_on for before, after in zip(found.stretches, found.stretches[1:], strict=False)
    )
    assert found.stretches[-1].until_on == july(8)
