"""The columns of a sheet as a snapshot shows them, without reading every record's columns out of the database.

A record's columns come with its batch and row: where a snapshot in force names the same ones, its texts still hold. What the
file at hand brought is in DuckDB already, under the same fingerprint. Only what neither knows is read from the database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
from django.db.models import TextField
from django.db.models.functions import Cast

from shouwang.foundation import bulk
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.intake.sql import quoted
from shouwang.lake import store

from . import known, tables
from .plan import Plan

_READ_AT_ONCE = 900
_COLUMNS = {"key": pa.int64(), "columns": pa.string()}


def with_texts(
    plan: Plan, batch: Batch, *, kind: str, table: str, key: str, dataset: str, county: str, headings: Sequence[str]
) -> str:
    """SQL: the rows of ``table`` (with ``key``, batch, row, digest) and the texts of ``headings`` as h0, h1, …

    ``dataset`` is the snapshot of that sheet. A heading without a value is NULL.
    """
    run = plan.connection.execute
    before = _snapshot(dataset, county, headings)
    parts, untold = [], f"SELECT * FROM {table}"
    if before:
        same = f"p.{key} = t.{key} AND p.batch = t.batch AND p.row = t.row"
        texts = ", ".join(f"p.{_name(heading)} AS h{place}" for place, heading in enumerate(headings))
        there = f"read_parquet({quoted(str(before))})"
        parts.append(f"SELECT t.*, {texts} FROM {table} t JOIN {there} p ON {same}")
        untold = f"SELECT t.* FROM {table} t ANTI JOIN {there} p ON {same}"
    tables.make(plan.connection, "told_texts", _COLUMNS)
    # without a fingerprint: made from another sheet, with no columns of its own
    run(f"INSERT INTO told_texts SELECT {key}, '{{}}' FROM ({untold}) WHERE digest = ''")
    if plan.kind == kind:
        run(f"""INSERT INTO told_texts SELECT t.{key}, i.columns FROM ({untold}) t
            JOIN incoming i ON i.row = t.row AND i.digest = t.digest WHERE t.batch = {batch.pk}""")
    rest = run(f"SELECT t.{key} FROM ({untold}) t ANTI JOIN told_texts x ON x.key = t.{key} ORDER BY 1").fetchall()
    for chunk in bulk.chunks((found for (found,) in rest), _READ_AT_ONCE):
        rows = known.MODELS[kind].objects.filter(pk__in=chunk).annotate(text=Cast("columns", TextField()))
        tables.append(plan.connection, "told_texts", _COLUMNS, rows.values_list("pk", "text"))
    texts = ", ".join(
        f"trim(struct_extract(c, {quoted(heading)})) AS h{place}" for place, heading in enumerate(headings)
    )
    parts.append(f"""SELECT t.*, {texts} FROM {table} t
        JOIN (SELECT key, {parsed("columns", headings)} AS c FROM told_texts) x ON x.key = t.{key}""")
    return " UNION ALL ".join(parts)


def parsed(column: str, headings: Sequence[str]) -> str:
    """SQL: a JSON text as a struct of texts."""
    shape = json.dumps(dict.fromkeys(headings, "VARCHAR"), ensure_ascii=False)
    return f"json_transform({column}, {quoted(shape)})"


def _snapshot(dataset: str, county: str, headings: Sequence[str]) -> Path | None:
    """The last snapshot in force that was written, if it has all of the headings."""
    files = LakeFile.objects.filter(dataset=dataset, region_code=county, batch__state=BatchState.APPLIED)
    name = files.order_by("-id").values_list("path", flat=True).first()
    path = store.absolute(name) if name else None
    if path is None or not path.exists() or not set(headings).issubset(parquet.read_schema(path).names):
        return None
    return path


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
