"""Reads demonstration files the way a stranger would: with pandas and openpyxl, without the program's own intake."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from pathlib import Path

import openpyxl
import pandas as pd

ENCODINGS = ("utf-8-sig", "gb18030")


def rows_of(path: Path) -> list[list[str]]:
    """Every line of the file as texts, titles and totals too."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True).active
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    content = path.read_bytes()
    text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]


def heading_line(rows: list[list[str]]) -> int:
    """Index of the heading row: the first with a text in nearly every column."""
    width = max(len(row) for row in rows)
    return next(place for place, row in enumerate(rows) if sum(bool(cell) for cell in row) >= width - 1)


def table_of(path: Path) -> pd.DataFrame:
    """The rows of data as texts under the file's own headings; the index is the line in the file."""
    rows = rows_of(path)
    place = heading_line(rows)
    data = rows[place + 1 :]
    frame = pd.DataFrame(data, columns=rows[place], index=range(place + 2, place + 2 + len(data)))
    first = frame.columns[0]
    kept = ~frame[first].isin(["合计"]) & ~frame[first].str.startswith("备注")
    return frame[kept].map(unwrapped)


def unwrapped(text: str) -> str:
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def without(frame: pd.DataFrame, lines: Collection[int]) -> pd.DataFrame:
    return frame[~frame.index.isin(list(lines))]
