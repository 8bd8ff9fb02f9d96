"""The register's people and households as matching needs them: one DuckDB relation each, from the newest snapshots."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from shouwang.foundation.errors import UserError
from shouwang.intake.models import BatchState, LakeFile
from shouwang.lake import store
from shouwang.regions import queries as regions
from shouwang.registry.models import Household

IDENTITY_DATASET = "registry_identity"
_PEOPLE = (
    "person_key BIGINT, household_key BIGINT, region_code VARCHAR, identity_index VARCHAR, name VARCHAR, born_on DATE"
)

_HELD_AT_MOST = 1_000_000


def counties_within(region_code: str) -> tuple[str, ...]:
    """The county-level codes of a region: itself for a county, all below for a city or a province."""
    try:
        return (regions.county_of(region_code),)
    except UserError:
        below = [region.code for child in regions.children(region_code) for region in _counties(child.code)]
        return tuple(sorted(below))


def _counties(code: str) -> list:
    try:
        regions.county_of(code)
    except UserError:
        return [county for child in regions.children(code) for county in _counties(child.code)]
    return [regions.region(code)]


def snapshots() -> dict[str, LakeFile]:
    """County code → its newest snapshot of people in force."""
    newest: dict[str, LakeFile] = {}
    files = LakeFile.objects.filter(dataset=IDENTITY_DATASET, batch__state=BatchState.APPLIED)
    for file in files.order_by("period", "batch_id", "id"):
        newest[file.region_code] = file
    return newest


def open_people(connection: duckdb.DuckDBPyConnection, counties: Sequence[str]) -> list[str]:
    """Makes ``people`` (the given counties) and ``people_elsewhere`` (all others of the workspace).

    Columns: person_key, household_key, region_code, county_code, identity_index, name, born_on. Returns the counties that
    have a register.
    """
    newest = snapshots()
    known = [county for county in counties if county in newest]
    _open(connection, "people", {county: newest[county] for county in known}, is_held=True)
    _open(connection, "people_elsewhere", {code: file for code, file in newest.items() if code not in counties})
    return known


def _open(
    connection: duckdb.DuckDBPyConnection, name: str, files: dict[str, LakeFile], *, is_held: bool = False
) -> None:
    parts = [
        f"SELECT person_key, household_key, region_code, '{county}' AS county_code, identity_index, name, born_on "
        f"FROM read_parquet('{str(store.absolute(file.path)).replace(chr(39), chr(39) * 2)}')"
        for county, file in sorted(files.items())
    ]
    if not parts:
        columns = ", ".join(
            f"NULL::{column.split()[1]} AS {column.split()[0]}"
            for column in [*_PEOPLE.split(", "), "county_code VARCHAR"]
        )
        parts = [f"SELECT {columns} WHERE false"]
    # matching looks at them half a dozen times: a county's are taken out of the file once, a province's stay there
    is_held = is_held and sum(file.row_count for file in files.values()) <= _HELD_AT_MOST
    kind = "TABLE" if is_held else "VIEW"
    connection.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {' UNION ALL BY NAME '.join(parts)}")


def open_ranges(connection: duckdb.DuckDBPyConnection, counties: Sequence[str]) -> None:
    """Makes ``county_ranges`` (low, high, county): the half-open ranges of codes that belong to each county."""
    rows = [(low, high, county) for county in counties for low, high in regions.ranges(county)]
    schema = pa.schema([("low", pa.string()), ("high", pa.string()), ("county", pa.string())])
    keep(
        connection,
        "county_ranges",
        pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema),
    )


def open_households(connection: duckdb.DuckDBPyConnection, counties: Sequence[str]) -> None:
    """Makes ``households`` (household_no, household_key, county_code, is_ours) of all registered households of the workspace.

    ``is_ours`` says whether the household lives in one of the counties; ``county_code`` is NULL when it does not.
    """
    open_ranges(connection, counties)
    numbers, keys, places = [], [], []
    rows = Household.objects.filter(is_withdrawn=False).values_list("household_no", "pk", "region_code")
    for number, key, place in rows.iterator(chunk_size=20_000):
        numbers.append(number)
        keys.append(key)
        places.append(place)
    schema = pa.schema([("household_no", pa.string()), ("household_key", pa.int64()), ("region_code", pa.string())])
    keep(connection, "household_rows", pa.table([numbers, keys, places], schema=schema))
    connection.execute("""CREATE OR REPLACE TEMP TABLE households AS
        SELECT household_no, household_key, county AS county_code, county IS NOT NULL AS is_ours
        FROM household_rows LEFT JOIN county_ranges ON region_code >= low AND region_code < high""")


def keep(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """An Arrow table as a temporary table of its own, so that the connection holds no reference to Python's."""
    connection.register(f"{name}_in_memory", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_in_memory")
    connection.unregister(f"{name}_in_memory")
