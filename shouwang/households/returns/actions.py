"""Sending a return with the figures of the moment, signing for it, giving it back with a reason."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from ..models import Return
from .kinds import kind_named

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


def may_send(*, kind: str, by: Account) -> bool:
    """People of a place that owes the return, or a liaison for the own department."""
    found = kind_named(kind)
    if not by.is_active or not by.region_code:
        return False
    level = Level(regions.region(by.region_code).level)
    if found.with_departments and department_of(by):
        return by.may(roles.ANSWER_LISTS) and level == Level.COUNTY
    return level in found.levels and (by.may(roles.ORGANISE) or by.may(roles.DISPATCH_LEADS))


def department_of(account: Account) -> str:
    """The department for which an account answers; empty for everybody else."""
    return account.unit.department if account.duties.is_of_department and account.unit is not None else ""


def above(region_code: str, *, department: str) -> str:
    """Where a place's return goes: the place above it; a department's to its own county."""
    return region_code if department else regions.ancestors(region_code)[1]


# xuchang-2022-1#3.1.1.3, laiyuan-2022-9#3.3.3
def send(
    *, kind: str, period: str, note: str = "", by: Account, today: dt.date, now: dt.datetime, policies: Policies
) -> Return:
    """Sends the own place's (or department's) return. Raises UserError, ConflictError when it was sent and not given back."""
    found = kind_named(kind)
    if not may_send(kind=kind, by=by):
        raise NotPermittedError("您的单位不报这张报表", next_step="请由应上报的单位办理。")
    asked = found.resolution(region_code=by.region_code, on=today, policies=policies)
    if period not in {code for code, _ in found.periods(today, asked)}:
        raise UserError(f"“{period}”不是这张报表的时期", next_step="请从页面上选择。")
    department = department_of(by)
    due = found.due(by.region_code, period, today, policies)
    figures = found.figures(by.region_code, department, period, today, policies)
    try:
        with transaction.atomic():
            made = Return.objects.create(
                kind=kind,
                period=period,
                region_code=by.region_code,
                department=department,
                to_region=above(by.region_code, department=department),
                figures=figures,
                due_on=due.on,
                due_parameter=due.because,
                note=note.strip()[:300],
                sent_on=today,
                sent_by=by,
                at=now,
            )
            audit.record(by=by, action=f"上报{found.label}", region_code=by.region_code, target=period)
    except IntegrityError as error:
        raise ConflictError(f"{found.label}（{period}）已经上报", next_step="退回后才能重报。") from error
    return made


def may_receive(made: Return, *, by: Account) -> bool:
    """People who press on in the place that it was sent to."""
    return by.is_active and by.region_code == made.to_region and by.may(roles.DISPATCH_LEADS) and not department_of(by)


def sign(*, made: Return, by: Account, today: dt.date) -> Return:
    """签收. Signing twice does no harm."""
    with transaction.atomic():
        fresh = _received(made, by)
        if fresh.signed_on is None:
            fresh.signed_on, fresh.signed_by = today, by
            fresh.save(update_fields=["signed_on", "signed_by"])
            _log(by, "签收", fresh)
    return fresh


def give_back(*, made: Return, reason: str, by: Account, today: dt.date) -> Return:
    """Back with a reason; the place sends it anew. Raises UserError once it is signed for."""
    if not reason.strip():
        raise UserError("请写明退回的理由")
    with transaction.atomic():
        fresh = _received(made, by)
        if fresh.signed_on:
            raise ConflictError("已经签收，不能退回")
        fresh.returned_on, fresh.returned_by, fresh.return_reason = today, by, reason.strip()[:200]
        fresh.save(update_fields=["returned_on", "returned_by", "return_reason"])
        _log(by, "退回", fresh, reason.strip()[:200])
    return fresh


def _received(made: Return, by: Account) -> Return:
    fresh = Return.objects.select_for_update().get(pk=made.pk)
    if not may_receive(fresh, by=by):
        raise NotPermittedError("只有收报的单位才能签收或退回")
    if fresh.returned_on:
        raise ConflictError("这一份已经退回")
    return fresh


def _log(by: Account, what: str, made: Return, reason: str = "") -> None:
    label = kind_named(made.kind).label
    audit.record(by=by, action=f"{what}{label}", region_code=made.region_code, target=made.period, reason=reason)
