"""What may not leave is found however it is written, what may is let through, and a hit stops the file."""

from __future__ import annotations

from pathlib import Path

import docx
import pypdf
import pytest
import xlsxwriter

from shouwang.foundation import identity
from shouwang.foundation.errors import UserError
from shouwang.intake import spreadsheet
from shouwang.reporting import outgoing, scanner
from shouwang.reporting.scanner import Kind, PaperClass
from tests.reporting.samples import identity_number

NUMBER = identity_number(7)
WRONG_CHECK_DIGIT = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")
FULL_WIDTH = NUMBER.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
CARD = "6222021234567890128"
HEADINGS = ("户编号", "户主", "备注")


def kinds(text: str, **options) -> set[Kind]:
    return {hit.kind for hit in scanner.check(text, **options)}


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"身份证号{NUMBER}，属实",
        " ".join(NUMBER),
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        f"{NUMBER[:6]}-{NUMBER[6:10]}-{NUMBER[10:12]}-{NUMBER[12:14]}-{NUMBER[14:]}",
        f"{NUMBER[:6]} 1965-02-03 {NUMBER[14:]}",
        FULL_WIDTH,
        NUMBER[:9] + "\u200b" + NUMBER[9:],
        WRONG_CHECK_DIGIT,
        "130630650203123",
        f"{NUMBER}13812341234",
        f"<td>{NUMBER[:6]}<b>{NUMBER[6:]}</b></td>",
    ],
)
def test_an_identity_number_is_found_however_it_is_written(text: str) -> None:
    assert Kind.IDENTITY in kinds(text)


@pytest.mark.parametrize(
    "text",
    ["13812341234", "138 1234 1234", "138-1234-1234", "+86 13812341234", "8613812341234", "１３８１２３４１２３４",
     "0312-7321000", "03127321000", "联系电话：7321000", '<a href="tel:13812341234">打电话</a>', "1 3 8 1 2 3 4 1 2 3 4"],
)  # fmt: skip
def test_a_telephone_is_found_however_it_is_written(text: str) -> None:
    assert kinds(text) == {Kind.PHONE}


@pytest.mark.parametrize("text", [CARD, "6222 0212 3456 7890 128", f"卡号{CARD}", "银行账号：04300012345"])
def test_a_bank_account_is_found_by_its_check_digit_or_by_its_label(text: str) -> None:
    assert kinds(text) == {Kind.BANK_ACCOUNT}


def test_a_disability_certificate_is_told_from_an_identity_number() -> None:
    assert kinds(f"残疾证{NUMBER}42") == {Kind.DISABILITY_CERTIFICATE}


@pytest.mark.parametrize(
    "text", ["胃癌", "胃 癌", "患食管癌", "脑中风", "精神分裂症", "2型糖尿病", "肢体残疾一级", "尿毒症"]
)
def test_diseases_of_the_parameters_their_aliases_and_the_words_of_the_file_are_diagnoses(text: str) -> None:
    assert kinds(text) == {Kind.DIAGNOSIS}


@pytest.mark.parametrize(
    "text",
    [
        "因病", "因残、缺劳动力", "集中风险排查", "各地贫困户", "中风险地区", "会议精神", "县残疾人联合会",
        "2022-06-30 2022-07-15", "2022-06-30 09:12", "130630100201", f"{NUMBER[:6]}********{NUMBER[14:]}", "138****1234",
        "13,812,341,234.00", "13812341234.00元", "〔2022〕14号", "1306300000000012", "sha256 0f1a13812341234bc9de",
        "6222021234567890129", "12317",
    ],
)  # fmt: skip
def test_ordinary_words_dates_amounts_codes_and_masked_numbers_pass(text: str) -> None:
    assert kinds(text) == set()


def test_the_telephone_of_the_office_passes_and_no_other() -> None:
    text = "电话：0312-7321000、13812341234"

    hits = scanner.check(text, allow=frozenset({"03127321000"}))

    assert [(hit.kind, hit.excerpt) for hit in hits] == [(Kind.PHONE, "138****1234")]


def test_what_people_wrote_freely_is_masked_and_reads_on() -> None:
    text = f"配偶患胃癌住院，证件{NUMBER}，电话138 1234 1234"

    assert scanner.masked(text) == f"配偶患某种疾病住院，证件{identity.masked(NUMBER)}，电话138****1234"
    assert kinds(scanner.masked(text)) == set()


