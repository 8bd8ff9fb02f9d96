"""What an administrator does to an account, each with a reason, and the link that is shown once."""

from __future__ import annotations

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation import actions, roles
from shouwang.organisation.invitations import LIFETIME
from shouwang.organisation.models import Account

from ..access import account_of, needs, scope_of, seen_or_404


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="事由",
        min_length=2,
        max_length=100,
        error_messages={"required": "请写明事由。", "min_length": "事由太短。"},
    )


@never_cache
@require_POST
@needs(roles.MANAGE_ACCOUNTS)
def act(request: HttpRequest, account_id: int, verb: str) -> HttpResponse:
    """close, reopen, link (a new password), new-password, second-factor."""
    me, now = account_of(request), timezone.now()
    shown = seen_or_404(Account.objects.all(), scope_of(request), pk=account_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("account_detail", shown.pk)
    reason = form.cleaned_data["reason"]
    try:
        if verb == "link":
            return show_link(request, shown, actions.reset_password(account=shown, by=me, reason=reason, now=now))
        if verb == "reopen":
            return show_link(request, shown, actions.reopen_account(account=shown, by=me, reason=reason, now=now))
        messages.info(request, _done(verb, shown, me, reason))
    except NotPermittedError as error:
        messages.error(request, str(error))
    except UserError as error:
        messages.error(request, str(error))
    return redirect("account_detail", shown.pk)


def _done(verb: str, shown: Account, me: Account, reason: str) -> str:
    if verb == "close":
        actions.close_account(account=shown, by=me, reason=reason, now=timezone.now())
        return "账号已停用，正在使用的会话已经结束。"
    if verb == "new-password":
        actions.require_new_password(accounts=[shown], by=me, reason=reason)
        return "下次打开页面时须先修改密码。"
    if verb == "second-factor":
        actions.remove_second_factor(account=shown, by=me, reason=reason)
        return "二次验证已重设，正在使用的会话已经结束。"
    raise Http404


def show_link(request: HttpRequest, account: Account, token: str) -> HttpResponse:
    """The link as text and as a QR code, once: it is kept nowhere."""
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    names = {
        "shown": account,
        "link": link,
        "code": segno.make(link, error="m").svg_data_uri(scale=5, border=3),
        "until": timezone.localtime(timezone.now() + LIFETIME),
        "section": "accounts",
    }
    return render(request, "web/accounts/link.html", names)
