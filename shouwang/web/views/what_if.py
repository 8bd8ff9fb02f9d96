"""What would change if one parameter had another value: who would enter and who would leave, by township. Nothing is recorded."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.screening import catalogue
from shouwang.screening.what_if import Difference, what_if

from .. import lists
from ..access import needs, scope_of
from ..runs import counties_with_register


class WhatIfForm(forms.Form):
    """One parameter, another value, one county, one day."""

    parameter = forms.ChoiceField(label="参数")
    value = forms.CharField(label="换成", max_length=60, help_text="写法同参数文件，如 7300、15 day、[1, 2]")
    region = forms.ChoiceField(label="县")
    as_of = forms.DateField(label="截至日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    is_narrowed = False


@needs(roles.RUN_SCREENING)
def try_value(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it."""
    scope, policies = scope_of(request), policy.load()
    used = {name for bound in catalogue.rules().values() for name in bound.rule.parameters}
    counties = counties_with_register(scope)
    initial = {
        "parameter": request.GET.get("parameter", ""),
        "region": next(iter(counties), ""),
        "as_of": Month.of(clock.today()).plus(-1).last_day.isoformat(),
    }
    asked = initial | {name: text for name, text in request.GET.items() if text}
    form = WhatIfForm(asked if "value" in asked else None, initial=initial, auto_id="filter_%s")
    lists.offer(
        form, "parameter", [(name, policies.parameters[name].label) for name in policies.parameters if name in used]
    )
    lists.offer(form, "region", counties.items())
    names: dict[str, Any] = {"form": form, "counties": counties, "section": "parameters"}
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        started = time.monotonic()
        try:
            found = what_if(
                county_code=chosen["region"],
                as_of=chosen["as_of"],
                parameter=chosen["parameter"],
                value=chosen["value"],
                policies=policies,
                scope=scope,
            )
        except UserError as error:
            form.add_error("value", str(error))
        else:
            names |= {"rows": [_row(one) for one in found], "seconds": f"{time.monotonic() - started:.1f}"}
            names["parameter"] = policies.parameters[chosen["parameter"]]
            names["answer"] = policies.resolve(chosen["parameter"], region_code=chosen["region"], on=chosen["as_of"])
    return render(request, "web/screening/what_if.html", names)


def _row(difference: Difference) -> dict[str, Any]:
    """One rule: how many now, how many then, and where the difference lies."""
    entering, leaving = difference.by_township(difference.entering), difference.by_township(difference.leaving)
    places: Counter[str] = entering + leaving
    names = regions.names_of(places)
    townships = [(names.get(code, code), entering[code], leaving[code]) for code, _ in places.most_common()]
    return {
        "rule": catalogue.rules()[difference.rule].rule,
        "before": len(difference.before),
        "after": len(difference.after),
        "entering": len(difference.entering),
        "leaving": len(difference.leaving),
        "townships": townships,
    }
