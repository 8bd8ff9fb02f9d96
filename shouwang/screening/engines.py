"""Two engines, one set of expressions: DuckDB in the process, Spark where a province outgrows one machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from shouwang.foundation.errors import UserError
from shouwang.lake import store

from . import schemas

NAMES = ("duckdb", "spark")


class Engine(Protocol):
    """Opens lake files as tables and brings the rows of an expression back, with exact types."""

    name: str

    def open(self, dataset: str, files: list[Path]) -> ir.Table: ...

    def hold(self, name: str, rows: pa.Table) -> ir.Table:
        """Rows in memory as a table that expressions can join."""
        ...

    def keep(self, name: str, expression: ir.Table, types: Mapping[str, str]) -> ir.Table:
        """The rows of an expression, computed once and held in the engine for several queries."""
        ...

    def collect(self, expression: ir.Table, types: Mapping[str, str]) -> pa.Table:
        """The rows of an expression. The types are forced: DuckDB's sums are wider than Ibis believes."""
        ...


_SQL_TYPES = {
    "int64": "BIGINT",
    "int32": "INT",
    "int16": "SMALLINT",
    "string": "VARCHAR",
    "date": "DATE",
    "boolean": "BOOLEAN",
}
_SPARK_TYPES = _SQL_TYPES | {"string": "STRING"}
_ARROW_TYPES = {
    "int64": pa.int64(),
    "int32": pa.int32(),
    "int16": pa.int16(),
    "string": pa.string(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


def arrow_schema(types: Mapping[str, str]) -> pa.Schema:
    return pa.schema([(name, _ARROW_TYPES[kind]) for name, kind in types.items()])


def _sql_type(kind: str, names: Mapping[str, str]) -> str:
    return names.get(kind) or kind.upper().replace(" ", "")


class DuckDBEngine:
    name = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.backend = ibis.duckdb.from_connection(connection)
        self._held: list[str] = []

    def open(self, dataset: str, files: list[Path]) -> ir.Table:
        columns = schemas.columns(dataset)
        if files:
            source = self._read(dataset, files)
            selected = ", ".join(
                f'CAST("{name}" AS {_sql_type(kind, _SQL_TYPES)}) AS "{name}"' for name, kind in columns.items()
            )
        else:
            source = "(SELECT 1) AS nothing WHERE false"
            selected = ", ".join(
                f'CAST(NULL AS {_sql_type(kind, _SQL_TYPES)}) AS "{name}"' for name, kind in columns.items()
            )
        self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{dataset}" AS SELECT {selected} FROM {source}')
        return self._table(dataset, columns)

    @staticmethod
    def _read(dataset: str, files: list[Path]) -> str:
        paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
        # the register's snapshots carry the sheets' own columns, which differ between counties
        by_name = "true" if dataset.startswith("registry_") else "false"
        return f"read_parquet([{paths}], union_by_name = {by_name})"

    def hold(self, name: str, rows: pa.Table) -> ir.Table:
        self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        self.connection.register("incoming_rows", rows)
        self.connection.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM incoming_rows')
        self.connection.unregister("incoming_rows")
        return self.backend.table(name)

    def keep(self, name: str, expression: ir.Table, types: Mapping[str, str]) -> ir.Table:
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "kept_{name}" AS {self._typed(expression, types)}')
        return self._table(f"kept_{name}", types)

    def _table(self, name: str, types: Mapping[str, str]) -> ir.Table:
        """A relation whose columns are known: DuckDB need not be asked for them."""
        return ops.DatabaseTable(name, schema=ibis.schema(dict(types)), source=self.backend).to_expr()

    def collect(self, expression: ir.Table, types: Mapping[str, str]) -> pa.Table:
        return self.connection.execute(self._typed(expression, types)).to_arrow_table().cast(arrow_schema(types))

    def _typed(self, expression: ir.Table, types: Mapping[str, str]) -> str:
        query = self.backend.compile(expression)
        casts = ", ".join(f'CAST("{name}" AS {_SQL_TYPES[kind]}) AS "{name}"' for name, kind in types.items())
        return f"SELECT {casts} FROM ({query})"


class SparkEngine:
    name = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session
        self.backend = ibis.pyspark.connect(session)

    def open(self, dataset: str, files: list[Path]) -> ir.Table:
        columns = schemas.columns(dataset)
        structure = ", ".join(f"`{name}` {_sql_type(kind, _SPARK_TYPES)}" for name, kind in columns.items())
        if files:
            frame = self.session.read.schema(structure).parquet(*[str(path) for path in files])
        else:
            frame = self.session.createDataFrame([], structure)
        frame.createOrReplaceTempView(dataset)
        return self.backend.table(dataset)

    def hold(self, name: str, rows: pa.Table) -> ir.Table:
        # in one piece: Spark 4.0 reads a table up to its first empty chunk and leaves out the rest
        self.session.createDataFrame(rows.combine_chunks()).createOrReplaceTempView(name)
        return self.backend.table(name)

    def keep(self, name: str, expression: ir.Table, types: Mapping[str, str]) -> ir.Table:
        self._typed(expression, types).persist().createOrReplaceTempView(f"kept_{name}")
        return self.backend.table(f"kept_{name}")

    def collect(self, expression: ir.Table, types: Mapping[str, str]) -> pa.Table:
        return self._typed(expression, types).toArrow().cast(arrow_schema(types))

    def _typed(self, expression: ir.Table, types: Mapping[str, str]) -> Any:
        query = self.backend.compile(expression)
        casts = ", ".join(f"CAST(`{name}` AS {_SPARK_TYPES[kind]}) AS `{name}`" for name, kind in types.items())
        return self.session.sql(f"SELECT {casts} FROM ({query})")


@contextmanager
def start(name: str, *, spark_master: str = "") -> Iterator[Engine]:
    """The engine of that name for one run. Raises UserError when it cannot be had on this machine."""
    if name == "duckdb":
        with store.connect() as connection:
            yield DuckDBEngine(connection)
        return
    if name != "spark":
        raise UserError(f"没有名为“{name}”的计算引擎", next_step="可用的是 duckdb 和 spark。")
    from .spark import session

    with session(spark_master) as opened:
        yield SparkEngine(opened)
