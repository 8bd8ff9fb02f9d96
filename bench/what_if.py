"""Measures what-ifs: one parameter of a county of 60,000 households with another value, who enters and who leaves."""

from __future__ import annotations

from functools import partial

from . import preparation
from .data import Folder
from .measuring import Spread, rounds, run
from .report import Goal, Section

# The parameter that most rules use, one that adds up a year of bills, and one of a single class of income.
ASKED = {
    "household.monitoring_income_line": "9000",
    "household.medical_warning_line.general": "20000",
    "household.transfer_share_limit": "0.4",
}


def section(folder: Folder, count: int) -> Section:
    workspace = {"SHOUWANG_HOME": str(preparation.county(folder))}
    programs = {
        (parameter, again): partial(run, "what_if", parameter, value, again, environment=workspace)
        for parameter, value in ASKED.items()
        for again in ("", "again")
    }
    by_name = rounds({" ".join(key): program for key, program in programs.items()}, count)
    found = {key: by_name[" ".join(key)] for key in programs}
    result = Section(
        f"What-if in the demonstration county, {count} rounds",
        (
            "parameter",
            "first s",
            "processor s",
            "again s",
            "processor s",
            "rules",
            "households before → after",
            "peak MB",
        ),
    )
    for parameter in ASKED:
        first, again = (Spread.of([one.seconds for one in found[parameter, which]]) for which in ("", "again"))
        processor = [Spread.of([one.cpu_seconds for one in found[parameter, which]]).text() for which in ("", "again")]
        runs = found[parameter, ""]
        notes = runs[0].notes
        change = f"{notes['before']:,} → {notes['after']:,}"
        peak = f"{max(one.peak_mb for one in runs):,.0f}"
        figures = (first.text(), processor[0], again.text(), processor[1])
        result.rows.append((parameter, *figures, str(notes["rules"]), change, peak))
        for label, figure in (("first of a process", first), ("after that", again)):
            result.goals.append(Goal(f"what-if, {parameter}, {label}", figure.median, "<", 1, " s"))
    return result
