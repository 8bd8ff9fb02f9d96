"""Writes spreadsheets that open as they are meant: numbers used as names stay text, figures can be added up, no cell becomes a formula.

``write_texts`` streams large tables of text, ``write_sheets`` makes small formatted workbooks, ``write_csv`` and ``write_jsonl``
the plain forms. All write beside the target and put the file in place when it is whole; only its owner can read it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

Style = Literal["text", "money", "number", "day"]

_BATCH = 2000
_MOST_ROWS = 1_048_576  # what a sheet of the file format holds
_LONGEST_CELL = 32_767
_NARROWEST, _WIDEST = 8, 48
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1e\ufffe\uffff]")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d,.]*")
# What a person counts or adds up; longer digits name something, and so does whatever stands under such a heading.
_FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{1,4})?")
_NAMING = re.compile(r"(?<!序)号|码|证|卡|账|电话|手机|批次|联系|_no$|_code$|batch")
_NO_FIGURE = frozenset(("", "—", "-", "未计算"))


@dataclass(frozen=True)
class SheetColumn:
    """A column of a formatted sheet; money is right-aligned with two places."""

    heading: str
    style: Style = "text"
    width: int = 0  # characters; 0: as wide as the first rows need
    choices: Sequence[str] = ()  # a drop-down list
    note: str = ""  # shown beside the heading


@dataclass(frozen=True)
class FormattedSheet:
    """A sheet of a formatted workbook; ``rows`` are plain values in the order of ``columns``."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Any]] = field(default_factory=list)
    title: str = ""


def figure(text: str) -> bool:
    """Whether a cell's text is a figure that a spreadsheet may hold as a number without changing what it says."""
    return bool(_FIGURE.fullmatch(text))


def columns_of_figures(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> frozenset[int]:
    """The places of the columns under which nothing but figures stands, by these rows; numbers used as names are none."""
    found = {place for place, heading in enumerate(headings) if not _NAMING.search(heading)}
    filled = set[int]()
    for row in rows:
        for place in list(found):
            text = row[place] if place < len(row) else ""
            if text in _NO_FIGURE:
                continue
            if figure(text):
                filled.add(place)
            else:
                found.discard(place)
    return frozenset(found & filled)


def write_texts(
    path: Path,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    sheet_name: str = "数据",
    has_figures: bool = False,
) -> int:
    """One sheet of text with a frozen heading; returns the number of rows below it.

    ``has_figures``: columns of figures are written as numbers, for lists that people count and add up; what goes back to a
    system or its sender stays text. Rows beyond what one sheet holds go on in a second sheet with the same heading.
    """
    rows = iter(rows)
    first = list(islice(rows, _BATCH))
    figures = columns_of_figures(headings, first) if has_figures else frozenset[int]()
    widths = _widths([list(headings), *first[:200]])
    count, names = 0, list[str]()
    with _in_place(path) as target, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        everything = chain(first, rows)
        begin: list[Sequence[str]] = []
        while not names or (begin := list(islice(everything, 1))):
            chunk = chain(begin, islice(everything, _MOST_ROWS - 1 - len(begin)))
            names.append(sheet_name if not names else f"{sheet_name}{len(names) + 1}")
            with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as stream:
                count += _write_sheet(stream, headings, chunk, widths, figures)
        for name, content in _parts(names):
            archive.writestr(name, content)
    return count


def write_sheets(path: Path, sheets: Sequence[FormattedSheet]) -> None:
    """A formatted workbook: bold frozen headings, money with two places, drop-down lists."""
    with _in_place(path) as target:
        book = xlsxwriter.Workbook(
            str(target),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True},
        )
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True, "valign": "top"})
        title = book.add_format({"bold": True, "font_size": 14})
        formats = {
            "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "money": book.add_format({"num_format": "#,##0.00", "align": "right", "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0", "align": "right", "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
        }
        for content in sheets:
            sheet = book.add_worksheet(content.name[:31])
            top = 0
            if content.title:
                sheet.write_string(0, 0, content.title, title)
                top = 1
            for place, column in enumerate(content.columns):
                sheet.write_string(top, place, column.heading, bold)
                if column.note:
                    sheet.write_comment(top, place, column.note, {"x_scale": 2, "y_scale": 1.5})
            rows = [list(row) for row in content.rows]
            for number, row in enumerate(rows, start=top + 1):
                for place, (column, value) in enumerate(zip(content.columns, row, strict=True)):
                    _write_cell(sheet, number, place, value, column.style, formats)
            shown = _widths(
                [[column.heading for column in content.columns], *([str(value) for value in row] for row in rows[:200])]
            )
            for place, (column, width) in enumerate(zip(content.columns, shown, strict=True)):
                sheet.set_column(place, place, column.width or width, formats[column.style])
                if column.choices:
                    _offer(book, sheet, top + 1, place, column, content.name)
            sheet.freeze_panes(top + 1, 0)
        book.close()


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with the mark that spreadsheet programs need; a text that could start a formula gets an apostrophe."""
    count = 0
    with _in_place(path) as target, target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([safe_text(heading) for heading in headings])
        for row in rows:
            writer.writerow([safe_text(_plain(value)) for value in row])
            count += 1
    return count


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """One JSON object per line; money and days as text."""
    count = 0
    with _in_place(path) as target, target.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
            count += 1
    return count


def write_rows(path: Path, file_format: str, rows: Iterable[Mapping[str, Any]], headings: Sequence[str] = ()) -> int:
    """Rows as dictionaries in the form asked for: jsonl as they are, csv and xlsx as a table of texts.

    The headings are those of the first row unless they are given; lists and dictionaries become JSON in a cell.
    """
    if file_format == "jsonl":
        return write_jsonl(path, rows)
    rows = iter(rows)
    first = next(rows, None)
    names = list(headings or first or ())
    everything = chain([first] if first is not None else [], rows)
    lines = ([_cell_text(row.get(name)) for name in names] for row in everything)
    return write_csv(path, names, lines) if file_format == "csv" else write_texts(path, names, lines)


def safe_text(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    if text.startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _cell_text(value: Any) -> str:
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, bool):
        return "是" if value else "否"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    """A private file beside ``path`` that takes its place once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield temporary
        temporary.chmod(0o600)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """Characters each column needs, a Chinese one counting double, within reason."""
    widths: list[int] = []
    for row in rows:
        for place, text in enumerate(row):
            needed = sum(2 if ord(letter) > 0x2E7F else 1 for letter in str(text)[:_WIDEST]) + 2
            if place == len(widths):
                widths.append(_NARROWEST)
            widths[place] = min(_WIDEST, max(widths[place], needed))
    return widths


