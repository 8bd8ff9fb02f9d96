"""Writes tables as a workbook that prints well: title, heading on every page, figures as numbers and numbers used as names as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from shouwang.intake import spreadsheet

from .paper import Paper, Table, tables

_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_DRESSED = re.compile(r"^(?P<figure>-?\d{1,3}(?:,\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?)%?$")
_LONGEST_SHEET_NAME = 31
_LONGEST_CELL = 32_767
_A4, _MOST_SHARE_UPRIGHT = 9, 8


def write(paper: Paper, path: Path) -> None:
    """One sheet per table of the paper."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16, "font_name": "宋体", "align": "center", "valign": "vcenter"}),
        "heading": book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "font_name": "宋体", "num_format": "@"}),
        **{
            side: book.add_format({"border": 1, "align": side, "valign": "vcenter", "text_wrap": True, "num_format": "@", "font_name": "宋体"})
            for side in ("left", "center", "right")
        },
        **{
            style: book.add_format({"border": 1, "align": "right", "valign": "vcenter", "num_format": code, "font_name": "宋体"})
            for style, code in (("figure", "#,##0"), ("amount", "#,##0.00"), ("share", "0.0%"))
        },
        "note": book.add_format({"font_size": 10, "font_name": "宋体", "text_wrap": True, "valign": "top"}),
    }  # fmt: skip
    for name, table in tables(paper):
        _sheet(book, _sheet_name(name, [sheet.get_name() for sheet in book.worksheets()]), name, table, paper, formats)
    book.close()


def _sheet(book: Any, sheet_name: str, title: str, table: Table, paper: Paper, formats: dict[str, Any]) -> None:
    sheet, last = book.add_worksheet(sheet_name), len(table.columns) - 1
    sheet.set_row(0, 30)
    if last:
        sheet.merge_range(0, 0, 0, last, title, formats["title"])
    else:
        sheet.write_string(0, 0, title, formats["title"])
    for place, column in enumerate(table.columns):
        sheet.write_string(1, place, column.heading, formats["heading"])
        sheet.set_column(place, place, _width(place, table))
    texts = [[_bare(str(cell)) for cell in row] for row in table.rows]
    figures = spreadsheet.columns_of_figures([column.heading for column in table.columns], texts)
    for number, (row, bare) in enumerate(zip(table.rows, texts, strict=True), start=2):
        for place, cell in enumerate(row):
            if place in figures and spreadsheet.figure(bare[place]):
                _write_figure(sheet, number, place, str(cell), bare[place], formats)
            else:
                sheet.write_string(number, place, str(cell)[:_LONGEST_CELL], formats[table.columns[place].align])
    for number, note in enumerate(paper.notes, start=len(table.rows) + 2):
        sheet.write_string(number, 0, note, formats["note"])
    sheet.freeze_panes(2, 0)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&C— &P —")
    if sum(column.share for column in table.columns) > _MOST_SHARE_UPRIGHT:
        sheet.set_landscape()


def _bare(text: str) -> str:
    """A figure without what makes it read well: 1,430 → 1430, 96.8% → 96.8; any other text as it is."""
    return _DRESSED.sub(lambda found: found["figure"].replace(",", ""), text)


def _write_figure(sheet: Any, row: int, place: int, text: str, bare: str, formats: dict[str, Any]) -> None:
    if text.endswith("%"):
        sheet.write_number(row, place, float(bare) / 100, formats["share"])
    else:
        sheet.write_number(row, place, float(bare), formats["amount" if "." in bare else "figure"])


def _width(place: int, table: Table) -> int:
    """Letters that the heading and the first rows need, a Chinese one counting double, within reason."""
    texts = [table.columns[place].heading, *(str(row[place]) for row in table.rows[:200] if place < len(row))]
    return max(8, min(48, max(sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) for text in texts) + 2))


def _sheet_name(title: str, taken: Sequence[str]) -> str:
    name = _NOT_IN_A_SHEET_NAME.sub(" ", title.replace("\n", ""))[:_LONGEST_SHEET_NAME].strip("' ") or "表"
    number = 2
    while name in taken:
        name = f"{name[: _LONGEST_SHEET_NAME - 3]}{number}"
        number += 1
    return name
