"""The rows behind a finding, opened from the files they came in: departments' rows and the register's sheets alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shouwang.feeds import queries as feeds
from shouwang.feeds.datasets import DATASETS
from shouwang.intake.models import Batch
from shouwang.organisation.scope import Scope
from shouwang.registry import evidence as register

Point = tuple[str, int, int]  # dataset, batch, row

_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

REGISTER_SHEETS = {
    "registry_person": "农户档案·人口表",
    "registry_household": "农户档案·农户表",
    "registry_income": "农户档案·年收入",
    "registry_income_item": "农户档案·年收入明细",
}


# A sheet of the register has some fifty columns; these are the ones that rules look at. The row's own page shows all.
_LOOKED_AT = {
    "registry_person": ("出生日期", "与户主关系", "劳动技能", "健康状况", "在校生状况"),
    "registry_household": ("户类型", "家庭人口数", "人均纯收入"),
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
class Cell:
    """One cell of a table: under which heading, and whether it is a figure."""

    heading: str
    text: str
    is_figure: bool


@dataclass(frozen=True)
class Group:
    """Rows of one dataset as a table. Files stand once in ``files``; each row names its file by its mark (①)."""

    dataset: str
    label: str
    department: str
    headings: list[Cell]
    rows: list[tuple[str, Row, list[Cell]]]
    files: list[tuple[str, Batch]]
    unopened: list[Point]
    is_shown_above: bool = False  # an earlier reason stands on the very same rows


def open_rows(scope: Scope, points: Iterable[Mapping[str, Any]]) -> dict[Point, Row]:
    """The rows that a scope may see, by where they stand. Rows that cannot be opened any more are left out."""
    wanted = list(dict.fromkeys((point["dataset"], point["batch"], point["row"]) for point in points))
    found: dict[Point, Row] = {}
    departments = [point for point in wanted if point[0] in DATASETS]
    for row in feeds.evidence_rows(scope=scope, rows=departments):
        point = (row.dataset.code, row.batch.pk, row.row)
        values = {value.column.heading: value.text for value in row.values}
        subject = row.person.name if row.person else row.household.head_name if row.household else ""
        found[point] = Row(point, row.batch, subject, values)
    for line in register.rows(scope=scope, points=[point for point in wanted if point[0] in REGISTER_SHEETS]):
        point = (line.dataset, line.batch.pk, line.row)
        found[point] = Row(
            point, line.batch, line.person.name if line.person else line.household.head_name, line.values
        )
    return found


def grouped(points: Iterable[Mapping[str, Any]], opened: Mapping[Point, Row], shown: set[Any]) -> list[Group]:
    """The rows of one finding, dataset by dataset. ``shown`` remembers what stood on the page before."""
    by_dataset: dict[str, list[Point]] = {}
    for point in points:
        by_dataset.setdefault(point["dataset"], []).append((point["dataset"], point["batch"], point["row"]))
    groups = []
    for dataset, mine in by_dataset.items():
        mark = tuple(mine)
        groups.append(_group(dataset, mine, opened, is_shown_above=mark in shown))
        shown.add(mark)
    return groups


def _group(dataset: str, points: list[Point], opened: Mapping[Point, Row], *, is_shown_above: bool) -> Group:
    rows = [opened[point] for point in points if point in opened]
    files = list({row.batch.pk: row.batch for row in rows}.values())
    marks = {batch.pk: _MARKS[place % len(_MARKS)] for place, batch in enumerate(files)}
    names = list(_LOOKED_AT.get(dataset) or dict.fromkeys(name for row in rows for name in row.values))
    names = [name for name in names if _says_something(name, rows)]
    figures = {name for name in names if all(_is_money(row.values.get(name, "")) for row in rows)}
    declared = DATASETS.get(dataset)
    return Group(
        dataset=dataset,
        label=declared.label if declared else REGISTER_SHEETS.get(dataset, dataset),
        department=declared.department if declared else "全国系统导出",
        headings=[Cell(name, f"{name}（元）" if name in figures else name, name in figures) for name in names],
        rows=[(marks[row.batch.pk], row, [_cell(row, name, name in figures) for name in names]) for row in rows],
        files=[(marks[batch.pk], batch) for batch in files],
        unopened=[point for point in points if point not in opened],
        is_shown_above=is_shown_above,
    )


def _cell(row: Row, name: str, is_figure: bool) -> Cell:
    text = row.values.get(name, "")
    return Cell(name, text.removesuffix(" 元") if is_figure else text, is_figure)


def _is_money(text: str) -> bool:
    return not text or text.endswith(" 元")


def _says_something(name: str, rows: list[Row]) -> bool:
    """Columns that are empty or zero in every row, and the household's own number, are left out of the table."""
    return name != "户编号" and any(row.values.get(name, "") not in ("", "0.00 元") for row in rows)
