"""Thousands of leads go down in the background: once, with progress, and with a reason for each that stayed."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.casework import pausing, runner, verification
from shouwang.casework.models import Event, Lead, Task
from shouwang.jobs import dispatching, worker
from shouwang.jobs.models import Job, JobState
from shouwang.organisation.models import AuditEvent
from tests.households.casebook import Book, moment

DAY = dt.date(2022, 7, 4)
LEADS = 25


@pytest.fixture
def book(db, monkeypatch) -> Book:
    monkeypatch.setattr(dispatching, "_CHUNK", 10)
    book = Book()
    book.leads(DAY, [book.household(f"户{number}") for number in range(LEADS)])
    return book


def ask(book: Book, **filters: str) -> Job:
    return dispatching.ask(filters=filters, by=book.people["county"], today=DAY)


def run(job: Job) -> dict:
    worker.work(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    return job.result


def everybody_went_down_once() -> bool:
    events = Event.objects.filter(step="dispatch")
    return (
        set(Lead.objects.values_list("state", "version")) == {(verification.AT_VILLAGE, 1)}
        and events.count() == LEADS
        and set(events.values_list("on", flat=True)) == {DAY}
        and Task.objects.filter(is_open=True).count() >= LEADS
    )


def test_a_list_that_is_asked_for_twice_goes_down_once_and_says_how_many(book):
    job = ask(book)
    assert ask(book) == job
    assert run(job) | {"after": 0} == {
        "wanted": LEADS, "done": LEADS, "skipped": {}, "named": [], "after": 0, "is_logged": True,
    }  # fmt: skip
    assert everybody_went_down_once()
    assert dispatching.sentences(job.result) == [f"已下派到村 {LEADS} 条，共 {LEADS} 条。"]
    assert dispatching.running(by=book.people["county"]) is None
    again = run(ask(book))
    assert (again["wanted"], again["done"]) == (0, 0) and everybody_went_down_once()


def test_work_that_was_killed_goes_on_behind_the_last_lead_and_still_adds_up(book, monkeypatch):
    whole = runner.act_together

    def dying(**names):
        if Event.objects.filter(step="dispatch").count() >= 20:
            whole(**names)
            raise KeyboardInterrupt
        return whole(**names)

    job = ask(book)
    with monkeypatch.context() as broken:
        broken.setattr(runner, "act_together", dying)
        with pytest.raises(KeyboardInterrupt):
            worker.work(once=True)
    job.refresh_from_db()
    assert (job.state, job.result["done"], Event.objects.count()) == (JobState.RUNNING, 20, 20)
    assert dispatching.running(by=book.people["county"]) == job
    Job.objects.filter(pk=job.pk).update(heartbeat_at=moment(DAY))
    found = run(job)
    assert (found["wanted"], found["done"], found["skipped"]) == (LEADS, LEADS, {})
    assert everybody_went_down_once()
    assert AuditEvent.objects.filter(action="下派线索").count() == 1


def test_a_worker_that_was_taken_for_dead_stops_when_another_goes_on(book):
    job = ask(book)
    Job.objects.filter(pk=job.pk).update(attempts=2, state=JobState.RUNNING)
    assert dispatching.work(job, lambda *_: None)["done"] == 0
    assert not Event.objects.exists()


def test_whatever_stays_is_named_with_its_reason(book, monkeypatch):
    paused, taken = Lead.objects.order_by("pk")[0], Lead.objects.order_by("pk")[15]
    pausing.pause(proceeding=paused, by=book.people["county"], reason="等待法院裁定", today=DAY, now=moment(DAY))
    whole = runner.act_together

    def overtaken(**names):
        monkeypatch.setattr(runner, "act_together", whole)
        with monkeypatch.context():
            whole(**{**names, "rows": [taken.pk]})
        return whole(**names)

    monkeypatch.setattr(runner, "act_together", overtaken)
    job = ask(book)
    found = run(job)
    assert (found["done"], found["skipped"]) == (LEADS - 2, {dispatching.PAUSED: 1, dispatching.ELSEWHERE: 1})
    assert found["named"] == [[paused.lead_no, dispatching.PAUSED], [taken.lead_no, dispatching.ELSEWHERE]]
    assert dispatching.sentences(found)[1] == "没有下派：已中止 1 条，已由他人下派或办结 1 条。这些线索没有变动。"


def test_only_the_filtered_list_goes_down_and_only_what_the_officer_sees(book):
    first = Lead.objects.order_by("pk")[0]
    assert run(ask(book, text=first.lead_no))["done"] == 1
    township = dispatching.ask(filters={}, by=book.people["village"], today=DAY)
    worker.work(once=True)
    township.refresh_from_db()
    assert township.state == JobState.FAILED and "不能办" in township.message
    assert Event.objects.filter(step="dispatch").count() == 1
