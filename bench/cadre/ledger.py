"""A county's income ledger after one changed line, one file of one row, one changed parameter: what has to be computed anew, and how long it takes."""

from __future__ import annotations

import statistics

from ..data import Folder
from ..measuring import run
from ..report import Goal, Section
from . import stores

# What a change of one household may take, and what may take as long as a page.
_HOUSEHOLD_MS, _PAGE_MS = 50, 200


def section(folder: Folder, store: str, scale: float) -> Section:
    with stores.environment(folder, store, make=("ledger_change", f"{scale:g}"), is_copy=True) as found:
        measured = run("ledger_change", "change", scale, environment=found)
    notes = measured.notes
    result = Section(
        f"A county's ledger after a change on {store}: {notes['kept']} households kept, {notes['lines']} lines",
        ("what", "times", "ms", "slowest ms", "processor ms"),
    )
    medians: dict[str, float] = {}
    for name, times in notes["times"].items():
        seconds, processor = zip(*times, strict=True)
        medians[name] = 1000 * statistics.median(seconds)
        cells = medians[name], 1000 * max(seconds), 1000 * statistics.median(processor)
        result.rows.append((name, str(len(times)), *(f"{cell:.1f}" for cell in cells)))
    result.remarks += notes["wrong"][:10]
    written, household, _, county, *_ = medians.values()
    under = medians["… the household's figures under it"]
    result.goals += [
        Goal(f"one line changed, its household computed on {store}", written + household, "<", _HOUSEHOLD_MS, " ms"),
        Goal(f"one parameter changed, a household computed on {store}", under, "<", _HOUSEHOLD_MS, " ms"),
        Goal(f"the county rolled up after a change on {store}", county, "<", _PAGE_MS, " ms"),
        Goal(f"figures other than their lines make on {store}", len(notes["wrong"]), "<=", 0),
    ]
    return result
