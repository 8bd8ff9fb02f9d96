"""What the background can do, each by name. Every recipe may run twice without harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.feeds import actions as feeds
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress
from shouwang.intake.models import Batch, BatchState
from shouwang.screening import actions as screening

from . import arrivals, exports
from .models import Job

Recipe = Callable[[Job, Progress], dict[str, Any]]

_MOST_REFUSALS_SHOWN = 50


def screen(job: Job, progress: Progress) -> dict[str, Any]:
    """Runs the screening of a region and folds its findings into leads."""
    policies = policy.load()
    as_of = dt.date.fromisoformat(job.arguments["as_of"])
    run = screening.run(
        region_code=job.region_code,
        as_of=as_of,
        policies=policies,
        by=job.asked_by,
        now=timezone.now(),
        engine=job.arguments.get("engine", "duckdb"),
        progress=progress,
    )
    opened_on = dt.date.fromisoformat(job.arguments["opened_on"])
    folded = casework.fold(run=run, opened_on=opened_on, policies=policies, progress=progress)
    return {"run": run.pk, **vars(folded)}


def plan_feed(job: Job, progress: Progress) -> dict[str, Any]:
    """Says what an import of a department's file would do; nothing is kept."""
    outcome = _import_feed(job, progress, dry_run=True)
    return {
        "counts": outcome.counts,
        "shares": [{"county": share.county_code, "counts": share.counts} for share in outcome.shares],
        "notices": outcome.notices,
        "refused_count": len(outcome.refusals),
        "refusals": [
            {"row": one.row_number, "column": one.column, "reason": one.reason, "suggestion": one.suggestion}
            for one in outcome.refusals[:_MOST_REFUSALS_SHOWN]
        ],
    }


def import_feed(job: Job, progress: Progress) -> dict[str, Any]:
    """Imports a department's file; the same file again gives the batch that is there."""
    outcome = _import_feed(job, progress, dry_run=False)
    assert outcome.batch is not None
    return {"batch": outcome.batch.pk, "counts": outcome.counts, "is_new": outcome.is_new}


def _import_feed(job: Job, progress: Progress, *, dry_run: bool) -> feeds.Outcome:
    arrival = arrivals.Arrival.of(job.arguments)
    with arrivals.opened(arrival) as path:
        return feeds.import_file(
            path=path,
            dataset=arrival.dataset,
            region_code=arrival.region_code,
            period=Month.parse(arrival.period),
            by=job.asked_by,
            now=timezone.now(),
            sender=arrival.sender,
            mapping=arrival.mapping,
            dry_run=dry_run,
            progress=progress,
        )


def revert_feed(job: Job, progress: Progress) -> dict[str, Any]:
    """Takes a department's file out of force; done already counts as done."""
    progress("撤销批次", 0, 1)
    batch = Batch.objects.get(pk=job.arguments["batch"])
    if batch.state != BatchState.REVERTED:
        feeds.revert(batch=batch, by=job.asked_by, reason=job.arguments["reason"], now=timezone.now())
    return {"batch": batch.pk}


def export(job: Job, progress: Progress) -> dict[str, Any]:
    """Writes a list to a file that whoever asked can fetch."""
    return exports.write(job, progress)


RECIPES: dict[str, Recipe] = {
    "screen": screen,
    "plan_feed": plan_feed,
    "import_feed": import_feed,
    "revert_feed": revert_feed,
    "export": export,
}
