"""Files as offices write them: CSV in the encodings of office software, spreadsheets with titles and a total row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from .numbers import joined
from .streams import Array

_SPREADSHEET_DAY_ZERO = dt.date(1899, 12, 30)


@dataclass
class Sheet:
    """Texts under headings on their way into a file, and what is known about single rows of it.

    ``notes`` are (index of the row, what is known); the line in the file becomes known when it is written.
    """

    columns: dict[str, pa.Array]
    notes: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def put(self, heading: str, rows: Array, values: Sequence[str | None] | str | None) -> None:
        """Replaces cells; ``rows`` are indexes in any order without repetition."""
        rows = np.asarray(rows, dtype=np.int64)
        if not len(rows):
            return
        listed = [values] * len(rows) if values is None or isinstance(values, str) else list(values)
        order = np.argsort(rows)
        mask = np.zeros(len(self), dtype=bool)
        mask[rows] = True
        replacement = pa.array([listed[place] for place in order], pa.string())
        self.columns[heading] = pc.replace_with_mask(self.columns[heading], pa.array(mask), replacement)

    def cell(self, heading: str, row: int) -> str:
        return self.columns[heading][int(row)].as_py() or ""

    def cells(self, heading: str, rows: Array) -> list[str]:
        return [text or "" for text in self.columns[heading].take(pa.array(rows)).to_pylist()]

    def note(self, row: int, **known: Any) -> None:
        self.notes.append((int(row), known))

    def taken(self, order: Array) -> Sheet:
        """The rows in another order, or some of them more than once; before any note is made."""
        index = pa.array(order)
        return Sheet({heading: column.take(index) for heading, column in self.columns.items()})

    def extended(self, rows: Mapping[str, Sequence[str | None]]) -> Sheet:
        """With rows appended; headings that ``rows`` does not have stay empty there."""
        count = len(next(iter(rows.values())))
        return Sheet(
            {
                heading: pa.concat_arrays([column, pa.array(rows.get(heading, [None] * count), pa.string())])
                for heading, column in self.columns.items()
            },
            self.notes,
        )


@dataclass(frozen=True)
class Layout:
    """How a sender shapes a file: title lines above the headings, other words for headings, a total row, an encoding.

    ``headings`` renames canonical headings; ``blank_after_title`` puts an empty line between title and headings. In CSV,
    ``wrapped`` columns are written as ="…" and ``quoted`` ones in quotation marks. In spreadsheets all cells are texts but
    ``numeric`` ones, ``serial`` days (bare numbers) and ``dated`` days (cells formatted as dates); the last two come as ISO text.
    """

    encoding: str = "gb18030"  # or utf-8-sig, utf-8
    titles: tuple[str, ...] = ()
    blank_after_title: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)
    wrapped: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    total: tuple[str, ...] = ()  # columns added up in a row 合计 at the end; ("",) for a row with the count alone
    notes_below: tuple[str, ...] = ()

    @property
    def first_line(self) -> int:
        """The line of the first row of data, as a spreadsheet counts."""
        return len(self.titles) + self.blank_after_title + 2


def write(sheet: Sheet, path: Path, layout: Layout) -> None:
    """Writes .csv or .xlsx after the name; the same content gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        _write_csv(sheet, path, layout)
    else:
        _write_xlsx(sheet, path, layout)


def _write_csv(sheet: Sheet, path: Path, layout: Layout) -> None:
    cells = []
    for heading, column in sheet.columns.items():
        if heading in layout.wrapped:
            filled = pc.not_equal(pc.fill_null(column, ""), "")
            column = pc.if_else(filled, joined('="', column, '"'), column)
        elif heading in layout.quoted:
            column = joined('"', column, '"')
        cells.append(column)
    lines = pc.binary_join_element_wise(*cells, ",", null_handling="replace", null_replacement="")
    commas = "," * (len(sheet.columns) - 1)
    above = [title + commas for title in layout.titles] + [commas] * layout.blank_after_title
    above.append(",".join(layout.headings.get(heading, heading) for heading in sheet.columns))
    below = [",".join(row) for row in _below(sheet, layout)]
    body = pc.binary_join(
        pa.ListArray.from_arrays([0, len(lines)], lines.cast(pa.large_string()).cast(pa.string())), "\r\n"
    )
    text = "\r\n".join([*above, body[0].as_py(), *below, ""] if len(lines) else [*above, *below, ""])
    path.write_bytes(text.encode(layout.encoding))


def _write_xlsx(sheet: Sheet, path: Path, layout: Layout) -> None:
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    workbook.set_properties({"created": dt.datetime(2022, 7, 1)})  # the same bytes on every day  # noqa: DTZ001
    page = workbook.add_worksheet("Sheet1")
    as_text, bold = workbook.add_format({"num_format": "@"}), workbook.add_format({"bold": True})
    as_day = workbook.add_format({"num_format": "yyyy/m/d"})
    line = 0
    for title in layout.titles:
        page.merge_range(line, 0, line, max(1, len(sheet.columns) - 1), title, bold)
        line += 1
    line += layout.blank_after_title
    for place, heading in enumerate(sheet.columns):
        page.write_string(line, place, layout.headings.get(heading, heading), bold)
    columns = [column.to_pylist() for column in sheet.columns.values()]
    numeric = {place for place, heading in enumerate(sheet.columns) if heading in layout.numeric}
    days = {place for place, heading in enumerate(sheet.columns) if heading in (*layout.serial, *layout.dated)}
    formats = {place: as_day for place, heading in enumerate(sheet.columns) if heading in layout.dated}
    for row in zip(*columns, strict=True):
        line += 1
        for place, text in enumerate(row):
            if not text:
                continue
            if place in numeric:
                page.write_number(line, place, float(text))
            elif place in days:
                page.write_number(
                    line, place, (dt.date.fromisoformat(text) - _SPREADSHEET_DAY_ZERO).days, formats.get(place)
                )
            else:
                page.write_string(line, place, text, as_text)
    for below in _below(sheet, layout):
        line += 1
        for place, text in enumerate(below):
            if text:
                page.write_string(line, place, text)
    workbook.close()


def _below(sheet: Sheet, layout: Layout) -> list[list[str]]:
    """The total row and the remarks under the table."""
    rows = []
    if layout.total:
        row = [""] * len(sheet.columns)
        for place, heading in enumerate(sheet.columns):
            if heading in layout.total:
                row[place] = _total(sheet.columns[heading])
        row[0] = "合计"
        if layout.total == ("",) and len(row) > 1:
            row[1] = f"{len(sheet)}条"
        rows.append(row)
    rows += [[remark] + [""] * (len(sheet.columns) - 1) for remark in layout.notes_below]
    return rows


def _total(column: pa.Array) -> str:
    plain = pc.replace_substring(pc.fill_null(column, ""), ",", "")
    amounts = pc.cast(pc.if_else(pc.equal(plain, ""), None, plain), pa.decimal128(24, 6))
    return f"{(pc.sum(amounts).as_py() or Decimal(0)).normalize():f}"
