"""Workbooks (.xlsx, .xls, .ods) read with calamine; every cell becomes the text that a person would read in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from shouwang.foundation.errors import UserError

from .table import SAMPLE_ROWS, Rows, Sheet

_BATCH = 20_000
# A spreadsheet keeps 15 significant digits: a number with more has lost the rest before it came to us.
_EXACT_UNTIL = 1e15
_AGAIN = "请用表格软件打开，另存为没有密码的 .xlsx 后重新导入。"


@dataclass
class WorkbookSheet(Sheet):
    """One sheet of a workbook; columns are counted from the first that holds anything."""

    source: CalamineSheet
    name: str
    sample: list[list[str]]

    def attempts(self, first: int, width: int) -> Iterator[Rows]:
        yield Rows(self._table(first, width), width, None, None)

    def _table(self, first: int, width: int) -> pa.Table:
        names = [f"c{index}" for index in range(width)]
        rows = islice(self.source.iter_rows(), first, None)
        batches = []
        number = first + 1
        while chunk := list(islice(rows, _BATCH)):
            texts = [[cell if cell.__class__ is str else text_of(cell) for cell in row] for row in chunk]
            columns = [pa.array(column, pa.string()) for column in islice(zip(*texts, strict=True), width)]
            columns += [pa.nulls(len(chunk), pa.string())] * (width - len(columns))
            numbers = pa.array(range(number, number + len(chunk)), pa.int32())
            batches.append(pa.table([*columns, numbers], names=[*names, "row"]))
            number += len(chunk)
        empty = pa.table({name: pa.array([], pa.string()) for name in names} | {"row": pa.array([], pa.int32())})
        return pa.concat_tables(batches) if batches else empty


def open_workbook(path: Path) -> list[WorkbookSheet]:
    """The visible sheets that hold anything. Raises UserError for a file with a password or a broken one."""
    try:
        with path.open("rb") as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
            sheets = [
                workbook.get_sheet_by_name(data.name)
                for data in workbook.sheets_metadata
                if data.visible == SheetVisibleEnum.Visible
            ]
    except PasswordError:
        raise UserError("文件有打开密码，无法读取", place=path.name, next_step=_AGAIN) from None
    except (CalamineError, OSError, ValueError, RuntimeError) as error:
        if _is_encrypted(path):
            raise UserError("文件有打开密码，无法读取", place=path.name, next_step=_AGAIN) from error
        raise UserError("文件已损坏或不是完整的电子表格，无法读取", place=path.name, next_step=_AGAIN) from error
    found = [WorkbookSheet(sheet, sheet.name, _sample(sheet)) for sheet in sheets if sheet.start is not None]
    if not found:
        raise UserError("工作簿里没有内容", place=path.name, next_step="请检查是否选错了文件。")
    return found


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without .0, days as 2022-06-03, numbers that lost digits as 1.3063E+17."""
    kind = value.__class__
    if kind is float:
        return _number(value)
    if kind is dt.date:
        return value.isoformat()
    if kind is dt.datetime:
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if kind is bool:
        return "是" if value else "否"
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= _EXACT_UNTIL:
        return f"{value:.14E}"
    if value == int(value):
        return str(int(value))
    text = f"{value:.15g}"
    return f"{value:.15f}".rstrip("0") if "e" in text else text


def _sample(sheet: CalamineSheet) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in islice(sheet.iter_rows(), SAMPLE_ROWS)]


def _is_encrypted(path: Path) -> bool:
    """Office files with a password are compound files that hold an entry of this name (UTF-16)."""
    with path.open("rb") as stream:
        return "EncryptedPackage".encode("utf-16-le") in stream.read(1 << 20)
