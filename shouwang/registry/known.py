"""Brings what the register knows of an area, or under some numbers, into DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from django.db.models import QuerySet

from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from . import tables
from .models import Coverage, Household, Monitoring, OutWork, Person, SheetRecord

MODELS: dict[str, Any] = {  # Django's managers are not known on an abstract model
    "household": Household,
    "person": Person,
    "monitored": Monitoring,
    "outwork": OutWork,
}
KEYS = {
    "household": "household_no",
    "person": "person_no",
    "monitored": "household__household_no",
    "outwork": "person__person_no",
}
_CHUNK = 20_000
_IN = 900  # how many values fit into one question to SQLite

_COLUMNS = {
    "id": pa.int64(),
    "key": pa.string(),
    "household_id": pa.int64(),
    "region_code": pa.string(),
    "digest": pa.string(),
    "is_withdrawn": pa.bool_(),
    "is_stub": pa.bool_(),
    "missing_since": pa.string(),
    "identity_index": pa.string(),
}

HOUSEHOLD_COLUMNS = {
    "id": pa.int64(),
    "household_no": pa.string(),
    "region_code": pa.string(),
    "is_withdrawn": pa.bool_(),
}


def load(connection: duckdb.DuckDBPyConnection, kind: str, area: Scope) -> None:
    """``known``: the records of a sheet in the area and those with a key of ``incoming`` wherever they are."""
    rows = MODELS[kind].objects.all()
    names = _names(kind)
    tables.make(connection, "known", _COLUMNS)
    tables.append(connection, "known", _COLUMNS, area.filter(rows).values_list(*names).iterator(_CHUNK))
    others = connection.execute(
        """SELECT DISTINCT i.key FROM incoming i ANTI JOIN known k ON k.key = i.key"""
    ).fetchall()
    keys = [key for (key,) in others]
    if not keys or not rows.exclude(area.where()).exists():
        return
    for found in _by_keys(rows, KEYS[kind], keys):
        tables.append(connection, "known", _COLUMNS, found.values_list(*names).iterator(_CHUNK))


def load_households(connection: duckdb.DuckDBPyConnection, area: Scope, numbers: str) -> None:
    """``known_household`` (id, household_no, region_code, is_withdrawn): those of the area and those that the query names."""
    columns, rows = HOUSEHOLD_COLUMNS, Household.objects.all()
    tables.make(connection, "known_household", columns)
    tables.append(connection, "known_household", columns, area.filter(rows).values_list(*columns).iterator(_CHUNK))
    others = connection.execute(
        f"SELECT DISTINCT n.household_no FROM ({numbers}) n ANTI JOIN known_household k ON k.household_no = n.household_no"
    ).fetchall()
    if others and rows.exclude(area.where()).exists():
        for found in _by_keys(rows, "household_no", [number for (number,) in others]):
            tables.append(connection, "known_household", columns, found.values_list(*columns).iterator(_CHUNK))


def load_persons(connection: duckdb.DuckDBPyConnection, area: Scope) -> None:
    """``known_person`` (id, person_no, region_code, is_withdrawn): those of the area and those with a key of ``incoming``."""
    columns = {"id": pa.int64(), "person_no": pa.string(), "region_code": pa.string(), "is_withdrawn": pa.bool_()}
    rows = Person.objects.all()
    tables.make(connection, "known_person", columns)
    tables.append(connection, "known_person", columns, area.filter(rows).values_list(*columns).iterator(_CHUNK))
    others = connection.execute(
        "SELECT DISTINCT i.key FROM incoming i ANTI JOIN known_person k ON k.person_no = i.key"
    ).fetchall()
    if others and rows.exclude(area.where()).exists():
        for found in _by_keys(rows, "person_no", [key for (key,) in others]):
            tables.append(connection, "known_person", columns, found.values_list(*columns).iterator(_CHUNK))


def load_coverage(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """``covered`` (region_code, period): the newest period in which a file in force covered a village."""
    columns = {"region_code": pa.string(), "period": pa.string()}
    tables.make(connection, "covered_by", columns)
    rows = Coverage.objects.filter(sheet=kind, batch__state="applied").values_list("region_code", "period")
    tables.append(connection, "covered_by", columns, rows.iterator(_CHUNK))
    connection.execute("""CREATE OR REPLACE TEMP TABLE covered AS
        SELECT region_code, max(period) AS period FROM covered_by GROUP BY region_code""")


def area_of(codes: Iterable[str]) -> Scope:
    """The counties of some villages, as a scope."""
    ranges: list[tuple[str, str]] = []
    for code in sorted({regions.county_of(code) for code in codes}):
        ranges += regions.ranges(code)
    return Scope(tuple(ranges))


def records(kind: str, ids: Sequence[int]) -> Iterator[SheetRecord]:
    """Records by primary key, a few hundred at a time."""
    for start in range(0, len(ids), _IN):
        yield from MODELS[kind].objects.filter(pk__in=ids[start : start + _IN])


def _names(kind: str) -> list[str]:
    household = {"household": "id", "person": "household_id", "monitored": "household_id"}.get(
        kind, "person__household_id"
    )
    return [
        "id",
        KEYS[kind],
        household,
        "region_code",
        "digest",
        "is_withdrawn",
        "is_stub" if kind == "household" else "is_withdrawn",
        "missing_since",
        "identity_index" if kind == "person" else "digest",
    ]


def _by_keys(rows: QuerySet, name: str, keys: Sequence[str]) -> Iterator[QuerySet]:
    for start in range(0, len(keys), _IN):
        yield rows.filter(**{f"{name}__in": keys[start : start + _IN]})
