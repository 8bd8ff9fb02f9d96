"""Phones: each belongs to one account and one village, may be revoked, and then empties itself."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import QuerySet

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from ..models import Device


class RevokedError(UserError):
    """The phone must empty itself; it is told nothing else."""


def register(*, code: uuid.UUID, label: str, by: Account, now: dt.datetime) -> Device:
    """Binds a phone to an account and its village; doing it again gives the same one. Raises UserError, RevokedError."""
    _require_village(by)
    with transaction.atomic():
        known = Device.objects.select_for_update().filter(code=code).first()
        if known is not None:
            return _checked(known, by)
        device, is_new = Device.objects.get_or_create(
            code=code,
            defaults={
                "account": by,
                "region_code": by.region_code,
                "label": label.strip()[:60],
                "registered_at": now,
            },
        )
        if is_new:
            audit.record(by=by, action="登记手机", region_code=by.region_code, target=device.label)
    return _checked(device, by)


def of_account(*, code: uuid.UUID, by: Account) -> Device:
    """The phone for somebody who is signed in. Raises RevokedError, or UserError when it is not registered or not theirs."""
    device = Device.objects.filter(code=code).first()
    if device is None:
        raise UserError("这台手机还没有登记", next_step="请重新打开程序登记。")
    return _checked(device, by)


def must_empty(device: Device | None) -> bool:
    """Whether a phone has to empty itself: revoked, its account closed or no visitor any more, or of another village by now.

    A phone that nobody registered holds nothing of ours.
    """
    if device is None:
        return False
    account = device.account
    return bool(device.revoked_at) or not account.may(roles.VISIT) or account.region_code != device.region_code


def revoke(*, device: Device, reason: str, by: Account, now: dt.datetime) -> None:
    """By whoever gives accounts out, or by the county: the phone empties itself as soon as it is heard of again."""
    if not (by.may(roles.MANAGE_ACCOUNTS) or by.may(roles.MANAGE_STAFF)) or not Scope.of(by).covers(device.region_code):
        raise NotPermittedError("您的账号不能作废这台手机", next_step="请联系县级管理员。")
    if not reason.strip():
        raise UserError("请写明作废的原因", next_step="如：手机丢失、人员调离。")
    with transaction.atomic():
        is_done = Device.objects.filter(pk=device.pk, revoked_at=None).update(
            revoked_at=now, revoked_by=by, reason=reason.strip()[:200], session_hash="", session_mark=""
        )
        if is_done:
            audit.record(
                by=by, action="作废手机", region_code=device.region_code, target=device.label, reason=reason.strip()
            )
    device.refresh_from_db()


def emptied(*, device: Device, now: dt.datetime) -> None:
    """The phone says that nothing is left on it; only believed of one that had to."""
    if must_empty(device):
        Device.objects.filter(pk=device.pk, emptied_at=None).update(emptied_at=now)


def seen(*, scope: Scope) -> QuerySet[Device]:
    """The phones of a place, those in use first."""
    return scope.filter(Device.objects.select_related("account", "revoked_by")).order_by(
        "revoked_at", "region_code", "pk"
    )


def _checked(device: Device, by: Account) -> Device:
    if device.account_id != by.pk:
        raise NotPermittedError("这台手机登记在别的账号名下", next_step="请退出后用登记的账号登录，或清空后重新登记。")
    if must_empty(device):
        raise RevokedError("这台手机已作废")
    _require_village(by)
    return device


def _require_village(by: Account) -> None:
    if not by.may(roles.VISIT):
        raise NotPermittedError("您的角色不走访农户", next_step="请由网格员或驻村干部使用。")
    if not by.region_code or regions.region(by.region_code).level != Level.VILLAGE:
        raise NotPermittedError("手机上只放一个村的名单，您的账号不属于某个村", next_step="请在网页上办理。")
