"""Reminders climb the tree with the days, nothing but the noting of them is kept; the forecast says its formula; a unit is supervised."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.casework import forecast, reminders, supervision
from shouwang.casework.models import ReminderSeen, Supervision, Task
from shouwang.casework.procedure import CITY, COUNTY, TOWNSHIP, VILLAGE
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation.scope import Scope
from tests import factories
from tests.households.casebook import Book, moment

DAY = dt.timedelta(days=1)
OPENED = dt.date(2022, 7, 4)


@pytest.fixture
def book(db) -> Book:
    return Book()


@pytest.fixture
def task(book) -> Task:
    """A verification that waits in the village."""
    lead = book.lead(OPENED)
    book.take(lead, "dispatch", OPENED)
    return Task.objects.get(lead=lead, is_open=True)


def ladder(today=OPENED):
    return reminders.ladder(region_code="130630000000", today=today, policies=policy.load())


def reminded(account, level, today):
    told = list(reminders.told(account=account, level=level, today=today, steps=ladder()))
    assert len(told) == reminders.count_new(account=account, level=level, today=today, steps=ladder())
    return told


def who_is_reminded(book, today):
    leader = book.people.get("leader") or factories.make_account(
        name="县领导", role="county_leader", region_code="130630000000"
    )
    book.people["leader"] = leader
    city = book.people.setdefault("city", factories.city_officer_zhou("130600000000"))
    asked = {
        "village": (book.people["village"], VILLAGE),
        "township": (book.people["township"], TOWNSHIP),
        "county": (book.people["county"], COUNTY),
        "leader": (leader, COUNTY),
        "city": (city, CITY),
    }
    return {name for name, (account, level) in asked.items() if reminded(account, level, today)}


def test_a_reminder_climbs_from_the_village_to_the_leader(book, task):
    assert who_is_reminded(book, task.due_on - 3 * DAY) == set()
    assert who_is_reminded(book, task.due_on - 2 * DAY) == {"village"}
    assert who_is_reminded(book, task.due_on) == {"village"}
    assert who_is_reminded(book, task.due_on + DAY) == {"village", "township"}
    assert who_is_reminded(book, task.due_on + 2 * DAY) == {"village", "township"}
    assert who_is_reminded(book, task.due_on + 3 * DAY) == {"village", "township", "county", "leader"}


def test_a_paused_proceeding_and_one_that_was_done_remind_nobody(book, task):
    later = task.due_on + 5 * DAY
    assert reminded(book.people["village"], VILLAGE, later)
    type(task.lead).objects.filter(pk=task.lead_id).update(paused_on=later)
    assert not reminded(book.people["village"], VILLAGE, later)
    type(task.lead).objects.filter(pk=task.lead_id).update(paused_on=None)
    book.take(task.lead, "clear", later)
    assert not reminded(book.people["village"], VILLAGE, later)


def test_nobody_of_the_next_county_is_reminded(task):
    li = factories.neighbour_li()
    assert not reminded(li, COUNTY, task.due_on + 30 * DAY)


def test_who_took_note_is_asked_again_only_on_the_next_rung(book, task):
    zhao = book.people["village"]
    on = task.due_on - 2 * DAY

    def note(today):
        told = {"by": zhao, "level": VILLAGE, "today": today, "now": moment(today), "steps": ladder()}
        return reminders.take_note(tasks=[task.pk], **told)

    def new(today):
        told = reminders.told(account=zhao, level=VILLAGE, today=today, steps=ladder())
        counted = reminders.unseen(told, account=zhao, today=today, steps=ladder()).count()
        assert counted == reminders.count_new(account=zhao, level=VILLAGE, today=today, steps=ladder())
        return counted

    assert new(on) == 1
    assert note(on) == 1 and note(on) == 1
    assert ReminderSeen.objects.count() == 1
    assert (new(on), new(on + DAY), new(task.due_on)) == (0, 0, 1)
    assert reminders.seen_by([task], today=on, steps=ladder()) == {task.pk: ["网格员赵"]}
    assert reminders.seen_by([task], today=task.due_on, steps=ladder()) == {}


def test_nobody_notes_what_does_not_remind_them(book, task):
    li = factories.neighbour_li()
    late = task.due_on + 9 * DAY
    told = {"tasks": [task.pk], "level": COUNTY, "today": late, "now": moment(late), "steps": ladder()}
    assert reminders.take_note(by=li, **told) == 0
    assert not ReminderSeen.objects.exists()


def test_a_county_sets_days_of_its_own(book, task):
    from tests.households.casebook import set_locally

    set_locally("130630", case__reminder_days="{before: 5, above: 2, leader: 7}")
    own = ladder()
    assert own.rung(task.due_on, task.due_on - 5 * DAY) == reminders.SOON
    assert own.rung(task.due_on, task.due_on + DAY) == reminders.DUE
    assert own.rung(task.due_on, task.due_on + 7 * DAY) == reminders.LEADER


# ── forecast ─────────────────────────────────────────────────────────────────
def outlook(book, today):
    found = forecast.by_place(scope=Scope.of(book.people["county"]), digits=12, today=today)
    return next(one for one in found if one.level == VILLAGE)


def queue(book, count):
    leads = book.leads(OPENED, [book.household(f"户{number}") for number in range(count)])
    for lead in leads:
        book.take(lead, "dispatch", OPENED)
    return leads


def test_without_anything_done_nothing_is_forecast_and_the_page_says_why(book, task):
    one = outlook(book, OPENED)
    assert one.will_be_late is None
    assert "近四周没有办结记录" in one.why


def test_what_lies_beyond_the_pace_of_four_weeks_will_be_late(book):
    leads = queue(book, 7)
    verifying = Task.objects.filter(lead__in=leads, is_open=True, level=VILLAGE)
    done, waiting = list(verifying)[:2], list(verifying)[2:]
    # 28 days before the 18th of July 2022 have 20 working days: a tenth of a task a day
    today = dt.date(2022, 7, 18)
    Task.objects.filter(pk__in=[one.pk for one in done]).update(is_open=False, done_on=today - DAY)
    Task.objects.filter(pk__in=[one.pk for one in waiting]).update(due_on=dt.date(2022, 7, 29))
    one = outlook(book, today)
    # ten working days until the 29th, both ends included: one task of five
    assert (one.done, one.working_days, one.per_day) == (2, 20, "0.1")
    assert (one.open, one.late, one.will_be_late, one.from_on) == (5, 0, 4, dt.date(2022, 7, 29))


def test_what_is_late_already_takes_its_share_of_the_pace(book):
    leads = queue(book, 4)
    tasks = list(Task.objects.filter(lead__in=leads, is_open=True, level=VILLAGE))
    today = dt.date(2022, 7, 18)
    Task.objects.filter(pk=tasks[0].pk).update(is_open=False, done_on=today - DAY)
    Task.objects.filter(pk=tasks[1].pk).update(due_on=today - DAY)
    Task.objects.filter(pk=tasks[2].pk).update(due_on=dt.date(2022, 8, 12))
    Task.objects.filter(pk=tasks[3].pk).update(due_on=None)
    one = outlook(book, today)
    # twenty working days give one task, and the late one comes first
    assert (one.open, one.late, one.undated, one.will_be_late) == (3, 1, 1, 1)
    assert one.from_on == dt.date(2022, 8, 12)


def test_the_forecast_counts_nobody_elsewhere(book, task):
    assert forecast.by_place(scope=Scope.of(factories.neighbour_li()), digits=12, today=OPENED) == []


# ── supervision ──────────────────────────────────────────────────────────────
TOWN = "130630100000"


def ask(by, today, region_code=TOWN, reply_in=7, phone="0312-7300000"):
    reply_by = today + reply_in * DAY
    return supervision.ask(
        region_code=region_code, reply_by=reply_by, phone=phone, by=by, today=today, now=moment(today)
    )


def test_a_township_is_asked_answers_and_the_county_closes(book, task):
    late = task.due_on + 2 * DAY
    made = ask(book.people["county"], late)
    assert [one.pk for one in supervision.items(made)] == [task.pk]
    with pytest.raises(UserError, match="还没有反馈"):
        supervision.close(supervision=made, by=book.people["county"], today=late)
    with pytest.raises(NotPermittedError):
        supervision.answer(supervision=made, text="已办", by=book.people["county"], today=late)
    supervision.answer(supervision=made, text="本周办完", by=book.people["township"], today=late)
    with pytest.raises(NotPermittedError):
        supervision.close(supervision=made, by=book.people["township"], today=late)
    supervision.close(supervision=made, by=book.people["county"], today=late)
    with pytest.raises(ConflictError):
        supervision.answer(supervision=made, text="再说一句", by=book.people["township"], today=late)
    assert ask(book.people["county"], late + DAY).pk != made.pk


def test_asking_twice_leaves_one_open(book, task):
    late = task.due_on + 2 * DAY
    ask(book.people["county"], late)
    with pytest.raises(ConflictError, match="还没有办结"):
        ask(book.people["county"], late)
    assert Supervision.objects.count() == 1


def test_without_lateness_without_telephone_or_too_late_nothing_is_asked(book, task):
    sun = book.people["county"]
    with pytest.raises(UserError, match="没有超期事项"):
        ask(sun, task.due_on)
    with pytest.raises(UserError, match="没有联系电话"):
        ask(sun, task.due_on + DAY, phone=" ")
    with pytest.raises(UserError, match="反馈期限"):
        ask(sun, task.due_on + DAY, reply_in=0)


def test_nobody_supervises_a_neighbour_or_the_own_unit(book, task):
    late = task.due_on + 2 * DAY
    for by in (factories.neighbour_li(), book.people["township"], book.people["village"]):
        with pytest.raises(NotPermittedError):
            ask(by, late)
    made = ask(book.people["county"], late)
    assert supervision.supervisions(scope=Scope.of(factories.make_account(role="county_officer", region_code="130633000000", name="邻县王"))).count() == 0  # fmt: skip
    assert list(supervision.supervisions(scope=Scope.of(book.people["township"]))) == [made]
    shown = supervision.supervisions(scope=Scope.of(book.people["township"])).get()
    assert supervision.counted([shown])[shown.pk][1] == 1


def test_a_reversed_lead_takes_its_line_out_of_the_supervision(book, task):
    made = ask(book.people["county"], task.due_on + 2 * DAY)
    Task.objects.filter(pk=task.pk).delete()
    assert supervision.items(made).count() == 0
