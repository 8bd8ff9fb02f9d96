"""Keeps the income ledger in step with the files: after an import, a reversal or a change of the register, without anybody asking."""

from __future__ import annotations

import datetime as dt

from shouwang.feeds import register
from shouwang.foundation.progress import Progress, silent
from shouwang.households.income import collecting, sayings
from shouwang.intake.models import Batch


def follow(*, batch: Batch | None, now: dt.datetime, progress: Progress = silent) -> None:
    """Collects what a batch changed in the ledgers of its counties; a file that says nothing about income changes none."""
    if batch is None or (batch.purpose == "feed" and batch.dataset not in sayings.SAYINGS):
        return
    keep_up(region_code=batch.region_code, now=now, progress=progress)


def keep_up(*, region_code: str, now: dt.datetime, progress: Progress = silent) -> list[collecting.Collected]:
    """Brings the ledgers of a region's counties up to their files. Harmless when repeated."""
    counties = register.counties_within(region_code)
    return [collecting.collect(county_code=code, now=now, progress=progress) for code in counties]
