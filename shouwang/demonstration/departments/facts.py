"""What departments know, before it becomes files: rows about persons with a day each, and the cases' rows among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shouwang.feeds.datasets import DATASETS
from shouwang.intake.contract import Kind

from ..population import County
from ..streams import Array


@dataclass
class Facts:
    """Rows of one dataset under canonical headings, without identity numbers and names; those follow from ``subject``.

    ``on`` is the day by which a row goes into a file. ``is_case``: the row belongs to a case and stays as it is.
    """

    dataset: str
    subject: Array
    on: Array
    columns: dict[str, pa.Array]
    is_case: Array

    def __len__(self) -> int:
        return len(self.subject)

    def chosen(self, rows: Array) -> Facts:
        index = pa.array(rows)
        columns = {heading: column.take(index) for heading, column in self.columns.items()}
        return Facts(self.dataset, self.subject[rows], self.on[rows], columns, self.is_case[rows])

    def between(self, first: np.datetime64, last: np.datetime64) -> Facts:
        """The rows of a span of days, both included, in the order of the days."""
        rows = np.flatnonzero((self.on >= first) & (self.on <= last))
        return self.chosen(rows[np.argsort(self.on[rows], kind="stable")])


def facts(dataset: str, subject: Array, on: Array, columns: dict[str, pa.Array]) -> Facts:
    """Ordinary rows."""
    return Facts(
        dataset, subject.astype(np.int64), on.astype("datetime64[D]"), columns, np.zeros(len(subject), dtype=bool)
    )


def day_heading(dataset: str) -> str:
    """The heading of the column that holds the day of a row: the dataset's first required day; "" where it has none."""
    days = [column.heading for column in DATASETS[dataset].columns if column.kind is Kind.DAY and column.is_required]
    return days[0] if days else ""


def with_cases(ordinary: Facts, county: County) -> Facts:
    """Together with the rows that the county's cases ask for."""
    subjects, days, cells = [], [], []
    heading_of_day = day_heading(ordinary.dataset)
    for case, household in county.cases:
        for event in case.events:
            if event.dataset == ordinary.dataset:
                subjects.append(county.person(household, event.member))
                days.append(event.on)
                cells.append({heading_of_day: event.on.isoformat(), **event.cells})
    if not subjects:
        return ordinary
    extra = {
        heading: pa.array([row.get(heading) or None for row in cells], pa.string()) for heading in ordinary.columns
    }
    return Facts(
        ordinary.dataset,
        np.concatenate([ordinary.subject, np.array(subjects)]),
        np.concatenate([ordinary.on, np.array(days, dtype="datetime64[D]")]),
        {heading: pa.concat_arrays([column, extra[heading]]) for heading, column in ordinary.columns.items()},
        np.concatenate([ordinary.is_case, np.ones(len(subjects), dtype=bool)]),
    )


def together(parts: Sequence[Facts]) -> Facts:
    """Several sets of rows of the same dataset and headings as one."""
    return Facts(
        parts[0].dataset,
        np.concatenate([part.subject for part in parts]),
        np.concatenate([part.on for part in parts]),
        {heading: pa.concat_arrays([part.columns[heading] for part in parts]) for heading in parts[0].columns},
        np.concatenate([part.is_case for part in parts]),
    )


def days_between(chance: np.random.Generator, first: str, last: str, size: int) -> Array:
    """Days by chance, both ends included."""
    start, end = np.datetime64(first), np.datetime64(last)
    return start + chance.integers(0, int((end - start).astype(int)) + 1, size).astype("timedelta64[D]")
