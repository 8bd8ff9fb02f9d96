"""What lies on the table of a county's monthly meeting: files that came or were late, leads by rule, the run they stand on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from shouwang.casework import queries as casework
from shouwang.feeds import calendar
from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.screening import catalogue
from shouwang.screening import queries as screening


def of_month(*, county_code: str, month: Month, today: dt.date, policies: Policies) -> dict[str, Any]:
    """{run, came, late, leads} as plain values, so that a record keeps what was known on the day."""
    scope = Scope.of_region(county_code)
    runs = screening.newest_results(region_code=county_code, as_of=month.last_day)
    run = runs.get(county_code)
    leads = casework.found_by_rule(scope=scope, as_of=month.last_day)
    return {
        "on": today.isoformat(),
        "run": {"id": run.pk, "as_of": run.as_of.isoformat(), "policy_version": run.policy_version} if run else None,
        "came": _came(county_code, month),
        "late": _late(county_code, scope, month, today, policies),
        "leads": [
            {"rule": code, "label": bound.rule.label, "count": leads[code]}
            for code, bound in catalogue.rules().items()
            if leads.get(code)
        ],
    }


def _came(county_code: str, month: Month) -> list[dict[str, Any]]:
    """The month's files in force, with how many rows they had and how many found their person."""
    batches = Batch.objects.filter(
        purpose="feed", region_code=county_code, period=str(month), state=BatchState.APPLIED, dataset__in=list(DATASETS)
    )
    return [
        {
            "batch": batch.pk,
            "label": DATASETS[batch.dataset].label,
            "sender": batch.sender or DATASETS[batch.dataset].department,
            "received_on": timezone.localtime(batch.received_at).date().isoformat(),
            "rows": batch.counts.get("rows"),
            "refused": batch.counts.get("refused"),
        }
        for batch in batches.order_by("dataset", "received_at", "pk")
    ]


def _late(county_code: str, scope: Scope, month: Month, today: dt.date, policies: Policies) -> list[dict[str, Any]]:
    """What was due for the month and came late, or has not come."""
    entries = calendar.entries(
        policies=policies, county_code=county_code, scope=scope, today=today, first_month=month, last_month=month
    )
    return [
        {
            "label": entry.dataset.label,
            "department": entry.dataset.department,
            "due_on": entry.due_on.isoformat() if entry.due_on else "",
            "status": entry.status,
        }
        for entry in entries
        if entry.status in (calendar.LATE, calendar.CAME_LATE)
    ]
