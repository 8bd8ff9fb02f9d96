"""Rows of the database as DuckDB tables, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import duckdb
import pyarrow as pa

CHUNK = 20_000

Columns = Mapping[str, pa.DataType]


def make(connection: duckdb.DuckDBPyConnection, name: str, columns: Columns) -> None:
    """An empty temporary table."""
    connection.register("no_rows", pa.table({column: pa.array([], kind) for column, kind in columns.items()}))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM no_rows")
    connection.unregister("no_rows")


def append(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Columns,
    rows: Iterable[Sequence[object]],
    *,
    query: str = "SELECT * FROM chunk",
) -> None:
    """Adds rows (values in the order of ``columns``); ``query`` may make something else of each ``chunk`` on its way."""
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        arrays = [
            pa.array(values, kind) for values, kind in zip(zip(*chunk, strict=True), columns.values(), strict=True)
        ]
        connection.register("chunk", pa.table(arrays, names=list(columns)))
        connection.execute(f"INSERT INTO {name} {query}")
        connection.unregister("chunk")


def fill(connection: duckdb.DuckDBPyConnection, name: str, columns: Columns, rows: Iterable[Sequence[object]]) -> None:
    """A temporary table with these rows."""
    make(connection, name, columns)
    append(connection, name, columns, rows)
