"""应享尽享: policies with who receives them and who is missing, the names behind each figure; and 应贷尽贷 with its barriers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.foundation.periods import Month
from shouwang.households.income import entitlements, loans
from shouwang.jobs import clock
from shouwang.jobs.exports import entitlements as export
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import lists
from ..access import account_of, needs, scope_of
from ..runs import below_with_register

_MOST_SHOWN = 200


class EntitlementsForm(lists.ListForm):
    policy = forms.ChoiceField(
        label="政策", required=False, choices=[("", "全部"), *((one.code, one.label) for one in entitlements.POLICIES)]
    )
    state = forms.ChoiceField(
        label="情形",
        required=False,
        choices=[
            ("", "符合未享受"),
            *((code, label) for code, label in entitlements.STATES.items() if code != "missing"),
        ],
    )

    @property
    def filters(self) -> dict[str, str]:
        return self.kept({"policy": self.chosen("policy"), "state": self.chosen("state")})


@needs(roles.SEE_HOUSEHOLDS)
def matrix(request: HttpRequest) -> HttpResponse:
    """Sums by policy on top, each opening its people; loans below."""
    form = EntitlementsForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    place = form.place or form.home
    level = Level(regions.region(place).level) if place else Level.VILLAGE
    names: dict[str, Any] = {"form": form, "place": place, "section": "entitlements"}
    if place and level >= Level.COUNTY:
        as_of = as_of_today()
        county = regions.county_of(place)
        found = entitlements.screenful(
            scope=form.within,
            county_code=county,
            as_of=as_of,
            policies=policy.load(),
            state=form.chosen("state") or entitlements.MISSING,
            policy=form.chosen("policy"),
            size=_MOST_SHOWN,
        )
        names |= {
            "as_of": as_of,
            "sums": found.sums,
            "rows": export.described(found.entries),
            "count": found.count,
            "most": _MOST_SHOWN,
            "state": entitlements.STATES[form.chosen("state") or entitlements.MISSING],
            "loans": loans.coverage(scope=form.within),
            "barriers": loans.BARRIERS,
        }
        names["rate"] = None if names["loans"].rate is None else f"{names['loans'].rate * 100:.1f}"
    elif place:
        names["counties"] = below_with_register(place, form.within)
    return render(request, "web/ledger/entitlements.html", names)


def as_of_today() -> dt.date:
    """The last day of the last month that is over."""
    return Month.of(clock.today()).plus(-1).last_day
