"""Whether the institutions are there and whether the staff fits the work, by place; and the list of what is missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.jobs import clock, exports
from shouwang.organisation import institutions as checks
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import lists, staffing
from ..access import account_of, needs, scope_of

ORDERS = (lists.Order("place", ("code",)),)
_BY_WHEN = "staff.prevention_bodies_by"


class DayForm(lists.ListForm):
    on = forms.DateField(
        label="截至", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="留空为今天"
    )

    @property
    def day(self) -> dt.date:
        return self.chosen("on") or clock.today()

    @property
    def filters(self) -> dict[str, str]:
        return self.kept({"on": self.day.isoformat()})


class GapsForm(DayForm):
    kind = forms.ChoiceField(label="缺什么", required=False, choices=[*checks.GAPS.items()])

    @property
    def wanted(self) -> str:
        return self.chosen("kind") or checks.GRID_WORKER

    @property
    def filters(self) -> dict[str, str]:
        return super().filters | {"kind": self.wanted}


@needs(roles.SEE_STAFF)
def institutions(request: HttpRequest) -> HttpResponse:
    """Sums over the account's region, then place by place: staff against objects of monitoring."""
    scope, home = scope_of(request), account_of(request).region_code
    form = DayForm(request.GET, scope=scope, home=home)
    place, day = form.place or home, form.day
    names: dict[str, Any] = {"form": form, "day": day, "section": "institutions"}
    if not home:
        return render(request, "web/staff/institutions.html", names)
    within = form.within
    names["coverage"] = checks.coverage(scope=within, on=day)
    names["surplus"] = checks.surplus(scope=within, on=day)
    names["vacant_count"] = checks.vacant_posts(scope=within, on=day).order_by().count()
    if regions.region(place).level < Level.VILLAGE:
        rows = staffing.rows(place, scope=within, on=day)
        names["usual"] = usual = staffing.usual(rows)
        names["rows"] = [(row, row.stands_out(usual)) for row in rows]
        names["shows_households"] = regions.region(place).level >= Level.COUNTY
    due = policy.load().resolve(_BY_WHEN, region_code=place, on=clock.today())
    names["due"] = due if due.value else None
    return render(request, "web/staff/institutions.html", names)


@needs(roles.SEE_STAFF)
def gaps(request: HttpRequest) -> HttpResponse:
    """The counties, townships or villages that lack what they must have, on any day."""
    scope = scope_of(request)
    form = GapsForm(request.GET, scope=scope, home=account_of(request).region_code)
    page = lists.page(exports.institution_gaps(scope, form.filters), orders=ORDERS, asked=request.GET, unit="处")
    page.names = regions.names_of({code for row in page.rows for code in (row.code[:6] + "000000", row.parent_code)})
    names = {"form": form, "page": page, "day": form.day, "label": checks.GAPS[form.wanted], "section": "institutions"}
    return render(request, "web/staff/gaps.html", names)
