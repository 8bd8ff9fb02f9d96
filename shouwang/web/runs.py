"""Screenings as pages find them: the runs that concern a county of the scope, and the tables that came with them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from shouwang.intake.models import BatchState, LakeFile
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.screening import catalogue
from shouwang.screening.models import Run

from .access import scope_of

# Derived table → the template of its page.
TABLES = {
    "household.income_outlook": "web/screening/income_outlook.html",
    "household.focus_people": "web/screening/focus_people.html",
}


def counties_with_register(scope: Scope) -> dict[str, str]:
    """Counties in the scope whose register is there: code → name."""
    files = LakeFile.objects.filter(dataset="registry_person", batch__state=BatchState.APPLIED)
    return regions.names_of(set(scope.filter(files).values_list("region_code", flat=True)))


def below_with_register(place: str, scope: Scope) -> list[tuple[str, str]]:
    """(code, name) of the divisions below a province or city in which a county's register is: there a page by county opens."""
    known = counties_with_register(scope)
    below = regions.children(place)
    inside = {one.code: one.code[:4] if one.level == Level.CITY else one.code[:6] for one in below}
    return [(one.code, one.name) for one in below if any(code.startswith(inside[one.code]) for code in known)]


def runs_seen(scope: Scope) -> QuerySet[Run]:
    """Runs with a result in a county of the scope."""
    inside = scope.filter(Run.results.through.objects.all(), "ruleresult__county_code").values("run_id")
    return Run.objects.filter(pk__in=inside).select_related("started_by")


def run_or_404(request: HttpRequest, run_id: int) -> Run:
    run = runs_seen(scope_of(request)).filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def derived_tables() -> dict[str, Any]:
    """The declarations of the tables that have a page."""
    return {one.code: one.rule for subject in catalogue.subjects() for one in subject.derived if one.code in TABLES}


def tables_of(run: Run) -> list[dict[str, Any]]:
    """The tables of a run that have a page: code, label, and what stopped them."""
    known = derived_tables()
    results = {result.rule: result for result in run.results.filter(rule__in=list(known))}
    return [
        {"code": code, "label": known[code].label, "missing": [entry["text"] for entry in result.missing]}
        for code, result in results.items()
    ]
