"""Who asks: the account of the session, or else the phone's own signing in, which is good here and nowhere else."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.households.models import Device
from shouwang.households.visits import devices, phone_sessions
from shouwang.households.visits.phone_sessions import PhoneSession
from shouwang.organisation.models import Account

_NEXT = "_next_phone_token"
_FOUND = "_phone_session"


class SignedOutError(UserError):
    """Nobody is signed in, or not far enough for this; what is on the phone stays."""


def account_of(request: HttpRequest, *, is_by_password: bool = False) -> Account:
    """``is_by_password``: the phone's token is not enough. Raises SignedOutError."""
    if isinstance(request.user, Account):
        return request.user
    session = None if is_by_password else phone_session(request)
    if session is None:
        raise SignedOutError("登录已过期", next_step="请重新登录，手机上没传的记录都还在。")
    return session.device.account


def phone_session(request: HttpRequest) -> PhoneSession | None:
    """What the phone's token says, read once a request."""
    if not hasattr(request, _FOUND):
        token = request.COOKIES.get(settings.PHONE_COOKIE_NAME, "")
        setattr(request, _FOUND, phone_sessions.found(token=token, now=timezone.now()) if token else None)
    found: PhoneSession | None = getattr(request, _FOUND)
    return found


def device_of(request: HttpRequest, code: uuid.UUID, *, is_to_fetch: bool = False) -> Device:
    """The phone that speaks. A token speaks for its own phone alone. Raises UserError, RevokedError, SignedOutError."""
    by = account_of(request)
    known = devices.of_account(code=code, by=by)
    if isinstance(request.user, Account):
        return known
    session = phone_session(request)
    if session is None or session.device.pk != known.pk:
        raise NotPermittedError("这不是登录的那部手机", next_step="请在这部手机上重新登录。")
    if is_to_fetch and not session.may_fetch:
        raise SignedOutError("很久没有连网，要先登录才能下载名单", next_step="请重新登录，手机上没传的记录都还在。")
    return known


def is_of(request: HttpRequest, device: Device | None) -> bool:
    """Whether the phone's own token speaks for this phone."""
    session = phone_session(request)
    return session is not None and device is not None and session.device.pk == device.pk


def keep_signed_in(request: HttpRequest, device: Device) -> None:
    """After signing in: the answer carries a token, a new one where there is none that still holds."""
    session = phone_session(request)
    if session is not None and session.device.pk != device.pk and session.device.account_id == device.account_id:
        phone_sessions.end(device=session.device)  # the same browser under a new name
    if not prolong(request, device):
        setattr(request, _NEXT, phone_sessions.begin(device=device, now=timezone.now()))


def prolong(request: HttpRequest, device: Device) -> bool:
    """The phone was heard of: its token holds as long as what it carries. Not once that has expired."""
    session = phone_session(request)
    if session is None or session.device.pk != device.pk or not session.may_fetch:
        return False
    setattr(request, _NEXT, phone_sessions.prolonged(session, now=timezone.now()))
    return True


def forget(request: HttpRequest) -> None:
    """The answer takes the token away."""
    setattr(request, _NEXT, "")


def put(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Sets or removes the cookie as the view decided."""
    token = getattr(request, _NEXT, None)
    if token == "":
        response.delete_cookie(settings.PHONE_COOKIE_NAME, path=settings.PHONE_COOKIE_PATH, samesite="Strict")
    elif token is not None:
        response.set_cookie(
            settings.PHONE_COOKIE_NAME,
            token,
            max_age=int(phone_sessions.lasts().total_seconds()),
            path=settings.PHONE_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response
