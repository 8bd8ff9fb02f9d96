"""Text files as they come: which encoding, which separator, how the rows begin, and how DuckDB reads the rest.

A row's number is the one that a spreadsheet program shows for it: a blank line is a row, a line break inside quotes is not
a new one. DuckDB reads well-formed files in parallel; a file that breaks the rules of CSV (mixed line ends, stray quotes,
rows longer than the heading by more than one cell) is read once more by a patient reader that loses nothing.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError

from .table import SAMPLE_ROWS, Rows, Sheet

_LOOK_BYTES = 1 << 18
_CHUNK = 1 << 22
_SEPARATORS = (",", "\t", ";", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PATIENT_BATCH = 20_000
_LONGEST_CELL = 1 << 20
_BREAKS_IN_A_CELL = 20  # a "cell" with more line breaks is a quote that nobody closed


@dataclass
class TextSheet(Sheet):
    """One text file. ``path`` is what DuckDB reads: the file itself, or a private copy in UTF-8 that is removed at the end."""

    path: Path
    encoding: str
    separator: str
    line_end: str  # \\r\\n or \\n as DuckDB writes them; empty when lines end in other ways too
    sample: list[list[str]]
    name: str = ""
    _copies: list[Path] = field(default_factory=list)

    def attempts(self, first: int, width: int) -> Iterator[Rows]:
        """Ways of reading the rows from the ``first`` on (counted from 0), the fast one first; each gives columns c0, c1, …"""
        if self.line_end:
            yield self._scan(first, width)
            yield self._scan(first, width, "null_padding = true", spare_columns=1)
        # The look at the beginning took it for UTF-8; what DuckDB stumbled on may be GBK further down.
        if self.encoding == "utf-8" and not _is_utf_8(self.path):
            self.encoding = "gb18030"
            self._make_copy()
            yield self._scan(first, width)
            yield self._scan(first, width, "null_padding = true", spare_columns=1)
        yield self._read_patiently(first, width)

    def close(self) -> None:
        for copy in self._copies:
            copy.unlink(missing_ok=True)

    def _scan(self, first: int, width: int, option: str = "", spare_columns: int = 0) -> Rows:
        columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width + spare_columns))
        options = [
            "header = false, auto_detect = false, quote = '\"', escape = '\"'",
            # Named because DuckDB, left to guess, finds no rows at all where a heading holds another kind of line end.
            f"new_line = '{self.line_end}'",
            f"skip = {first}, delim = '{self.separator}', columns = {{{columns}}}, max_line_size = {8 * _LONGEST_CELL}",
            *([option] if option else []),
        ]
        source = f"read_csv('{str(self.path).replace(chr(39), chr(39) * 2)}', {', '.join(options)})"
        return Rows(source, width + spare_columns, first + 1, self._numbers_of_rows(first))

    def _numbers_of_rows(self, first: int) -> pa.Table | None:
        """Row numbers where blank lines lie between the rows, which DuckDB passes over; None when there are none."""
        with self.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            returns = content.find(b"\r\n", 0, _LOOK_BYTES) >= 0
            if content.find(b"\n\r\n" if returns else b"\n\n") < 0:
                return None
            text = np.frombuffer(content, dtype=np.uint8)
            ends = np.flatnonzero(text == ord("\n"))
            quotes = np.flatnonzero(text == ord('"'))
            if len(quotes):
                ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
            if not len(ends) or ends[-1] != len(text) - 1:
                ends = np.append(ends, len(text))
            starts = np.concatenate(([0], ends[:-1] + 1))
            lengths = ends - starts
            lengths -= (lengths > 0) & (text[np.minimum(ends, len(text)) - 1] == ord("\r"))
            numbers = np.flatnonzero(lengths > 0) + 1
            del text
        return pa.table({"row": numbers[numbers > first].astype(np.int32)})

    def _make_copy(self) -> None:
        """A private copy in UTF-8, transcoded piece by piece."""
        folder = workspace.private_folder(workspace.home() / "temporary")
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".csv")
        copy = Path(name)
        self._copies.append(copy)
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        with self.path.open("rb") as source, os.fdopen(descriptor, "wb") as target:
            while chunk := source.read(_CHUNK):
                target.write(decoder.decode(chunk).encode("utf-8"))
            target.write(decoder.decode(b"", final=True).encode("utf-8"))
        self.path = copy

    def _read_patiently(self, first: int, width: int) -> Rows:
        """Every row, whatever its shape: cells beyond the heading are gathered in one more column."""
        try:
            table = self._patient_table(first, width, csv.QUOTE_MINIMAL)
        except (csv.Error, _UnclosedQuoteError):
            table = self._patient_table(first, width, csv.QUOTE_NONE)
        return Rows(table, width + 1, None, None)

    def _patient_table(self, first: int, width: int, quoting: int) -> pa.Table:
        batches, rows, numbers = list[pa.Table](), list[list[str | None]](), list[int]()
        names = [f"c{index}" for index in range(width + 1)]

        def finish() -> None:
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            batches.append(pa.table([*columns, pa.array(numbers, pa.int32())], names=[*names, "row"]))
            rows.clear()
            numbers.clear()

        csv.field_size_limit(_LONGEST_CELL)
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            reader = csv.reader(stream, delimiter=self.separator, quoting=quoting)  # type: ignore[arg-type]
            for number, cells in enumerate(reader, start=1):
                if number <= first or not cells:
                    continue
                if quoting == csv.QUOTE_MINIMAL and any(cell.count("\n") > _BREAKS_IN_A_CELL for cell in cells):
                    raise _UnclosedQuoteError
                rest = self.separator.join(cells[width:]) if any(cell.strip() for cell in cells[width:]) else None
                rows.append([*cells[:width], *[None] * (width - len(cells)), rest])
                numbers.append(number)
                if len(rows) == _PATIENT_BATCH:
                    finish()
        if rows:
            finish()
        empty = pa.table({name: pa.array([], pa.string()) for name in names} | {"row": pa.array([], pa.int32())})
        return pa.concat_tables(batches) if batches else empty


class _UnclosedQuoteError(Exception):
    pass


def open_text(path: Path) -> TextSheet:
    """Looks at the beginning of a text file. Raises UserError when it is no text or holds nothing."""
    with path.open("rb") as stream:
        head = stream.read(_LOOK_BYTES)
    encoding = _encoding(head, is_whole=len(head) < _LOOK_BYTES)
    if encoding is None:
        raise UserError(
            "文件既不是电子表格，也不是可识别编码的文本",
            place=path.name,
            next_step="请用表格软件打开，另存为 .xlsx 或 CSV（UTF-8）后重新导入。",
        )
    text = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(head)
    if len(head) == _LOOK_BYTES and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    if not text.strip():
        raise UserError("文件里没有内容", place=path.name, next_step="请检查是否选错了文件。")
    separator, sample = _separator(text)
    sheet = TextSheet(path, encoding, separator, _line_end(text), sample)
    if encoding not in ("utf-8", "utf-8-sig"):
        sheet._make_copy()
    return sheet


def _encoding(head: bytes, *, is_whole: bool) -> str | None:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if max(odd, even) * 10 < len(head):
            return None
        return "utf-16-le" if odd > even else "utf-16-be"
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head, final=is_whole)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _line_end(text: str) -> str:
    """How the lines of a text end, line breaks inside quotes left aside; empty when they end in more ways than one."""
    outside = "".join(text.split('"')[::2])
    returns, feeds = outside.count("\r"), outside.count("\n")
    if outside.count("\r\n") != returns or returns not in (0, feeds):
        return ""
    return "\\r\\n" if returns else "\\n"


def _separator(text: str) -> tuple[str, list[list[str]]]:
    """The separator that gives the most rows of one common width, and the first rows read with it."""
    best: tuple[float, str, list[list[str]]] = (0.0, ",", [])
    for separator in _SEPARATORS:
        rows = _first_rows(text, separator)
        widths = [len(row) for row in rows if len(row) > 1]
        common = max(set(widths), key=widths.count) if widths else 1
        score = widths.count(common) * common / (len(rows) or 1) if common > 1 else 0.5
        if score > best[0]:
            best = (score, separator, rows)
    return best[1], best[2]


def _first_rows(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        return [line.split(separator) for line in text.lstrip("\ufeff").splitlines()[:SAMPLE_ROWS]]
    return rows
