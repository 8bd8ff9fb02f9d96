"""未参保人员: who has no basic medical insurance, by category, place by place; the list to the department and the village's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import insurance
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import handing_out, lists
from ..access import account_of, needs, scope_of
from ..runs import below_with_register

_MOST_SHOWN = 200


class UninsuredForm(lists.ListForm):
    category = forms.ChoiceField(
        label="人员类别", required=False, choices=[("", "全部"), *insurance.CATEGORIES.items()]
    )


@needs(roles.SEE_HOUSEHOLDS)
def uninsured(request: HttpRequest) -> HttpResponse:
    """Shares by category on top, the people below; in a village this is what has to be done there."""
    form = UninsuredForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    place = form.place or form.home
    names: dict[str, Any] = {"form": form, "place": place, "section": "entitlements", "cites": insurance.CITES}
    if place and Level(regions.region(place).level) >= Level.COUNTY:
        names |= _figures(request, form, place)
    elif place:
        names["counties"] = below_with_register(place, form.within)
    return render(request, "web/ledger/uninsured.html", names)


def _figures(request: HttpRequest, form: UninsuredForm, place: str) -> dict[str, Any]:
    result, why = insurance.standing(county_code=regions.county_of(place))
    if result is None or why:
        return {"why": why}
    policies = policy.load()
    found = insurance.screenful(
        result=result, scope=form.within, policies=policies, category=form.chosen("category"), size=_MOST_SHOWN
    )
    return {
        "result": result,
        "shares": insurance.shares(result=result, scope=form.within, policies=policies),
        "rows": found.lines,
        "count": found.count,
        "most": _MOST_SHOWN,
        "places": regions.names_of({row.household.region_code for row in found.lines}),
        "may_send": account_of(request).may(roles.EXPORT),
    }


@needs(roles.EXPORT)
def uninsured_file(request: HttpRequest) -> HttpResponseBase:
    """The same people as a file, without numbers."""
    form = UninsuredForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    place = form.place or form.home
    if not place or Level(regions.region(place).level) < Level.COUNTY:
        raise Http404
    result, why = insurance.standing(county_code=regions.county_of(place))
    if result is None or why:
        raise Http404
    rows = insurance.uninsured(
        result=result, scope=form.within, policies=policy.load(), category=form.chosen("category")
    )
    codes = {code for row in rows for code in (row.household.region_code, row.household.region_code[:9] + "000")}
    names = regions.names_of(codes)
    lines = (
        [
            row.household.household_no,
            row.household.head_name,
            row.person.name,
            names.get(row.household.region_code[:9] + "000", ""),
            names.get(row.household.region_code, row.household.region_code),
            row.label,
            row.subsidy,
        ]
        for row in rows
    )
    headings = ["户编号", "户主", "姓名", "乡镇", "村", "人员类别", "资助类别"]
    return handing_out.texts(request, label="未参保人员", headings=headings, rows=lines)


@require_POST
@needs(roles.EXPORT)
def send(request: HttpRequest) -> HttpResponse:
    """One list to the insurance department of those in the account's region who stand on none yet."""
    me = account_of(request)
    try:
        if not me.region_code or Level(regions.region(me.region_code).level) < Level.COUNTY:
            raise UserError("请由县或乡镇发出名单")
        result, why = insurance.standing(county_code=regions.county_of(me.region_code))
        if result is None or why:
            raise UserError(f"未计算：{why}", next_step="补齐参保名单并筛查后再发。")
        made = insurance.send(
            result=result,
            scope=scope_of(request),
            by=me,
            today=clock.today(),
            now=timezone.now(),
            policies=policy.load(),
        )
    except UserError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('uninsured')}?{urlencode({'region': request.POST.get('region', '')})}")
    return redirect("department_list", made.pk)
