"""Who may see a household, and why; who did see it unmasked or changed it. Shows the village, never the household."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shouwang.casework.models import Lead
from shouwang.organisation import queries, roles
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household

from ..access import needs, scope_of

_RECENT = 50


class NumberForm(forms.Form):
    q = forms.CharField(label="户编号或线索编号", max_length=40, strip=True)


@never_cache
@needs(roles.MANAGE_ACCOUNTS)
def who_sees(request: HttpRequest) -> HttpResponse:
    """For the number of a household or a lead."""
    form = NumberForm(request.GET or None)
    names: dict[str, object] = {"form": form, "section": "accounts"}
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["q"]
        place = _place(number, scope_of(request))
        names |= {"number": number, "place": place}
        if place:
            seeing = queries.who_may_see(region_code=place)
            names["seeing"] = [(one, one.account.may(roles.UNMASK)) for one in seeing]
            names["events"] = queries.events(scope=scope_of(request), target=number)[:_RECENT]
    return render(request, "web/accounts/who_sees.html", names)


def _place(number: str, scope: Scope) -> str:
    """The village of a household or lead inside the administrator's region; empty when there is none."""
    household = scope.filter(Household.objects.filter(household_no=number)).values_list("region_code", flat=True)
    lead = scope.filter(Lead.objects.filter(lead_no=number)).values_list("region_code", flat=True)
    return household.first() or lead.first() or ""
