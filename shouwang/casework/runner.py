"""The only writer of state: one step writes the new state, its event and the tasks that follow, all or nothing.

Two people who act at once: the first wins, the other is told. What a step needs stands in its procedure's table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from . import asking, clocks, courses, local_fields, procedure, rights, tasks
from .models import Case, Event, Lead, Proceeding, Task
from .procedure import Context, Procedure, Step

_CHUNK = 500


class ObstaclesError(UserError):
    """What is still in the way of a step; ``sentences`` name each thing."""

    def __init__(self, label: str, sentences: Sequence[str]) -> None:
        super().__init__(f"还不能“{label}”：" + "；".join(sentences), next_step="请先办好以上各项。")
        self.sentences = list(sentences)


def act(
    *,
    proceeding: Proceeding,
    step: str,
    by: Account | None,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
    data: Mapping[str, Any] | None = None,
    on: dt.date | None = None,
    version: int | None = None,
) -> Event:
    """Takes one step. ``on`` is the day it happened (``today`` unless said), ``version`` what the person had before their eyes.

    ``by`` None is the program itself. Raises UserError (order, fields, what is still in the way), NotPermittedError, ConflictError.
    """
    table = procedure.get(proceeding.procedure)
    chosen = table.step(step)
    if chosen is None:
        raise UserError(f"“{table.label}”没有“{step}”这一步")
    on = on or today
    model = type(proceeding)
    with transaction.atomic():
        fresh = model.objects.select_for_update().get(pk=proceeding.pk)  # type: ignore[attr-defined]
        included_before = getattr(fresh, "included_on", None)
        if version is not None and fresh.version != version:
            raise rights.overtaken(fresh, table)
        rights.require_order(table, chosen, fresh)
        events = rights.events_of(fresh)
        rights.require_right(table, chosen, fresh, by, events)
        if chosen.is_once and rights.is_taken(chosen, events, fresh.state):
            raise ConflictError(f"“{chosen.label}”已经办过", next_step="请刷新页面再看。")
        rights.require_day(fresh, events, on, today)
        chosen = local_fields.here(chosen, region_code=fresh.region_code, on=on, policies=policies)
        local_fields.require_known(chosen, data or {}, on=on)
        context = _context(fresh, chosen, by=by, on=on, today=today, now=now, policies=policies, events=events)
        context.data = asking.read(chosen.fields, data or {}, today=today)
        found = [sentence for check in (*chosen.conditions, *chosen.checks) for sentence in check(context)]
        if found:
            raise ObstaclesError(chosen.label, found)
        event = _write(table, chosen, context)
        for effect in chosen.effects:
            effect(context)
        if isinstance(fresh, Lead) and courses.concerns(event.from_state, event.to_state):
            courses.renew([fresh.pk])
        elif isinstance(fresh, Case) and fresh.lead_id and fresh.included_on != included_before:
            courses.renew([fresh.lead_id])
    proceeding.__dict__.update({name: value for name, value in fresh.__dict__.items() if name != "_state"})
    return event


def act_together(
    *,
    procedure_code: str,
    rows: Iterable[int],
    step: str,
    by: Account | None,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
    data: Mapping[str, Any] | None = None,
) -> int:
    """One step for many proceedings in sets: those that stand in its sources and in the account's scope. Returns how many.

    Only for steps without conditions, checks, effects and fields of a place; whoever is elsewhere by now is left alone.
    """
    table = procedure.get(procedure_code)
    chosen = table.step(step)
    if chosen is None or chosen.conditions or chosen.checks or chosen.effects or chosen.asks or not chosen.target:
        raise ValueError(f"{step} cannot be taken for many at once")
    if by is not None and not by.may(chosen.permission):
        raise NotPermittedError(f"您的角色不能办“{chosen.label}”")
    values = asking.read(chosen.fields, data or {}, today=today)
    scope = Scope.everything() if by is None else Scope.of(by)
    model, done = table.model(), 0
    rows = list(rows)
    with transaction.atomic():
        for start in range(0, len(rows), _CHUNK):
            found = scope.filter(
                model.objects.select_for_update().filter(  # type: ignore[attr-defined]
                    pk__in=rows[start : start + _CHUNK], state__in=chosen.sources
                )
            )
            if by is not None:  # what the program takes back goes back whether or not a clock runs
                found = found.filter(paused_on=None)
            done += _write_many(
                table, chosen, list(found), by=by, today=today, now=now, values=values, policies=policies
            )
    return done


def open_many(
    proceedings: Sequence[Proceeding], *, procedure_code: str, policies: Policies, on: dt.date | None = None
) -> None:
    """Asks for the first step of proceedings that were just written in the start state of their procedure; ``on`` is the day
    from which the first step's own limit counts, the day of discovery unless said."""
    table = procedure.get(procedure_code)
    dues: dict[Any, Any] = {}
    Task.objects.bulk_create(
        [
            task
            for proceeding in proceedings
            for task in tasks.wanted(table, proceeding, [], on or proceeding.opened_on, policies, dues)
        ],
        batch_size=2000,
    )
    courses.begin(proceeding for proceeding in proceedings if isinstance(proceeding, Lead))


