"""Looks for the people of waiting rows once more, after the register has learnt of more people.

Departments need not send a file again because somebody was missing from the register when it came.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from django.db import transaction

from shouwang.foundation import identity, secrets
from shouwang.foundation.progress import Progress, silent
from shouwang.intake import cells
from shouwang.intake.models import Batch, BatchState
from shouwang.lake import store
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope

from . import deciding, matching, register
from .dataset import Dataset
from .datasets import DATASETS
from .matching import DOUBTFUL, FACT_KINDS, RETURNED, UNMATCHED, Place
from .models import PendingRow
from .turns import turn

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

FOUND_LATER = "档案更新后匹配"


def rematch(*, region_code: str, by: Account | None, now: dt.datetime, progress: Progress = silent) -> int:
    """See ``actions.rematch``."""
    waiting = PendingRow.objects.filter(
        Scope.of_region(region_code).where(), is_decided=False, batch__state=BatchState.APPLIED
    )
    batches = list(Batch.objects.filter(pk__in=waiting.values("batch")).order_by("period", "pk"))
    found = 0
    for done, batch in enumerate(batches):
        progress("重新匹配", done, len(batches))
        counties = register.counties_within(batch.region_code)
        with turn([batch.dataset], counties, progress), transaction.atomic():
            batch = deciding.lock([batch.pk])[batch.pk]
            if batch.state == BatchState.APPLIED:
                found += _rematch_batch(batch, Place(batch.region_code, counties), now)
    if found:
        detail = {"rows": found, "batches": len(batches)}
        audit.record(by=by, action="重新匹配部门数据", region_code=region_code, detail=detail)
    return found


def _rematch_batch(batch: Batch, place: Place, now: dt.datetime) -> int:
    dataset = DATASETS[batch.dataset]
    rows = {row.row_number: row for row in PendingRow.objects.filter(batch=batch, is_decided=False)}
    with store.connect() as connection:
        if not rows or not matching.known_counties(connection, dataset, place):
            return 0
        _open_staged(connection, dataset, list(rows.values()))
        matching.match(connection, dataset, place)
        _settle_sure(connection, dataset)
        settled = connection.execute(
            "SELECT row, kind, reason, person_key, household_key, county_code, candidates FROM settled_rows"
        ).fetchall()
    found: dict[str, list[tuple[PendingRow, int | None, int | None]]] = {}
    others = []
    for row_number, kind, reason, person_key, household_key, county_code, candidates in settled:
        row = rows[row_number]
        if kind in FACT_KINDS:
            found.setdefault(county_code, []).append((row, person_key, household_key))
        else:
            others.append((row, UNMATCHED if kind == RETURNED else kind, reason, candidates))
    _tell_anew(batch, others)
    for county_code, members in sorted(found.items()):
        mark = min(row.pk for row, _, _ in members)
        deciding.put_in_force(batch, members, county_code, f"-rematched-{mark}", now)
        _mark(members, now)
    return sum(len(members) for members in found.values())


def _open_staged(connection: duckdb.DuckDBPyConnection, dataset: Dataset, rows: Sequence[PendingRow]) -> None:
    """``staged`` as reading the file would leave it, of the rows that wait."""
    keys = secrets.load()
    lines: list[dict[str, Any]] = []
    for row in rows:
        fact = keys.decrypt_values(bytes(row.fact))
        text = fact.get("identity_number") or fact.get("identity_text", "")
        lines.append({**fact, "row": row.row_number, "identity_text": text, "identity_defect": _defect(text)})
    columns = {column.name: cells.sql_type(column) for column in dataset.for_reading().columns if column.name}
    if dataset.is_about_people:
        columns |= dict.fromkeys(("identity_number", "identity_text", "identity_defect", "name"), "VARCHAR")
    schema = pa.schema([("row", pa.int32()), *((name, pa.string()) for name in columns)])
    register.keep(connection, "waiting", pa.Table.from_pylist(lines, schema=schema))
    typed = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT row, {typed} FROM waiting ORDER BY row")


def _defect(text: str) -> str | None:
    try:
        identity.parse(text)
    except identity.IdentityNumberError as error:
        return str(error)
    return None


def _settle_sure(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Names the sure rows beside the others."""
    if not dataset.is_about_people:
        return
    connection.execute(f"""INSERT INTO settled_rows
        SELECT staged.row, '{matching.MATCHED}', '', '', owners.person_key, owners.household_key, owners.county_code, '[]'
        FROM staged JOIN owners USING (identity_number) WHERE {matching.IS_SURE}
          AND staged.row NOT IN (SELECT row FROM settled_rows)""")


def _tell_anew(batch: Batch, others: Sequence[tuple[PendingRow, str, str, str]]) -> None:
    """Rows that still wait: what the register now says about them. The counts follow."""
    changed = []
    for row, kind, reason, candidates in others:
        before = deciding.listed_as(row, batch.counts)
        row.kind = DOUBTFUL if kind == DOUBTFUL else UNMATCHED
        row.reason, row.candidates = reason, json.loads(candidates)
        batch.counts[before] -= 1
        batch.counts[kind] = batch.counts.get(kind, 0) + 1
        changed.append(row)
    PendingRow.objects.bulk_update(changed, ["kind", "reason", "candidates"], batch_size=500)
    batch.save(update_fields=["counts"])


def _mark(members: Sequence[tuple[PendingRow, int | None, int | None]], now: dt.datetime) -> None:
    for row, person_key, _ in members:
        row.is_decided, row.decided_person_id, row.decided_at, row.reason = True, person_key, now, FOUND_LATER
    PendingRow.objects.bulk_update(
        [row for row, _, _ in members], ["is_decided", "decided_person", "decided_at", "reason"], batch_size=500
    )
