"""The second factor: six digits from an authenticator on a telephone, or a recovery code that opens once.

A code that was accepted never opens again (RFC 6238 §5.2), and wrong ones in a row lock the second step for a while.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets as chance
from typing import TYPE_CHECKING

import pyotp
from django.db import transaction
from django.db.models import F, Q

from shouwang.foundation import secrets
from shouwang.foundation.errors import UserError

from . import audit
from .models import RecoveryCode, SecondFactor

if TYPE_CHECKING:
    from .models import Account

ISSUER = "守望"
STEP_SECONDS = 30
# Clocks of telephones are some seconds off: the half minute before and after counts too.
_STEPS_BESIDE = 1
_MOST_FAILURES = 5
_PAUSE = dt.timedelta(minutes=15)
_RECOVERY_CODES = 8
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another when written down


class SecondFactorError(UserError):
    """A code that does not open, or a second step that is locked."""


def is_on(account: Account) -> bool:
    """Whether this account signs in with a second factor."""
    return SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).exists()


def is_missing(account: Account) -> bool:
    """Whether the role asks for a second factor and there is none yet."""
    return account.duties.needs_second_factor and not is_on(account)


def begin(*, account: Account, now: dt.datetime) -> str:
    """A secret to enrol with; asked again before it is confirmed, the same one. Raises UserError when one is in force."""
    found = SecondFactor.objects.filter(account=account).first()
    if found and found.confirmed_at:
        raise SecondFactorError("二次验证已经启用", next_step="换手机请先关闭，再重新启用。")
    if found:
        return secret_of(found)
    secret = pyotp.random_base32()
    SecondFactor.objects.create(account=account, secret=_sealed(secret), created_at=now)
    return secret


def address(*, account: Account, secret: str) -> str:
    """What an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER)


def confirm(*, account: Account, code: str, now: dt.datetime) -> list[str]:
    """Puts the second factor in force by its first right code; returns the recovery codes, which are shown once.

    Raises SecondFactorError when the code is wrong or nothing was begun.
    """
    factor = SecondFactor.objects.filter(account=account, confirmed_at__isnull=True).first()
    if factor is None:
        raise SecondFactorError("没有正在设置的二次验证", next_step="请重新打开设置页面。")
    with transaction.atomic():
        if not _takes(factor, code, now):
            raise SecondFactorError("验证码不对", next_step="请核对手机时间是否准确，再输入当前的 6 位数字。")
        SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=now, failed_count=0)
        codes = _new_recovery_codes(account)
        audit.record(by=account, action="启用二次验证", region_code=account.region_code, target=account.login)
    return codes


def check(*, account: Account, code: str, now: dt.datetime) -> None:
    """Lets pass whoever holds the telephone or a recovery code; raises SecondFactorError otherwise.

    Must not run inside a transaction that an error rolls back: wrong codes are counted.
    """
    factor = SecondFactor.objects.get(account=account, confirmed_at__isnull=False)
    if factor.locked_until and factor.locked_until > now:
        raise SecondFactorError("验证码连续输错，暂时锁定", next_step="请 15 分钟后再试，或请管理员重设二次验证。")
    text = "".join(code.split()).lower().replace("-", "")
    if _takes(factor, text, now) or _takes_recovery_code(account, text, now):
        SecondFactor.objects.filter(pk=factor.pk).update(failed_count=0, locked_until=None)
        return
    SecondFactor.objects.filter(pk=factor.pk).update(failed_count=F("failed_count") + 1)
    if SecondFactor.objects.filter(pk=factor.pk, failed_count__gte=_MOST_FAILURES).update(
        failed_count=0, locked_until=now + _PAUSE
    ):
        audit.record(by=account, action="二次验证连续输错被锁定", region_code=account.region_code, target=account.login)
    raise SecondFactorError("验证码不对或已经用过", next_step="请输入手机上新显示的 6 位数字，或一个没用过的恢复码。")


def renew_recovery_codes(*, account: Account) -> list[str]:
    """New recovery codes in place of the old ones; they are shown once."""
    with transaction.atomic():
        codes = _new_recovery_codes(account)
        audit.record(by=account, action="更换恢复码", region_code=account.region_code, target=account.login)
    return codes


def forget(account: Account) -> bool:
    """Takes the second factor away; whether there was one. Callers write the line in the log."""
    RecoveryCode.objects.filter(account=account).delete()
    deleted, _ = SecondFactor.objects.filter(account=account).delete()
    return bool(deleted)


def unused_recovery_codes(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()


def code_that_opens(account: Account, now: dt.datetime) -> str:
    """The next code that this account's telephone shows; only for the demonstration and tests."""
    factor = SecondFactor.objects.get(account=account)
    step = max(int(now.timestamp()) // STEP_SECONDS, factor.last_step + 1)
    return pyotp.TOTP(secret_of(factor)).generate_otp(step)


def secret_of(factor: SecondFactor) -> str:
    """The secret in plain, for the page on which an account enrols."""
    return secrets.load().decrypt_values(bytes(factor.secret))["secret"]


def _sealed(secret: str) -> bytes:
    return secrets.load().encrypt_values({"secret": secret})


def _takes(factor: SecondFactor, code: str, now: dt.datetime) -> bool:
    """Whether the code belongs to about now and to a later half minute than the last that was taken; takes it."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return False
    generator, current = pyotp.TOTP(secret_of(factor)), int(now.timestamp()) // STEP_SECONDS
    for step in range(current - _STEPS_BESIDE, current + _STEPS_BESIDE + 1):
        if hmac.compare_digest(generator.generate_otp(step), code):
            # of two who send the same code at once, one finds it taken
            return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))
    return False


def _takes_recovery_code(account: Account, text: str, now: dt.datetime) -> bool:
    rows = RecoveryCode.objects.filter(Q(account=account), code_hash=_fingerprint(account, text), used_at__isnull=True)
    if not rows.update(used_at=now):
        return False
    audit.record(by=account, action="使用恢复码登录", region_code=account.region_code, target=account.login)
    return True


def _new_recovery_codes(account: Account) -> list[str]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = ["".join(chance.choice(_LETTERS) for _ in range(10)) for _ in range(_RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, code_hash=_fingerprint(account, code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _fingerprint(account: Account, code: str) -> str:
    return secrets.load().blind_index(f"recovery:{account.pk}:{code}")
