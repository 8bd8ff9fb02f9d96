"""Reads of cases and of what is waited for, always through a scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.foundation import code_lists
from shouwang.organisation.scope import Scope
from shouwang.registry import queries as register

from . import procedure
from .models import Case, Event, Lead, Task
from .procedure import CITY, COUNTY, TOWNSHIP, VILLAGE, Procedure, Step

LEVELS = (VILLAGE, TOWNSHIP, COUNTY)


# ── cases ────────────────────────────────────────────────────────────────────
def cases(*, scope: Scope, states: Iterable[str] = ()) -> QuerySet[Case]:
    """Cases in some states; those that are still open unless states are asked for."""
    wanted = Q(state__in=list(states)) if states else Q(is_open=True)
    return scope.filter(Case.objects.filter(wanted)).select_related("household", "lead").order_by("due_on", "case_no")


def filtered(
    rows: QuerySet[Case],
    *,
    region: Scope | None = None,
    text: str = "",
    risk: str = "",
    category: str = "",
    is_green_channel: bool = False,
    late_on: dt.date | None = None,
) -> QuerySet[Case]:
    """Narrows cases by place, number or householder's name (its beginning), risk, category, green channel whose procedure is
    still open, and lateness on a day."""
    if region is not None:
        rows = region.filter(rows)
    if text:
        rows = rows.filter(Q(case_no=text) | Q(household__in=register.named(text)))
    if risk:
        rows = rows.filter(code_lists.names("risks", risk))
    if category:
        rows = rows.filter(object_category=category)
    if is_green_channel:
        rows = rows.filter(is_green_channel=True, included_on=None)
    if late_on is not None:
        late = Task.objects.filter(case=OuterRef("pk"), is_open=True, due_on__lt=late_on)
        rows = rows.filter(Exists(late), paused_on=None)
    return rows


def open_tasks(rows: Iterable[Case]) -> dict[int, Task]:
    """What is waited for next in each of some cases: the open task that is due first."""
    found: dict[int, Task] = {}
    cases = {case.pk: case for case in rows}
    for task in Task.objects.filter(case__in=cases, is_open=True).order_by("due_on", "pk"):
        task.case = cases[task.case_id or 0]
        known = found.get(task.case_id or 0)
        if known is None or (known.due_on is None and task.due_on is not None):
            found[task.case_id or 0] = task
    return found


def events(proceeding: Lead | Case) -> list[Event]:
    """Everything that happened, oldest first; with a case also what happened in its lead."""
    if isinstance(proceeding, Lead):
        return list(Event.objects.filter(lead=proceeding).select_related("by").order_by("sequence"))
    before = Event.objects.filter(lead_id=proceeding.lead_id).order_by("sequence") if proceeding.lead_id else []
    return [*before, *Event.objects.filter(case=proceeding).select_related("by").order_by("sequence")]


# ── what is waited for ───────────────────────────────────────────────────────
def tasks(*, scope: Scope) -> QuerySet[Task]:
    """Open tasks whose clock runs, by due day."""
    # the levels are all there are: named, so that the index that begins with them serves every place
    rows = scope.filter(Task.objects.filter(clock_runs(), is_open=True, level__in=(*LEVELS, CITY)))
    return rows.select_related("household", "case", "lead").order_by("due_on", "pk")


def clock_runs() -> Q:
    """Of tasks: neither their lead nor their case is paused. The paused are few, so they are looked up once, not task by task."""
    cases, leads = (model.objects.filter(paused_on__isnull=False).values("pk") for model in (Case, Lead))
    return ~Q(case__in=cases) & ~Q(lead__in=leads)


def waiting_for(rows: QuerySet[Task], *, permissions: Iterable[str], level: str) -> QuerySet[Task]:
    """The tasks that wait for people of a level with some permissions: those whose step they may take."""
    held = set(permissions)
    codes = [step.code for table in procedure.all_procedures() for step in table.steps if step.permission in held]
    return rows.filter(level=level, step__in=codes)


def late_below(rows: QuerySet[Task], *, level: str, today: dt.date) -> QuerySet[Task]:
    """What is late and has to be moved by a level below."""
    return rows.filter(level__in=levels_below(level), due_on__lt=today)


def levels_below(level: str) -> tuple[str, ...]:
    return LEVELS[: LEVELS.index(level)] if level in LEVELS else LEVELS


def table_of(task: Task) -> Procedure:
    proceeding = task.case if task.case_id else task.lead
    assert proceeding is not None
    return procedure.get(proceeding.procedure)


def step_of(task: Task) -> Step | None:
    """The step that a task waits for."""
    return table_of(task).step(task.step)
