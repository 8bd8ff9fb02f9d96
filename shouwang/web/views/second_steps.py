"""The second step of signing in, and setting it up: the code of a telephone, or a recovery code."""

from __future__ import annotations

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.organisation import audit, second_factor
from shouwang.organisation.models import Account

from ..access import account_of

_PENDING = "second_factor_of"
# How long the password that was just typed stays good while the telephone is looked for.
_SECONDS = 600
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class CodeForm(forms.Form):
    code = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True, "spellcheck": "false"}
        ),
    )


def ask(request: HttpRequest, account: Account, address: str) -> HttpResponse:
    """After the right password: nobody is signed in yet, the next page asks for the code."""
    request.session.cycle_key()
    request.session[_PENDING] = {
        "account": account.pk,
        "hash": account.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
        "next": address,
    }
    return redirect("second_factor")


@login_not_required
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks for the code and signs in; without a fresh right password there is nothing to ask for."""
    account = _pending_account(request)
    if account is None:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.check(account=account, code=form.cleaned_data["code"], now=timezone.now())
        except UserError as error:
            form.add_error("code", str(error))
        else:
            address = request.session.pop(_PENDING)["next"]
            login(request, account, backend=_BACKEND)
            audit.record(by=account, action="登录", region_code=account.region_code, detail={"second_factor": True})
            return redirect(address)
    names = {"form": form, "account": account}
    if clock.demonstration_day():
        names["demonstration_code"] = second_factor.code_that_opens(account, timezone.now())
    return render(request, "web/session/second_step.html", names)


def _pending_account(request: HttpRequest) -> Account | None:
    """Whose password was right a short while ago and has not changed since."""
    pending = request.session.get(_PENDING)
    if not pending or timezone.now().timestamp() - pending["at"] > _SECONDS:
        return None
    account = Account.objects.filter(pk=pending["account"], is_active=True).first()
    if account is None or account.get_session_auth_hash() != pending["hash"] or not second_factor.is_on(account):
        return None
    return account


@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """The QR code to scan, the first code to prove it, and then the recovery codes, once."""
    me, now = account_of(request), timezone.now()
    if request.method == "POST" and "renew" in request.POST and second_factor.is_on(me):
        return _codes(request, second_factor.renew_recovery_codes(account=me))
    if second_factor.is_on(me):
        return redirect("account")
    if request.method != "POST":
        return render(request, "web/session/second_factor_begin.html", {"role": me.duties, "section": "account"})
    form = CodeForm(request.POST if "code" in request.POST else None)
    secret = second_factor.begin(account=me, now=now)
    if form.is_bound and form.is_valid():
        try:
            codes = second_factor.confirm(account=me, code=form.cleaned_data["code"].strip(), now=now)
        except UserError as error:
            form.add_error("code", str(error))
        else:
            messages.info(request, "二次验证已启用。")
            return _codes(request, codes)
    address = second_factor.address(account=me, secret=secret)
    names = {
        "form": form,
        "code": segno.make(address, error="m").svg_data_uri(scale=5, border=3),
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "section": "account",
    }
    if clock.demonstration_day():
        names["demonstration_code"] = second_factor.code_that_opens(me, now)
    return render(request, "web/session/second_factor_setup.html", names)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "web/session/recovery_codes.html", {"codes": codes, "section": "account"})
