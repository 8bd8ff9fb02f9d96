"""Measures the screening: the program's engine against SQL by hand, pandas, and reading the used columns once."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import comparing, values
from .data import Folder
from .measuring import Measurement, Spread, ratios, rounds, run
from .report import Goal, Section

MOST_FOR_PANDAS = 10  # million people: beyond that its frames do not fit into the memory of a common machine
_HEADINGS = ("program", "seconds", "processor s", "start s", "peak MB", "engine's time ÷ its", "… of processor")


def section(folder: Folder, millions: float, count: int, *, spark: bool = False) -> Section:
    """One size of lake. Raises DifferentFindingsError unless every program found the same."""
    lake, names = folder.lake(millions), json.dumps(values.sql_names(), default=str)
    targets = {name: folder.path / f"found-{name}.parquet" for name in ("engine", "hand", "pandas", "spark")}
    programs: dict[str, Callable[[], Measurement]] = {
        "engine": partial(run, "engine", lake, targets["engine"]),
        "hand": partial(run, "hand", lake, targets["hand"], names),
        "floor": partial(run, "floor", lake),
    }
    if millions <= MOST_FOR_PANDAS:
        programs["pandas"] = partial(run, "pandas_screening", lake, targets["pandas"], names)
    if spark:
        programs["spark"] = partial(run, "engine", lake, targets["spark"], "spark")
    found = rounds(programs, count)
    result = Section(f"Screening, {millions:g} million people, thirteen rules, {count} rounds", _HEADINGS)
    findings = _compared(targets, [name for name in programs if name in targets])
    for name, label in _LABELS.items():
        if name in found:
            result.rows.append(_row(label, found[name], found["engine"], is_engine=name == "engine"))
    result.remarks.append(f"{findings:,} findings, the same in every program, with the same evidence rows")
    if spark:
        result.remarks.append("Spark: the memory is that of its Python process, not of Java's")
    result.goals = [
        Goal("screening ÷ SQL by hand", ratios(found["engine"], found["hand"]).median, "<=", 1.1, " ×"),
        Goal(
            "screening ÷ reading the used columns once", ratios(found["engine"], found["floor"]).median, "<=", 4, " ×"
        ),
    ]
    return result


_LABELS = {
    "engine": "the program (Ibis → DuckDB)",
    "hand": "SQL by hand in DuckDB",
    "pandas": "pandas",
    "spark": "the program on Spark",
    "floor": "reading the used columns once",
}


def _compared(targets: dict[str, Path], names: list[str]) -> int:
    counts = [comparing.same_findings(targets["engine"], targets[name], name) for name in names if name != "engine"]
    for name in names:
        targets[name].unlink()
    return counts[0]


def _row(label: str, runs: list[Measurement], engine: list[Measurement], *, is_engine: bool) -> tuple[str, ...]:
    def spread(what: str) -> Spread:
        return Spread.of([getattr(one, what) for one in runs])

    against = ("1", "1") if is_engine else (ratios(engine, runs).text(), ratios(engine, runs, "cpu_seconds").text())
    peak = math.ceil(spread("peak_mb").greatest)
    return (
        label,
        spread("seconds").text(),
        spread("cpu_seconds").text(),
        spread("start_seconds").text(1),
        f"{peak:,}",
        *against,
    )
