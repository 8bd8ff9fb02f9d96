"""Lake files written straight: the columns that rules read, the same rows for the same seed, something for every rule."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from shouwang.demonstration import lake, overlay
from shouwang.households.manifest import SUBJECT
from shouwang.screening import schemas

from .ideal import findings

PERSONS = 30_000
_TYPES = {"int64": "int64", "int32": "int32", "string": "string", "date": "date32[day]", "boolean": "bool"}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[lake.LakeTable]:
    return lake.write(tmp_path_factory.mktemp("lake"), PERSONS)


def test_every_file_has_the_columns_and_types_that_rules_read(tables: list[lake.LakeTable]) -> None:
    for table in tables:
        found = {field.name: str(field.type) for field in pq.read_schema(table.path)}
        wanted = {name: _TYPES[kind] for name, kind in schemas.columns(table.dataset).items()}
        assert wanted.items() <= found.items(), table.dataset
        assert pq.read_metadata(table.path).num_rows == table.row_count


def test_about_as_many_people_as_asked_for_each_in_one_household(tables: list[lake.LakeTable]) -> None:
    person = next(table for table in tables if table.dataset == "registry_person")
    household = next(table for table in tables if table.dataset == "registry_household")
    assert abs(person.row_count - PERSONS) < PERSONS * 0.02
    orphans = duckdb.sql(
        f"SELECT count(*) FROM '{person.path}' ANTI JOIN '{household.path}' USING (household_key)"
    ).fetchone()
    distinct = duckdb.sql(f"SELECT count(DISTINCT person_key) FROM '{person.path}'").fetchone()
    assert (orphans, distinct) == ((0,), (person.row_count,))


def test_the_same_seed_gives_the_same_rows(tables: list[lake.LakeTable], tmp_path: Path) -> None:
    again = lake.write(tmp_path, PERSONS)
    assert [table.row_count for table in again] == [table.row_count for table in tables]
    for one, other in zip(tables, again, strict=True):
        assert one.path.read_bytes() == other.path.read_bytes(), one.dataset


@pytest.mark.django_db
def test_rules_find_something_but_not_much(tables: list[lake.LakeTable]) -> None:
    files = defaultdict(list)
    for table in tables:
        files[table.dataset].append(table.path)
    found = findings(files, overlay.policies(), SUBJECT)
    households = sum(table.row_count for table in tables if table.dataset == "registry_household")
    led = [rules for rules in found.values() if {"hit", "judgement"} & set(rules.values())]
    assert 0.02 < len(led) / households < 0.08
    assert len({rule for rules in led for rule in rules}) >= 8
