"""The log of what was done: by whom, when, about what, for which reason. Lines are never changed or removed."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.jobs import exports
from shouwang.organisation import roles
from shouwang.regions import queries as regions

from .. import audit_words, lists
from ..access import account_of, needs, scope_of

ORDERS = (lists.Order("newest", ("id",), is_descending=True),)


class AuditForm(lists.ListForm):
    by = forms.CharField(label="谁（姓名或登录名）", required=False, max_length=40)
    action = forms.CharField(label="动作", required=False, max_length=40)
    target = forms.CharField(label="对象（编号或登录名）", required=False, max_length=60)
    from_on = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def filters(self) -> dict[str, str]:
        found = {name: self.chosen(name) for name in ("by", "action", "target", "from_on", "to_on")}
        return self.kept({name: str(value).strip() for name, value in found.items() if value})


@needs(roles.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """The newest line first."""
    scope = scope_of(request)
    form = AuditForm(request.GET, scope=scope, home=account_of(request).region_code)
    page = lists.page(exports.audit(scope, form.filters), orders=ORDERS, asked=request.GET, unit="条")
    page.names = regions.names_of({event.region_code for event in page.rows})
    details = {event.pk: audit_words.words(event.detail) for event in page.rows}
    return render(request, "web/accounts/audit.html", {"form": form, "page": page, "details": details})