def _write_cell(sheet: Any, row: int, place: int, value: Any, style: Style, formats: Mapping[str, Any]) -> None:
    if value is None or value == "":
        sheet.write_blank(row, place, None, formats[style])
    elif style in ("money", "number") and isinstance(value, (Decimal, int)):
        sheet.write_number(row, place, value, formats[style])
    elif style == "day" and hasattr(value, "isoformat"):
        sheet.write_datetime(row, place, value, formats[style])
    else:
        sheet.write_string(row, place, _plain(value)[:_LONGEST_CELL], formats["text"])


def _offer(book: Any, sheet: Any, first: int, place: int, column: SheetColumn, sheet_name: str) -> None:
    """A drop-down list below a heading; longer lists than the format allows inline go to a hidden sheet."""
    source: Any = list(column.choices)
    if sum(len(choice) + 1 for choice in column.choices) > 250:
        hidden = book.add_worksheet(f"选项{len(book.worksheets())}")
        hidden.hide()
        for number, choice in enumerate(column.choices):
            hidden.write_string(number, 0, choice)
        source = f"='{hidden.get_name()}'!$A$1:$A${len(column.choices)}"
    sheet.data_validation(
        first,
        place,
        first + 9999,
        place,
        {
            "validate": "list",
            "source": source,
            "error_title": column.heading,
            "error_message": "请从列表中选择",
            "error_type": "warning",
        },
    )


_CELL = '<c t="inlineStr" s="1"><is><t xml:space="preserve">'
_CELL_END = "</t></is></c>"


def _write_sheet(
    stream: Any,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
    figures: frozenset[int] = frozenset(),
) -> int:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" style="1" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    stream.write(
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>".encode()
    )
    stream.write(_row(headings).replace('s="1"', 's="2"').encode())
    count = 0
    rows = iter(rows)
    while chunk := list(islice(rows, _BATCH)):
        if figures:
            marked = [[_marked(cell) if place in figures else cell for place, cell in enumerate(row)] for row in chunk]
            stream.write(_MARKED.sub(_number, "".join(map(_row, marked))).encode())
        else:
            stream.write("".join(map(_row, chunk)).encode())
        count += len(chunk)
    stream.write(b"</sheetData></worksheet>")
    return count


_SEAM = _CELL_END + _CELL
# A figure is marked on its way through ``_row``, which knows texts only; a text that begins with the mark stays one.
_MARK = "\ue0fe"
_MARKED = re.compile(re.escape(_CELL) + _MARK + r"(-?\d+(?:\.\d+)?)" + re.escape(_CELL_END))


def _marked(cell: str) -> str:
    return _MARK + cell if figure(cell) else cell


def _number(found: re.Match[str]) -> str:
    text = found[1]
    style = 4 if "." in text and len(text.rpartition(".")[2]) == 2 else 3  # two places: an amount
    return f'<c s="{style}"><v>{text}</v></c>'


def _row(cells: Sequence[str]) -> str:
    text = "\x1f".join(cells)
    if len(text) > _LONGEST_CELL or text.count("\x1f") >= len(cells):
        text = "\x1f".join(cell[:_LONGEST_CELL].replace("\x1f", "") for cell in cells)
    text = _NOT_IN_XML.sub("", escape(text, {"\r": "&#13;"})).replace("\x1f", _SEAM)
    return f"<row>{_CELL}{text}{_CELL_END}</row>"


_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="5"><xf xfId="0"/><xf numFmtId="49" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/>'
    '<xf xfId="0"/><xf numFmtId="2" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _parts(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What a workbook needs besides its sheets."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name[:31])} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_MAIN}.worksheet+xml"/>'
        for number in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{head}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_MAIN}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_MAIN}.styles+xml"/>{overrides}</Types>',
    )
    yield (
        "_rels/.rels",
        f'{head}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "xl/workbook.xml",
        f'{head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{head}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        f'<Relationship Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES
