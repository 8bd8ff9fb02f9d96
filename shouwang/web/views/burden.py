"""基层负担: what was typed and asked in a month, village by village, for those who ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.households.visits import burden as burdens
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from ..access import account_of, needs, scope_of
from .coverage import CoverageForm, trail


# hengshui-2022-1#C.4.4.2
@needs(roles.SEE_FIGURES)
def burden(request: HttpRequest) -> HttpResponse:
    """Fields typed, requests received, seconds for a confirmation; by the places below the chosen one."""
    by, scope = account_of(request), scope_of(request)
    form = CoverageForm(request.GET, scope=scope, home=by.region_code)
    month, place = form.chosen_month, form.place or form.home
    villages = burdens.by_village(scope=form.within, month=month)
    level = Level(regions.region(place).level) if place else Level.NATION
    digits = {Level.COUNTY: 9, Level.TOWNSHIP: 12, Level.VILLAGE: 12}.get(level, 6)
    codes = sorted({code[:digits].ljust(12, "0") for code in villages})
    rows = [
        burdens.total([one for one in villages.values() if one.code.startswith(code[:digits])], code) for code in codes
    ]
    names = {
        "form": form,
        "place": place,
        "trail": trail(place, form.home),
        "month": month,
        "total": burdens.total(villages.values(), place),
        "village_count": len(villages),
        "rows": rows,
        "place_names": regions.names_of(set(codes)),
        "requests": burdens.REQUESTS,
        "seconds": burdens.seconds_per_confirmation(scope=form.within, month=month),
        "most_fields": burdens.MOST_FIELDS,
        "most_seconds": burdens.MOST_SECONDS,
        "below": {Level.COUNTY: "乡镇", Level.TOWNSHIP: "村", Level.VILLAGE: "村"}.get(level, "县"),
        "section": "coverage",
    }
    return render(request, "web/visits/burden.html", names)
