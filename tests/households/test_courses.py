"""The kept course of every lead says what its events say, whatever was done in whatever order; and what is wrong is found and mended."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from click.testing import CliRunner

from shouwang import policy
from shouwang.casework import courses, runner, signals
from shouwang.casework.models import Case, Event, Lead, LeadCourse, LeadReason
from shouwang.foundation.errors import UserError
from shouwang.households import measures, metrics
from shouwang.households.models import Measure
from shouwang.jobs.command_line import screen
from shouwang.organisation.scope import Scope

from . import casebook

START = dt.date(2022, 6, 1)
EVERYWHERE = Scope.everything()
pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    return casebook.Book()


def wrong():
    return list(courses.differing(scope=EVERYWHERE, measured_on=measures.first_begun(scope=EVERYWHERE)))


def tell(book, household, channel, on):
    return signals.receive(
        channel=channel, household=household, region_code=book.village, told_on=on, now=casebook.moment(on),
        policies=policy.load(), by=None,
    )  # fmt: skip


def of_events():
    """What the events say, without looking at anything that is kept: (leads, verified, confirmed, included), days by stretch."""
    counts, days = [0, 0, 0, 0], {code: [] for code in metrics.STRETCHES}
    for lead in Lead.objects.all():
        events = list(Event.objects.filter(lead=lead))
        if any(event.step == "withdraw" for event in events):
            continue
        counts[0] += 1
        said = next((event for event in events if event.step in ("confirm", "clear", "give_back")), None)
        if said is None:
            continue
        counts[1] += 1
        counts[2] += said.step == "confirm"
        days["to_verify"].append((said.on - lead.opened_on).days)
        decided = Event.objects.filter(case__lead=lead, step="county_decision").first()
        if decided is None:
            continue
        counts[3] += 1
        days["to_include"].append((decided.on - said.on).days)
        begun = [one.started_on for one in Measure.objects.filter(case__lead=lead, cancelled_on=None) if one.started_on]
        if begun:
            days["to_measure"].append(max(0, (min(begun) - decided.on).days))
    return counts, {code: sorted(found) for code, found in days.items()}


def of_kept(dimension):
    whole = metrics.table(scope=EVERYWHERE, dimension=dimension).whole
    return [whole.counts[code] for code in ("leads", "verified", "confirmed", "included")], {
        code: spread.count for code, spread in whole.spreads.items()
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_done_the_kept_sums_are_those_of_the_events(book, seed):
    chance, on = random.Random(seed), START
    homes = [book.household(f"甲{number}") for number in range(4)]
    book.leads(START, homes[:3])
    for _ in range(110):
        on += dt.timedelta(days=chance.randrange(4) == 0)
        try:
            chance.choice((a_step, a_step, a_step, a_signal, a_measure))(book, homes, chance, on)
        except UserError:
            continue  # the order of things, or a day: nothing happened
    assert wrong() == []
    counts, days = of_events()
    for dimension in metrics.DIMENSIONS:
        assert of_kept(dimension) == (counts, {code: len(found) for code, found in days.items()})
    kept = LeadCourse.objects.order_by("verify_days").exclude(verify_days=None).values_list("verify_days", flat=True)
    assert list(kept) == days["to_verify"]
    measured = LeadCourse.objects.exclude(measure_days=None).order_by("measure_days")
    assert list(measured.values_list("measure_days", flat=True)) == days["to_measure"]
    assert counts[3] and days["to_measure"]  # the walk came somewhere


def a_step(book, homes, chance, on):
    proceedings = [*Lead.objects.filter(is_open=True), *Case.objects.filter(is_open=True)]
    one = chance.choice(proceedings)
    everybody = list(book.people.values())
    steps = sorted({step.code for by in everybody for step in runner.possible(proceeding=one, by=by)})
    # what leads on is chosen more often than what ends or turns back
    onwards = [step for step in steps if step in ONWARDS]
    chosen = chance.choice(onwards or steps)
    if chosen == "county_decision" and not measures.standing(one).exists():
        casebook.plan(one, on)
    more = {"shown_until": (on + dt.timedelta(days=5)).isoformat()} if chosen == "publish" else {}
    book.take(one, chosen, on, **more)


ONWARDS = {
    "dispatch", "confirm", "clear", "review", "publish", "close_publicity", "township_review", "county_decision",
}  # fmt: skip


def a_signal(book, homes, chance, on):
    tell(book, chance.choice(homes), chance.choice(("hotline", "visit", "desk")), on)


def a_measure(book, homes, chance, on):
    case = chance.choice(list(Case.objects.filter(is_open=True)) or [None])
    if case is None:
        return
    planned = casebook.plan(case, on)
    what = chance.randrange(3)
    if what == 0:
        measures.start(measure=planned, on=on, today=on, by=None)
    elif what == 1:
        measures.finish(measure=planned, on=on, result="已落实", today=on, by=None)
    else:
        measures.cancel(measure=planned, reason="不需要了", on=on, by=None)


def test_a_case_measured_from_the_discovery_to_the_first_measure(book):
    case = book.included(START, START + dt.timedelta(days=8))
    first = measures.standing(case).get()
    measures.start(measure=first, on=START + dt.timedelta(days=11), today=START + dt.timedelta(days=11), by=None)
    course = LeadCourse.objects.get(lead=case.lead_id)
    assert (course.verify_days, course.include_days, course.measure_days) == (0, 8, 3)
    measures.cancel(measure=first, reason="重复", on=START + dt.timedelta(days=12), by=None)
    course.refresh_from_db()
    assert (course.is_included, course.measure_days) == (True, None)
    assert wrong() == []


def test_a_signal_stands_among_the_causes_of_the_lead_that_it_joined(book):
    home = book.household()
    lead = book.lead(START, home)
    assert LeadCourse.objects.get(lead=lead).causes == ""
    tell(book, home, "hotline", START)
    tell(book, home, "visit", START)
    assert LeadCourse.objects.get(lead=lead).causes == ",hotline,visit,"


def test_what_was_changed_past_the_program_is_found_and_put_right(book):
    lead = book.lead(START)
    tell(book, lead.household, "hotline", START)
    LeadReason.objects.update(left_on=START)
    Lead.objects.filter(pk=lead.pk).update(state="no_risk", closed_on=START + dt.timedelta(days=4))
    missing = book.lead(START, book.household("乙"))
    LeadCourse.objects.filter(lead=missing).delete()
    assert wrong() == [lead.pk, missing.pk]
    assert courses.rebuild(scope=EVERYWHERE, measured_on={}) == 2
    assert wrong() == []
    course = LeadCourse.objects.get(lead=lead)
    assert (course.causes, course.is_verified, course.verify_days) == ("", True, 4)


def test_a_withdrawn_lead_has_no_course(book):
    lead = book.lead(START)
    runner.act_together(
        procedure_code="verification", rows=[lead.pk], step="withdraw", by=None, today=START,
        now=casebook.moment(START), policies=policy.load(),
    )  # fmt: skip
    assert not LeadCourse.objects.exists() and wrong() == []


def test_the_command_tells_which_lead_is_wrong_and_mends_it(book):
    lead = book.lead(START)
    runner_of = CliRunner()
    assert "全部一致" in runner_of.invoke(screen.leads, ["check", "--region", "130630"]).output
    LeadCourse.objects.update(is_verified=True)
    told = runner_of.invoke(screen.leads, ["check", "--region", "130630"])
    assert isinstance(told.exception, UserError) and lead.lead_no in str(told.exception)
    assert "已改正 1 条" in runner_of.invoke(screen.leads, ["check", "--region", "130630", "--mend"]).output
    assert wrong() == []
