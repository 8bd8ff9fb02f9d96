"""Puts matched rows into the lake: what is known already is not written twice, what is told anew replaces what was told before.

Of rows that tell of the same thing (equal subject and natural key) the one of the newer period counts, within a period the
later batch, within a file the row of higher precedence and then the later one. Files are only ever added; a replaced row is
named in a ``superseded`` file of the batch that replaces it, so that a reverted batch takes its replacements with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet

from shouwang.intake import queries as intake
from shouwang.intake.models import LakeFile
from shouwang.lake import store

from .dataset import Dataset, Subject

SUPERSEDED, KNOWN = "superseded", "known"


@dataclass(frozen=True)
class Target:
    """Where facts go: one county's share of one batch. ``suffix`` tells later additions to a batch apart."""

    dataset: Dataset
    county_code: str
    period: str
    batch_id: int
    suffix: str = ""

    def path(self, dataset: str, period: str, batch_id: int, by: str = "") -> Path:
        return store.path_of(dataset, self.county_code, period, f"batch-{batch_id}{by}{self.suffix}")


@dataclass(frozen=True)
class Weighed:
    """What becomes of the rows: written (of which some replaced at once within the file), known, and what they replace."""

    taken: int
    known: int  # said before by another batch with the same content
    repeated: int  # said twice in the same file
    replaced_in_file: int
    replaced: int  # rows of earlier batches that no longer count
    outdated: int  # rows that a newer period had replaced before they came

    @property
    def unwritten(self) -> int:
        return self.known + self.repeated


def weigh(
    connection: duckdb.DuckDBPyConnection, target: Target, *, row_count: int | None = None, whole: str = "fresh"
) -> Weighed:
    """Compares the relation ``facts`` of one county with itself and with the lake. Nothing is written.

    Leaves ``unwritten`` (row, known_batch, known_row) and ``replaced`` (winner, batch, row, period) in the connection.
    ``row_count`` spares counting the facts; ``whole`` is a relation that contains them and is cheaper to look through.
    """
    _open_fresh(connection, target)
    connection.execute("CREATE OR REPLACE TEMP TABLE unwritten (row INTEGER, known_batch BIGINT, known_row INTEGER)")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE replaced (winner BIGINT, batch BIGINT, row INTEGER, period VARCHAR)"
    )
    is_numbered = _is_numbered(connection, target.dataset, whole)
    _compare_within(connection, target, is_numbered=is_numbered)
    _compare_with_lake(connection, target, whole if is_numbered else "")
    if row_count is None:
        row_count = connection.execute("SELECT count(*) FROM fresh").fetchall()[0][0]
    return _weighed(connection, target, row_count)


def write(connection: duckdb.DuckDBPyConnection, target: Target, weighed: Weighed) -> list[LakeFile]:
    """Writes what ``weigh`` found worth writing; returns the files, not yet saved, that must be named for it to count."""
    columns = ", ".join(column.name for column in target.dataset.lake_columns)
    written = "" if _is_empty(connection, "unwritten") else "WHERE row NOT IN (SELECT row FROM unwritten)"
    files = []
    if weighed.taken:
        query = f"""SELECT {target.batch_id}::BIGINT AS batch, row, '{target.period}' AS period, person_key, household_key, {columns}
            FROM fresh {written}"""
        files.append(_file(connection, target, target.dataset.code, query, target.period, target.batch_id))
    files += _write_pointers(connection, target)
    return files


# ── the rows as they are compared ──────────────────────────────────────────────────────────────────


def _keys(dataset: Dataset) -> list[str]:
    keys = [*filter(None, [dataset.subject_key]), *dataset.natural_key]
    if dataset.is_whole_row_without_key:
        is_without = " AND ".join(f"{name} IS NULL" for name in dataset.natural_key)
        rest = [column.name for column in dataset.lake_columns if column.name not in dataset.natural_key]
        keys += [f"CASE WHEN {is_without} THEN {name} END" for name in rest]
    if dataset.newcomers[0]:
        # Newcomers have no person key yet; twins of one household are told apart by their order.
        listed = ", ".join(["household_key", *dataset.natural_key])
        keys += [
            "household_key",
            f"CASE WHEN person_key IS NULL THEN row_number() OVER (PARTITION BY batch, person_key, {listed} ORDER BY row) END",
        ]
    return keys


def _contents(dataset: Dataset) -> list[str]:
    return [column.name for column in dataset.lake_columns if column.name != dataset.subject_key]


