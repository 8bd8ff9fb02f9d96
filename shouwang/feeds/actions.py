"""What can be done with departments' files: import, split, revert, decide. Each is all or nothing and harmless when repeated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.intake.models import Batch

from . import correcting, datasets, deciding, importing, rematching, reverting
from .consulting import Decided, finish_decision, record_consultation
from .importing import Outcome, Share
from .models import PendingRow

if TYPE_CHECKING:
    from shouwang.organisation.models import Account
    from shouwang.registry.models import Person

__all__ = [
    "Decided",
    "Outcome",
    "Share",
    "correct",
    "decide",
    "finish_decision",
    "import_file",
    "record_consultation",
    "rematch",
    "revert",
]


def import_file(
    *,
    path: Path,
    dataset: str,
    region_code: str,
    period: Month,
    by: Account | None,
    now: dt.datetime,
    sender: str = "",
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Imports a department's file for a county, or splits a file of a city or province over its counties (S0-C-05).

    ``mapping``: 来文列名 → 标准列名, remembered for this sender. The same file again changes nothing (``Outcome.is_new`` false). With ``dry_run``
    nothing is kept and the outcome says what would happen. Raises UserError, with nothing changed, when the file as a whole
    cannot be used: unreadable, a required column missing, no register to match with.
    """
    return importing.run(
        path=path,
        dataset=datasets.dataset(dataset),
        region_code=region_code,
        period=period,
        sender=sender,
        by=by,
        now=now,
        mapping=mapping,
        dry_run=dry_run,
        progress=progress,
    )


def revert(*, batch: Batch, by: Account | None, reason: str, now: dt.datetime) -> None:
    """Takes a batch (with its counties' shares) out of force; the rows it replaced count again, the record stays.

    Raises UserError when it is not in force or no reason is given, NotPermittedError when ``by`` may not.
    """
    reverting.revert(batch=batch, by=by, reason=reason, now=now)


def decide(*, pending_row: PendingRow, person: Person | None, by: Account | None, now: dt.datetime) -> int:
    """Says which registered person a row speaks of, or (None) that it is none of them; returns how many rows that settled.

    The decision holds for every undecided row of the same incoming identity in this region and for later files; it is
    never asked again. Facts of the rows go to the lake as further files of their batches. Raises UserError when another
    decision was taken before, NotPermittedError when ``by`` may not.
    """
    return deciding.decide(pending_row=pending_row, person=person, by=by, now=now)


def rematch(*, region_code: str, by: Account | None, now: dt.datetime, progress: Progress = silent) -> int:
    """Looks for the people of a region's waiting rows once more; returns how many were found.

    To be called when the register has changed. Rows that find their person sure become facts of the batch that they came
    with; the others are listed with what the register now says. Repeating it changes nothing.
    """
    return rematching.rematch(region_code=region_code, by=by, now=now, progress=progress)


def correct(
    *, pending_row: PendingRow, person: Person | None, by: Account | None, reason: str, now: dt.datetime
) -> int:
    """Takes back what was decided about a row's identity and decides on another person of the county, or on nobody.

    Concerns every row in force that stands on the decision, and later files. What stood on it stays in the record; a batch
    of corrections takes its place. Returns how many rows. Raises UserError without a reason or a decision to correct.
    """
    return correcting.correct(pending_row=pending_row, person=person, by=by, reason=reason, now=now)
