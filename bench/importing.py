"""Measures the import of a million rows, from parse to lake, against DuckDB's own CSV → Parquet of the same file."""

from __future__ import annotations

from functools import partial

from . import preparation
from .data import Folder
from .measuring import Measurement, Spread, ratios, rounds, run
from .report import Goal, Section


def section(folder: Folder, count: int) -> Section:
    """A department's file into a county that has its register and a year of the same department's files."""
    workspace = preparation.county(folder)
    path = preparation.million_rows(folder, workspace)
    target, copy = path.with_name("own.parquet"), path.with_name("copy")
    found = rounds(
        {
            "import": partial(run, "import_file", workspace, path, copy),
            "own": partial(run, "csv_to_parquet", path, target),
        },
        count,
    )
    target.unlink()
    result = Section(
        f"Import of {preparation.ROWS:,} rows, {path.stat().st_size / 1e6:.0f} MB, {count} rounds",
        ("way", "seconds", "processor s", "thousand rows a second", "peak MB"),
    )
    result.rows = [_row("the program's import", found["import"]), _row("DuckDB's own CSV → Parquet", found["own"])]
    counts = found["import"][-1].notes["counts"]
    result.remarks.append(
        "rows: " + ", ".join(f"{name} {number:,}" for name, number in counts.items() if name != "detail")
    )
    processor = ratios(found["own"], found["import"], "cpu_seconds")
    result.remarks.append(f"the same by processor time: {processor.text()} of DuckDB's rows a second")
    result.goals = [
        Goal("import, of DuckDB's rows a second", ratios(found["own"], found["import"]).median, ">=", 0.6, " ×")
    ]
    return result


def _row(label: str, runs: list[Measurement]) -> tuple[str, ...]:
    speeds = Spread.of([preparation.ROWS / 1000 / one.seconds for one in runs])
    seconds = Spread.of([one.seconds for one in runs])
    processor = Spread.of([one.cpu_seconds for one in runs])
    return (label, seconds.text(), processor.text(), speeds.text(0), f"{max(one.peak_mb for one in runs):,.0f}")
