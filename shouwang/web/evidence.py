"""The rows behind a finding, opened from the files they came in: departments' rows and the register's sheets alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shouwang.feeds import queries as feeds
from shouwang.feeds.datasets import DATASETS
from shouwang.intake.models import Batch
from shouwang.organisation.scope import Scope

Point = tuple[str, int, int]  # dataset, batch, row

REGISTER_SHEETS = {
    "registry_person": "农户档案·人口表",
    "registry_household": "农户档案·农户表",
    "registry_income": "农户档案·年收入",
}


@dataclass(frozen=True)
class Row:
    """One row of one file: which file, which line, what stands there."""

    point: Point
    batch: Batch
    person: str
    values: Mapping[str, str]

    @property
    def line(self) -> int:
        return self.point[2]


@dataclass(frozen=True)
class Group:
    """Rows of one dataset as a table; each cell with its heading, in the order of ``headings``."""

    dataset: str
    label: str
    department: str
    headings: list[str]
    rows: list[tuple[Row, list[tuple[str, str]]]]
    unopened: list[Point]


def open_rows(scope: Scope, points: Iterable[Mapping[str, Any]]) -> dict[Point, Row]:
    """The rows that a scope may see, by where they stand. Rows that cannot be opened any more are left out."""
    wanted = list(dict.fromkeys((point["dataset"], point["batch"], point["row"]) for point in points))
    found: dict[Point, Row] = {}
    departments = [point for point in wanted if point[0] in DATASETS]
    for row in feeds.evidence_rows(scope=scope, rows=departments):
        point = (row.dataset.code, row.batch.pk, row.row)
        values = {value.column.heading: value.text for value in row.values}
        found[point] = Row(point, row.batch, row.person.name if row.person else "", values)
    return found | _register_rows(scope, [point for point in wanted if point[0] in REGISTER_SHEETS])


def grouped(points: Iterable[Mapping[str, Any]], opened: Mapping[Point, Row]) -> list[Group]:
    """The rows of one finding, dataset by dataset; columns that are empty everywhere are left out."""
    by_dataset: dict[str, list[Point]] = {}
    for point in points:
        by_dataset.setdefault(point["dataset"], []).append((point["dataset"], point["batch"], point["row"]))
    groups = []
    for dataset, mine in by_dataset.items():
        rows = [opened[point] for point in mine if point in opened]
        headings = [
            name
            for name in dict.fromkeys(name for row in rows for name in row.values)
            if any(row.values.get(name) for row in rows)
        ]
        declared = DATASETS.get(dataset)
        groups.append(
            Group(
                dataset=dataset,
                label=declared.label if declared else REGISTER_SHEETS.get(dataset, dataset),
                department=declared.department if declared else "全国系统导出",
                headings=headings,
                rows=[(row, [(name, row.values.get(name, "")) for name in headings]) for row in rows],
                unopened=[point for point in mine if point not in opened],
            )
        )
    return groups


def _register_rows(scope: Scope, points: list[Point]) -> dict[Point, Row]:
    return {}
