"""The form in which somebody chooses the columns of a list: which ones, in which order, under which headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from shouwang.foundation.errors import UserError
from shouwang.reporting.columns import Chosen
from shouwang.reporting.models import ColumnTemplate

_BLANKS = 3


@dataclass(frozen=True)
class Line:
    """One line of the form. ``column`` empty: a column that the asker fills in."""

    number: int
    column: str
    heading: str
    place: str
    is_used: bool


class ColumnsForm:
    """Lines as they were sent, as they were kept, or all columns as they are. A smaller number stands further left."""

    def __init__(self, sent: QueryDict | None, *, headings: Sequence[str], kept: ColumnTemplate | None) -> None:
        self._sent = sent
        names = [*headings, *[""] * _BLANKS]
        self.lines = [
            self._read(sent, number, column) if sent is not None else self._known(kept, number, column, names)
            for number, column in enumerate(names, start=1)
        ]

    def chosen(self) -> list[Chosen]:
        """The used columns in their order. Raises UserError when a place is no number or nothing is used."""
        used = [line for line in self.lines if (line.is_used if line.column else line.heading)]
        if not used:
            raise UserError("没有选列", next_step="请至少选一列。")
        if wrong := next((line for line in used if not (line.place.isascii() and line.place.isdigit())), None):
            raise UserError(f"“{wrong.column or wrong.heading}”的顺序不是整数", next_step="请填写 1、2、3 这样的数。")
        ordered = sorted(used, key=lambda line: (int(line.place), line.number))
        return [Chosen(line.column, "" if line.heading == line.column else line.heading) for line in ordered]

    def _read(self, sent: QueryDict, number: int, column: str) -> Line:
        heading = sent.get(f"heading-{number}", "").strip()[:40]
        place = sent.get(f"place-{number}", "").strip()[:4] or str(number)
        return Line(number, column, heading, place, f"use-{number}" in sent)

    def _known(self, kept: ColumnTemplate | None, number: int, column: str, names: Sequence[str]) -> Line:
        if kept is None:
            return Line(number, column, column, str(number), bool(column))
        blanks = [place for place, (known, _) in enumerate(kept.columns) if not known]
        if column:
            found = next((place for place, (known, _) in enumerate(kept.columns) if known == column), None)
        else:
            nth = number - (len(names) - _BLANKS) - 1
            found = blanks[nth] if nth < len(blanks) else None
        if found is None:
            return Line(number, column, column, str(len(kept.columns) + number), False)
        return Line(number, column, kept.columns[found][1] or column, str(found + 1), True)
