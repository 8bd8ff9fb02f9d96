"""Compares a county's archive with the platform and the newest visits, in the background."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from shouwang.foundation.progress import Progress
from shouwang.households.archive import actions

from . import clock
from .models import Job

RECIPE = "compare_archive"


def work(job: Job, progress: Progress) -> dict[str, Any]:
    """The recipe; twice changes nothing."""
    progress("比对档案、系统和走访", 0, 1)
    made = actions.compare(county=job.region_code, by=job.asked_by, today=clock.today(), now=timezone.now())
    return {"comparison": made.pk, "households": made.household_count, **made.counts}
