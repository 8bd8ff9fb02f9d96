"""Reads a file by its contract into DuckDB: every good row typed, every other row with its reason.

Clean rows are taken in one pass over the file. Rows with a cell that the strict reading did not take keep their cells and
go through the forgiving reading. Only the rows that are refused in the end are touched one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month

from . import cells, headings, identity_cells, queries, reading, row_kinds
from .contract import Column, Contract, Kind
from .reasons import Refusal, explain
from .table import Rows, Sheet


@dataclass
class Staged:
    """What became of a file. The relations live in ``connection`` under ``name`` until it is closed.

    ``<name>``: accepted rows — row (number in the file), one typed column per named contract column; with ``keeps_cells``
    also raw_0, raw_1, … with the cells as they came. Sums: ``row_count`` = ``accepted_count`` + ``refused_count``.
    """

    connection: duckdb.DuckDBPyConnection
    name: str
    contract: Contract
    heading: headings.Heading
    row_count: int
    accepted_count: int
    refusals: list[Refusal]
    skipped: dict[str, list[int]] = field(default_factory=dict)  # 合计行, 备注行, … → row numbers
    notices: list[str] = field(default_factory=list)
    sheet: str = ""

    @property
    def headings(self) -> list[str]:
        """The headings as they came, by column."""
        return self.heading.texts

    @property
    def refused_count(self) -> int:
        return len(self.refusals)


def staged_name(column: Column) -> str:
    """The name of a column in the staged relation; empty when it is not staged."""
    if column.name:
        return column.name
    if column.kind in cells.IDENTITY_KINDS:
        return "identity_number"
    return "name" if column.kind is Kind.NAME else ""


def stage(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    contract: Contract,
    *,
    sender: str = "",
    period: Month | None = None,
    mapping: Mapping[str, str] | None = None,
    sheet_name: str = "",
    name: str = "staged",
    opened: list[Sheet] | None = None,
) -> Staged:
    """Reads ``path`` by ``contract`` and leaves the accepted rows in the relation ``name`` of ``connection``.

    ``mapping`` (来文列名 → 标准列名, empty: not wanted) comes before what is remembered of ``sender``. ``period`` bounds the days of
    columns that may not lie after it. ``opened`` are the sheets of the file when it was opened before. Raises UserError, with nothing left behind, when the file as a whole cannot be used:
    unreadable, no heading, a required column missing or ambiguous.
    """
    remembered = queries.remembered_headings(dataset=contract.code, sender=sender)
    vocabulary = headings.Vocabulary(contract, {**remembered, **(mapping or {})})
    with ExitStack() as stack:
        sheets = reading.open_file(path) if opened is None else opened
        for sheet in sheets:
            stack.callback(sheet.close)
        sheet, heading = _choose(sheets, vocabulary, path, sheet_name)
        headings.check(heading, contract, sheet.sample, _place(path, sheet))
        assert heading is not None
        return _Reading(connection, name, contract, heading, sheet, period.last_day if period else None).staged(path)


def _place(path: Path, sheet: Sheet) -> str:
    return f"{path.name}（工作表“{sheet.name}”）" if sheet.name else path.name


def _choose(
    sheets: list[Sheet], vocabulary: headings.Vocabulary, path: Path, wanted: str
) -> tuple[Sheet, headings.Heading | None]:
    """The sheet whose heading fits; an explanation sheet beside it is no rival, a second sheet with data is."""
    if wanted:
        sheets = [sheet for sheet in sheets if sheet.name == wanted]
        if not sheets:
            raise UserError(f"没有名为“{wanted}”的工作表", place=path.name, next_step="请核对工作表名称。")
    found = [(sheet, headings.find(sheet.sample, vocabulary)) for sheet in sheets]
    whole = [(sheet, heading) for sheet, heading in found if heading and not heading.missing(vocabulary.contract)]
    filled = [(sheet, heading) for sheet, heading in whole if _has_rows(sheet, heading)]
    if len(filled) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet, _ in filled)
        raise UserError(
            f"有 {len(filled)} 个工作表都有数据：{names}",
            place=path.name,
            next_step="请用 --sheet 指明其中一个，或合并为一个工作表后重新导入。",
        )
    if filled or whole:
        return (filled or whole)[0]
    return max(found, key=lambda pair: len(pair[1].columns) if pair[1] else -1)


def _has_rows(sheet: Sheet, heading: headings.Heading) -> bool:
    return any(cell.strip() for row in sheet.sample[heading.rows[1] + 1 :] for cell in row)


class _Reading:
    """One file on its way into the connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        contract: Contract,
        heading: headings.Heading,
        sheet: Sheet,
        latest_day: dt.date | None,
    ) -> None:
        self.connection = connection
        self.name = name
        self.contract = contract
        self.heading = heading
        self.sheet = sheet
        self.latest_day = latest_day
        self.width = len(heading.texts)
        # A column that is only kept as it came is not judged.
        self.present = [
            (position, column)
            for position, column in sorted(heading.columns.items())
            if staged_name(column) or not column.may_be_empty
        ]
        self.has_unclean = False
        self.keeps_cells = contract.keeps_unknown_columns
        self.tolerant = {
            position
            for position, column in self.present
            if contract.tolerates_unsound_identity and column.kind in cells.IDENTITY_KINDS
        }

    def staged(self, path: Path) -> Staged:
        cells.install(self.connection)
        if any(column.kind is Kind.VILLAGE for column in self.heading.columns.values()):
            villages = pa.table({"code": pa.array(queries.villages_in_force(), pa.string())})
            self._keep("villages_in_force", villages)
        rows = self._take_clean_rows(path)
        self._mend_the_others(rows)
        self._join(rows)
        count = self._count(f"SELECT count(*) FROM {self.name}_taken")
        skipped = self._skipped()
        refusals = list(self._refusals())
        accepted = self._count(f"SELECT count(*) FROM {self.name}")
        result = Staged(
            self.connection,
            self.name,
            self.contract,
            self.heading,
            count - sum(len(numbers) for numbers in skipped.values()),
            accepted,
            refusals,
            skipped,
            sheet=self.sheet.name,
        )
        result.notices.extend(self._notices(result))
        return result

    # — clean rows ————————————————————————————————————————————————————————————————————————————————

    def _take_clean_rows(self, path: Path) -> Rows:
        """Reads the file once; of rows with an unclean cell only the cells are kept."""
        for rows in self.sheet.attempts(self.heading.rows[1] + 1, self.width):
            source = rows.source
            if isinstance(source, pa.Table):
                self.connection.register(f"{self.name}_incoming", source)
                source = f"{self.name}_incoming"
            try:
                self.connection.execute(
                    f"CREATE OR REPLACE TEMP TABLE {self.name}_taken AS {self._strict_query(source, rows)}"
                )
            except (duckdb.InvalidInputException, duckdb.ConversionException):
                continue
            except duckdb.Error as error:
                if "parallel scanner" not in str(error):
                    raise
                continue
            finally:
                if not isinstance(rows.source, str):
                    self.connection.unregister(f"{self.name}_incoming")
            count = self._count(f"SELECT count(*) FROM {self.name}_taken")
            expected = count or not _has_rows(self.sheet, self.heading)
            if expected and (rows.numbers is None or count == len(rows.numbers)):
                return rows
        raise UserError(
            "文件的分隔或引号无法读取", place=path.name, next_step="请用表格软件打开，另存为 .xlsx 后重新导入。"
        )

    def _strict_query(self, source: str, rows: Rows) -> str:
        columns = [f"c{index}" for index in range(rows.width)]
        carried = [*columns, *([] if isinstance(rows.source, str) else ["row"])]
        inner = f"SELECT {', '.join(carried)} FROM {source}"
        values: dict[int, str] = {}
        for position, column in self.present:
            if column.kind in cells.IDENTITY_KINDS:
                prefix = f"i{position}"
                for items in identity_cells.strict_layers(
                    f"c{position}", prefix, is_certificate=column.kind is Kind.CERTIFICATE
                ):
                    inner = f"SELECT *, {', '.join(items)} FROM ({inner})"
                values[position] = f"{prefix}_number"
            else:
                factor = self.heading.factors.get(position, 1)
                values[position] = cells.strict(column, f"c{position}", self.latest_day, factor)
        typed = ", ".join(f"{values[position]} AS v{position}" for position, _ in self.present)
        unclean = [
            f"(v{position} IS NULL AND NOT {self._may_stay_empty(position, column, f'c{position}')})"
            for position, column in self.present
        ]
        if rows.width > self.width:
            unclean.append(f"c{self.width} IS NOT NULL")
        taken = [f"v{position}" for position, _ in self.present]
        taken += [f"c{index} AS raw_{index}" for index in range(self.width)] if self.keeps_cells else []
        taken += [f"CASE WHEN is_unclean THEN [{', '.join(columns)}] END AS cells", "is_unclean"]
        taken += [] if isinstance(rows.source, str) else ["row"]
        return f"""SELECT {", ".join(taken)} FROM (
            SELECT *, {" OR ".join(unclean)} AS is_unclean FROM (SELECT {", ".join(carried)}, {typed} FROM ({inner})))"""

    def _may_stay_empty(self, position: int, column: Column, cell: str) -> str:
        """An empty identity number of a tolerant contract needs its reason: the forgiving reading gives it."""
        return "false" if position in self.tolerant else cells.is_empty(column, cell)

    # — the others ————————————————————————————————————————————————————————————————————————————————

    def _mend_the_others(self, rows: Rows) -> None:
        number = self._row_number(rows)
        numbers = ""
        if rows.numbers is not None:
            self._keep(f"{self.name}_numbers", rows.numbers)
            numbers = f" JOIN {self.name}_numbers n ON n.rowid = t.rowid"
        values = ", ".join(f"v{position}" for position, _ in self.present)
        # First by themselves: spread thin among a million clean rows they would be read a handful at a time.
        self.connection.execute(f"""CREATE OR REPLACE TEMP TABLE {self.name}_unclean AS
            SELECT {number} AS row, cells, {values} FROM {self.name}_taken t{numbers} WHERE is_unclean""")
        self.has_unclean = bool(self._count(f"SELECT count(*) FROM {self.name}_unclean"))
        if not self.has_unclean:
            columns = "row INTEGER, cells VARCHAR[], kind VARCHAR, is_refused BOOLEAN"
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {self.name}_mended ({columns})")
            return
        whole = self._wholly_taken()
        kept = ["row", "cells", *(f"v{position}" for position in whole)]
        inner = f"SELECT {', '.join(kept)} FROM {self.name}_unclean"
        for items in self._layers(rows, whole):
            inner = f"SELECT *, {', '.join(items)} FROM ({inner})"
        codes = [f"d{position}" for position, _ in self.present]
        kept = ["row", "cells", "kind", "d_overflow", values, *codes]
        kept += ["identity_text", "identity_defect"] if self.tolerant else []
        self.connection.execute(f"""CREATE OR REPLACE TEMP TABLE {self.name}_mended AS SELECT {", ".join(kept)},
            kind IS NULL AND coalesce({", ".join(codes)}, d_overflow) IS NOT NULL AS is_refused FROM ({inner})""")
        self.connection.execute(f"DROP TABLE {self.name}_unclean")

    def _wholly_taken(self) -> list[int]:
        """Positions of columns in which the strict reading took every cell: the forgiving one can leave them alone."""
        wrong = ", ".join(
            f"bool_or(v{position} IS NULL AND NOT {self._may_stay_empty(position, column, f'cells[{position + 1}]')})"
            for position, column in self.present
        )
        found = self.connection.execute(f"SELECT {wrong} FROM {self.name}_unclean").fetchone() or ()
        return [position for (position, _), is_wrong in zip(self.present, found, strict=True) if is_wrong is False]

    def _layers(self, rows: Rows, whole: list[int]) -> list[list[str]]:
        """SELECT items of nested queries: cleaned cells, typed values, the kind of row, defects."""
        mended = [(position, column) for position, column in self.present if position not in whole]
        columns = [
            cells.forgiving_layers(column, position, self.heading.factors.get(position, 1))
            for position, column in mended
        ]
        layers = [[item for items in layer for item in items] for layer in zip(*columns, strict=True)]
        layers += row_kinds.layers(self.heading, self.width)
        defects = [f"{self._defect(position, column)} AS d{position}" for position, column in mended]
        defects += [f"NULL::VARCHAR AS d{position}" for position in whole]
        overflow = f"cell_trimmed(cells[{rows.width}])" if rows.width > self.width else "''"
        defects.append(f"CASE WHEN {overflow} <> '' THEN 'overflow' END AS d_overflow")
        if self.tolerant:
            position = min(self.tolerant)
            unsound = f"f{position} AS identity_defect, y{position} AS identity_text"
            defects.append(f"NULL AS identity_defect, v{position} AS identity_text" if position in whole else unsound)
        return [layer for layer in [*layers, defects] if layer]

    def _defect(self, position: int, column: Column) -> str:
        if position in self.tolerant:
            return f"CASE WHEN cell_is_damaged(n{position}) THEN 'damaged' END"
        return cells.defect(column, position, self.latest_day)

    def _row_number(self, rows: Rows) -> str:
        if rows.numbers is not None:
            return "n.row"
        return "row" if rows.first_number is None else f"(t.rowid + {rows.first_number})::INTEGER"

    # — both together —————————————————————————————————————————————————————————————————————————————

    def _join(self, rows: Rows) -> None:
        """The relation of accepted rows: clean and mended ones alike, absent optional columns as NULL."""
        numbers = f" JOIN {self.name}_numbers n ON n.rowid = t.rowid" if rows.numbers is not None else ""
        clean = f"""SELECT {self._row_number(rows)} AS row, {self._items("t", is_clean=True)}
            FROM {self.name}_taken t{numbers} WHERE NOT is_unclean"""
        mended = f"""UNION ALL SELECT row, {self._items("m", is_clean=False)}
            FROM {self.name}_mended m WHERE kind IS NULL AND NOT is_refused"""
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {self.name} AS {clean} {mended if self.has_unclean else ''}"
        )

    def _items(self, table: str, *, is_clean: bool) -> str:
        positions = {column.heading: position for position, column in self.present}
        items = []
        for column in self.contract.columns:
            name = staged_name(column)
            if not name:
                continue
            position = positions.get(column.heading)
            items.append(
                f"NULL::{cells.sql_type(column)} AS {name}" if position is None else f"{table}.v{position} AS {name}"
            )
        if self.contract.tolerates_unsound_identity:
            items += self._identity_items(table, is_clean=is_clean)
        if self.keeps_cells:
            items += [f"{f't.raw_{i}' if is_clean else f'm.cells[{i + 1}]'} AS raw_{i}" for i in range(self.width)]
        return ", ".join(items)

    def _identity_items(self, table: str, *, is_clean: bool) -> list[str]:
        if not self.tolerant:
            return ["NULL::VARCHAR AS identity_text", "NULL::VARCHAR AS identity_defect"]
        if is_clean:
            return [f"{table}.v{min(self.tolerant)} AS identity_text", "NULL::VARCHAR AS identity_defect"]
        return [f"{table}.identity_text", f"{table}.identity_defect"]

    # — what is told ——————————————————————————————————————————————————————————————————————————————

    def _skipped(self) -> dict[str, list[int]]:
        found = self.connection.execute(
            f"SELECT kind, list(row ORDER BY row) FROM {self.name}_mended WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind"
        ).fetchall()
        return dict(found)

    def _refusals(self) -> Iterator[Refusal]:
        if not self.has_unclean:
            return
        codes = ", ".join([*(f"d{position}" for position, _ in self.present), "d_overflow"])
        found = self.connection.execute(
            f"SELECT row, cells, [{codes}] FROM {self.name}_mended WHERE is_refused ORDER BY row"
        )
        columns: list[Column | None] = [*(column for _, column in self.present), None]
        positions = [*(position for position, _ in self.present), self.width]
        while chunk := found.fetchmany(10_000):
            for row, texts, defects in chunk:
                raw = [text or "" for text in texts]
                refusal = Refusal(row, raw)
                for column, position, code in zip(columns, positions, defects, strict=True):
                    if code:
                        reason, suggestion = explain(code, column, raw[position])
                        refusal.columns.append(self.heading.texts[position] if column else "")
                        refusal.reasons.append(reason)
                        refusal.suggestions.append(suggestion)
                yield refusal

    def _notices(self, result: Staged) -> list[str]:
        notices = []
        unknown = [self.heading.texts[position] for position in self.heading.unknown]
        if unknown:
            what = "原样保留" if self.keeps_cells else "未读取"
            notices.append(f"未识别的列（{what}）：{'、'.join(unknown)}")
        for position, column in self.heading.displaced.items():
            notices.append(f"列“{self.heading.texts[position]}”未采用：已有“{column.heading}”列")
        for kind, numbers in result.skipped.items():
            first = "、".join(f"{number:,}" for number in numbers[:5])
            more = " 等" if len(numbers) > 5 else ""
            notices.append(f"{kind} {len(numbers):,} 行未作数据（第 {first}{more} 行）")
        if not result.row_count:
            notices.append("文件里没有数据行")
        return notices

    def _keep(self, name: str, table: pa.Table) -> None:
        self.connection.register(f"{name}_in_memory", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_in_memory")
        self.connection.unregister(f"{name}_in_memory")

    def _count(self, query: str) -> int:
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0