def start(proceeding: Proceeding, *, procedure_code: str, policies: Policies) -> None:
    """Sets state and clock of a proceeding that is about to be saved: ``opened_on`` and ``region_code`` must be there."""
    table = procedure.get(procedure_code)
    proceeding.procedure = table.code
    proceeding.state = table.reached(table.start, getattr(proceeding, "options", ()))
    if table.limit and not proceeding.due_parameter:
        due = clocks.due(
            start_on=proceeding.opened_on,
            region_code=regions.county_of(proceeding.region_code),
            policies=policies,
            parameter=table.limit,
        )
        proceeding.due_on, proceeding.due_parameter = due.on, due.because


# ── what may be done ─────────────────────────────────────────────────────────
def possible(*, proceeding: Proceeding, by: Account) -> list[Step]:
    """The steps that an account may take now, in the order of the table; ``in_the_way`` says what still hinders one,
    ``local_fields.here`` what one asks for in its place."""
    table = procedure.get(proceeding.procedure)
    steps = [
        step
        for step in table.steps_from(proceeding.state)
        if not step.is_by_program and by.may(step.permission) and not proceeding.paused_on
    ]
    if not steps or not Scope.of(by).covers(proceeding.region_code):
        return []
    events = rights.events_of(proceeding)
    everything = [*rights.events_before(proceeding), *events]
    return [
        step
        for step in steps
        if not rights.apart(table, step, by, everything)
        and not (step.is_once and rights.is_taken(step, events, proceeding.state))
    ]


def suggested(
    *, proceeding: Proceeding, step: Step, today: dt.date, now: dt.datetime, policies: Policies
) -> dict[str, Any]:
    """What a step's form is filled with because it is known already; nothing known is asked again (S0-C 四(四))."""
    if step.suggests is None:
        return {}
    events = rights.events_of(proceeding)
    context = _context(proceeding, step, by=None, on=today, today=today, now=now, policies=policies, events=events)
    return {name: value for name, value in step.suggests(context).items() if value not in ("", None, [])}


def in_the_way(
    *, proceeding: Proceeding, step: Step, today: dt.date, now: dt.datetime, policies: Policies
) -> list[str]:
    """What hinders a step whatever is filled in, as sentences."""
    if not step.conditions:
        return []
    events = rights.events_of(proceeding)
    context = _context(proceeding, step, by=None, on=today, today=today, now=now, policies=policies, events=events)
    return [sentence for check in step.conditions for sentence in check(context)]


def _context(
    proceeding: Proceeding,
    step: Step,
    *,
    by: Account | None,
    on: dt.date,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
    events: Sequence[Event],
) -> Context:
    return Context(
        proceeding=proceeding,
        step=step,
        by=by,
        on=on,
        today=today,
        now=now,
        data={},
        policies=policies,
        events=events,
        stretch=rights.stretch(events, proceeding.state),
        county_code=regions.county_of(proceeding.region_code),
    )


