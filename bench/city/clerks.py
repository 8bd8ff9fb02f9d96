"""Fifty clerks at once on the same leads and cases, through the pages of a running server: nothing lost, nothing twice."""

from __future__ import annotations

from ..data import Folder
from ..measuring import run
from ..report import Goal, Section
from . import stores

CLERKS = 50
SECONDS = 60


def section(folder: Folder, store: str) -> Section:
    with stores.environment(folder, store) as found:
        told = run("city_clerks", CLERKS, SECONDS, environment=found).notes
    result = Section(
        f"{CLERKS} clerks at once for {SECONDS} s on {store}",
        ("what", "count", "median ms", "95 of 100 ms", "slowest ms"),
    )
    for label, times in told["times"].items():
        times.sort()
        at = [times[int(len(times) * share)] for share in (0.5, 0.95)] + [times[-1]] if times else []
        cells = [f"{1000 * one:.0f}" for one in at] or [""] * 3
        result.rows.append((label, str(len(times)), *cells))
    result.remarks.append(
        f"{told['taken'] / SECONDS:.1f} steps a second; of those that came too late {told['conflicts']} were told so, "
        f"{told['refused']} were refused with a sentence"
    )
    result.remarks += told["wrong"][:10]
    result.goals.append(Goal(f"steps taken by 50 clerks on {store}", told["taken"], ">=", 100))
    result.goals.append(Goal(f"answers that were errors on {store}", told["failed"], "<=", 0))
    result.goals.append(Goal(f"steps lost, twice or half done on {store}", len(told["wrong"]), "<=", 0))
    return result
