"""DuckDB's own way from a CSV file to Parquet: nothing checked, nothing matched. Arguments: file, target."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from bench.measuring import measured


def main(path: Path, target: Path) -> None:
    with duckdb.connect() as connection, measured() as notes:
        query = f"COPY (FROM read_csv('{path}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        row = connection.execute(query).fetchone()
        notes["rows"] = row[0] if row else 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
