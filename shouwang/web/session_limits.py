"""How long a session lasts, and what must be done before anything else: a new password, a second factor.

Stands before the guard that keeps reading from writing: ending a session removes it from the store.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from shouwang.organisation import second_factor
from shouwang.organisation.models import Account

_BEGAN, _SEEN, _HAS_PASSED = "began", "seen", "second_factor_is_set"
# The moment of the last request is written at most this often: reading a page should not cost a write.
_SECONDS_BETWEEN_MARKS = 60
_MACHINES = "/api/"
_ALWAYS_OPEN = {"account", "sign_out", "sign_in", "second_factor", "second_factor_setup", "invitation", "health"}


class SessionLimits:
    """Signs out whoever has been signed in, or idle, for longer than the role allows, and sends to what must be done first."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asking who is there also drops a session whose password or mark has changed.
        if not request.user.is_authenticated or not isinstance(request.user, Account):
            return self._respond(request)
        account, now = request.user, timezone.now().timestamp()
        if self._is_over(request, account, now):
            logout(request)
            if request.path.startswith(_MACHINES):
                return self._respond(request)  # a phone may be signed in by its own token
            messages.info(request, "登录已超时，请重新登录。没有保存的内容需要重新填写。")
            asked = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
            return _go(request, reverse("sign_in") + asked)
        if now - request.session.get(_SEEN, 0) >= _SECONDS_BETWEEN_MARKS:
            request.session.setdefault(_BEGAN, now)
            request.session.set_expiry(account.duties.session_hours * 3600)
            request.session[_SEEN] = now
        first = self._to_be_done_first(request, account)
        if first and _view(request) not in _ALWAYS_OPEN:
            return _go(request, reverse(first))
        return self._respond(request)

    def _is_over(self, request: HttpRequest, account: Account, now: float) -> bool:
        began, seen = request.session.get(_BEGAN), request.session.get(_SEEN)
        duties = account.duties
        return began is not None and (
            now - began > duties.session_hours * 3600 or now - (seen or began) > duties.idle_minutes * 60
        )

    def _to_be_done_first(self, request: HttpRequest, account: Account) -> str:
        """The page without which nothing else opens; empty for most."""
        if account.must_change_password:
            return "account"
        if not account.duties.needs_second_factor or request.session.get(_HAS_PASSED):
            return ""
        if second_factor.is_missing(account):
            return "second_factor_setup"
        request.session[_HAS_PASSED] = True
        return ""


def _view(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """A fragment cannot show another page: htmx is told to leave for it. The app on a phone shows its own."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    if request.path.startswith(_MACHINES):
        said = {
            "message": "登录已过期，或须先在网页上改密码",
            "place": "",
            "next_step": "请重新登录，没传的记录都还在。",
        }
        return JsonResponse({"error": said}, status=401, json_dumps_params={"ensure_ascii": False})
    return redirect(address)