def _keyed(dataset: Dataset, source: str) -> str:
    """The columns of ``source`` and the key as k0, k1, …"""
    keys = ", ".join(f"{key} AS k{place}" for place, key in enumerate(_keys(dataset)))
    return f"(SELECT *, {keys} FROM {source})"


def _key_names(dataset: Dataset, table: str = "") -> list[str]:
    prefix = f"{table}." if table else ""
    return [f"{prefix}k{place}" for place in range(len(_keys(dataset)))]


def _same(names: Sequence[str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{name} IS NOT DISTINCT FROM {right}.{name}" for name in names) or "true"


def _open_fresh(connection: duckdb.DuckDBPyConnection, target: Target) -> None:
    connection.execute(f"""CREATE OR REPLACE TEMP VIEW fresh AS
        SELECT *, {target.batch_id}::BIGINT AS batch FROM facts WHERE county_code = '{target.county_code}'""")


def _compare_within(connection: duckdb.DuckDBPyConnection, target: Target, *, is_numbered: bool) -> None:
    """Rows of the file that tell of the same thing. Hashes find the few that might; only those are looked at."""
    dataset = target.dataset
    if is_numbered:
        connection.execute("CREATE OR REPLACE TEMP TABLE losers (row INTEGER)")
        return
    keys = ", ".join(_key_names(dataset))
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE twins AS
        SELECT hash({keys}) AS mark FROM {_keyed(dataset, "fresh")} GROUP BY 1 HAVING count(*) > 1""")
    if _is_empty(connection, "twins"):
        connection.execute("CREATE OR REPLACE TEMP TABLE losers (row INTEGER)")
        return
    precedence = f"{dataset.precedence} DESC NULLS LAST, " if dataset.precedence else ""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE ranked AS
        SELECT *, row_number() OVER (PARTITION BY {keys} ORDER BY {precedence}row DESC) AS place
        FROM {_keyed(dataset, "fresh")} WHERE hash({keys}) IN (SELECT mark FROM twins)""")
    same_key = _same(_key_names(dataset), "winner", "loser")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE losers AS
        SELECT loser.row, winner.row AS winner, {_same(_contents(dataset), "winner", "loser")} AS is_same
        FROM ranked AS loser JOIN ranked AS winner ON winner.place = 1 AND loser.place > 1 AND {same_key}""")
    connection.execute("INSERT INTO unwritten SELECT row, NULL, winner FROM losers WHERE is_same")
    connection.execute(f"""INSERT INTO replaced
        SELECT {target.batch_id}, {target.batch_id}, row, '{target.period}' FROM losers WHERE NOT is_same""")


def _is_numbered(connection: duckdb.DuckDBPyConnection, dataset: Dataset, whole: str) -> bool:
    """Whether every row carries a number of its own, so that no two can tell of the same thing. Quicker than comparing."""
    if not dataset.is_whole_row_without_key:
        return False
    keys = ", ".join(dataset.natural_key)
    return connection.execute(f"SELECT 1 FROM {whole} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1").fetchone() is None


def _compare_with_lake(connection: duckdb.DuckDBPyConnection, target: Target, numbered: str) -> None:
    """Rows that earlier batches told of the same things. ``numbered`` names the relation when every row has a number of its own."""
    dataset = target.dataset
    files = intake.lake_files(county_code=target.county_code, datasets=[dataset.code, SUPERSEDED])
    told = [file for file in files if file.dataset == dataset.code]
    if not told:
        return
    open_files(connection, "existing", told)
    if numbered and not _has_common_number(connection, dataset, numbered):
        return
    _open_overruled(connection, dataset, [file for file in files if file.dataset == SUPERSEDED])
    mine = f"('{target.period}', {target.batch_id})"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE meetings AS
        SELECT f.row, e.batch, e.row AS known_row, e.period, {_same(_contents(dataset), "f", "e")} AS is_same,
               (e.period, e.batch) <= {mine} AS is_earlier
        FROM {_keyed(dataset, "fresh")} AS f JOIN {_keyed(dataset, "existing")} AS e ON {_same(_key_names(dataset), "f", "e")}
        WHERE f.row NOT IN (SELECT row FROM losers) AND (e.batch, e.row) <> ({target.batch_id}, f.row)""")
    connection.execute(f"""INSERT INTO unwritten
        SELECT row, min(batch), arg_min(known_row, batch) FROM meetings
        WHERE is_same AND is_earlier AND NOT EXISTS (
            SELECT 1 FROM overruled WHERE overruled.batch = meetings.batch AND overruled.row = meetings.known_row
              AND overruled.period <= '{target.period}')
        GROUP BY row""")
    connection.execute(f"""INSERT INTO replaced
        SELECT DISTINCT {target.batch_id}, batch, known_row, '{target.period}' FROM meetings
        WHERE is_earlier AND row NOT IN (SELECT row FROM unwritten)""")
    connection.execute(f"""INSERT INTO replaced
        SELECT DISTINCT batch, {target.batch_id}, row, period FROM meetings
        WHERE NOT is_earlier AND row NOT IN (SELECT row FROM unwritten)""")


