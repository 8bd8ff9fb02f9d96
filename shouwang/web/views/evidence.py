"""One row of one file, as a lead points at it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.organisation import roles

from .. import evidence, sheets
from ..access import account_of, needs, scope_of


@needs(roles.SEE_LEADS)
def row(request: HttpRequest, dataset: str, batch_id: int, line: int) -> HttpResponse:
    """What stands in the row, under which headings, and in which file; only where its subject lies in the scope."""
    scope = scope_of(request)
    opened = evidence.open_rows(scope, [{"dataset": dataset, "batch": batch_id, "row": line}])
    if not opened:
        raise Http404
    found = next(iter(opened.values()))
    me = account_of(request)
    names = {
        "row": found,
        "label": evidence.REGISTER_SHEETS.get(dataset) or sheets.LABELS.get(dataset, dataset),
        "may_open": (me.may(roles.IMPORT_FEEDS) or me.may(roles.IMPORT_REGISTRY))
        and scope.covers(found.batch.region_code),
        "section": "leads",
    }
    return render(request, "web/files/evidence.html", names)
