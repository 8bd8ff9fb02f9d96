"""Opening, changing and closing accounts: what an administrator does, each with a line in the log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.regions import queries as regions

from . import audit, invitations, permits, second_factor
from .models import Account, StaffMember, Unit, UnitKind
from .roles import MANAGE_ACCOUNTS, role_named

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEVELS = ("全国", "省", "市", "县", "乡镇", "村")


def open_account(
    *,
    login: str,
    name: str,
    role: str,
    region_code: str,
    unit: Unit | None = None,
    staff: StaffMember | None = None,
    by: Account | None,
    now: dt.datetime,
) -> tuple[Account, str]:
    """A new account without a password, and the token of the link with which its owner sets one.

    Raises UserError when role, region and department do not go together or the login is taken; NotPermittedError when
    the place is not the administrator's.
    """
    permits.require(by, MANAGE_ACCOUNTS, region_code)
    _check(role, region_code, unit)
    with transaction.atomic():
        try:
            account = Account.objects.create_account(
                login=login, password=None, name=name, role=role, region_code=region_code, unit=unit, staff=staff
            )
        except ValidationError as error:
            raise UserError("；".join(error.messages)) from None
        token = invitations.invite(account=account, by=by, now=now)
        _log(by, "建立账号", account, detail={"role": role})
    return account, token


def change_account(
    *,
    account: Account,
    name: str,
    role: str,
    region_code: str,
    unit: Unit | None,
    staff: StaffMember | None,
    by: Account | None,
) -> Account:
    """Another name, role, region, unit or person. A changed role or region holds from the next request: sessions end."""
    _require_other(account, by)
    permits.require(by, MANAGE_ACCOUNTS, region_code)
    _check(role, region_code, unit)
    code = regions.full_code(region_code)
    with transaction.atomic():
        before = {"role": account.role, "region_code": account.region_code}
        account.name, account.role, account.region_code = name, role, code
        account.unit, account.staff = unit, staff
        try:
            account.full_clean()
        except ValidationError as error:
            account.refresh_from_db()
            raise UserError("；".join(error.messages)) from None
        account.save()
        after = {"role": role, "region_code": code}
        changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        if changed:
            _end_sessions(account)
        _log(by, "修改账号", account, detail=changed)
    return account


def close_account(*, account: Account, by: Account | None, reason: str, now: dt.datetime) -> None:
    """Nobody signs in with it any more, and whoever is signed in is out. Its history stays."""
    _require_other(account, by)
    with transaction.atomic():
        if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False, closed_at=now):
            raise UserError("这个账号已经停用")
        invitations.revoke(account=account, now=now)
        _end_sessions(account)
        account.refresh_from_db()
        _log(by, "停用账号", account, reason=reason)


def reopen_account(*, account: Account, by: Account | None, reason: str, now: dt.datetime) -> str:
    """In use again, behind a new link: the old password does not come back with it."""
    _require_other(account, by)
    if account.is_active:
        raise UserError("这个账号没有停用")
    _check(account.role, account.region_code, account.unit)
    if account.staff_id and Account.objects.filter(staff_id=account.staff_id, is_active=True).exists():
        raise UserError("这名工作人员已有在用的账号，一人只能有一个", next_step="请先停用另一个账号。")
    with transaction.atomic():
        account.is_active, account.closed_at = True, None
        account.set_unusable_password()
        account.save(update_fields=["is_active", "closed_at", "password"])
        _log(by, "重新启用账号", account, reason=reason)
        return invitations.invite(account=account, by=by, now=now)


def reset_password(*, account: Account, by: Account | None, reason: str, now: dt.datetime) -> str:
    """The old password is void and sessions end; the token of a new link comes back."""
    _require_other(account, by)
    if not account.is_active:
        raise UserError("这个账号已停用", next_step="请先重新启用。")
    with transaction.atomic():
        account.set_unusable_password()
        account.save(update_fields=["password"])
        _log(by, "重设密码", account, reason=reason)
        return invitations.invite(account=account, by=by, now=now)


def require_new_password(*, accounts: Iterable[Account], by: Account | None, reason: str) -> int:
    """Whoever these accounts belong to must choose another password before doing anything else."""
    count = 0
    with transaction.atomic():
        for account in accounts:
            _require_other(account, by)
            count += Account.objects.filter(pk=account.pk).update(must_change_password=True)
            _log(by, "要求修改密码", account, reason=reason)
    return count


def remove_second_factor(*, account: Account, by: Account | None, reason: str) -> None:
    """For a lost telephone: sessions end; where the role asks for it, the next signing in enrols anew."""
    _require_other(account, by)
    with transaction.atomic():
        if not second_factor.forget(account):
            raise UserError("这个账号没有启用二次验证")
        _end_sessions(account)
        _log(by, "重设二次验证", account, reason=reason)


def _check(role: str, region_code: str, unit: Unit | None) -> None:
    """Whether role, place and department go together."""
    duties = role_named(role)
    if not duties.code:
        raise UserError(f"没有“{role}”这个角色")
    level = regions.region(regions.full_code(region_code)).level
    if level not in duties.levels:
        named = "、".join(_LEVELS[one] for one in duties.levels)
        raise UserError(
            f"“{duties.label}”须管辖{named}级区域，选的是{_LEVELS[level]}级", next_step="请另选区域或角色。"
        )
    is_department = unit is not None and unit.kind == UnitKind.DEPARTMENT
    if duties.is_of_department and not is_department:
        raise UserError(f"“{duties.label}”须选择所在部门", next_step="部门不在列表里时，请先在“机构和人员”里登记。")
    if unit is not None and regions.full_code(region_code) not in (
        unit.region_code,
        *regions.ancestors(unit.region_code),
    ):
        raise UserError("所在单位不在账号的管辖区域里", next_step="请另选单位或区域。")


def _require_other(account: Account, by: Account | None) -> None:
    """The administrator of the place, and never about oneself: nobody raises or locks out the own account."""
    if by is not None:
        if by.pk == account.pk:
            raise NotPermittedError("不能管理自己的账号", next_step="请另一名管理员操作。")
        permits.require(by, MANAGE_ACCOUNTS, account.region_code)


def _end_sessions(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(session_mark=F("session_mark") + 1)
    account.refresh_from_db(fields=["session_mark"])


def _log(by: Account | None, action: str, account: Account, reason: str = "", detail: dict | None = None) -> None:
    audit.record(
        by=by, action=action, region_code=account.region_code, target=account.login, reason=reason, detail=detail
    )
