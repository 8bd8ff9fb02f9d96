"""What every kind of file is read into: sheets with a look at their first rows, and rows for DuckDB."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

SAMPLE_ROWS = 60  # how far the look goes; the heading is sought in the first half of it


@dataclass(frozen=True)
class Rows:
    """Text columns c0, c1, … as DuckDB reads them: a table function in SQL, or a table in memory with a column ``row``.

    ``first_number`` is the row number of the first row when the numbers follow each other; ``numbers`` holds them one by
    one (column ``row``, in file order) when blank lines lie between the rows.
    """

    source: str | pa.Table
    width: int
    first_number: int | None
    numbers: pa.Table | None


class Sheet(ABC):
    """One table of a file. ``sample`` holds its first rows, blank ones included, so that row 1 of the file is sample[0]."""

    name: str
    sample: list[list[str]]

    @abstractmethod
    def attempts(self, first: int, width: int) -> Iterator[Rows]:
        """Ways of reading the rows from the ``first`` on (counted from 0), the fast one first."""

    def close(self) -> None:  # noqa: B027 — most sheets have nothing to put away
        pass
