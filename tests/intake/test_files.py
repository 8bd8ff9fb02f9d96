"""Files as they really come: encodings, separators, headings that are hidden, rows that are no data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shouwang.foundation.errors import UserError
from shouwang.intake import actions

from .samples import HEADINGS, PAYMENTS, QIAN, ZHAO, Read, as_csv, number, row, write_text, write_workbook

pytestmark = pytest.mark.django_db
GOOD = [HEADINGS, row(), row(证件号码=QIAN, 姓名="钱玲")]


def people(read: Read) -> list[tuple[object, object]]:
    return [(entry["row"], entry["name"]) for entry in read.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_text_file_is_read_in_its_own_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    file = write_text(tmp_path / "a.csv", as_csv(GOOD, separator=separator), encoding)
    assert people(Read(file)) == [(2, "赵建国"), (3, "钱玲")]


def test_gbk_far_down_in_a_file_that_begins_like_utf_8_is_noticed(tmp_path: Path) -> None:
    lines = [",".join(HEADINGS).encode("gbk").decode("gbk")]
    ascii_rows = [row(姓名="LiMing", 就诊类型="", 病种名称="", 已改造="", 人数="") for _ in range(9000)]
    text = as_csv([[c.replace("姓名", "姓名") for c in HEADINGS], *ascii_rows, row()])
    file = tmp_path / "a.csv"
    # The heading in UTF-8 would be a lie: a heading without Chinese is mapped instead.
    file.write_bytes(text.replace(",".join(HEADINGS), ",".join(f"h{i}" for i in range(len(HEADINGS)))).encode("gbk"))
    mapping = {f"h{index}": heading for index, heading in enumerate(HEADINGS)}
    read = Read(file, mapping=mapping)
    assert read.staged.row_count == 9001 and lines
    assert read.rows[-1]["name"] == "赵建国" and read.rows[-1]["row"] == 9002


def test_the_extension_does_not_matter(tmp_path: Path) -> None:
    workbook = write_workbook(tmp_path / "a.xlsx", GOOD)  # type: ignore[arg-type]
    assert people(Read(workbook.rename(tmp_path / "b.csv"))) == [(2, "赵建国"), (3, "钱玲")]
    assert people(Read(write_text(tmp_path / "c.xls", as_csv(GOOD)))) == [(2, "赵建国"), (3, "钱玲")]


def test_cells_that_excel_has_typed_come_as_a_person_reads_them(tmp_path: Path) -> None:
    typed = [ZHAO, "赵建国", dt.datetime(2022, 6, 3), 1234.5, 1.0, "脑卒中", 202206.0, 2022.0, 3.0, True, 20220001.0]  # noqa: DTZ001
    lost = [float(number()[:17] + "0"), "赵建国", "2022-06-03", 1, 1, "", "", "", "", "", ""]
    read = Read(write_workbook(tmp_path / "a.xlsx", [HEADINGS, typed, lost]))
    (entry,) = read.rows
    assert entry["settled_on"] == dt.date(2022, 6, 3)
    assert entry["own_payment_fen"] == 123450 and entry["visit_kind"] == "住院"
    assert (entry["from_month"], entry["insured_year"], entry["people"]) == ("2022-06", 2022, 3)
    assert entry["is_done"] is True and entry["settlement_no"] == "20220001"
    assert "科学计数法" in read.reasons[3] and "末尾数字已经丢失" in read.reasons[3]


def test_the_heading_is_found_below_titles_and_blank_rows(tmp_path: Path) -> None:
    above = [["涞源县2022年6月医疗费用结算表"], [], ["填报单位：涞源县医疗保障局", "", "", "单位：元"], []]
    assert people(Read(write_text(tmp_path / "a.csv", as_csv([*above, *GOOD])))) == [(6, "赵建国"), (7, "钱玲")]
    assert people(Read(write_workbook(tmp_path / "a.xlsx", [*above, *GOOD]))) == [(6, "赵建国"), (7, "钱玲")]  # type: ignore[list-item]


def test_a_heading_of_two_merged_rows_is_one_heading(tmp_path: Path) -> None:
    upper = ["基本信息", "", "结算情况", "", "", "", "起始月份", "参保年度", "人数", "已改造", "结算编号"]
    lower = [*HEADINGS[:6], "", "", "", "", ""]
    read = Read(write_text(tmp_path / "a.csv", as_csv([["结算表"], upper, lower, row()])))
    assert people(read) == [(4, "赵建国")]
    assert read.staged.headings == HEADINGS


def test_totals_notes_blank_rows_and_repeated_headings_are_no_data(tmp_path: Path) -> None:
    blank = [""] * len(HEADINGS)
    total = ["合 计", "", "", "2469.00", *blank[4:]]
    note = ["填表人：孙某", "", "审核人：", *blank[3:]]
    read = Read(
        write_text(tmp_path / "a.csv", as_csv([HEADINGS, row(), HEADINGS, blank, row(证件号码=QIAN), total, note]))
    )
    assert [number for number, _ in people(read)] == [2, 5]
    assert read.staged.skipped == {"重复表头": [3], "空行": [4], "合计行": [6], "备注行": [7]}
    assert read.staged.row_count == 2 and not read.staged.refusals
    assert any("合计行 1 行未作数据（第 6 行）" in notice for notice in read.staged.notices)


def test_a_person_whose_name_begins_like_a_note_stays(tmp_path: Path) -> None:
    read = Read(write_text(tmp_path / "a.csv", as_csv([HEADINGS, row(姓名="合计")])))
    assert people(read) == [(2, "合计")]


def test_headings_match_whatever_stands_around_them(tmp_path: Path) -> None:
    odd = ["１．身份证号码", "姓　名*", "结算\n日期", "【个人自付】（元）", " 就诊类型 ", *HEADINGS[5:]]
    assert people(Read(write_text(tmp_path / "a.csv", as_csv([odd, row()])))) == [(2, "赵建国")]


def test_an_unknown_column_is_named_and_left_out(tmp_path: Path) -> None:
    read = Read(write_text(tmp_path / "a.csv", as_csv([[*HEADINGS, "银行卡号"], [*row(), "6222"]])))
    assert "未识别的列（未读取）：银行卡号" in read.staged.notices
    assert "6222" not in str(read.rows)


def test_the_proper_heading_comes_before_its_alias(tmp_path: Path) -> None:
    read = Read(write_text(tmp_path / "a.csv", as_csv([["就诊日期", *HEADINGS], ["2022-05-01", *row()]])))
    assert read.rows[0]["settled_on"] == dt.date(2022, 6, 3)
    assert "列“就诊日期”未采用：已有“结算日期”列" in read.staged.notices


def test_a_missing_column_refuses_the_file_and_names_the_nearest(tmp_path: Path) -> None:
    headings = ["证件号", *HEADINGS[1:3], "自费", *HEADINGS[4:]]
    file = write_text(tmp_path / "六月.csv", as_csv([headings, row()]))
    with pytest.raises(UserError) as error:
        Read(file)
    text = str(error.value)
    assert "缺少必需的列" in text and "“证件号码”最接近的来文列名是“证件号”" in text
    assert '--map "证件号=证件号码"' in text and "六月.csv" in text


def test_a_mapping_is_obeyed_and_remembered_for_its_sender(tmp_path: Path) -> None:
    headings = ["证件号", *HEADINGS[1:3], "自费", *HEADINGS[4:]]
    file = write_text(tmp_path / "a.csv", as_csv([headings, row()]))
    mapping = actions.mapping_of(["证件号=证件号码", "自费=个人自付"])
    assert people(Read(file, mapping=mapping)) == [(2, "赵建国")]
    actions.remember_headings(dataset="payments", sender="涞源县医疗保障局", mapping=mapping, by=None)
    assert people(Read(file, sender="涞源县医疗保障局")) == [(2, "赵建国")]
    with pytest.raises(UserError, match="缺少必需的列"):
        Read(file, sender="易县医疗保障局")


def test_a_mapping_to_a_column_that_does_not_exist_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="最接近的标准列名：“个人自付”"):
        Read(write_text(tmp_path / "a.csv", as_csv(GOOD)), mapping={"自费": "个人自费"})


def test_two_columns_for_one_heading_are_a_question_not_a_guess(tmp_path: Path) -> None:
    file = write_text(tmp_path / "a.csv", as_csv([[*HEADINGS, "姓名"], [*row(), "赵二"]]))
    with pytest.raises(UserError, match="有 2 列都像“姓名”：第 2 列“姓名”、第 12 列“姓名”"):
        Read(file)
    aliases = ["身份证号", "身份证号码", *HEADINGS[1:]]
    file = write_text(tmp_path / "b.csv", as_csv([aliases, [QIAN, *row()]]))
    with pytest.raises(UserError, match="有 2 列都像“证件号码”"):
        Read(file)
    assert Read(file, mapping={"身份证号": ""}).rows[0]["identity_number"] == ZHAO


def test_the_sheet_with_the_heading_is_chosen_and_two_with_data_are_a_question(tmp_path: Path) -> None:
    explained = write_workbook(tmp_path / "a.xlsx", [["填写说明"], ["请勿改动表头"]], 数据=GOOD)  # type: ignore[arg-type]
    assert people(Read(explained)) == [(2, "赵建国"), (3, "钱玲")]
    double = write_workbook(tmp_path / "b.xlsx", GOOD, 二月=GOOD)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="有 2 个工作表都有数据：“Sheet1”、“二月”"):
        Read(double)
    assert people(Read(double, sheet_name="二月")) == [(2, "赵建国"), (3, "钱玲")]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("a.xlsx", b"", "文件是空的"), ("a.csv", b"\n\n", "文件是空的"), ("a.xlsx", b"PK\x03\x04 rubbish", "已损坏"),
     ("a.xls", b"<html><table>", "网页格式"), ("a.pdf", b"%PDF-1.7 ...", "PDF"), ("a.xlsx", b"\x89PNG\r\n\x1a\n\x00\xff\xfe\x80" * 9, "可识别编码"),
     ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900 + "EncryptedPackage".encode("utf-16-le"), "打开密码")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UserError, match=sentence):
        Read(file)
    with pytest.raises(UserError, match="文件不存在"):
        Read(tmp_path / "nowhere.csv")


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    broken = row(病种名称="脑\n卒中", 证件号码=QIAN)
    text = as_csv([["标题"], HEADINGS, row()]) + "\r\n\r\n" + as_csv([broken, row()])
    read = Read(write_text(tmp_path / "a.csv", text))
    assert [number for number, _ in people(read)] == [3, 6, 7]
    assert read.rows[1]["disease"] == "脑\n卒中"


def test_rows_keep_their_numbers_in_a_long_file(tmp_path: Path) -> None:
    """DuckDB reads in parallel; the order of rows, from which their numbers follow, must survive it."""
    count = 300_000
    body = "\n".join(f"{ZHAO},赵建国,2022-06-03,{index}.00,住院,,,,,,K{index}" for index in range(2, count + 2))
    read = Read(write_text(tmp_path / "a.csv", ",".join(HEADINGS) + "\n" + body))
    found = read.connection.execute(
        "SELECT count(*), count(*) FILTER (settlement_no = 'K' || row) FROM staged"
    ).fetchone()
    assert found == (count, count)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_end_and_even_mixed_ones(tmp_path: Path, ending: str) -> None:
    assert people(Read(write_text(tmp_path / "a.csv", as_csv(GOOD, ending=ending)))) == [(2, "赵建国"), (3, "钱玲")]
    mixed = as_csv([HEADINGS, row()], ending="\r\n") + as_csv([row(证件号码=QIAN, 姓名="钱玲")], ending="\n")
    assert people(Read(write_text(tmp_path / "b.csv", mixed))) == [(2, "赵建国"), (3, "钱玲")]


def test_rows_of_uneven_length_are_read_and_surplus_cells_refuse_only_their_row(tmp_path: Path) -> None:
    short, long, longer = row()[:5], [*row(), "多"], [*row(), "多", "余"]
    empty_tail = [*row(证件号码=QIAN), "", ""]
    read = Read(write_text(tmp_path / "a.csv", as_csv([HEADINGS, short, long, longer, empty_tail])))
    assert [number for number, _ in people(read)] == [2, 5]
    assert "列数多于表头，多出“多”" in read.reasons[3]
    assert "列数多于表头" in read.reasons[4]


def test_a_quote_that_nobody_closed_costs_no_other_row(tmp_path: Path) -> None:
    text = as_csv([HEADINGS]) + ",".join(row(病种名称='"脑卒中')) + "\r\n" + as_csv([row(证件号码=QIAN)] * 60)
    read = Read(write_text(tmp_path / "a.csv", text))
    assert read.staged.row_count == 61


def test_a_file_without_data_rows_is_no_error(tmp_path: Path) -> None:
    read = Read(write_text(tmp_path / "a.csv", as_csv([HEADINGS])))
    assert read.rows == [] and "文件里没有数据行" in read.staged.notices


def test_a_tolerant_contract_keeps_the_row_and_says_what_is_wrong_with_its_number(tmp_path: Path) -> None:
    from dataclasses import replace

    first = replace(PAYMENTS.columns[0], may_be_empty=True)
    contract = replace(PAYMENTS, columns=(first, *PAYMENTS.columns[1:]), tolerates_unsound_identity=True)
    rows = [row(), row(证件号码="131102190001010016"), row(证件号码=""), row(证件号码="1.3E+17"), row(证件号码=" 无 ")]
    read = Read(write_text(tmp_path / "a.csv", as_csv([HEADINGS, *rows])), contract)
    found = [
        (entry["row"], entry["identity_number"], entry["identity_text"], entry["identity_defect"])
        for entry in read.rows
    ]
    assert found == [
        (2, ZHAO, ZHAO, None),
        (3, None, "131102190001010016", "校验位应为 5，现为 6"),
        (4, None, "", "为空"),
        (6, None, "", "为空"),
    ]
    assert list(read.reasons) == [5]
