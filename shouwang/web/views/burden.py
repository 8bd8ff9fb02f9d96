"""基层负担: what was typed and asked in a month, village by village, for those who ask."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.households.visits import burden as burdens
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from ..access import account_of, needs, scope_of
from .coverage import BELOW, DIGITS, CoverageForm, trail


# hengshui-2022-1#C.4.4.2
@needs(roles.SEE_FIGURES)
def burden(request: HttpRequest) -> HttpResponse:
    """Fields typed, requests received, seconds for a confirmation; by the places below the chosen one."""
    by, scope = account_of(request), scope_of(request)
    form = CoverageForm(request.GET, scope=scope, home=by.region_code)
    month, place = form.chosen_month, form.place or form.home
    level = Level(regions.region(place).level) if place else Level.NATION
    counted = burdens.by_village if level >= Level.TOWNSHIP else burdens.by_township
    found = counted(scope=form.within, month=month)
    digits = DIGITS[level]
    below = defaultdict(list)
    for one in found.values():
        below[one.code[:digits].ljust(12, "0")].append(one)
    rows = [burdens.total(mine, code) for code, mine in sorted(below.items())]
    whole = burdens.total(found.values(), place)
    names = {
        "form": form,
        "place": place,
        "trail": trail(place, form.home),
        "month": month,
        "total": whole,
        "village_count": whole.village_count,
        "rows": rows,
        "place_names": regions.names_of(set(below)),
        "requests": burdens.REQUESTS,
        # every confirmation is looked at one by one: for a county, not for a city or province
        "seconds": burdens.seconds_per_confirmation(scope=form.within, month=month) if level >= Level.COUNTY else None,
        "most_fields": burdens.MOST_FIELDS,
        "most_seconds": burdens.MOST_SECONDS,
        "below": BELOW[level],
        "section": "coverage",
    }
    return render(request, "web/visits/burden.html", names)
