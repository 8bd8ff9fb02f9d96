"""The inspectors' questions about the register: what they will ask, village by village."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.organisation import roles

from ..access import needs


@needs(roles.SEE_HOUSEHOLDS)
def checks(request: HttpRequest) -> HttpResponse:
    return render(request, "web/households/checks.html", {})
