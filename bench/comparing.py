"""Whether two programs found the very same: rule, household, person, figures and every row of evidence. Anything else ends the bench."""

from __future__ import annotations

from pathlib import Path

import duckdb

_COLUMNS = (
    "rule", "status", "reason", "observed", "observed_divisor", "observed_text", "threshold", "threshold_divisor",
    "present_count", "expected_count", "region_code", "household_no", "household_key", "person_key",
)  # fmt: skip


class DifferentFindingsError(Exception):
    pass


def same_findings(ours: Path, theirs: Path, name: str) -> int:
    """How many findings both files hold. Raises DifferentFindingsError with examples when one has a row that the other lacks."""
    columns = ", ".join(_COLUMNS) + ", list_sort(evidence) AS evidence"
    with duckdb.connect() as connection:
        for view, path in (("ours", ours), ("theirs", theirs)):
            connection.execute(f"CREATE VIEW {view} AS SELECT {columns} FROM read_parquet('{path}')")
        for left, right in (("ours", "theirs"), ("theirs", "ours")):
            rows = connection.execute(f"FROM {left} EXCEPT ALL FROM {right}").fetchall()
            if rows:
                few = "\n".join(str(row) for row in rows[:5])
                raise DifferentFindingsError(f"{name}: {len(rows)} findings only in {left}:\n{few}")
        row = connection.execute("SELECT count(*) FROM ours").fetchone()
    if not row or not row[0]:
        raise DifferentFindingsError(f"{name}: nothing was found, so nothing is proved")
    return int(row[0])
