"""字段: every field, who supplies it, how old it may be and how fresh it is here; what a visit asks and which clause demands it."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.households import fields as registered
from shouwang.households.visits import forms
from shouwang.intake.models import Batch, BatchState
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from ..access import account_of, needs

_OWNERS = (("", "全部"), *registered.OWNER_KINDS.items())


# hengshui-2022-1#C.4.4.2
@needs(roles.SEE_POLICIES)
def fields(request: HttpRequest) -> HttpResponse:
    """The register, searched by any name a field has; with what the place's visit asks on top."""
    by, today, policies = account_of(request), clock.today(), policy.load()
    text, owner = request.GET.get("q", "")[:40], request.GET.get("owner", "")
    found = [one for one in registered.search(text) if not owner or one.owner == owner]
    county = _county(by)
    newest = _newest(county)
    rhythms: dict[str, str] = {}
    for name in {one.frequency_parameter for one in found if one.frequency_parameter}:
        rhythms[name] = policies.resolve(name, region_code=county, on=today).text if county else ""
    rows = [
        {
            "field": one,
            "rhythm": rhythms.get(one.frequency_parameter, "") if one.frequency_parameter else "有变化时",
            "newest": newest.get(one.source, "") if one.source != "visit" else "",
        }
        for one in found
    ]
    names: dict[str, Any] = {
        "rows": rows,
        "count": len(found),
        "text": text,
        "owner": owner,
        "owners": _OWNERS,
        "county": county,
        "entries": forms.fields_of(region_code=by.region_code or county, on=today, policies=policies)
        if by.region_code
        else (),
    }
    return render(request, "web/visits/fields.html", names)


def _county(by: Account) -> str:
    if not by.region_code or regions.region(by.region_code).level < Level.COUNTY:
        return ""
    return regions.county_of(by.region_code)


def _newest(county: str) -> dict[str, str]:
    """Source → the newest month that a file in force tells of, in the account's county."""
    if not county:
        return {}
    rows = Batch.objects.filter(state=BatchState.APPLIED, region_code=county).values_list("dataset")
    return dict(rows.annotate(newest=Max("period")).order_by())
