"""The page behind a link: whoever holds it sets the own password, once."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from shouwang.organisation import invitations
from shouwang.organisation.invitations import InvitationError


class PasswordForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        label="密码",
        help_text="至少 10 位，不要用姓名、登录名或常见密码。",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label="再输一遍", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_repeated(self) -> str:
        if self.cleaned_data.get("password") != self.cleaned_data["repeated"]:
            raise ValidationError("两次输入的密码不一样。")
        return self.cleaned_data["repeated"]


@login_not_required
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Shows whose account it is and asks for a password; a link that opens nothing any more says why."""
    now = timezone.now()
    try:
        found = invitations.opened(token=token, now=now)
        form = PasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                account = invitations.accept(token=token, password=form.cleaned_data["password"], now=now)
            except ValidationError as error:
                form.add_error("password", error)
            else:
                if request.user.is_authenticated:
                    logout(request)
                messages.info(request, f"密码已设好，请用登录名 {account.login} 登录。")
                return redirect("sign_in")
    except InvitationError as error:
        return render(request, "web/session/invitation_over.html", {"error": error}, status=410)
    names = {"form": form, "account": found.account, "until": timezone.localtime(found.expires_at)}
    answer = render(request, "web/session/invitation.html", names)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
