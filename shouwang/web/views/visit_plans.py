"""没有走访计划的脱贫户: those whom nobody will see this month, with the reason, on a page and as a file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from shouwang import policy
from shouwang.foundation import bulk
from shouwang.foundation.periods import Month
from shouwang.households.visits import plans
from shouwang.households.visits.population import Demand
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household

from .. import handing_out, lists
from ..access import account_of, needs, scope_of
from ..runs import below_with_register

ORDERS = (lists.Order("village", ("region_code", "household_no")),)


@needs(roles.SEE_HOUSEHOLDS)
def unplanned(request: HttpRequest) -> HttpResponse:
    """The households, a screenful at a time."""
    form = lists.ListForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    names: dict[str, Any] = {"form": form, "place": form.place or form.home, "section": "coverage"}
    found = _found(form)
    if found is None:
        above = form.place or form.home
        names["counties"] = below_with_register(above, form.within) if above else []
        return render(request, "web/visits/unplanned.html", names)
    rows, demand = found
    page = lists.page(rows, orders=ORDERS, asked=request.GET, unit="户", is_searched=True)
    page.names = regions.names_of(
        {code for row in page.rows for code in (row.region_code, row.region_code[:9] + "000")}
    )
    without = plans.without_visitor(households=list(page.rows), on=clock.today())
    names |= {
        "page": page,
        "lines": [(row, plans.why(household=row, demand=demand, without_visitor=without)) for row in page.rows],
        "demand": demand,
        "month": Month.of(clock.today()),
    }
    return render(request, "web/visits/unplanned.html", names)


@needs(roles.EXPORT)
def unplanned_file(request: HttpRequest) -> HttpResponseBase:
    """All of them as a file."""
    form = lists.ListForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    found = _found(form)
    if found is None:
        raise Http404
    rows = list(found[0].order_by(*ORDERS[0].fields).only("household_no", "head_name", "region_code"))
    names = regions.names_of({code for row in rows for code in (row.region_code, row.region_code[:9] + "000")})
    without: set[int] = set()
    for chunk in bulk.chunks(range(len(rows))):
        without |= plans.without_visitor(households=[rows[place] for place in chunk], on=clock.today())
    lines = (
        [
            row.household_no,
            row.head_name,
            names.get(row.region_code[:9] + "000", ""),
            names.get(row.region_code, row.region_code),
            plans.why(household=row, demand=found[1], without_visitor=without),
        ]
        for row in rows
    )
    headings = ["户编号", "户主", "乡镇", "村", "原因"]
    return handing_out.texts(request, label="没有走访计划的脱贫户", headings=headings, rows=lines)


def _found(form: lists.ListForm) -> tuple[QuerySet[Household], Demand] | None:
    """None above county level, where no single visit scope holds, and for an account without a place."""
    place = form.place or form.home
    if not place or Level(regions.region(place).level) < Level.COUNTY:
        return None
    return plans.unplanned(scope=form.within, county=regions.county_of(place), on=clock.today(), policies=policy.load())
