"""What goes out is what came in: the same columns in the same order, the same data, numbers as text."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation.models import Account, AuditEvent
from shouwang.registry import actions, exporting
from tests.factories import NOW

from .samples import (
    JUNE,
    MAY,
    PERSON_HEADINGS,
    ZHANG,
    Row,
    household,
    import_rows,
    monitored,
    number,
    outwork,
    person,
    table,
    taken,
    write,
)


def read(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))
    sheet = openpyxl.load_workbook(path).active
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]


def rows_of_a_province() -> list[Row]:
    """Cells as they may stand in an export, none of them to be lost or changed."""
    odd = person(
        1, 2, 姓名="李　四", 健康状况="长期慢性病;残疾", 务工企业名称="=公司", 产业分类="-", 户联系电话="0312-7654321"
    )
    odd["是否享受低保"] = " 是"
    odd["政治面貌"] = "群众\n（预备）"
    return [person(1, 1, 证件号码=ZHANG), odd, person(2, 1, 证件号码=number("19880704", 3), 残疾证办证年度="2019")]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_every_cell_comes_back_and_the_export_is_the_same_when_imported_again(tmp_path: Path, suffix: str) -> None:
    headings = [*PERSON_HEADINGS[10:], *PERSON_HEADINGS[:10], "备注"]
    rows = rows_of_a_province()
    path = write(tmp_path / "in.csv", [{**row, "备注": "原样"} for row in rows], headings=headings)
    actions.import_file(path=path, period=JUNE, by=None, now=NOW)
    out = tmp_path / f"out{suffix}"
    assert exporting.export(kind="person", region_code="130630", path=out, by=None) == 3
    expected = table([{**row, "备注": "原样"} for row in rows], headings)
    found = read(out)
    if suffix == ".csv":  # no cell may become a formula
        found = [[cell.removeprefix("'") for cell in row] for row in found]
    assert found == expected
    again = actions.import_file(path=out, period=JUNE, by=None, now=NOW)
    assert taken(again) == {"rows": 3, "same": 3}


def test_identity_numbers_come_back_clean_and_as_text(tmp_path: Path) -> None:
    x = number("19650203", 7)
    old = person(1, 1, 证件号码=ZHANG[:6] + ZHANG[8:17])
    rows = [
        old,
        person(1, 2, 证件号码=f" {x[:6]} {x[6:]}"),
        person(1, 3, 证件号码=number("19670808", 4), 户主证件号码="'" + ZHANG),
    ]
    import_rows(tmp_path, rows)
    out = tmp_path / "out.xlsx"
    exporting.export(kind="person", region_code="130630", path=out, by=None)
    sheet = openpyxl.load_workbook(out).active
    column = next(cell.column for cell in sheet[1] if cell.value == "证件号码")
    cells = [sheet.cell(row, column) for row in (2, 3, 4)]
    assert [cell.value for cell in cells] == [ZHANG, x, number("19670808", 4)]
    assert all(cell.data_type != "n" and cell.number_format == "@" for cell in cells)


def test_the_layout_is_that_of_the_last_import_in_force(tmp_path: Path) -> None:
    import_rows(tmp_path, [household(1)], period=MAY)
    few = {key: household(1)[key] for key in ("乡", "县", "村", "户主姓名", "户编号", "与村主干路距离")}
    last = import_rows(tmp_path, [{**few, "与村主干路距离": "0.7"}]).batch
    out = tmp_path / "out.csv"
    exporting.export(kind="household", region_code="130630", path=out, by=None)
    assert read(out) == [list(few), ["涞源镇", "涞源县", "东关村", "张一", "5306300000001", "0.7"]]
    assert last
    actions.revert(batch=last, by=None, reason="发错了", now=NOW)
    exporting.export(kind="household", region_code="130630", path=out, by=None)
    assert read(out)[0] == list(household(1)) and read(out)[1] == list(household(1).values())


def test_monitored_and_out_work_sheets_go_out_as_they_came(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1)])
    import_rows(tmp_path, [monitored(1)])
    import_rows(tmp_path, [outwork(1, 1)])
    for kind, row in (("monitored", monitored(1)), ("outwork", outwork(1, 1))):
        out = tmp_path / f"{kind}.csv"
        exporting.export(kind=kind, region_code="130630", path=out, by=None)
        assert read(out) == table([row])


def test_only_the_own_county_goes_out_and_only_by_who_may_and_it_is_logged(
    tmp_path: Path, sun: Account, zhao: Account, li: Account
) -> None:
    import_rows(tmp_path, [person(1, 1)], by=sun)
    out = tmp_path / "out.csv"
    for stranger, region in ((li, "130630"), (zhao, "130630100200"), (sun, "13")):
        with pytest.raises(NotPermittedError):
            exporting.export(kind="person", region_code=region, path=out, by=stranger)
    assert not out.exists() and not AuditEvent.objects.filter(action="导出农户档案").exists()
    assert exporting.export(kind="person", region_code="130630100200", path=out, by=sun, reason="上报") == 1
    line = AuditEvent.objects.get(action="导出农户档案")
    assert line.by == sun and line.detail["rows"] == 1 and line.reason == "上报" and ZHANG not in str(line.detail)
    assert out.stat().st_mode & 0o077 == 0


def test_what_was_never_imported_and_other_forms_of_file_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="还没有导入过人员信息"):
        exporting.export(kind="person", region_code="130630", path=tmp_path / "a.csv", by=None)
    with pytest.raises(UserError, match=r"请用 \.xlsx 或 \.csv"):
        exporting.export(kind="person", region_code="130630", path=tmp_path / "a.pdf", by=None)
