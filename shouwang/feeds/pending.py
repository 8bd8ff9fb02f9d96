"""Rows that are left to a person: kept encrypted until somebody decides, then turned into facts as they were checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from shouwang.foundation import bulk, secrets
from shouwang.intake import cells

from . import matching, register
from .dataset import HELPER_NAMES, Dataset, Subject
from .models import PendingRow

DOUBTFUL, UNMATCHED = "doubtful", "unmatched"
ELSEWHERE_REASONS = (
    matching.ELSEWHERE,
    matching.HOUSEHOLD_ELSEWHERE,
    matching.VILLAGE_ELSEWHERE,
    matching.COUNTY_ELSEWHERE,
)
RECALLED = "按此前的认定匹配"
_FIELDS = (
    "batch",
    "region_code",
    "row_number",
    "kind",
    "reason",
    "candidates",
    "pair_index",
    "fact",
    "is_decided",
    "decided_person",
    "decided_at",
)


def listed(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[dict[str, Any]]:
    """Every row that did not become a fact and does not go back to its sender, and every row that did by a remembered decision.

    In file order. Keys: row, kind (doubtful, unmatched, other_county, decided), reason, pair_index, county_code, candidates
    (JSON), person_key (what was decided), and ``fact``: the checked values as text, by name.
    """
    names = [column.name for column in dataset.lake_columns]
    if dataset.is_about_people:
        own = {column.name for column in dataset.for_reading().columns}
        names += ["identity_number", "identity_text", "name", *(name for name in HELPER_NAMES if name in own)]
    values = ", ".join(f"staged.{name}::VARCHAR AS v{place}" for place, name in enumerate(names))
    result = connection.execute(f"""SELECT settled.row, settled.kind, settled.reason, settled.pair_index, settled.county_code,
            settled.candidates, settled.person_key, {values}
        FROM settled_rows AS settled JOIN staged ON staged.row = settled.row
        WHERE settled.kind IN ('doubtful', 'unmatched', 'other_county', 'decided') ORDER BY settled.row""")
    while chunk := result.fetchmany(10_000):
        for row, kind, reason, pair_index, county_code, candidates, person_key, *texts in chunk:
            fact = {name: text for name, text in zip(names, texts, strict=True) if text is not None}
            yield {
                "row": row,
                "kind": kind,
                "reason": reason,
                "pair_index": pair_index,
                "county_code": county_code,
                "candidates": candidates,
                "person_key": person_key,
                "fact": fact,
            }


def keep(
    rows: Iterable[dict[str, Any]],
    batch_of: Mapping[str | None, int],
    region_of: Mapping[int, str],
    now: dt.datetime,
) -> int:
    """Stores listed rows with their batches: ``batch_of`` county (None: the file as a whole). Inside a transaction."""
    keys = secrets.load()

    def values() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            batch = batch_of.get(row["county_code"]) or batch_of[None]
            is_recalled = row["kind"] == matching.DECIDED
            yield (
                batch,
                region_of[batch],
                row["row"],
                DOUBTFUL if is_recalled or row["kind"] == DOUBTFUL else UNMATCHED,
                RECALLED if is_recalled else row["reason"],
                row["candidates"],
                row["pair_index"],
                keys.encrypt_values(row["fact"]),
                is_recalled,
                row["person_key"] if is_recalled else None,
                now if is_recalled else None,
            )

    return bulk.insert(PendingRow, _FIELDS, values())


def open_facts(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rows: Iterable[tuple[PendingRow, int | None, int | None, str]],
) -> None:
    """Makes ``facts`` of decided rows, each with the person, household and county that were decided on."""
    columns = dataset.lake_columns
    keys = secrets.load()
    lines: list[dict[str, Any]] = []
    for pending, person_key, household_key, county_code in rows:
        fact = keys.decrypt_values(bytes(pending.fact))
        is_person = dataset.subject is Subject.PERSON
        lines.append(
            {
                "row": pending.row_number,
                "county_code": county_code,
                "person_key": person_key if is_person else None,
                # a newcomer has no person key: the household stands in
                "household_key": household_key if not is_person or person_key is None else None,
                **{column.name: fact.get(column.name) for column in columns},
            }
        )
    schema = pa.schema(
        [
            ("row", pa.int32()),
            ("county_code", pa.string()),
            ("person_key", pa.int64()),
            ("household_key", pa.int64()),
            *((column.name, pa.string()) for column in columns),
        ]
    )
    register.keep(connection, "decided_rows", pa.Table.from_pylist(lines, schema=schema))
    typed = ", ".join(f"{column.name}::{cells.sql_type(column)} AS {column.name}" for column in columns)
    connection.execute(f"""CREATE OR REPLACE TEMP VIEW facts AS
        SELECT row, county_code, person_key, household_key, {typed} FROM decided_rows ORDER BY row""")
