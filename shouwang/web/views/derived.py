"""Tables that a screening works out beside its findings: where incomes are heading, and whom to keep an eye on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households.derived import focus_people
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person
from shouwang.screening import derived

from .. import lists
from ..access import account_of, needs, scope_of
from ..runs import TABLES, derived_tables, run_or_404


@needs(roles.SEE_LEADS)
def table(request: HttpRequest, run_id: int, code: str) -> HttpResponse:
    """One table of one run, a screenful at a time."""
    run = run_or_404(request, run_id)
    known = derived_tables()
    if code not in known:
        raise Http404
    form = lists.ListForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    start = int(text) if (text := request.GET.get("from", "")).isdecimal() else 0
    rows, missing = _rows(run, code, form, start)
    names = {
        "run": run,
        "table": known[code],
        "form": form,
        "rows": _with_names(rows[start : start + lists.PAGE_SIZE]),
        "missing": missing,
        "places": regions.names_of({row["region_code"] for row in rows[start : start + lists.PAGE_SIZE]}),
        "previous": max(0, start - lists.PAGE_SIZE) if start else None,
        "next": start + lists.PAGE_SIZE if len(rows) > start + lists.PAGE_SIZE else None,
        "section": "screening",
        "undefined": _undefined(run) if code == focus_people.DERIVED.code else [],
    }
    return render(request, TABLES[code], names)


def _undefined(run: Any) -> list[tuple[str, str, str]]:
    """(tag, parameter, what stops it): groups that the clause names and no document defines (hebei-opinion-2021#2.2.4)."""
    policies, found = policy.load(), []
    for tag, name in focus_people.UNDEFINED.items():
        answer = policies.resolve(name, region_code=run.region_code, on=run.as_of)
        found.append((tag, name, "口径已录入，还没有据此标注" if answer.value else "没有文件写明口径"))
    return found


def _rows(run: Any, code: str, form: lists.ListForm, start: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows up to the end of the screenful, over the counties of the run; and what could not be computed."""
    found: list[dict[str, Any]] = []
    missing: list[str] = []
    wanted = start + lists.PAGE_SIZE + 1
    for result in run.results.filter(rule=code).order_by("county_code"):
        if len(found) >= wanted or not form.within.ranges:
            break
        try:
            order = "region_code, household_no"
            found += derived.read(result=result, scope=form.within, order=order, limit=wanted - len(found))
        except UserError as error:
            missing.append(error.message)
    return found, missing


def _with_names(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    homes = Household.objects.in_bulk({row["household_key"] for row in rows})
    people = Person.objects.in_bulk({row["person_key"] for row in rows if row.get("person_key")})
    return [
        row | {"home": homes.get(row["household_key"]), "person": people.get(row.get("person_key"))} for row in rows
    ]
