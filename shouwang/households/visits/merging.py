"""Puts what a visit says beside what is known: fields that differ are joined, the same field changed by two goes to the township."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shouwang.casework import asking, procedure
from shouwang.casework.procedure import CHOICES, NUMBER
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.registry.models import Household, Person

from .. import wording
from ..models import VisitChange
from ..models.visits import APPLIED, OPEN, SAME, TAKEN
from .asked import MEMBER, MEMBER_CHANGE, WORK_CHANGE, Asked
from .forms import Entry

# What leads a group: without it the other fields of the group say nothing.
_LEADERS = {MEMBER_CHANGE: "change_kind", WORK_CHANGE: "work_kind"}
_STANDING = (APPLIED, TAKEN)


@dataclass(frozen=True)
class Said:
    """One thing that a visit says: a field, or a group under ``member_change:12``; ``period`` where it tells of a month."""

    field: str
    period: str
    value: Any
    base: Any


def read(
    *,
    data: Mapping[str, Any],
    base: Mapping[str, Any],
    entries: Sequence[Entry],
    household: Household,
    on: dt.date,
    today: dt.date,
) -> list[Said]:
    """What was typed, checked against the form of the place. Raises UserError (FieldsError) with every fault."""
    asked = {entry.asked.name: entry.asked for entry in entries}
    for name in data:
        if name not in asked:
            raise UserError(f"这里的走访不问“{name}”", next_step="请更新名单后再登记。")
    fields = [_step_field(one) for one in asked.values()]
    wording.require(fields, data)
    values = asking.read(fields, data, today=today)
    members = _members(values, asked, household)
    found = []
    for name, value in values.items():
        one = asked[name]
        if not one.group:
            period = str(Month.of(on)) if one.is_of_month else ""
            found.append(Said(name, period, canonical(one, value), _seen(one, base.get(name))))
    for group, leader in _LEADERS.items():
        said = {name: values[name] for name in values if asked[name].group == group}
        if said:
            found.append(_grouped(group, leader, said, base, members))
    return found


def known(household: int | Household, *, period: str) -> dict[tuple[str, str], VisitChange]:
    """What visits said that stands: (field, period) → the newest line. Lasting fields and those of one month."""
    rows = VisitChange.objects.filter(household=household, period__in=["", period], state__in=_STANDING)
    return {(row.field, row.period): row for row in rows.order_by("pk")}


def known_of_many(households: Iterable[int], *, period: str) -> dict[int, dict[tuple[str, str], VisitChange]]:
    """The same for many households."""
    found: dict[int, dict[tuple[str, str], VisitChange]] = {}
    rows = VisitChange.objects.filter(household__in=list(households), period__in=["", period], state__in=_STANDING)
    for row in rows.order_by("pk"):
        found.setdefault(row.household_id, {})[row.field, row.period] = row
    return found


def judged(said: Said, current: VisitChange | None) -> str:
    """What becomes of one thing: joined, the same as it stands, or two people who said differently."""
    if current is None or current.value == said.base:
        return APPLIED if current is None or current.value != said.value else SAME
    return SAME if current.value == said.value else OPEN


def canonical(one: Asked, value: Any) -> Any:
    """A value as it is compared and kept: amounts with two places, choices in order."""
    if one.kind == NUMBER:
        amount = Decimal(value)
        if amount != round(amount, 2):
            raise UserError(f"{one.label}：写到分为止", next_step="如：1200 或 1200.50。")
        return f"{amount:.2f}"
    return sorted(value) if one.kind == CHOICES else value


def _seen(one: Asked, value: Any) -> Any:
    """The base as the phone gave it back; what cannot be read was never ours."""
    if value in (None, "", []):
        return None
    try:
        return canonical(one, value)
    except (InvalidOperation, TypeError, ValueError, UserError):
        return value


def _grouped(
    group: str, leader: str, said: dict[str, Any], base: Mapping[str, Any], members: Mapping[str, str]
) -> Said:
    if leader not in said:
        raise UserError("请先选择变动", next_step="或清空“是谁”等项。")
    member = members.get(group)
    field = f"{group}:{member or '+' + said.get('change_name', '')}"
    return Said(field[:60], "", said, base.get(field) or None)


def _members(values: dict[str, Any], asked: Mapping[str, Asked], household: Household) -> dict[str, str]:
    """Which member a group is about; only one of this household."""
    found = {}
    for name, value in values.items():
        if asked[name].kind != MEMBER:
            continue
        is_here = value.isascii() and value.isdigit() and len(value) < 19
        if not is_here or not Person.objects.filter(pk=int(value), household=household, is_withdrawn=False).exists():
            raise UserError("所选的人不在这一户", next_step="请更新名单后再选。")
        found[asked[name].group] = value
    return found


def _step_field(one: Asked) -> procedure.Field:
    kind = procedure.TEXT if one.kind == MEMBER else one.kind
    return procedure.Field(
        one.name, one.label, kind, is_required=False, choices=one.choices, required_if=one.required_if
    )
