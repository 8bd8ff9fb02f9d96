"""The clock stands still, with a legal reason; nothing but going on is possible meanwhile.

A lead whose clock stands still has no due day, so that no list or count takes it for late; the day is kept beside it and comes back.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

from . import procedure, rights
from .models import Case, Event, Lead, Proceeding, Task

PAUSE, RESUME = "pause", "resume"
LABELS = {PAUSE: "中止时限", RESUME: "恢复时限"}
_STOOD_ON = "stood_on"  # in the parameter of a lead's clock: the due day as it was when the clock was stopped


def pause(
    *, proceeding: Proceeding, by: Account, reason: str, today: dt.date, now: dt.datetime, version: int | None = None
) -> Event:
    """Stops the clock. Raises UserError without a reason, NotPermittedError, ConflictError when it stands still already."""
    if not reason.strip():
        raise UserError("请写明中止时限的法定事由", next_step="例如：条款号和情形。")
    return _mark(proceeding, PAUSE, by, today, now, {"reason": reason.strip()[:200]}, version)


def resume(
    *, proceeding: Proceeding, by: Account, today: dt.date, now: dt.datetime, version: int | None = None
) -> Event:
    """Starts the clock again; the days it stood still are added to every due day that is still open."""
    return _mark(proceeding, RESUME, by, today, now, {}, version)


def stood_on(proceeding: Proceeding) -> dt.date | None:
    """The due day that a proceeding had when its clock was stopped; None while it runs, or without a limit."""
    if proceeding.paused_on is None:
        return None
    kept = proceeding.due_parameter.get(_STOOD_ON, "")
    return dt.date.fromisoformat(kept) if kept else proceeding.due_on


def may(*, proceeding: Proceeding, by: Account) -> bool:
    """Whether an account may stop or start the clock of a proceeding."""
    table = procedure.get(proceeding.procedure)
    return (
        proceeding.is_open
        and (proceeding.paused_on is not None or table.limit_holds(proceeding.state))
        and by.may(table.pause_permission)
        and Scope.of(by).covers(proceeding.region_code)
    )


def _mark(
    proceeding: Proceeding,
    mark: str,
    by: Account,
    today: dt.date,
    now: dt.datetime,
    data: dict[str, Any],
    version: int | None,
) -> Event:
    model = type(proceeding)
    with transaction.atomic():
        fresh = model.objects.select_for_update().get(pk=proceeding.pk)  # type: ignore[attr-defined]
        if version is not None and fresh.version != version:
            raise rights.overtaken(fresh, procedure.get(fresh.procedure))
        if (mark == PAUSE) != (fresh.paused_on is None) or not fresh.is_open:
            raise ConflictError("时限的状态已经变了", next_step="请刷新页面再看。")
        if not may(proceeding=fresh, by=by):
            raise NotPermittedError("您的账号不能中止或恢复这一件的时限")
        link = {"case" if isinstance(fresh, Case) else "lead": fresh}
        if mark == PAUSE:
            fresh.paused_on, fresh.pause_reason = today, data["reason"]
            if isinstance(fresh, Lead) and fresh.due_on:
                fresh.due_parameter |= {_STOOD_ON: fresh.due_on.isoformat()}
                fresh.due_on = None
        else:
            days, due_on = today - fresh.paused_on, stood_on(fresh)
            data["days"] = days.days
            fresh.paused_on, fresh.pause_reason = None, ""
            fresh.due_on = due_on + days if due_on else None
            fresh.due_parameter.pop(_STOOD_ON, None)
            for task in Task.objects.filter(**link, is_open=True, due_on__isnull=False):
                task.due_on += days
                task.save(update_fields=["due_on"])
        fresh.version += 1
        fresh.save(update_fields=["version", "paused_on", "pause_reason", "due_on", "due_parameter"])
        event = Event(
            **link,
            sequence=fresh.version,
            step=mark,
            from_state=fresh.state,
            to_state=fresh.state,
            on=today,
            at=now,
            by=by,
            by_name=by.name,
            data=data,
        )
        event.save(force_insert=True)
    proceeding.__dict__.update({name: value for name, value in fresh.__dict__.items() if name != "_state"})
    return event
