"""A contract with a column of every kind, and files as people send them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import xlsxwriter

from shouwang.foundation.identity import check_character
from shouwang.foundation.periods import Month
from shouwang.intake import staging
from shouwang.intake.contract import CodeList, Column, Contract, Kind
from shouwang.lake import store

KINDS_OF_VISIT = CodeList("就诊类型", {"住院": ("普通住院", "1"), "门诊": ("普通门诊", "2")})
PAYMENTS = Contract(
    code="payments",
    label="结算",
    description="用于测试的结算",
    columns=(
        Column("证件号码", "", Kind.IDENTITY, "号码", is_required=True, may_be_empty=False, aliases=("身份证号", "身份证号码")),
        Column("姓名", "", Kind.NAME, "姓名", is_required=True, may_be_empty=False, aliases=("患者姓名",)),
        Column(
            "结算日期", "settled_on", Kind.DAY, "日期", is_required=True, may_be_empty=False, is_not_after_period=True,
            aliases=("就诊日期",),
        ),
        Column("个人自付", "own_payment_fen", Kind.MONEY, "金额", is_required=True, may_be_empty=False, aliases=("自付金额",)),
        Column("就诊类型", "visit_kind", Kind.CODE, "类型", codes=KINDS_OF_VISIT),
        Column("病种名称", "disease", Kind.TEXT, "病种"),
        Column("起始月份", "from_month", Kind.MONTH, "月份"),
        Column("参保年度", "insured_year", Kind.YEAR, "年度"),
        Column("人数", "people", Kind.WHOLE, "人数"),
        Column("已改造", "is_done", Kind.YES_NO, "是否"),
        Column("结算编号", "settlement_no", Kind.KEY, "编号"),
    ),
)  # fmt: skip
HEADINGS = [column.heading for column in PAYMENTS.columns]
JUNE = Month(2022, 6)


def number(first_17: str = "13063019650203123") -> str:
    return first_17 + check_character(first_17)


ZHAO, QIAN = number("13063019650203123"), number("13063019880704456")


def row(**cells: str) -> list[str]:
    """A good row of PAYMENTS with some cells replaced, by heading."""
    good = dict(
        zip(
            HEADINGS,
            [ZHAO, "赵建国", "2022-06-03", "1234.50", "住院", "脑卒中", "2022-06", "2022", "3", "是", "JS1"],
            strict=True,
        )
    )
    return list({**good, **cells}.values())


def as_csv(rows: list[list[str]], *, separator: str = ",", ending: str = "\r\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=ending).writerows(rows)
    return stream.getvalue()


def write_text(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(path: Path, rows: list[list[object]], name: str = "Sheet1", **more: list[list[object]]) -> Path:
    """Cells keep their types; a callable cell writes itself."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, content in {name: rows, **more}.items():
        sheet = book.add_worksheet(title)
        for number_, cells in enumerate(content):
            for place, cell in enumerate(cells):
                if hasattr(cell, "isoformat"):
                    sheet.write_datetime(number_, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number_, place, cell)
                else:
                    sheet.write(number_, place, cell)
    book.close()
    return path


class Read:
    """A staged file with its rows as dictionaries."""

    def __init__(self, path: Path, contract: Contract = PAYMENTS, **options: object) -> None:
        self.connection = store.connect()
        options.setdefault("period", JUNE)
        self.staged = staging.stage(self.connection, path, contract, **options)  # type: ignore[arg-type]

    @property
    def rows(self) -> list[dict[str, object]]:
        found = self.connection.execute("SELECT * FROM staged ORDER BY row")
        names = [column[0] for column in found.description]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    @property
    def reasons(self) -> dict[int, str]:
        return {refusal.row_number: refusal.sentence for refusal in self.staged.refusals}
