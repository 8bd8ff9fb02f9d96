"""Every paper opens again as Word, PDF and Excel, says what it should, and looks as offices lay papers out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from shouwang.foundation.errors import UserError
from shouwang.reporting import drafts, papers, scanner
from shouwang.reporting.papers import Paper, Paragraph, Signature, fonts
from shouwang.reporting.papers.paper import Column, Table
from shouwang.reporting.scanner import PaperClass
from tests.reporting import samples

DAY = dt.date(2022, 7, 18)


def text_of(path: Path) -> str:
    """Everything a finished file says, without blanks and line breaks."""
    if path.suffix == ".pdf":
        text = "".join(page.extract_text() for page in PdfReader(path).pages)
    elif path.suffix == ".docx":
        text = "".join(node.text or "" for node in docx.Document(str(path)).element.body.iter(qn("w:t")))
    else:
        book = openpyxl.load_workbook(path)
        text = "".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    return "".join(text.split())


def written(paper: Paper, folder: Path, suffix: str) -> str:
    path = folder / f"paper{suffix}"
    papers.write(paper, path)
    return text_of(path)


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
@pytest.mark.parametrize("name", samples.ALL)
def test_every_paper_can_be_written_and_opens_again(name: str, suffix: str, tmp_path: Path) -> None:
    paper = samples.ALL[name]()

    text = written(paper, tmp_path, suffix)

    assert "".join(paper.title.split()) in text
    if paper.signature:
        assert f"{paper.signature.unit}2022年7月" in text


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".xlsx"])
def test_x1_a_public_notice_holds_no_number_no_full_name_and_no_disease(suffix: str, tmp_path: Path) -> None:
    """X-1, with risks that came with their disease."""
    households = [
        drafts.NoticedHousehold("张建国", "东关村三组", 3, "脱贫不稳定户", ["因病（食道癌）", "因残（肢体残疾一级）"]),
        drafts.NoticedHousehold("李四", "东关村一组", 1, "突发严重困难户", ["因自然灾害（洪涝）"]),
    ]

    text = written(samples.public_notice(households=households), tmp_path, suffix)

    assert "张*国东关村三组3人脱贫不稳定户因病、因残" in text
    assert "李*东关村一组1人突发严重困难户因自然灾害" in text
    for secret in ("张建国", "李四", "食道癌", "肢体", "洪涝"):
        assert secret not in text
    office = frozenset({"13930200001", "0312-7321000"})
    assert scanner.check(text, allow=office) == []


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".xlsx"])
@pytest.mark.parametrize("secret", [samples.identity_number(9), "13812341234", "6222021234567890128", "东关村胃癌户"])
def test_a_public_notice_with_something_secret_in_a_field_is_not_written(
    secret: str, suffix: str, tmp_path: Path
) -> None:
    household = drafts.NoticedHousehold("张建国", secret, 3, "脱贫不稳定户", ["因病"])
    path = tmp_path / f"公示{suffix}"
    path.write_bytes(b"as it was")

    with pytest.raises(scanner.SensitiveContentError) as stopped:
        papers.write(samples.public_notice(households=[household]), path)

    assert secret not in str(stopped.value)
    assert path.read_bytes() == b"as it was"
    assert [one for one in tmp_path.iterdir() if one.is_file()] == [path]


def test_a_notice_says_only_general_risks_and_where_to_object() -> None:
    with pytest.raises(UserError, match="只能写大类"):
        samples.public_notice(households=[drafts.NoticedHousehold("张建国", "一组", 3, "脱贫不稳定户", ["患有重病"])])
    with pytest.raises(UserError, match="受理异议的电话"):
        samples.public_notice(contacts=[])
    with pytest.raises(UserError, match="早于开始日"):
        samples.public_notice(until_on=dt.date(2022, 7, 9))


def test_a_notice_of_clearance_asks_about_clearance(tmp_path: Path) -> None:
    text = written(samples.public_notice(matter=drafts.Matter.CLEARANCE), tmp_path, ".docx")

    assert "拟对以下3户监测对象标注风险消除，现予公示" in text


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_a_household_file_masks_numbers_names_and_what_was_written_freely(suffix: str, tmp_path: Path) -> None:
    text = written(samples.household_file(), tmp_path, suffix)

    assert "130630********" in text and "患某种疾病住院" in text and "138****1234" in text
    assert "1306300000000012" in text  # the register's own number
    for secret in ("胃癌", "13812341234", samples.identity_number(2), "李秀英"):
        assert secret not in text


def test_a_monthly_report_dates_every_figure_and_says_what_was_not_computed(tmp_path: Path) -> None:
    """X-8."""
    paper = samples.monthly_report()
    figures = [row for _, table in papers.tables(paper) for row in table.rows if len(row) == 5]

    assert all(dt.date.fromisoformat(row[3]) for row in figures)
    assert ["推算人均纯收入低于监测标准", "未计算", "户", "2022-06-30", "缺2022-04月度收入，涉及3个村"] in figures
    assert "13,020.55" in written(paper, tmp_path, ".pdf")
    with pytest.raises(ValueError, match="says why"):
        drafts.Figure("户数", None, "户", DAY)


def test_minutes_whose_votes_do_not_add_up_are_refused() -> None:
    with pytest.raises(UserError, match="相加应为实到人数 2"):
        drafts.review_minutes(
            drafts.ReviewMinutes(
                "东关村", samples.AFTERNOON, "村委会", "甲", "乙", 35, ["甲", "乙"], [],
                [drafts.ReviewedHousehold("张建国", "三组", 3, "拟纳入", 3, 0, 0)], "", "",
            )
        )  # fmt: skip


def test_a_decision_on_many_households_lists_them_all_on_pages_with_the_heading_repeated(tmp_path: Path) -> None:
    paper = samples.county_decision(120)
    papers.pdf(paper, tmp_path / "a.pdf")
    papers.word(paper, tmp_path / "a.docx")

    pages = [page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages]
    listed = [page for page in pages if "户编号" in page]
    table = docx.Document(str(tmp_path / "a.docx")).tables[0]

    assert len(listed) > 2 and all("130630000" in page for page in listed)
    assert len(table.rows) == 121
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_word_follows_the_layout_of_official_documents(tmp_path: Path) -> None:
    papers.word(samples.county_decision(), tmp_path / "a.docx")
    document = docx.Document(str(tmp_path / "a.docx"))
    section = document.sections[0]
    by_text = {line.text: line for line in document.paragraphs if line.text}
    title, body = by_text["关于确定防止返贫监测对象的批复"], by_text["此复。"]

    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert (section.top_margin.mm, section.left_margin.mm) == pytest.approx((37, 28), abs=0.1)
    assert (section.right_margin.mm, section.bottom_margin.mm) == pytest.approx((26, 35), abs=0.1)
    assert title.runs[0].font.size.pt == 22 and east_asian(title) == "方正小标宋简体"
    assert body.runs[0].font.size.pt == 16 and east_asian(body) == "仿宋_GB2312"
    assert body.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.05)
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (2, 0) and odd.text.startswith("— ")
    assert document.core_properties.comments == ""


def east_asian(line) -> str:
    return line.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia"))


def test_excel_keeps_numbers_used_as_names_as_text(tmp_path: Path) -> None:
    papers.excel(samples.department_list(3), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active

    assert [cell.value for cell in sheet[2]] == ["序号", "乡镇", "村", "户主", "户编号", "风险", "回复"]
    assert [cell.value for cell in sheet[3]][:5] == [1, "南关乡", "东关村", "张建国", "1306300000000000"]
    assert sheet["E3"].number_format == "@"
    with pytest.raises(UserError, match="没有表格"):
        papers.excel(samples.door_sheet(), tmp_path / "b.xlsx")


def test_figures_in_excel_can_be_added_up_and_say_what_the_paper_says(tmp_path: Path) -> None:
    columns = [Column(text) for text in ("乡镇", "应走访（户）", "完成率", "人均收入", "文号", "备注")]
    rows = [["东关乡", "1,430", "96.8%", "11,036.00", "12", "3"], ["西关乡", "—", "100.0%", "-4,939.33", "13", "无"]]
    papers.excel(Paper("月报", PaperClass.INTERNAL, [Table(columns, rows)]), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active

    assert [cell.value for cell in sheet[3]] == ["东关乡", 1430, 0.968, 11036, "12", "3"]
    assert [cell.value for cell in sheet[4]] == ["西关乡", "—", 1, -4939.33, "13", "无"]
    assert [cell.number_format for cell in sheet[3]][1:4] == ["#,##0", "0.0%", "#,##0.00"]


@pytest.mark.parametrize(
    "hostile",
    ['#import "/etc/passwd"', '"); #panic("x")', "*粗* _斜_ $x$ `c` @ref <label> \\", '=HYPERLINK("x")', "{{ 7*7 }}"],
)
def test_what_users_write_is_text_and_never_source(hostile: str, tmp_path: Path) -> None:
    paper = Paper(hostile, PaperClass.INTERNAL, [Paragraph(hostile)], signature=Signature(hostile, DAY))

    for suffix in (".pdf", ".docx"):
        assert written(paper, tmp_path, suffix).count("".join(hostile.split())) >= 3


def test_a_rare_letter_of_a_name_is_drawn(tmp_path: Path) -> None:
    paper = Paper("名单", PaperClass.INTERNAL, [Paragraph("王㛃堃、李喆䶮")])

    assert "王㛃堃、李喆䶮" in written(paper, tmp_path, ".pdf")


def test_without_a_chinese_font_the_message_says_what_to_install() -> None:
    with pytest.raises(UserError, match="没有中文字体") as refused:
        fonts.chosen(["DejaVu Sans", "Libertinus Serif"], "/srv/fonts")

    assert "fonts-noto-cjk" in refused.value.next_step and "/srv/fonts" in refused.value.next_step


def test_the_fonts_of_the_office_come_before_free_ones() -> None:
    families = fonts.chosen(["Noto Serif CJK SC", "Noto Sans CJK SC", "FangSong_GB2312", "SimHei"], "")

    assert families["body"] == ("FangSong_GB2312", "Noto Serif CJK SC")
    assert families["heading"][0] == "SimHei" and families["title"] == ("Noto Serif CJK SC",)


def test_the_code_at_the_door_carries_the_address_and_the_sheet_is_one_page(tmp_path: Path) -> None:
    papers.pdf(samples.door_sheet(), tmp_path / "a.pdf")

    pages = PdfReader(tmp_path / "a.pdf").pages
    assert len(pages) == 1 and "0312-7321000" in pages[0].extract_text()


def test_a_form_of_the_township_stays_on_one_page(tmp_path: Path) -> None:
    papers.pdf(samples.township_review(), tmp_path / "a.pdf")

    assert len(PdfReader(tmp_path / "a.pdf").pages) == 1


def test_a_red_head_has_its_red_line_with_a_number_or_without(tmp_path: Path) -> None:
    for place, number in enumerate(("涞防贫〔2022〕12号", "")):
        paper = Paper("批复", PaperClass.INTERNAL, [Paragraph("同意。")], head="涞源县防贫中心文件", number=number)
        papers.word(paper, tmp_path / f"{place}.docx")
        papers.pdf(paper, tmp_path / f"{place}.pdf")
        edges = docx.Document(str(tmp_path / f"{place}.docx")).element.body.findall(
            f".//{qn('w:pBdr')}/{qn('w:bottom')}"
        )
        assert len(edges) == 1, number
        drawn = pypdf.PdfReader(tmp_path / f"{place}.pdf").pages[0].get_contents().get_data()
        assert drawn.split().count(b"S") == 1, number
