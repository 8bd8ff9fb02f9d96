"""The same by hand: ``hand_screening.sql`` in DuckDB. Arguments: lake, target, values (JSON)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from string import Template

import duckdb

from bench.measuring import measured

SCRIPT = Path(__file__).parents[1] / "hand_screening.sql"


def main(lake: Path, target: Path, values: str) -> None:
    names = {name: _in_sql(value) for name, value in json.loads(values).items()}
    script = Template(SCRIPT.read_text()).substitute(names, lake=lake, target=target)
    with duckdb.connect(config={"temp_directory": str(target.with_suffix(".temporary"))}) as connection, measured():
        for statement in connection.extract_statements(script):
            connection.execute(statement)


def _in_sql(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(f"'{entry}'" if isinstance(entry, str) else str(entry) for entry in value)
    return str(value)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
