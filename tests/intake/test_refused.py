"""Refused rows go back as they came, with place, reason and suggestion, and no cell can become a formula."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from shouwang.intake import receiving, refused, spreadsheet, template
from shouwang.intake.models import RefusedRow

from .samples import HEADINGS, JUNE, PAYMENTS, Read, as_csv, number, row, write_text

NOW = dt.datetime(2022, 7, 1, 9, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_the_spreadsheet_of_refused_rows_can_be_mended_and_sent_again(tmp_path: Path) -> None:
    danger = row(姓名='=HYPERLINK("http://x","y")', 个人自付="一千")
    file = write_text(
        tmp_path / "六月.csv",
        as_csv([["结算表"], HEADINGS, row(), row(证件号码="131102190001010016", 人数="x"), danger]),
    )
    read = Read(file)
    batch, _ = receiving.receive(
        path=file, purpose="feed", dataset="payments", region_code="130630000000", period=JUNE, by=None, now=NOW
    )
    batch.headings = read.staged.headings
    batch.save()
    assert refused.save(batch=batch, refusals=read.staged.refusals) == 2
    assert refused.save(batch=batch, refusals=read.staged.refusals) == 2 and RefusedRow.objects.count() == 2
    assert b"131102190001010016" not in bytes(RefusedRow.objects.first().cells)  # type: ignore[union-attr]
    path = refused.write(batch)
    assert path.stat().st_mode & 0o077 == 0
    sheet = openpyxl.load_workbook(path).active
    rows = [[cell.value or "" for cell in cells] for cells in sheet.iter_rows()]
    assert rows[0] == [*HEADINGS, "行号", "列", "原因", "建议"]
    assert rows[1][:11] == row(证件号码="131102190001010016", 人数="x")
    assert rows[1][11:] == [
        "4",
        "证件号码、人数",
        "证件号码 校验位应为 5，现为 6；人数 “x”不是整数",
        "请对照身份证核对后补报；请只填整数",
    ]
    assert rows[2][1] == '=HYPERLINK("http://x","y")'
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells if cell.value} <= {"inlineStr", "s"}
    assert all(cell.number_format == "@" for cell in sheet[2])
    mended = openpyxl.load_workbook(path)
    mended.active["A2"], mended.active["I2"], mended.active["D3"] = number(), "3", "1000"
    mended.save(tmp_path / "补报.xlsx")
    again = Read(tmp_path / "补报.xlsx")
    assert again.staged.accepted_count == 2, "the added columns do not stand in the way"


def test_large_tables_of_text_open_everywhere(tmp_path: Path) -> None:
    rows = [
        [f"13063019650203{index:04d}", "a<b&c>", "两\n行", "", "\x01控\x1f制", "\r回车", "0012"]
        for index in range(3000)
    ]
    path = tmp_path / "a.xlsx"
    assert spreadsheet.write_texts(path, ["号码", "符号", "行", "空", "控制", "回车", "编号"], rows) == 3000
    read = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert read[1] == ["130630196502030000", "a<b&c>", "两\n行", "", "控制", "\r回车", "0012"] and len(read) == 3001
    assert openpyxl.load_workbook(path).active["A3001"].value == "130630196502032999"


def test_rows_beyond_one_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_MOST_ROWS", 3)
    path = tmp_path / "a.xlsx"
    assert spreadsheet.write_texts(path, ["h"], [[str(index)] for index in range(5)]) == 5
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["数据", "数据2", "数据3"]
    assert [book.get_sheet_by_name(name).to_python() for name in book.sheet_names] == [
        [["h"], ["0"], ["1"]], [["h"], ["2"], ["3"]], [["h"], ["4"]],
    ]  # fmt: skip


def test_lists_hold_figures_as_numbers_and_numbers_used_as_names_as_text(tmp_path: Path) -> None:
    headings = ["户编号", "人口", "收入", "电话", "说明", "代码"]
    rows = [
        ["5306300000001", "4", "16798.33", "7321000", "12", "0012"],
        ["5306300000002", "", "-120.00", "7321001", "\ue0fe=1", "13"],
    ] * 1100  # beyond the first batch
    path = tmp_path / "a.xlsx"
    assert spreadsheet.write_texts(path, headings, rows, has_figures=True) == 2200
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[2]] == ["5306300000001", 4, 16798.33, "7321000", "12", "0012"]
    assert [cell.value for cell in sheet[2201]][:5] == ["5306300000002", "", -120, "7321001", "\ue0fe=1"]
    assert sheet["C2"].number_format == "0.00" and sheet["A2"].number_format == "@"


def test_money_has_two_places_and_numbers_used_as_names_stay_text(tmp_path: Path) -> None:
    columns = [
        spreadsheet.SheetColumn("户编号"),
        spreadsheet.SheetColumn("金额", "money"),
        spreadsheet.SheetColumn("发现于", "day"),
        spreadsheet.SheetColumn("次数", "number"),
    ]
    rows = [["0012", Decimal("1234.5"), dt.date(2022, 6, 3), 7], ["=1+1", None, None, None]]
    path = tmp_path / "a.xlsx"
    spreadsheet.write_sheets(path, [spreadsheet.FormattedSheet("清单", columns, rows, title="线索清单")])
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[3]] == ["0012", 1234.5, dt.datetime(2022, 6, 3), 7]  # noqa: DTZ001
    assert sheet["B3"].number_format == "#,##0.00" and sheet["B3"].alignment.horizontal == "right"
    assert sheet["A4"].value == "=1+1" and sheet["A4"].data_type == "s"
    assert sheet.freeze_panes == "A3"


def test_a_csv_cell_cannot_become_a_formula_and_a_negative_amount_stays_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    spreadsheet.write_csv(path, ["a", "b", "c"], [["=cmd()", Decimal("-1.5"), None], ["-", "@x", "+86 138"]])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["a", "b", "c"], ["'=cmd()", "-1.50", ""], ["-", "'@x", "'+86 138"]]
    spreadsheet.write_jsonl(tmp_path / "a.jsonl", [{"金额": Decimal("2.5"), "日": dt.date(2022, 6, 3)}])
    assert json.loads((tmp_path / "a.jsonl").read_text()) == {"金额": "2.50", "日": "2022-06-03"}


def test_rows_go_out_in_the_form_that_is_asked_for(tmp_path: Path) -> None:
    rows = [
        {"户编号": "0012", "金额": Decimal("2.5"), "依据": [{"row": 3}]},
        {"户编号": "0013", "金额": None, "依据": []},
    ]
    for file_format in ("jsonl", "csv", "xlsx"):
        assert spreadsheet.write_rows(tmp_path / f"a.{file_format}", file_format, iter(rows)) == 2
    assert json.loads((tmp_path / "a.jsonl").read_text().splitlines()[0])["依据"] == [{"row": 3}]
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == ["0012", "2.50", '[{"row": 3}]']
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A3"].value == "0013"
    assert spreadsheet.write_rows(tmp_path / "b.xlsx", "xlsx", [], headings=["户编号"]) == 0


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    spreadsheet.write_csv(path, ["a"], [["1"]])

    def broken():
        yield ["2"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        spreadsheet.write_csv(path, ["a"], broken())
    assert "1" in path.read_text(encoding="utf-8-sig")
    assert [entry for entry in tmp_path.iterdir() if entry.is_file()] == [path]


@pytest.mark.django_db
def test_a_template_is_filled_in_and_read_by_its_own_contract(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    template.write(PAYMENTS, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["结算", "填写说明"]
    sheet = book["结算"]
    assert [cell.value for cell in sheet[1]] == HEADINGS and sheet["A1"].comment.text.startswith("必需的列，不能留空")
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered["E2:E10001"] == '"住院,门诊"' and offered["J2:J10001"] == '"是,否"'
    explained = {cells[0].value: cells[3].value for cells in book["填写说明"].iter_rows(min_row=3)}
    assert explained["结算日期"].startswith("2022-06-03")
    for place, value in enumerate(row(), start=1):
        sheet.cell(2, place, value)
    book.save(path)
    assert Read(path).staged.accepted_count == 1
