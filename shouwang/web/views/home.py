"""The first page: what is late, what was found and what came in, for the places an account answers for; next thing to do on top."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.casework import queries as casework
from shouwang.feeds import calendar
from shouwang.feeds import queries as feeds
from shouwang.foundation.periods import Month
from shouwang.households import pairings
from shouwang.intake.models import Batch
from shouwang.jobs import clock
from shouwang.jobs.models import Job, JobState
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions import shapes
from shouwang.regions.models import Level
from shouwang.screening import catalogue

from .. import offices, work
from ..access import account_of, scope_of
from ..runs import counties_with_register
from .consultations import due_month

# How many digits of a village's code name the division by which each level's page is broken down.
_DIGITS_BELOW = {Level.NATION: 2, Level.PROVINCE: 4, Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12}


def home(request: HttpRequest) -> HttpResponse:
    """By role: a grid worker's list for the day, a township's villages, a county's townships and files, a city's counties."""
    me, scope, today = account_of(request), scope_of(request), clock.today()
    if not scope.ranges:
        return render(request, "web/home/nothing.html")
    level = Level(regions.region(me.region_code).level)
    names: dict[str, Any] = {"today": today, "month": Month.of(today), "level": level, "section": "home"}
    if not me.may(roles.SEE_LEADS):
        return render(request, "web/home/office.html", names | offices.names(me, scope))
    names |= _leads(scope, me, level)
    if me.may(roles.SEE_CASES):
        names |= work.names(scope, me, level)
    if me.may(roles.IMPORT_FEEDS) or me.may(roles.IMPORT_REGISTRY):
        names |= _files(scope, me)
    if me.may(roles.CONSULT) and level == Level.COUNTY:
        names["consultation_due"] = due_month(me.region_code)
    if level >= Level.TOWNSHIP:
        names |= _collection(scope)
    if level == Level.VILLAGE:
        names["has_app"] = me.may(roles.VISIT)
        names["pairings"] = pairings.of_village(region_code=me.region_code, on=today)
    return render(request, "web/home/village.html" if level == Level.VILLAGE else "web/home/home.html", names)


def _leads(scope: Scope, me: Account, level: Level) -> dict[str, Any]:
    today = clock.today()
    lateness = casework.lateness(scope=scope, today=today)
    names: dict[str, Any] = {"lateness": lateness}
    if level < Level.VILLAGE:
        labels = {code: bound.rule.label for code, bound in catalogue.rules().items()}
        by_rule = casework.counts_by_rule(scope=scope)
        names["by_rule"] = [(code, labels[code], by_rule.get(code, 0)) for code in labels]
        names["most_by_rule"] = max(by_rule.values(), default=0)
        names |= _by_place(scope, me.region_code, level)
    return names


def _by_place(scope: Scope, code: str, level: Level) -> dict[str, Any]:
    """Open and late leads per division below, every division listed, the one with most late ones first."""
    digits = _DIGITS_BELOW[level]
    counted = casework.counts_by_region(scope=scope, digits=digits, today=clock.today())
    counts = {place: count for place, (count, _) in counted.items()}
    late = {place: count for place, (_, count) in counted.items()}
    found = {child.code: child.name for child in regions.children(code)}
    unknown = set(counts) - set(found)
    found |= regions.names_of(unknown)
    rows = [(place, name, counts.get(place, 0), late.get(place, 0)) for place, name in found.items()]
    rows.sort(key=lambda row: (-row[3], -row[2], row[0]))
    return {
        "places": rows,
        "most": max(counts.values(), default=0),
        "map": _map(code, counts) if level <= Level.COUNTY else None,
    }


def _map(code: str, counts: dict[str, int]) -> dict[str, Any] | None:
    """What a map shows, where outlines exist: darker means more open leads."""
    drawing = shapes.drawing(code, width=640, height=480)
    if not drawing.shapes:
        return None
    most = max(counts.values(), default=0)
    total = sum(counts.values())
    is_whole = len(drawing.shapes) == 1
    coloured = []
    for shape in drawing.shapes:
        number = total if is_whole else counts.get(shape.code, 0)
        share = 0.5 if is_whole else (number / most if most else 0)
        coloured.append({"shape": shape, "number": number, "opacity": f"{0.15 + 0.7 * share:.2f}"})
    return {"drawing": drawing, "shapes": coloured, "is_whole": is_whole}


def _files(scope: Scope, me: Account) -> dict[str, Any]:
    today = clock.today()
    first = Month.of(today).first_day
    batches = scope.filter(Batch.objects.filter(received_at__date__gte=first))
    late = []
    policies = policy.load()
    for county in counties_with_register(scope):
        entries = calendar.entries(
            policies=policies, county_code=county, scope=scope, today=today, first_month=Month.of(today).plus(-2)
        )
        late += [entry for entry in entries if entry.is_late]
    departments = list(dict.fromkeys(entry.dataset.department for entry in late))
    named = "、".join(departments[:2]) + (f"等 {len(departments)} 个部门" if len(departments) > 2 else "")
    return {
        "came_count": batches.count(),
        "late_feeds": late,
        "late_departments": named,
        "pending_count": feeds.pending_rows(scope=scope).order_by().count() if me.may(roles.DECIDE_MATCHES) else None,
        "jobs": scope.filter(Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING])).order_by("id")[:5],
    }


def _collection(scope: Scope) -> dict[str, Any]:
    tasks = casework.collection_tasks(scope=scope)
    return {"collection_count": tasks.order_by().count()}