def _has_common_number(connection: duckdb.DuckDBPyConnection, dataset: Dataset, whole: str) -> bool:
    """Whether any number of the file stands in the lake already. One column settles what the whole key need not be asked for."""
    keys = ", ".join(dataset.natural_key)
    query = f"""SELECT 1 FROM (SELECT {keys} FROM {whole}) AS f JOIN (SELECT {keys} FROM existing) AS e
        ON {_same(dataset.natural_key, "f", "e")} LIMIT 1"""
    return connection.execute(query).fetchone() is not None


def open_files(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[LakeFile]) -> None:
    """Makes a view of lake files of one dataset."""
    paths = ", ".join("'" + str(store.absolute(file.path)).replace("'", "''") + "'" for file in files)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
    )


def _open_overruled(connection: duckdb.DuckDBPyConnection, dataset: Dataset, files: Sequence[LakeFile]) -> None:
    if files:
        open_files(connection, "superseded_rows", files)
        source = f"SELECT batch, row, period FROM superseded_rows WHERE dataset = '{dataset.code}'"
    else:
        source = "SELECT NULL::BIGINT AS batch, NULL::INTEGER AS row, NULL::VARCHAR AS period WHERE false"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE overruled AS {source}")


def _weighed(connection: duckdb.DuckDBPyConnection, target: Target, rows: int) -> Weighed:
    mine = target.batch_id
    row = connection.execute(f"""SELECT
        (SELECT count(*) FROM unwritten WHERE known_batch IS NOT NULL),
        (SELECT count(*) FROM unwritten WHERE known_batch IS NULL),
        (SELECT count(*) FROM replaced WHERE winner = {mine} AND batch = {mine}),
        (SELECT count(*) FROM replaced WHERE winner = {mine} AND batch <> {mine}),
        (SELECT count(DISTINCT row) FROM replaced WHERE winner <> {mine})""").fetchall()[0]
    known, repeated, in_file, replaced, outdated = row
    return Weighed(rows - known - repeated, known, repeated, in_file, replaced, outdated)


# ── files ──────────────────────────────────────────────────────────────────────────────────────────


def _write_pointers(connection: duckdb.DuckDBPyConnection, target: Target) -> list[LakeFile]:
    """Which rows are known from where, and which rows are replaced by which batch."""
    files = []
    known = connection.execute("SELECT 1 FROM unwritten WHERE known_batch IS NOT NULL LIMIT 1").fetchone()
    if known:
        query = f"""SELECT '{target.dataset.code}' AS dataset, {target.batch_id}::BIGINT AS batch, row, known_batch, known_row
            FROM unwritten WHERE known_batch IS NOT NULL ORDER BY row"""
        files.append(_file(connection, target, KNOWN, query, target.period, target.batch_id))
    winners = connection.execute("SELECT DISTINCT winner, period FROM replaced ORDER BY ALL").fetchall()
    for winner, period in winners:
        query = f"""SELECT DISTINCT '{target.dataset.code}' AS dataset, batch, row, period FROM replaced
            WHERE winner = {winner} AND period = '{period}' ORDER BY batch, row"""
        by = "" if winner == target.batch_id else f"-over-{target.batch_id}"
        files.append(_file(connection, target, SUPERSEDED, query, period, winner, by))
    return files


def _file(
    connection: duckdb.DuckDBPyConnection,
    target: Target,
    dataset: str,
    query: str,
    period: str,
    batch_id: int,
    by: str = "",
) -> LakeFile:
    path = target.path(dataset, period, batch_id, by)
    digest = store.write_query(connection, query, path)
    return LakeFile(
        batch_id=batch_id,
        dataset=dataset,
        region_code=target.county_code,
        period=period,
        path=store.relative(path),
        content_hash=digest,
        row_count=parquet.read_metadata(path).num_rows,
    )


def _is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None


def needs_household(dataset: Dataset) -> bool:
    """Whether the subject of a row is a household."""
    return dataset.subject in (Subject.HOUSEHOLD, Subject.HOUSEHOLDER)
