"""What the figures say about each kind of large-scale risk, and the rows behind each figure."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang import policy
from shouwang.casework.models import LeadReason
from shouwang.casework.models.leads import CHANNELS
from shouwang.households import event_triggers, large_scale, produce_prices, producers
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import evidence, lists
from ..access import account_of, needs, scope_of
from ..runs import counties_with_register

_MOST_ROWS = 200


def rows_address(kind: str, county_code: str) -> str:
    """The page of the rows behind a kind's figure."""
    if kind == event_triggers.PRICE_FALL:
        return reverse("event_prices", args=[county_code])
    if kind == event_triggers.UNEMPLOYED:
        return reverse("event_unemployed", args=[county_code])
    return reverse("event_reported", args=[county_code, kind])


@needs(roles.SEE_LEADS)
def triggers(request: HttpRequest) -> HttpResponse:
    """By county and kind of risk: the figure against the parameter, or which parameter is open."""
    today, policies = clock.today(), policy.load()
    counties = counties_of(request)
    found = [
        (
            code,
            [
                (one, rows_address(one.kind, code))
                for one in event_triggers.triggers(county=code, on=today, policies=policies)
            ],
        )
        for code in counties
    ]
    names = {
        "counties": found,
        "names": regions.names_of({code for code, _ in found}),
        "parameters": policies.parameters,
        "rise": event_triggers.RISE,
        "fall": event_triggers.FALL,
        "section": "events",
    }
    return render(request, "web/loop/event_triggers.html", names)


def counties_of(request: HttpRequest) -> list[str]:
    """The account's own county, or those below it that have a register."""
    me = account_of(request)
    if me.region_code and Level(regions.region(me.region_code).level) >= Level.COUNTY:
        return [regions.county_of(me.region_code)]
    return list(counties_with_register(scope_of(request)))


@needs(roles.SEE_LEADS)
def prices(request: HttpRequest, county_code: str) -> HttpResponse:
    """Every product week by week, the largest fall first; the households that may feel it; the rows of one product."""
    _seen_or_404(request, county_code)
    scope, me, today, policies = scope_of(request), account_of(request), clock.today(), policy.load()
    every = produce_prices.every_series(county=county_code, on=today)
    found = producers.in_scope(scope=scope, on=today) if every else producers.Producers({}, 0)
    wanted = (request.GET.get("product", ""), request.GET.get("unit", ""))
    chosen = next((one for one in every if (one.product, one.unit) == wanted), None)
    lines = []
    for one in every:
        basis = producers.CODES.get(one.branch, "")
        count = found.counts.get(basis) if basis else None
        reached = event_triggers.falls(one, county=county_code, on=today, policies=policies)
        lines.append((one, reached, basis, count))
    names: dict[str, Any] = {
        "lines": lines,
        "undivided": found.undivided,
        "chosen": chosen,
        "may_register": me.may(roles.DISPATCH_LEADS),
        "fall": event_triggers.FALL,
        "county": county_code,
        "county_name": regions.name(county_code),
        "kind": event_triggers.PRICE_FALL,
        "section": "events",
    }
    if chosen:
        names["weeks"] = chosen.weeks[::-1]
        names |= _opened(request, produce_prices.rows(county=county_code, on=today, series=chosen))
    return render(request, "web/loop/event_prices.html", names)


@needs(roles.SEE_LEADS)
def unemployed(request: HttpRequest, county_code: str) -> HttpResponse:
    """The rows of the last full month's newly unemployed, as far as the account sees them."""
    _seen_or_404(request, county_code)
    names = _opened(request, event_triggers.unemployed_rows(county=county_code, on=clock.today()))
    names |= {"county": county_code, "county_name": regions.name(county_code), "section": "events"}
    return render(request, "web/loop/event_unemployed.html", names)


@needs(roles.SEE_LEADS)
def reported(request: HttpRequest, county_code: str, kind: str) -> HttpResponse:
    """Who said since last month that a kind of risk hit them, through which channel, which lead it became; losses that were filed."""
    _seen_or_404(request, county_code)
    today = clock.today()
    kinds = large_scale.kinds(region_code=county_code, on=today, policies=policy.load())
    if kind not in kinds:
        raise Http404
    rows = event_triggers.reported(kind=kind, scope=scope_of(request), county=county_code, on=today)
    orders = (
        lists.Order("day", ("told_on", "id"), frozenset({"told_on"})),
        lists.Order("village", ("region_code", "id")),
    )
    page = lists.page(rows.select_related("household").order_by(), orders=orders, asked=request.GET, unit="件")
    page.names = regions.names_of(
        {code for row in page.rows for code in (row.region_code, row.region_code[:9] + "000")}
    )
    joined = LeadReason.objects.filter(signal__in=page.rows).values_list("signal_id", "lead__lead_no")
    names: dict[str, Any] = {
        "page": page,
        "leads": dict(joined),
        "channels": dict(CHANNELS),
        "county": county_code,
        "county_name": regions.name(county_code),
        "kind": kind,
        "label": kinds[kind],
        "may_register": account_of(request).may(roles.DISPATCH_LEADS),
        "section": "events",
    }
    if kind == event_triggers.DISASTER:
        names |= _opened(request, event_triggers.disaster_rows(county=county_code, on=today))
    return render(request, "web/loop/event_reported.html", names)


def _opened(request: HttpRequest, points: list[dict[str, Any]]) -> dict[str, Any]:
    """The first rows of a figure that the account sees, as tables."""
    opened = evidence.open_rows(scope_of(request), points)
    seen = [point for point in points if (point["dataset"], point["batch"], point["row"]) in opened]
    shown = seen[:_MOST_ROWS]
    return {"groups": evidence.grouped(shown, opened, set()), "row_count": len(seen), "shown_count": len(shown)}


def _seen_or_404(request: HttpRequest, county_code: str) -> None:
    """A county is a matter of everybody in it and of those above it."""
    if county_code not in counties_of(request):
        raise Http404
