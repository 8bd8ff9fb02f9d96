"""A row of a department's file as it stands in the lake, in the words of its headings: what a lead points at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.foundation.money import grouped, yuan
from shouwang.intake.contract import Column, Kind, Privacy
from shouwang.intake.models import Batch, LakeFile
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Person

from .dataset import Dataset, Subject
from .datasets import DATASETS


@dataclass(frozen=True)
class Value:
    """One cell: its column and how it is shown."""

    column: Column
    text: str

    @property
    def is_sensitive(self) -> bool:
        return self.column.privacy in (Privacy.SENSITIVE, Privacy.SECRET)


@dataclass(frozen=True)
class EvidenceRow:
    """One row of one file: where it came from, whom it speaks of, what it says."""

    dataset: Dataset
    batch: Batch
    row: int
    person: Person | None
    household: Household | None
    values: tuple[Value, ...]


def evidence_row(*, scope: Scope, dataset: str, batch: int, row: int) -> EvidenceRow | None:
    """The row, or None when there is none or its subject lies outside the scope."""
    found = evidence_rows(scope=scope, rows=[(dataset, batch, row)])
    return found[0] if found else None


def evidence_rows(*, scope: Scope, rows: Iterable[tuple[str, int, int]]) -> list[EvidenceRow]:
    """Rows named (dataset, batch, row), in that order; those outside the scope are left out.

    Rows of reverted batches are found too: a finding of the past stays explainable.
    """
    wanted: dict[tuple[str, int], list[int]] = {}
    for dataset, batch, row in rows:
        if dataset in DATASETS:
            wanted.setdefault((dataset, batch), []).append(row)
    found = [one for (dataset, batch), numbers in wanted.items() for one in _of_batch(dataset, batch, numbers)]
    return [one for one in found if _is_seen(one, scope)]


def shown(column: Column, value: Any) -> str:
    """A lake value as an officer reads it."""
    if value is None:
        return ""
    if column.kind is Kind.MONEY:
        return f"{grouped(yuan(value))} 元"
    if column.kind is Kind.YES_NO:
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _of_batch(code: str, batch_id: int, numbers: Sequence[int]) -> list[EvidenceRow]:
    files = list(LakeFile.objects.filter(batch_id=batch_id, dataset=code).select_related("batch").order_by("id"))
    if not files:
        return []
    dataset = DATASETS[code]
    names = ["row", "person_key", "household_key", *(column.name for column in dataset.lake_columns)]
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    listed = ", ".join(str(int(number)) for number in numbers)
    with store.connect() as connection:
        lines = connection.execute(f"""SELECT {", ".join(names)}
            FROM read_parquet([{paths}], union_by_name = true, hive_partitioning = false)
            WHERE row IN ({listed}) ORDER BY row""").fetchall()
    people = Person.objects.select_related("household").in_bulk([line[1] for line in lines if line[1]])
    households = Household.objects.in_bulk([line[2] for line in lines if line[2]])
    return [
        EvidenceRow(
            dataset=dataset,
            batch=files[0].batch,
            row=line[0],
            person=people.get(line[1]),
            household=households.get(line[2]),
            values=tuple(
                Value(column, shown(column, value))
                for column, value in zip(dataset.lake_columns, line[3:], strict=True)
            ),
        )
        for line in lines
    ]


def _is_seen(one: EvidenceRow, scope: Scope) -> bool:
    if one.dataset.subject is Subject.COUNTY:  # a price names nobody and concerns everybody in the county
        return scope.touches(one.batch.region_code)
    return scope.covers(_region(one))


def _region(one: EvidenceRow) -> str:
    """The village that the row speaks of."""
    if one.person is not None:
        return one.person.region_code
    if one.household is not None:
        return one.household.region_code
    return next((value.text for value in one.values if value.column.kind is Kind.VILLAGE), "")
