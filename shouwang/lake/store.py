"""Writes lake files so that they are there whole or not at all, and names them so that anyone can find them.

    lake/<dataset>/region=<county, 12 digits>/period=<2022-06>/batch-<number>.parquet

A file counts only while a batch in the database names it: what a crash leaves behind is never read, and a reverted
batch leaves no trace in the next run. Facts carry person and household keys, never identity numbers.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import duckdb
import pyarrow as pa

from shouwang.foundation import workspace

COMPRESSION = "zstd, COMPRESSION_LEVEL 1"  # a hundredth larger than the usual level, an eighth quicker to write


def path_of(dataset: str, region_code: str, period: str, name: str) -> Path:
    """Where the file of one batch lies; ``name`` is unique within dataset, county and period."""
    return workspace.lake_folder() / dataset / f"region={region_code}" / f"period={period}" / f"{name}.parquet"


def relative(path: Path) -> str:
    """How the database names a file: without the folder of this workspace."""
    return path.relative_to(workspace.lake_folder()).as_posix()


def absolute(name: str) -> Path:
    return workspace.lake_folder() / name


def connect() -> duckdb.DuckDBPyConnection:
    """DuckDB without any network, spilling into the workspace when memory runs short."""
    temporary = workspace.private_folder(workspace.home() / "temporary")
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(temporary),
            "preserve_insertion_order": True,
        }
    )


def write_query(connection: duckdb.DuckDBPyConnection, query: str, path: Path, parameters: dict | None = None) -> str:
    """Writes the rows of a typed SELECT as one Parquet file, atomically; returns the SHA-256 of its bytes.

    The query names its own order and types: the same rows give the same bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    target = str(temporary).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION {COMPRESSION})", parameters or {})
    digest = file_digest(temporary)
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.replace(path)
    return digest


def write_table(table: pa.Table, path: Path) -> str:
    """The same for a table in memory."""
    with connect() as connection:
        connection.register("incoming", table)
        return write_query(connection, "SELECT * FROM incoming", path)


def remove(path: Path) -> None:
    """Takes a file away; its absence is no error."""
    path.unlink(missing_ok=True)


def file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
