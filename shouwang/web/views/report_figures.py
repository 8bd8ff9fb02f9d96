"""How families report, month by month and way by way, and what they hear; every figure opens its rows."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.door import figures
from shouwang.foundation.periods import Month
from shouwang.jobs import clock
from shouwang.organisation import roles

from .. import lists
from ..access import account_of, needs, scope_of

_MONTHS = 12


@needs(roles.TAKE_REPORTS, roles.SEE_FIGURES)
def report_figures(request: HttpRequest) -> HttpResponse:
    """The last twelve months; sums alone, no household."""
    scope, today = scope_of(request), clock.today()
    form = lists.ListForm(request.GET, scope=scope, home=account_of(request).region_code)
    since, until = _span(today)
    ways = figures.three_ways(scope=form.within, since=since, until=until)
    names = {
        "form": form,
        "figures": figures.by_channel(scope=form.within, since=since, until=until),
        "ways": [(figures.THREE_WAYS[way], count) for way, count in ways.items()],
        "leads": sum(ways.values()),
        "since": since,
        "until": until,
        "opens_rows": account_of(request).may(roles.TAKE_REPORTS),
        "region": form.place,
        "section": "reports",
    }
    return render(request, "web/reports/figures.html", names)


def _span(today: dt.date) -> tuple[dt.date, dt.date]:
    return Month.of(today).plus(1 - _MONTHS).first_day, today
