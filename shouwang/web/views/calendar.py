"""The calendar of a county: which department's data was due when, what came, what is late, and by which clause."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.feeds import calendar as feeds
from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.jobs import clock
from shouwang.organisation import roles

from .. import lists
from ..access import needs, scope_of
from ..runs import counties_with_register

_MONTHS = 6


class CountyForm(forms.Form):
    region = forms.ChoiceField(label="县", required=False)
    is_narrowed = False


@needs(roles.IMPORT_FEEDS, roles.IMPORT_REGISTRY)
def calendar(request: HttpRequest) -> HttpResponse:
    """Datasets down, months across; every cell opens its files."""
    scope, today = scope_of(request), clock.today()
    counties = counties_with_register(scope)
    county = request.GET.get("region", "")
    if county not in counties:
        county = next(iter(counties), "")
    form = CountyForm({"region": county}, auto_id="filter_%s")
    lists.offer(form, "region", list(counties.items()))
    last = Month.of(today)
    months = [last.plus(-step) for step in range(_MONTHS)]
    entries = (
        feeds.entries(policies=policy.load(), county_code=county, scope=scope, today=today, first_month=months[-1])
        if county
        else []
    )
    cells: dict[tuple[str, str], feeds.Entry] = {
        (entry.dataset.code, str(entry.last_month)): entry for entry in entries
    }
    shown = [*months] if all(entry.last_month <= last for entry in entries) else _ahead(entries, months)
    rows: list[dict[str, Any]] = [
        {
            "dataset": dataset,
            "cells": [cells.get((dataset.code, str(month))) for month in shown],
            "why": next((entry.why for entry in entries if entry.dataset.code == dataset.code), ""),
        }
        for dataset in DATASETS.values()
    ]
    names = {
        "form": form if len(counties) > 1 else None,
        "county": county,
        "counties": counties,
        "months": shown,
        "rows": rows,
        "late": _late(entries),
    }
    return render(request, "web/files/calendar.html", names)


def _late(entries: list[feeds.Entry]) -> list[list[feeds.Entry]]:
    """What is overdue, one list per dataset, the newest stretch first."""
    found: dict[str, list[feeds.Entry]] = {}
    for entry in entries:
        if entry.is_late:
            found.setdefault(entry.dataset.code, []).append(entry)
    return list(found.values())


def _ahead(entries: list[feeds.Entry], months: list[Month]) -> list[Month]:
    """Stretches that still run end in a later month: they come first."""
    later = sorted({entry.last_month for entry in entries if entry.last_month > months[0]}, reverse=True)
    return later + months
