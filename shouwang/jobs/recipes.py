"""What the background can do, each by name. Every recipe may run twice without harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.foundation.progress import Progress
from shouwang.screening import actions as screening

from .models import Job

Recipe = Callable[[Job, Progress], dict[str, Any]]


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


RECIPES: dict[str, Recipe] = {"screen": screen}
