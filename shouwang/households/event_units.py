"""The departments that take part in an event's special screening: what each has to do, and what it answered (S0-C-31)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, departments, roles
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from .models import EventUnit, LargeScaleEvent

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

PARAMETER = "household.event_screening_units"


# hengshui-2022-1#C.2.6.3
def named(event: LargeScaleEvent, *, policies: Policies) -> tuple[str, ...]:
    """The departments that a document names for the place; none where no document does."""
    county = regions.county_of(event.region_code) if event.region_code[4:6] != "00" else event.region_code
    value = policies.resolve(PARAMETER, region_code=county, on=event.happened_on).value
    return tuple(value or ())


def missing(event: LargeScaleEvent, *, policies: Policies) -> list[str]:
    """Departments that a document names and that nobody assigned yet."""
    assigned = set(event.units.values_list("department", flat=True))
    return [code for code in named(event, policies=policies) if code not in assigned]


def assign(
    *,
    event: LargeScaleEvent,
    department: str,
    duty: str,
    due_on: dt.date | None = None,
    by: Account,
    today: dt.date,
) -> EventUnit:
    """Gives a department its part. Raises UserError, ConflictError when it has one."""
    _require(by, event)
    if department not in departments.BY_CODE:
        raise UserError(f"没有“{department}”这个单位", next_step="请从列表中选择。")
    if not duty.strip():
        raise UserError("请写明分工", next_step="写明这个单位在专项排查中做什么。")
    if due_on is not None and due_on < today:
        raise UserError("完成期限不能早于今天")
    try:
        with transaction.atomic():
            _open(event)
            made = EventUnit.objects.create(
                event=event, department=department, duty=duty.strip()[:200], due_on=due_on, asked_on=today, by=by
            )
            target = f"事件 {event.pk} {departments.label_of(department)}"
            audit.record(by=by, action="交办专项排查分工", region_code=event.region_code, target=target)
    except IntegrityError as error:
        raise ConflictError(f"{departments.label_of(department)}已经有分工") from error
    return made


def answer(*, unit: EventUnit, text: str, by: Account, today: dt.date) -> EventUnit:
    """What the department answered, written down by the centre; until the event is closed a later answer stands in its place."""
    _require(by, unit.event)
    if not text.strip():
        raise UserError("请写明反馈的内容")
    with transaction.atomic():
        _open(unit.event)
        fresh = EventUnit.objects.select_for_update().get(pk=unit.pk)
        fresh.answer, fresh.answered_on, fresh.answered_by = text.strip(), today, by
        fresh.save(update_fields=["answer", "answered_on", "answered_by"])
        target = f"事件 {unit.event_id} {departments.label_of(unit.department)}"
        audit.record(by=by, action="登记专项排查反馈", region_code=unit.event.region_code, target=target)
    return fresh


def units(event: LargeScaleEvent) -> QuerySet[EventUnit]:
    """Those with a part in an event; the unanswered first."""
    return event.units.select_related("by", "answered_by").order_by("answered_on", "due_on", "pk")


def _open(event: LargeScaleEvent) -> None:
    if LargeScaleEvent.objects.select_for_update().get(pk=event.pk).closed_on:
        raise ConflictError("这个事件已经办结")


def _require(by: Account, event: LargeScaleEvent) -> None:
    if not (by.may(roles.DISPATCH_LEADS) and Scope.of(by).contains(event.region_code)):
        raise NotPermittedError("您的账号不能交办这个事件", next_step="请由登记事件的县或乡镇办理。")
