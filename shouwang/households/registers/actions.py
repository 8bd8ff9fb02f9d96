"""Writes of the registers: a row is added, changed, ended, taken back; each time one line of history and one of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from shouwang.foundation.errors import ConflictError, UserError
from shouwang.foundation.periods import Month
from shouwang.organisation import audit

from ..models import Measure, RegisterChange, RegisterRow
from ..models.registers import ADDED, CHANGED, ENDED, REOPENED, TAKEN_BACK
from . import keeping
from .declaration import MONTHLY, YEARLY, Register
from .subjects import Subject, key_of
from .values import all_kept, mirrored

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_SHORTEST_REASON = 2


def add(
    *,
    register: Register,
    subject: Subject,
    values: Mapping[str, Any],
    period: str = "",
    part_of: RegisterRow | None = None,
    measure: Measure | None = None,
    by: Account | None,
    today: dt.date,
    now: dt.datetime,
) -> RegisterRow:
    """A new row. The same row sent twice is the row that is there; another one under its key is a UserError."""
    keeping.require(register, by, subject.region_code)
    if lack := subject.lacks(register):
        raise UserError(lack, next_step="请从档案里选择，或补填。")
    period = checked_period(register, period)
    if register.part_of and part_of is None:
        raise UserError("没有指明属于哪一项", next_step="请从列表中选择。")
    if measure is not None and subject.household is not None and measure.case.household_id != subject.household.pk:
        raise UserError("这项措施不是这一户的", next_step="请核对。")
    told = all_kept(register, values)
    key = key_of(register, subject, period, told, part_of)
    row = RegisterRow(
        register=register.code,
        region_code=subject.region_code,
        household=subject.household,
        person=subject.person,
        part_of=part_of,
        measure=measure,
        name="" if register.is_of_people else "".join(subject.name.split())[:120],
        period=period,
        key=key,
        values=told,
        **_begun(mirrored(register, told), today, period),
        changed_at=now,
        changed_by=by,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            RegisterChange.objects.create(row=row, operation=ADDED, after=told, at=now, by=by)
            _log(by, "登记台账", register, row)
    except IntegrityError:
        there = RegisterRow.objects.get(register=register.code, key=key, is_taken_back=False)
        if there.values == told and there.ended_on is None:
            return there
        raise UserError(
            f"“{register.label}”里已经有这一行（第 {there.pk} 号）",
            next_step="要改内容请打开那一行变更；已结束的可以恢复。",
        ) from None
    return row


def change(
    *,
    row: RegisterRow,
    register: Register,
    values: Mapping[str, Any],
    version: int,
    reason: str = "",
    by: Account | None,
    now: dt.datetime,
) -> RegisterRow:
    """Other values for a row. What did not change leaves no line. Raises ConflictError when somebody was faster."""
    keeping.require(register, by, row.region_code)
    told = all_kept(register, values)
    if told == row.values:
        return row
    key = key_of(register, _subject(row), row.period, told, row.part_of)
    before = row.values
    mirror = mirrored(register, told)
    mirror["from_on"] = mirror["from_on"] or row.from_on
    try:
        with transaction.atomic():
            _set(row, version, values=told, key=key, **mirror, changed_at=now, changed_by=by)
            was, is_now = differing(before, told)
            RegisterChange.objects.create(
                row=row, operation=CHANGED, before=was, after=is_now, reason=reason.strip()[:200], at=now, by=by
            )
            _log(by, "变更台账", register, row, reason)
    except IntegrityError:
        raise UserError(
            f"改成这样就与“{register.label}”里另一行重复了", next_step="请核对是否应当变更另一行。"
        ) from None
    return row


def end(
    *,
    row: RegisterRow,
    register: Register,
    on: dt.date,
    reason: str,
    version: int,
    by: Account | None,
    now: dt.datetime,
) -> RegisterRow:
    """The row no longer counts from a day on; it stays with its history."""
    keeping.require(register, by, row.region_code)
    reason = _reason(reason)
    if row.from_on and on < row.from_on:
        raise UserError(f"结束日 {on} 早于开始日 {row.from_on}", next_step="登记错了请用“撤回”。")
    if row.ended_on is not None:
        raise UserError("这一行已经结束", next_step="请刷新页面。")
    with transaction.atomic():
        _set(row, version, ended_on=on, end_reason=reason, changed_at=now, changed_by=by)
        RegisterChange.objects.create(row=row, operation=ENDED, reason=f"{on} {reason}"[:200], at=now, by=by)
        _log(by, "结束台账行", register, row, reason)
    return row


def reopen(
    *, row: RegisterRow, register: Register, reason: str, version: int, by: Account | None, now: dt.datetime
) -> RegisterRow:
    """An ended row counts again."""
    keeping.require(register, by, row.region_code)
    reason = _reason(reason)
    if row.ended_on is None:
        raise UserError("这一行没有结束", next_step="请刷新页面。")
    with transaction.atomic():
        _set(row, version, ended_on=None, end_reason="", changed_at=now, changed_by=by)
        RegisterChange.objects.create(row=row, operation=REOPENED, reason=reason, at=now, by=by)
        _log(by, "恢复台账行", register, row, reason)
    return row


def take_back(
    *, row: RegisterRow, register: Register, reason: str, version: int, by: Account | None, now: dt.datetime
) -> RegisterRow:
    """The row was never right: it leaves lists and figures and stays in the record, with the reason."""
    keeping.require(register, by, row.region_code)
    reason = _reason(reason)
    if row.parts.filter(is_taken_back=False).exists():
        raise UserError("还有别的台账行属于它", next_step="请先处理那些行，或改用“结束”。")
    with transaction.atomic():
        _set(row, version, is_taken_back=True, changed_at=now, changed_by=by)
        RegisterChange.objects.create(row=row, operation=TAKEN_BACK, before=row.values, reason=reason, at=now, by=by)
        _log(by, "撤回台账行", register, row, reason)
    return row


def checked_period(register: Register, period: str) -> str:
    """The period as the register writes it: 2022-06, 2022, or nothing. Raises UserError."""
    period = period.strip()
    if register.period == MONTHLY:
        return str(Month.parse(period)) if period else _no_period("月份", "2022-06")
    if register.period == YEARLY:
        if len(period) != 4 or not period.isascii() or not period.isdecimal():
            return _no_period("年度", "2022")
        return period
    return ""


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns that are not the same, as they were and as they are."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return ({name: before.get(name) for name in names}, {name: after.get(name) for name in names})


def _begun(mirror: dict[str, Any], today: dt.date, period: str) -> dict[str, Any]:
    """A row without a day of its own begins when it is written down, one of a period with the period."""
    if mirror["from_on"] is None and not period:
        mirror["from_on"] = min(today, mirror["until_on"] or today)
    return mirror


def _set(row: RegisterRow, version: int, **values: Any) -> None:
    """Writes a row if it is still the one that the person saw."""
    found = RegisterRow.objects.filter(pk=row.pk, version=version, is_taken_back=False)
    if not found.update(version=version + 1, **values):
        raise ConflictError("这一行刚才被别人改过", next_step="请刷新页面，看过现在的内容再改。")
    for name, value in values.items():
        setattr(row, name, value)
    row.version = version + 1


def _subject(row: RegisterRow) -> Subject:
    return Subject(row.region_code, row.household, row.person, row.name)


def _reason(reason: str) -> str:
    reason = reason.strip()[:180]
    if len(reason) < _SHORTEST_REASON:
        raise UserError("请写明原因")
    return reason


def _no_period(what: str, example: str) -> str:
    raise UserError(f"没有写明{what}", next_step=f"请写成 {example} 的形式。")


def _log(by: Account | None, action: str, register: Register, row: RegisterRow, reason: str = "") -> None:
    audit.record(
        by=by,
        action=action,
        region_code=row.region_code,
        target=f"{register.label} 第 {row.pk} 号",
        reason=reason[:200],
    )
