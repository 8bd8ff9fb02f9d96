"""Many at once on the same leads, on either database: one wins each step, the others are told, nothing is lost or half done."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from shouwang import policy
from shouwang.casework import procedure, runner, signals, tasks, verification
from shouwang.casework.models import Case, Event, Lead, LeadReason, Proceeding, Signal, Task
from shouwang.foundation.errors import UserError
from shouwang.organisation import roles
from tests import factories
from tests.households.casebook import Book, moment

DAY = dt.date(2022, 7, 4)
CLERKS, LEADS = 8, 4


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Results or errors of works that begin together, each with a connection of its own."""
    results: list[Any] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=20)
            results[place] = works[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def whole(proceeding: Proceeding) -> None:
    """Its events are as many as its version, in turn, each from where the one before led; it waits for what its state asks for."""
    link = {"case" if isinstance(proceeding, Case) else "lead": proceeding}
    events = list(Event.objects.filter(**link).order_by("sequence"))
    assert [event.sequence for event in events] == list(range(1, proceeding.version + 1))
    assert [event.from_state for event in events[1:]] == [event.to_state for event in events[:-1]]
    table = procedure.get(proceeding.procedure)
    start = table.reached(table.start, getattr(proceeding, "options", ()))
    assert proceeding.state == (events[-1].to_state if events else start)
    wanted = tasks.wanted(table, proceeding, events, proceeding.opened_on, policy.load(), {})
    standing = Task.objects.filter(**link, is_open=True).values_list("step", flat=True)
    assert sorted(standing) == sorted(task.step for task in wanted)


@pytest.mark.django_db(transaction=True)
def test_clerks_who_answer_the_same_leads_in_other_orders_lose_nothing_and_do_nothing_twice() -> None:
    book = Book()
    leads = book.leads(DAY, [book.household(f"户{number}") for number in range(LEADS)])
    policies = policy.load()
    clerks = [
        factories.make_account(name=f"网格员{number}", role=roles.GridWorker.code, region_code=book.village)
        for number in range(CLERKS)
    ]
    told: Counter[int] = Counter()
    others: list[Any] = []

    def work(number: int) -> None:
        # half of them run through the list from its other end
        for lead in leads if number % 2 else reversed(leads):
            step, data = [("confirm", {"risks": ["illness"]}), ("clear", {"reason": "收入稳定"})][number // 2 % 2]
            try:
                runner.act(
                    proceeding=lead.__class__.objects.get(pk=lead.pk),
                    step=step,
                    by=clerks[number],
                    today=DAY,
                    now=moment(DAY),
                    policies=policies,
                    data=data,
                    version=1,
                )
                told[lead.pk] += 1
            except UserError as error:
                others.append(error)

    runner.act_together(
        procedure_code=verification.CODE, rows=[lead.pk for lead in leads], step="dispatch", by=book.people["county"],
        today=DAY, now=moment(DAY), policies=policies,
    )  # fmt: skip
    results = at_once([lambda number=number: work(number) for number in range(CLERKS)])
    assert results == [None] * CLERKS
    assert told == {lead.pk: 1 for lead in leads} and len(others) == (CLERKS - 1) * LEADS
    for proceeding in [*Lead.objects.all(), *Case.objects.all()]:
        whole(proceeding)
    assert Case.objects.count() == Event.objects.filter(step="confirm").count()
    assert len(set(Case.objects.values_list("case_no", flat=True))) == Case.objects.count()


@pytest.mark.django_db(transaction=True)
def test_a_list_that_is_sent_down_by_several_at_once_goes_down_once() -> None:
    book = Book()
    keys = [lead.pk for lead in book.leads(DAY, [book.household(f"户{number}") for number in range(LEADS)])]
    policies = policy.load()

    def dispatch(rows: list[int]) -> int:
        return runner.act_together(
            procedure_code=verification.CODE, rows=rows, step="dispatch", by=book.people["county"], today=DAY,
            now=moment(DAY), policies=policies,
        )  # fmt: skip

    results = at_once([lambda rows=rows: dispatch(rows) for rows in (keys, keys[::-1], keys, keys[::-1])])
    assert sum(results) == LEADS, results
    for lead in Lead.objects.all():
        whole(lead)


@pytest.mark.django_db(transaction=True)
def test_what_several_tell_of_one_household_at_once_becomes_one_lead_with_every_word() -> None:
    book = Book()
    household = book.household()
    policies = policy.load()

    def tell(channel: str, number: int) -> Signal:
        return signals.receive(
            channel=channel, household=household, region_code=book.village, told_on=DAY, now=moment(DAY),
            policies=policies, by=None, reference=f"R{number}",
        )  # fmt: skip

    channels = ("self_report", "hotline", "visit", "desk")
    results = at_once([lambda pair=pair: tell(*pair) for pair in zip(channels, range(4), strict=True)])
    assert all(isinstance(result, Signal) for result in results), results
    lead = Lead.objects.get()
    assert lead.channels == sorted(channels)
    assert LeadReason.objects.filter(lead=lead).count() == 4
    whole(lead)
    results = at_once([lambda: tell("visit", 9)] * 3)
    assert len({result.pk for result in results}) == 1, results
