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

from . import asking, clocks, procedure
from .models import Case, Event, Proceeding, Task
from .procedure import Context, Procedure, Step

_CHUNK = 500


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
        if version is not None and fresh.version != version:
            raise _overtaken(fresh, table)
        _require_order(table, chosen, fresh)
        events = list(_of(Event, fresh).order_by("sequence"))
        _require_right(table, chosen, fresh, by, events)
        if chosen.is_once and _taken_here(chosen, events, fresh.state):
            raise UserError(f"“{chosen.label}”已经办过")
        _require_day(fresh, events, on, today)
        context = Context(
            proceeding=fresh,
            step=chosen,
            by=by,
            on=on,
            today=today,
            now=now,
            data=asking.read(chosen.fields, data or {}, today=today),
            policies=policies,
            events=events,
            county_code=regions.county_of(fresh.region_code),
        )
        if obstacles := [sentence for check in chosen.checks for sentence in check(context)]:
            raise UserError(f"还不能“{chosen.label}”：" + "；".join(obstacles), next_step="请先办好以上各项。")
        event = _write(table, chosen, context)
        for effect in chosen.effects:
            effect(context)
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

    Only for steps without checks and effects; whoever is elsewhere by now is left alone.
    """
    table = procedure.get(procedure_code)
    chosen = table.step(step)
    if chosen is None or chosen.checks or chosen.effects or not chosen.target:
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
                    pk__in=rows[start : start + _CHUNK], state__in=chosen.sources, paused_on=None
                )
            )
            done += _write_many(
                table, chosen, list(found), by=by, today=today, now=now, values=values, policies=policies
            )
    return done


def open_many(
    proceedings: Sequence[Proceeding], *, procedure_code: str, now: dt.datetime | None, policies: Policies
) -> None:
    """Asks for the first step of proceedings that were just written in the start state of their procedure."""
    table = procedure.get(procedure_code)
    dues: dict[Any, clocks.Due] = {}
    Task.objects.bulk_create(
        [
            task
            for proceeding in proceedings
            for task in _tasks(table, proceeding, [], proceeding.opened_on, policies, dues)
        ],
        batch_size=2000,
    )


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


# ── the clock stands still ───────────────────────────────────────────────────
PAUSE, RESUME = "pause", "resume"


def pause(*, proceeding: Proceeding, by: Account, reason: str, today: dt.date, now: dt.datetime) -> Event:
    """Stops the clock, with a legal reason; nothing but ``resume`` is possible meanwhile."""
    if not reason.strip():
        raise UserError("请写明中止时限的法定事由", next_step="例如：条款号和情形。")
    return _mark(proceeding, PAUSE, by, today, now, {"reason": reason.strip()[:200]})


def resume(*, proceeding: Proceeding, by: Account, today: dt.date, now: dt.datetime) -> Event:
    """Starts the clock again; the days it stood still are added to every due day that is still open."""
    return _mark(proceeding, RESUME, by, today, now, {})


def _mark(
    proceeding: Proceeding, mark: str, by: Account, today: dt.date, now: dt.datetime, data: dict[str, Any]
) -> Event:
    model = type(proceeding)
    table = procedure.get(proceeding.procedure)
    with transaction.atomic():
        fresh = model.objects.select_for_update().get(pk=proceeding.pk)  # type: ignore[attr-defined]
        if not Scope.of(by).covers(fresh.region_code) or not any(
            by.may(step.permission) for step in table.steps_from(fresh.state)
        ):
            raise NotPermittedError("您的账号不能中止或恢复这一件的时限")
        if (mark == PAUSE) != (fresh.paused_on is None) or not fresh.is_open:
            raise ConflictError("时限的状态已经变了", next_step="请刷新页面再看。")
        if mark == PAUSE:
            fresh.paused_on, fresh.pause_reason = today, data["reason"]
        else:
            days = today - fresh.paused_on
            data["days"] = days.days
            fresh.paused_on, fresh.pause_reason = None, ""
            if fresh.due_on:
                fresh.due_on += days
            for task in _of(Task, fresh).filter(is_open=True, due_on__isnull=False):
                task.due_on += days
                task.save(update_fields=["due_on"])
        fresh.version += 1
        fresh.save()
        event = Event(**_link(fresh), sequence=fresh.version, step=mark, from_state=fresh.state, to_state=fresh.state)
        event.on, event.at, event.by, event.by_name, event.data = today, now, by, by.name, data
        event.save(force_insert=True)
    proceeding.__dict__.update({name: value for name, value in fresh.__dict__.items() if name != "_state"})
    return event


# ── what may be done ─────────────────────────────────────────────────────────
def possible(*, proceeding: Proceeding, by: Account) -> list[Step]:
    """The steps that an account may take now, in the order of the table; what is still in the way shows when they are tried."""
    if not proceeding.is_open or proceeding.paused_on or not Scope.of(by).covers(proceeding.region_code):
        return []
    table, events = procedure.get(proceeding.procedure), list(_of(Event, proceeding).order_by("sequence"))
    return [
        step
        for step in table.steps_from(proceeding.state)
        if not step.is_by_program
        and by.may(step.permission)
        and not _apart(table, step, by, events)
        and not (step.is_once and _taken_here(step, events, proceeding.state))
    ]


def _require_order(table: Procedure, step: Step, proceeding: Proceeding) -> None:
    state = table.state(proceeding.state)
    if proceeding.paused_on:
        raise UserError(f"时限已于 {proceeding.paused_on} 中止：{proceeding.pause_reason}", next_step="请先恢复时限。")
    if proceeding.state in step.sources:
        return
    if not state.is_open:
        raise ConflictError(f"已了结（{state.label}），不能再“{step.label}”", next_step="请刷新页面再看。")
    before = "、".join(found.label for found in table.steps_from(proceeding.state) if found.is_task and found.target)
    raise UserError(f"现在是“{state.label}”，还不能“{step.label}”", next_step=f"请先办：{before}。" if before else "")


def _require_right(
    table: Procedure, step: Step, proceeding: Proceeding, by: Account | None, events: Sequence[Event]
) -> None:
    if by is None:
        return
    if step.is_by_program or not by.may(step.permission):
        raise NotPermittedError(f"您的角色不能办“{step.label}”", next_step="请联系有此职责的人员。")
    if not Scope.of(by).covers(proceeding.region_code):
        raise NotPermittedError("您的账号看不到这个区域")
    if other := _apart(table, step, by, events):
        raise NotPermittedError(
            f"“{step.label}”须由另一人办理：您办过这一件的“{other}”", next_step="请交由同级的其他人员办理。"
        )


def _apart(table: Procedure, step: Step, by: Account, events: Sequence[Event]) -> str:
    """The label of the step that bars this account from another one; empty when none does."""
    for event in events:
        if event.step in step.apart_from and event.by_id == by.pk:
            taken = table.step(event.step)
            return taken.label if taken else event.step
    return ""


def _require_day(proceeding: Proceeding, events: Sequence[Event], on: dt.date, today: dt.date) -> None:
    if on > today:
        raise UserError(f"办理日 {on} 还没有到", next_step=f"请填不晚于 {today} 的日期。")
    earliest = max([proceeding.opened_on, *(event.on for event in events)])
    if on < earliest:
        raise UserError(f"办理日 {on} 早于上一步的 {earliest}", next_step="请核对日期。")


def _taken_here(step: Step, events: Sequence[Event], state: str) -> bool:
    """Whether a step that stays was taken since the state was last reached."""
    for event in reversed(events):
        if event.step == step.code:
            return True
        if event.to_state == state and event.from_state != state:
            return False
    return False


def _overtaken(proceeding: Proceeding, table: Procedure) -> ConflictError:
    last = _of(Event, proceeding).order_by("-sequence").first()
    label = table.state(proceeding.state).label
    who = f"{last.by_name}刚刚办理，" if last else ""
    return ConflictError(f"{who}现在是“{label}”，您这次提交没有生效", next_step="请看过最新情况再办。")


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
        raise _overtaken(proceeding, table)
    event = _event(step, proceeding, before, by=context.by, on=context.on, now=context.now, data=context.data)
    event.save(force_insert=True)
    tasks = _of(Task, proceeding).filter(is_open=True)
    tasks.filter(step__in=_settled(step)).update(is_open=False, done_on=context.on)
    if proceeding.state != before or step.target:
        kept = {found.code for found in table.steps_from(proceeding.state)} if proceeding.state == before else set()
        tasks.exclude(step__in=kept).update(is_open=False)
        standing = set(tasks.values_list("step", flat=True))
        wanted = _tasks(table, proceeding, [*context.events, event], context.on, context.policies, {})
        Task.objects.bulk_create([task for task in wanted if task.step not in standing])
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
    events, tasks = [], []
    dues: dict[Any, clocks.Due] = {}
    model = type(found[0])
    groups: dict[tuple[str, bool], list[int]] = {}
    for proceeding in found:
        before = proceeding.state
        _move(table, step, proceeding, today)
        groups.setdefault((proceeding.state, proceeding.is_open), []).append(proceeding.pk)
        events.append(_event(step, proceeding, before, by=by, on=today, now=now, data=values))
        tasks += _tasks(table, proceeding, [], today, policies, dues)
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
    Task.objects.bulk_create(tasks, batch_size=1000)
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


def _tasks(
    table: Procedure,
    proceeding: Proceeding,
    events: Sequence[Event],
    on: dt.date,
    policies: Policies,
    dues: dict[Any, clocks.Due],
) -> list[Task]:
    """What somebody is now expected to do, with its own due day where a parameter sets one, else the proceeding's."""
    if not proceeding.is_open:
        return []
    tasks = []
    for step in table.steps_from(proceeding.state):
        if not step.is_task or step.is_by_program or (step.is_once and _taken_here(step, events, proceeding.state)):
            continue
        total = clocks.Due(proceeding.due_on, proceeding.due_parameter)
        due = total if table.limit_holds(proceeding.state) else clocks.Due(None, {})
        if step.limit:
            county = regions.county_of(proceeding.region_code)
            key = county, step.limit, on
            if key not in dues:
                dues[key] = clocks.due(start_on=on, region_code=county, policies=policies, parameter=step.limit)
            due = _sooner(due, dues[key])
        tasks.append(
            Task(
                **_link(proceeding),
                household_id=proceeding.household_id,  # type: ignore[attr-defined]
                region_code=proceeding.region_code,
                step=step.code,
                level=step.level,
                opened_on=on,
                due_on=due.on,
                due_parameter=due.because,
            )
        )
    return tasks


def _sooner(total: clocks.Due, own: clocks.Due) -> clocks.Due:
    """A step's own limit never outlasts the total clock; without either the reason why there is none is kept."""
    if total.on is None or (own.on is not None and own.on <= total.on):
        return own
    return total


def _settled(step: Step) -> list[str]:
    return [step.code, step.answers] if step.answers else [step.code]


def _link(proceeding: Proceeding) -> dict[str, Any]:
    return {"case" if isinstance(proceeding, Case) else "lead": proceeding}


def _of(model: Any, proceeding: Proceeding) -> Any:
    return model.objects.filter(**_link(proceeding))
