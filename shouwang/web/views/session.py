"""Signing in and out in one step or two, the page of an account that is locked, and one's own account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.demonstration import people
from shouwang.jobs import clock
from shouwang.organisation import audit, second_factor
from shouwang.organisation.models import Account

from .. import sections
from ..access import account_of
from . import second_steps


class SignInForm(AuthenticationForm):
    """Login and password."""

    error_messages = {
        "invalid_login": "登录名或密码不对，请核对大小写后再试。连续输错会暂时锁定。",
        "inactive": "这个账号已停用，请联系县级管理员。",
    }

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.fields["username"].label = "登录名"
        self.fields["password"].label = "密码"


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignIn(LoginView):
    template_name = "web/session/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    @property
    def extra_context(self) -> dict[str, Any]:  # type: ignore[override]
        """A demonstration shows its accounts: they guard nothing but invented people."""
        return {"demonstration": people if clock.demonstration_day() else None}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        account = form.get_user()
        assert isinstance(account, Account)
        if second_factor.is_on(account):
            return second_steps.ask(self.request, account, self.get_success_url())
        login(self.request, account)
        audit.record(by=account, action="登录", region_code=account.region_code)
        return redirect(self.get_success_url())


def locked(request: HttpRequest, response: Any = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What somebody sees whose account is locked after too many wrong passwords: until when, and what to do."""
    login_name = (credentials or {}).get("username") or request.POST.get("username", "")
    started = AccessAttempt.objects.filter(username=login_name).order_by("-attempt_time").first()
    pause = get_cool_off(request) or dt.timedelta(minutes=15)
    until = timezone.localtime((started.attempt_time if started else timezone.now()) + pause)
    # never shown as a minute that has already begun
    shown = until.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    names = {"until": shown, "failure_limit": get_failure_limit(request, credentials)}
    return render(request, "web/session/locked.html", names, status=429)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out of the pages, and out of the app where it is on the same telephone."""
    logout(request)
    answer = redirect("sign_in")
    answer.delete_cookie(settings.PHONE_COOKIE_NAME, path=settings.PHONE_COOKIE_PATH, samesite="Strict")
    return answer


class NewPasswordForm(PasswordChangeForm):
    """The old password and a new one, twice."""

    error_messages = {
        "password_incorrect": "原密码不对。",
        "password_mismatch": "两次输入的新密码不一样。",
    }

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        for name, label in (("old_password", "原密码"), ("new_password1", "新密码"), ("new_password2", "再输一遍")):
            self.fields[name].label = label
        self.fields["new_password1"].help_text = "至少 10 位，不要用姓名、登录名或常见密码。"
        self.fields["old_password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})


def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do, and my password."""
    me = account_of(request)
    form = NewPasswordForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        Account.objects.filter(pk=me.pk).update(must_change_password=False)
        update_session_auth_hash(request, me)
        audit.record(by=me, action="修改密码", region_code=me.region_code)
        messages.info(request, "密码已修改，下次登录请用新密码。")
        return redirect("account")
    names = {"form": form, "role": me.duties, "permissions": sections.permissions_of(me)}
    names |= {"has_second_factor": second_factor.is_on(me), "codes_left": second_factor.unused_recovery_codes(me)}
    return render(request, "web/session/account.html", names)
