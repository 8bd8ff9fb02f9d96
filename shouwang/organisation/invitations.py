"""Links with which somebody sets the own password: shown once, good for one use and a few days.

Only the fingerprint of a link is stored; a new link makes the earlier ones void.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from shouwang.foundation.errors import UserError

from . import audit
from .models import Invitation

if TYPE_CHECKING:
    from .models import Account

# Long enough to be handed over in person after a weekend, too short to lie about.
LIFETIME = dt.timedelta(hours=72)


class InvitationError(UserError):
    """A link that opens nothing any more."""


def invite(*, account: Account, by: Account | None, now: dt.datetime) -> str:
    """A new link's token; earlier links of the account are void from now on. The token is not kept anywhere."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        revoke(account=account, now=now)
        Invitation.objects.create(
            account=account, token_hash=_hash(token), created_by=by, created_at=now, expires_at=now + LIFETIME
        )
    return token


def revoke(*, account: Account, now: dt.datetime) -> None:
    """Makes the unused links of an account void."""
    account.invitations.filter(used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)


def opened(*, token: str, now: dt.datetime) -> Invitation:
    """The invitation behind a link that is still good. Raises InvitationError with the reason otherwise."""
    found = Invitation.objects.select_related("account").filter(token_hash=_hash(token)).first()
    if found is None:
        raise InvitationError("这个链接不存在", next_step="请核对链接是否完整，或请管理员重新发一个。")
    if found.used_at:
        raise InvitationError("这个链接已经用过", next_step="请直接登录；忘记密码请管理员重新发链接。")
    if found.revoked_at or not found.account.is_active:
        raise InvitationError("这个链接已作废", next_step="管理员后来又发了新链接，或账号已停用，请联系管理员。")
    if found.expires_at <= now:
        raise InvitationError("这个链接已过期", next_step="请管理员重新发一个。")
    return found


def accept(*, token: str, password: str, now: dt.datetime) -> Account:
    """Sets the password and uses the link up. Raises InvitationError, or ValidationError where the password is too weak.

    Two people who open the same link at once: one sets a password, the other is told that the link has been used.
    """
    invitation = opened(token=token, now=now)
    account = invitation.account
    validate_password(password, account)
    with transaction.atomic():
        unused = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True)
        if not unused.update(used_at=now):
            raise InvitationError("这个链接已经用过", next_step="请直接登录；忘记密码请管理员重新发链接。")
        account.set_password(password)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        audit.record(by=account, action="接受邀请并设置密码", region_code=account.region_code, target=account.login)
    return account


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
