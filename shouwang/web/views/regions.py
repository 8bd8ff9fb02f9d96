"""Finding a division by name, code or initials, inside what the account may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from ..access import scope_of


def regions_found(request: HttpRequest) -> HttpResponse:
    """What the search box finds; a single hit goes straight to its leads."""
    text = request.GET.get("q", "").strip()[:60]
    found = regions.search(text, scope_of(request), limit=50) if text else []
    if len(found) == 1:
        return redirect(f"/leads?region={found[0].code}")
    rows = [
        {"region": region, "name": regions.full_name(region.code), "level": Level(region.level).label}
        for region in found
    ]
    return render(request, "web/regions.html", {"rows": rows, "region_text": text})
