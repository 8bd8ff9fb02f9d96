"""Who may see a household, and why; who did see it unmasked or changed it. Shows the village, never the household."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shouwang.casework.models import Case, Lead
from shouwang.organisation import queries, roles
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household

from ..access import needs, scope_of

_RECENT = 50


class NumberForm(forms.Form):
    q = forms.CharField(label="户编号、线索或个案编号", max_length=40, strip=True)


@never_cache
@needs(roles.MANAGE_ACCOUNTS)
def who_sees(request: HttpRequest) -> HttpResponse:
    """For the number of a household, a lead or a case."""
    form = NumberForm(request.GET or None)
    names: dict[str, object] = {"form": form, "section": "accounts"}
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["q"]
        household = _household(number, scope_of(request))
        names["number"] = number
        if household:
            seeing = queries.who_may_see(region_code=household.region_code)
            names["place"] = household.region_code
            names["seeing"] = [(one, one.account.may(roles.UNMASK)) for one in seeing]
            about = queries.events(scope=scope_of(request)).filter(target__in=_targets(household))
            names["events"] = about[:_RECENT]
    return render(request, "web/accounts/who_sees.html", names)


def _household(number: str, scope: Scope) -> Household | None:
    """The household of a number, or of a lead's or case's number, inside the administrator's region."""
    if found := scope.filter(Household.objects.filter(household_no=number)).first():
        return found
    lead = scope.filter(Lead.objects.filter(lead_no=number).select_related("household")).first()
    case = scope.filter(Case.objects.filter(case_no=number).select_related("household")).first()
    proceeding = lead or case
    return proceeding.household if proceeding else None


def _targets(household: Household) -> list[str]:
    """How the log names a household, its members, leads and cases."""
    members = household.persons.values_list("person_no", flat=True)
    leads = Lead.objects.filter(household=household).values_list("lead_no", flat=True)
    cases = Case.objects.filter(household=household).values_list("case_no", flat=True)
    return [household.household_no, *(f"人口编号 {number}" for number in members), *leads, *cases]
