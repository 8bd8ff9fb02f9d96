"""A phone's own signing in: it lasts as long as what the phone carries, opens nothing but the phone's own door, and ends with the account.

The token is a random secret with the moment of its issue, signed; the row of the phone keeps a hash of the secret and the mark that the
account's sessions had then. So it ends by itself when the password, the role or the region changes, when the account is closed and when the
phone is revoked, and a copy of the database gives nobody a token.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets as chance
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction

from shouwang.organisation import audit, second_factor

from ..models import Device
from . import devices

_SIGNER = signing.Signer(salt="shouwang.households.visits.phone_sessions")
_LONGEST = 400


@dataclass(frozen=True)
class PhoneSession:
    """A phone that is signed in by its token. ``may_fetch``: its packet still holds; afterwards it may only hand in what it has."""

    device: Device
    secret: str
    may_fetch: bool


def begin(*, device: Device, now: dt.datetime) -> str:
    """A new token in the place of the one before, for a phone whose account has just been shown to be signed in."""
    secret = chance.token_urlsafe(24)
    with transaction.atomic():
        Device.objects.filter(pk=device.pk).update(
            session_hash=_hash(secret), session_mark=device.account.get_session_auth_hash()
        )
        audit.record(by=device.account, action="手机登录", region_code=device.region_code, target=device.label)
    return _token(device, secret, now)


def found(*, token: str, now: dt.datetime) -> PhoneSession | None:
    """Who a token belongs to; None for whatever is not wholly right."""
    try:
        code, secret, issued = _SIGNER.unsign(token[:_LONGEST]).split(".")
        issued_at = dt.datetime.fromtimestamp(int(issued), tz=dt.UTC)
        device = Device.objects.select_related("account").filter(code=code).first()
    except (signing.BadSignature, ValueError, OverflowError):
        return None
    if device is None or not device.session_hash or not hmac.compare_digest(device.session_hash, _hash(secret)):
        return None
    account, age = device.account, now - issued_at
    if devices.must_empty(device) or account.must_change_password or second_factor.is_missing(account):
        return None
    if not hmac.compare_digest(device.session_mark, account.get_session_auth_hash()) or age > lasts():
        return None
    return PhoneSession(device, secret, may_fetch=age <= _packet())


def prolonged(session: PhoneSession, *, now: dt.datetime) -> str:
    """The same secret from today on: the phone was heard of, and what it carries holds longer too."""
    return _token(session.device, session.secret, now)


def end(*, device: Device) -> None:
    """No token of this phone opens anything any more."""
    Device.objects.filter(pk=device.pk).update(session_hash="", session_mark="")


def lasts() -> dt.timedelta:
    """As long as a packet, and then a while in which what was written down may still be handed in."""
    return _packet() + dt.timedelta(days=settings.APP_GRACE_DAYS)


def _packet() -> dt.timedelta:
    return dt.timedelta(days=settings.APP_PACKET_DAYS)


def _token(device: Device, secret: str, now: dt.datetime) -> str:
    return _SIGNER.sign(f"{device.code}.{secret}.{int(now.timestamp())}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