# ── writing ──────────────────────────────────────────────────────────────────
def _write(table: Procedure, step: Step, context: Context) -> Event:
    proceeding = context.proceeding
    before = proceeding.state
    _move(table, step, proceeding, context.on)
    updated = (
        type(proceeding)
        .objects.filter(pk=proceeding.pk, version=proceeding.version - 1)
        .update(
            state=proceeding.state,
            version=proceeding.version,
            is_open=proceeding.is_open,
            closed_on=proceeding.closed_on,
        )
    )
    if not updated:
        raise rights.overtaken(proceeding, table)
    data = context.data | local_fields.kept(step)
    event = _event(step, proceeding, before, by=context.by, on=context.on, now=context.now, data=data)
    event.save(force_insert=True)
    open_tasks = Task.objects.filter(**_link(proceeding), is_open=True)
    open_tasks.filter(step__in=_settled(step)).update(is_open=False, done_on=context.on)
    if step.target:
        # what is waited for in the new state as well goes on under its old due day
        kept = {found.code for found in table.steps_from(proceeding.state)} if proceeding.is_open else set()
        open_tasks.exclude(step__in=kept).update(is_open=False)
    if step.target or any(found.after == step.code for found in table.steps_from(proceeding.state)):
        standing = set(open_tasks.values_list("step", flat=True))
        asked = tasks.wanted(table, proceeding, [*context.events, event], context.on, context.policies, {})
        Task.objects.bulk_create([task for task in asked if task.step not in standing])
    return event


def _write_many(
    table: Procedure,
    step: Step,
    found: list[Any],
    *,
    by: Account | None,
    today: dt.date,
    now: dt.datetime,
    values: dict[str, Any],
    policies: Policies,
) -> int:
    if not found:
        return 0
    events: list[Event] = []
    asked: list[Task] = []
    dues: dict[Any, Any] = {}
    model = type(found[0])
    groups: dict[tuple[str, bool], list[int]] = {}
    for proceeding in found:
        before = proceeding.state
        _move(table, step, proceeding, today)
        groups.setdefault((proceeding.state, proceeding.is_open), []).append(proceeding.pk)
        events.append(_event(step, proceeding, before, by=by, on=today, now=now, data=values))
        asked += tasks.wanted(table, proceeding, [], today, policies, dues)
    for (state, is_open), keys in groups.items():
        closed_on = None if is_open else today
        model.objects.filter(pk__in=keys).update(
            state=state, is_open=is_open, closed_on=closed_on, version=F("version") + 1
        )
    link = "case_id__in" if model is Case else "lead_id__in"
    open_tasks = Task.objects.filter(**{link: [proceeding.pk for proceeding in found]}, is_open=True)
    open_tasks.filter(step__in=_settled(step)).update(is_open=False, done_on=today)
    open_tasks.update(is_open=False)
    Event.objects.bulk_create(events, batch_size=1000)
    Task.objects.bulk_create(asked, batch_size=1000)
    if model is Lead:
        moved = zip(found, events, strict=True)
        courses.renew(lead.pk for lead, event in moved if courses.concerns(event.from_state, event.to_state))
    return len(found)


def _move(table: Procedure, step: Step, proceeding: Proceeding, on: dt.date) -> None:
    if step.target:
        proceeding.state = table.reached(step.target, getattr(proceeding, "options", ()))
        proceeding.is_open = table.state(proceeding.state).is_open
        proceeding.closed_on = None if proceeding.is_open else on
    proceeding.version += 1


def _event(
    step: Step,
    proceeding: Proceeding,
    before: str,
    *,
    by: Account | None,
    on: dt.date,
    now: dt.datetime,
    data: dict[str, Any],
) -> Event:
    return Event(
        **_link(proceeding),
        sequence=proceeding.version,
        step=step.code,
        from_state=before,
        to_state=proceeding.state,
        on=on,
        at=now,
        by=by,
        by_name=by.name if by else "系统",
        data=data,
    )


def _settled(step: Step) -> list[str]:
    return [step.code, step.answers] if step.answers else [step.code]


def _link(proceeding: Proceeding) -> dict[str, Any]:
    return {"case" if isinstance(proceeding, Case) else "lead": proceeding}
