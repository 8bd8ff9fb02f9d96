"""A city's month of visits closed county by county: seconds, and whether every figure and every missed household is what a recount finds."""

from __future__ import annotations

from ..data import Folder
from ..measuring import run
from ..report import Goal, Section
from . import stores

_CITY_SECONDS, _COUNTY_SECONDS = 60, 10


def section(folder: Folder, store: str, scale: float) -> Section:
    with stores.environment(folder, store, make=("month_closing", f"{scale:g}"), is_copy=False) as found:
        measured = run("month_closing", "close", scale, environment=found)
    counties, wrong = measured.notes["counties"], measured.notes["wrong"]
    households = sum(line["households"] for line in counties)
    result = Section(
        f"A city's month of visits closed on {store}: {households} households in {len(counties)} counties",
        ("county", "households", "s", "processor s", "opened again, s"),
    )
    for line in counties:
        figures = (f"{line[name]:.2f}" for name in ("seconds", "processor", "opened"))
        result.rows.append((line["county"], str(line["households"]), *figures))
    whole, slowest = sum(line["seconds"] for line in counties), max(line["seconds"] for line in counties)
    result.remarks.append(
        f"the city {whole:.1f} s by the clock, {sum(line['processor'] for line in counties):.1f} s by the processor; "
        f"counted once more in {measured.notes['recount']:.1f} s; {measured.peak_mb:.0f} MB"
    )
    result.remarks += wrong[:10]
    result.goals.append(Goal(f"a city's month closed on {store}", whole, "<", _CITY_SECONDS, " s"))
    result.goals.append(Goal(f"its slowest county on {store}", slowest, "<", _COUNTY_SECONDS, " s"))
    result.goals.append(Goal(f"figures and names other than the recount's on {store}", len(wrong), "<=", 0))
    return result