def word_file(path: Path) -> None:
    document = docx.Document()
    line = document.add_paragraph()
    for part in (NUMBER[:5], NUMBER[5:11], NUMBER[11:]):  # Word splits runs as it likes
        line.add_run(part)
    document.save(str(path))


def word_header(path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = NUMBER
    document.save(str(path))


def hidden_sheet(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("看得见").write_string(0, 0, "无")
    sheet = book.add_worksheet("看不见")
    sheet.write_number(3, 2, 13812341234)
    sheet.hide()
    book.close()


def cell_comment(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "张*国")
    sheet.write_comment(0, 0, f"本人{NUMBER}")
    book.close()


def sheet_name(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("胃癌患者").write_string(0, 0, "张*国")
    book.close()


def plain_csv(path: Path) -> None:
    spreadsheet.write_csv(path, HEADINGS, [["1", "张*国", "患胃癌"]])


@pytest.mark.parametrize(
    ("write", "name"),
    [(word_file, "a.docx"), (word_header, "a.docx"), (hidden_sheet, "a.xlsx"), (cell_comment, "a.xlsx"), (sheet_name, "a.xlsx"), (plain_csv, "a.csv")],
)  # fmt: skip
def test_a_hit_anywhere_in_a_finished_file_stops_it_and_nothing_remains(write, name: str, tmp_path: Path) -> None:
    with (
        pytest.raises(scanner.SensitiveContentError) as stopped,
        outgoing.leaving(tmp_path / name, paper_class=PaperClass.PUBLIC) as target,
    ):
        write(target)

    assert list(tmp_path.glob("*")) + list(tmp_path.glob(".*")) == [tmp_path / "workspace"]
    assert stopped.value.hits
    for secret in (NUMBER, "13812341234", "胃癌"):
        assert secret not in str(stopped.value)
    assert "请" in stopped.value.next_step and name in str(stopped.value)


def test_a_file_that_cannot_be_looked_through_does_not_leave(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")

    with pytest.raises(UserError, match="不能检查"):
        scanner.require_clean(tmp_path / "a.zip", paper_class=PaperClass.INTERNAL)


def test_an_official_list_carries_its_numbers(tmp_path: Path) -> None:
    spreadsheet.write_csv(tmp_path / "a.csv", HEADINGS, [["1", "张建国", NUMBER]])

    scanner.require_clean(tmp_path / "a.csv", paper_class=PaperClass.OFFICIAL)


def test_rows_on_their_way_into_a_file_are_stopped_with_row_and_column() -> None:
    rows = [["4110230000000012", "张建国", "无"] for _ in range(4999)] + [["1", "李四", f"证{NUMBER}"]]

    with pytest.raises(scanner.SensitiveContentError, match="第 5,000 行“备注”列（身份证号码）"):
        list(scanner.watched(HEADINGS, rows, scanner.current(), named="名单"))


def test_the_registers_own_numbers_are_no_bank_accounts_but_an_identity_number_among_them_is_found() -> None:
    card_like = "4110230000000010"  # 16 digits with the check digit of a card

    assert kinds(card_like) == {Kind.BANK_ACCOUNT}
    assert scanner.check_rows(HEADINGS, [[card_like, "张建国", ""]]) == []
    assert [hit.kind for hit in scanner.check_rows(HEADINGS, [[NUMBER, "张建国", ""]])] == [Kind.IDENTITY]


def test_columns_meant_to_give_telephones_do_and_file_names_are_masked_instead_of_stopping() -> None:
    rows = [["1", "13812341234", "13912341234名单.xlsx"]]

    passed = scanner.watched(HEADINGS, rows, scanner.current(), in_full=("户主",), free_text=("备注",))

    assert list(passed) == [["1", "13812341234", "139****1234名单.xlsx"]]


def test_records_are_looked_through_and_their_references_to_rows_are_not_texts() -> None:
    good = {"household_no": "4110230000000010", "observed": "9090.00", "evidence": [{"row": 13812341234}]}

    assert list(scanner.watched_records([good], scanner.current())) == [good]
    with pytest.raises(scanner.SensitiveContentError):
        list(scanner.watched_records([good, {**good, "observed": "13812341234"}], scanner.current()))


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER[:10]}\n{NUMBER[10:]}",
        f"{NUMBER[:6]}\t{NUMBER[6:14]}\t{NUMBER[14:]}",
        f"{NUMBER[:6]}，{NUMBER[6:14]}，{NUMBER[14:]}",
        f"{NUMBER[:6]}({NUMBER[6:14]}){NUMBER[14:]}",
        NUMBER[:17].translate(str.maketrans("0123456789", "〇一二三四五六七八九")) + NUMBER[17],
        NUMBER.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ],
)
def test_an_identity_number_is_found_when_lines_cells_or_other_letters_part_its_digits(text: str) -> None:
    assert kinds(text) == {Kind.IDENTITY}


def test_figures_one_below_the_other_are_no_identity_number() -> None:
    assert kinds(f"{NUMBER[:10]}\n{WRONG_CHECK_DIGIT[10:]}") == set()


@pytest.mark.parametrize("text", ["(0312)7321000", "（0312） 7321000", "138.1234.1234"])
def test_a_telephone_in_brackets_or_with_points_is_found(text: str) -> None:
    assert kinds(text) == {Kind.PHONE}


@pytest.mark.parametrize("text", ["一卡通04300012345", "账号为04300012345", "农行涞源支行 50012345678901234"])
def test_an_account_is_found_behind_other_words_for_it(text: str) -> None:
    assert kinds(text) == {Kind.BANK_ACCOUNT}


@pytest.mark.parametrize(
    "text",
    [
        "130630-202207-010123",
        "督办 130630-202207-020512，请办",
        "户编号4110230000000010",
        "结算单号：6222021234567890128",
    ],
)
def test_numbers_of_leads_households_and_settlements_are_nobodys_number(text: str) -> None:
    assert kinds(text) == set()


def test_calling_it_a_number_of_a_household_hides_no_identity_number() -> None:
    assert kinds(f"户编号{NUMBER}") == {Kind.IDENTITY}
    assert kinds(f"档案编号：{NUMBER}42") != set()


@pytest.mark.parametrize("text", ["乙型肝炎", "腿骨折", "股骨头坏死", "脑瘤", "HIV阳性", "抑郁"])
def test_common_names_of_illness_are_diagnoses(text: str) -> None:
    assert kinds(text) == {Kind.DIAGNOSIS}


def test_the_epidemic_of_the_documents_is_no_diagnosis() -> None:
    assert kinds("关于积极应对新冠肺炎疫情影响的若干措施") == set()


def formula(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_formula(0, 0, f'="{NUMBER[:9]}"&"{NUMBER[9:]}"')
    book.close()


def cell_format(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_number(0, 0, 1, book.add_format({"num_format": f'"{NUMBER}"'}))
    book.close()


def defined_name(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet()
    book.define_name("who", f'="{NUMBER}"')
    book.close()


def cells_side_by_side(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_row(0, 0, [NUMBER[:6], NUMBER[6:14], NUMBER[14:]])
    book.close()


def word_cells(path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    for cell, part in zip(table.rows[0].cells, (NUMBER[:6], NUMBER[6:14], NUMBER[14:]), strict=True):
        cell.text = part
    document.save(str(path))


def pdf_attachment(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("a.txt", NUMBER.encode())
    writer.write(path)


def pdf_outline(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_outline_item(title=NUMBER, page_number=0)
    writer.write(path)


def old_csv(path: Path) -> None:
    path.write_bytes(f"姓名,备注\n张,{NUMBER}\n".encode("gb18030"))


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (formula, "a.xlsx"), (cell_format, "a.xlsx"), (defined_name, "a.xlsx"), (cells_side_by_side, "a.xlsx"),
        (word_cells, "a.docx"), (pdf_attachment, "a.pdf"), (pdf_outline, "a.pdf"), (old_csv, "a.csv"),
    ],
)  # fmt: skip
def test_an_identity_number_is_found_where_a_file_hides_it(write, name: str, tmp_path: Path) -> None:
    write(tmp_path / name)

    assert {hit.kind for hit in scanner.check(tmp_path / name)} == {Kind.IDENTITY}


def test_a_number_in_the_name_of_a_file_stops_it(tmp_path: Path) -> None:
    with (
        pytest.raises(scanner.SensitiveContentError) as stopped,
        outgoing.leaving(tmp_path / f"{NUMBER}.csv", paper_class=PaperClass.INTERNAL) as target,
    ):
        spreadsheet.write_csv(target, HEADINGS, [["1", "张*国", ""]])

    assert NUMBER not in str(stopped.value)
    assert not (tmp_path / f"{NUMBER}.csv").exists()
