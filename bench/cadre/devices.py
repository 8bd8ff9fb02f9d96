"""Phones after a day without signal: how fast their records are taken in, and what is lost, twice or half done when lines and servers die."""

from __future__ import annotations

from ..data import Folder
from ..measuring import run
from ..report import Goal, Section
from . import stores

PHONES = 500
LINES = 16  # phones that talk at the same moment
CUTS = 0.2  # of the posts
_GOAL_RECORDS_A_SECOND = 100


def section(folder: Folder, store: str, scale: float) -> Section:
    phones = max(2, round(PHONES * scale))
    result = Section(
        f"{phones} phones with 40 records each, {LINES} at a time, on {store}",
        ("lines", "records a second", "posts", "median ms", "95 of 100 ms", "slowest ms", "cut", "repeated"),
    )
    for label, cuts in (("whole", 0.0), ("cut, server killed", CUTS)):
        with stores.environment(folder, store, make=("devices", str(phones)), is_copy=True) as found:
            told = run("devices", "send", phones, LINES, cuts, environment=found).notes
        times = sorted(told["times"])
        at = [times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95, 1)]
        speed = told["records"] / (told["seconds"] - told["away"])
        repeated = told["results"].get("repeated", 0)
        figures = [f"{1000 * one:.0f}" for one in at]
        result.rows.append(
            (label, f"{speed:.0f}", str(len(times)), *figures, str(sum(told["cuts"].values())), str(repeated))
        )
        said = ", ".join(f"{count} {name}" for name, count in sorted(told["results"].items()))
        result.remarks.append(
            f"{label}: {told['records']} records in {told['seconds']:.1f} s ({said}), the server away for {told['away']:.1f} s, "
            f"processor: server {told['server']:.1f} s ({told['records'] / told['server']:.0f} records a second), "
            f"senders {told['sender']:.1f} s; held against the database in {told['holding']:.1f} s"
        )
        if told["errors"] or told["cuts"]:
            result.remarks.append(f"{label}: cut {told['cuts']}, heard otherwise {told['errors']}")
        result.remarks += told["wrong"][:10]
        result.goals.append(Goal(f"lost, twice or half done, {label}, on {store}", len(told["wrong"]), "<=", 0))
        if not cuts:
            result.goals.append(Goal(f"records a second on {store}", speed, ">=", _GOAL_RECORDS_A_SECOND))
    return result
