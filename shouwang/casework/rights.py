"""Whether a step may be taken: its turn, its people, its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

from . import procedure
from .models import Case, Event, Proceeding
from .procedure import Procedure, Step


def events_of(proceeding: Proceeding) -> list[Event]:
    """What was done in a proceeding, oldest first."""
    own = {"case": proceeding} if isinstance(proceeding, Case) else {"lead": proceeding}
    return list(Event.objects.filter(**own).order_by("sequence"))


def stretch(events: Sequence[Event], state: str) -> list[Event]:
    """The events since a state was last reached."""
    for place in range(len(events), 0, -1):
        event = events[place - 1]
        if event.to_state == state and event.from_state != state:
            return list(events[place:])
    return list(events)


def is_taken(step: Step, events: Sequence[Event], state: str) -> bool:
    """Whether a step that is taken once was taken: in this stretch, or since the step that it counts from."""
    if not step.counts_from:
        return any(event.step == step.code for event in stretch(events, state))
    for event in reversed(events):
        if event.step in (step.code, step.counts_from):
            return event.step == step.code
    return False


def require_order(table: Procedure, step: Step, proceeding: Proceeding) -> None:
    state = table.state(proceeding.state)
    if proceeding.paused_on:
        raise UserError(f"时限已于 {proceeding.paused_on} 中止：{proceeding.pause_reason}", next_step="请先恢复时限。")
    if proceeding.state in step.sources:
        return
    if not state.is_open:
        raise ConflictError(f"已了结（{state.label}），不能再“{step.label}”", next_step="请刷新页面再看。")
    before = "、".join(found.label for found in table.steps_from(proceeding.state) if found.is_task and found.target)
    raise UserError(f"现在是“{state.label}”，还不能“{step.label}”", next_step=f"请先办：{before}。" if before else "")


def require_right(
    table: Procedure, step: Step, proceeding: Proceeding, by: Account | None, events: Sequence[Event]
) -> None:
    if by is None:
        return
    if step.is_by_program or not by.may(step.permission):
        raise NotPermittedError(f"您的角色不能办“{step.label}”", next_step="请联系有此职责的人员。")
    if not Scope.of(by).covers(proceeding.region_code):
        raise NotPermittedError("您的账号看不到这个区域")
    if step.apart_from and (other := apart(table, step, by, [*events_before(proceeding), *events])):
        raise NotPermittedError(
            f"“{step.label}”须由另一人办理：您办过这一件的“{other}”", next_step="请交由同级的其他人员办理。"
        )


def events_before(proceeding: Proceeding) -> list[Event]:
    """What was done in the lead that a case came from."""
    lead = getattr(proceeding, "lead_id", None)
    return list(Event.objects.filter(lead_id=lead).order_by("sequence")) if lead else []


def apart(table: Procedure, step: Step, by: Account, events: Iterable[Event]) -> str:
    """The label of the step that bars this account from another one; empty when none does."""
    for event in events:
        if event.step in step.apart_from and event.by_id == by.pk:
            tables = [table, *procedure.all_procedures()]
            taken = next((found for one in tables if (found := one.step(event.step))), None)
            return taken.label if taken else event.step
    return ""


def require_day(proceeding: Proceeding, events: Sequence[Event], on: dt.date, today: dt.date) -> None:
    if on > today:
        raise UserError(f"办理日 {on} 还没有到", next_step=f"请填不晚于 {today} 的日期。")
    earliest = max([proceeding.opened_on, *(event.on for event in events)])
    if on < earliest:
        raise UserError(f"办理日 {on} 早于上一步的 {earliest}", next_step="请核对日期。")


def overtaken(proceeding: Proceeding, table: Procedure) -> ConflictError:
    """What the slower of two people is told."""
    events = events_of(proceeding)
    label = table.state(proceeding.state).label
    who = f"{events[-1].by_name}刚刚办理，" if events else ""
    return ConflictError(f"{who}现在是“{label}”，您这次提交没有生效", next_step="请看过最新情况再办。")
