"""Papers from pages: taken by whoever may, opened again as Word and PDF, and nothing in them that may not leave."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import docx
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from shouwang.casework.models import Case, Event, Notice
from shouwang.door import doors
from shouwang.foundation.errors import UserError
from shouwang.jobs import worker
from shouwang.jobs.models import Job
from shouwang.organisation.models import AuditEvent
from shouwang.registry.models import Person
from shouwang.reporting import papers
from tests.factories import NOW

from .test_cases import included, opened, send, text
from .world import OTHER_VILLAGE, TODAY, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]
OFFICE_PHONE = "0312-7321000"


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, text(answer)[:3000]
    return b"".join(answer.streaming_content)


def word(answer: Any) -> str:
    """Everything that a Word file says, tables included."""
    found = docx.Document(io.BytesIO(content(answer)))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


def pdf(answer: Any) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content(answer))).pages
    return "".join(re.sub(r"\s", "", page.extract_text()) for page in pages)


def taken(client: Client, case: Case, paper: str, file_format: str = "docx") -> Any:
    return client.get(reverse("case_paper", args=[case.case_no, paper, file_format]))


def published(world: World, browse: Browse) -> Case:
    case = opened(world, browse)
    send(browse("zhao"), case, "review")
    send(browse("zhao"), case, "publish", shown_until=TODAY.isoformat(), phone=OFFICE_PHONE)
    return case


# ── one case ─────────────────────────────────────────────────────────────────
def test_the_file_of_a_household_tells_its_whole_way_with_numbers_masked(world: World, browse: Browse) -> None:
    case = included(world, browse)
    held = Event.objects.get(case=case, step="review")
    held.data |= {"minutes": "户主患胃癌住院，电话13800001234"}
    held.save()
    for told in (word(taken(browse("qian"), case, "file")), pdf(taken(browse("sun"), case, "file", "pdf"))):
        assert "一户一案" in told and "甲建国" in told and case.household.household_no in told
        assert "县级确定纳入" in told and "乡级审核" in told and "脱贫不稳定户" in told
        number = world.numbers["甲建国"]
        assert number not in told and f"{number[:6]}********{number[-4:]}" in told
        assert "胃癌" not in told and "13800001234" not in told
    line = AuditEvent.objects.latest("id")
    assert (line.action, line.target, line.region_code) == ("导出一户一案", case.case_no, VILLAGE)


def test_the_same_file_is_a_text_of_the_township_to_the_county_without_any_number(world: World, browse: Browse) -> None:
    case = included(world, browse)
    held = Event.objects.get(case=case, step="review")
    held.data |= {"minutes": "户主患胃癌住院，电话13800001234"}
    held.save()
    for told in (word(taken(browse("qian"), case, "file-text")), pdf(taken(browse("sun"), case, "file-text", "pdf"))):
        assert "涞源镇防贫工作站文件" in told and "涞源县防贫中心" in told and "甲建国" in told
        assert "三、帮扶计划和措施" in told and "县级确定纳入" in told and "脱贫不稳定户" in told
        assert world.numbers["甲建国"][-4:] not in told and "胃癌" not in told and "13800001234" not in told
    assert taken(browse("zhao"), case, "file-text").status_code == 403


def test_a_notice_shows_the_permitted_fields_and_nothing_else(world: World, browse: Browse) -> None:
    case = published(world, browse)
    for told in (word(taken(browse("zhao"), case, "notice")), pdf(taken(browse("sun"), case, "notice", "pdf"))):
        assert "公示" in told and "甲*国" in told and OFFICE_PHONE in told and "村民委员会" in told
        assert "甲建国" not in told and world.numbers["甲建国"] not in told
        assert case.household.household_no not in told
        assert not re.search(r"1[3-9]\d{9}", told) and "病" not in told.replace("因病", "")


def test_the_letter_names_the_family_and_leaves_the_numbers_to_their_own_hands(world: World, browse: Browse) -> None:
    told = word(taken(browse("zhao"), opened(world, browse), "authorisation"))
    assert "承诺授权书" in told and "甲建国" in told and world.numbers["甲建国"] not in told


def test_minutes_serve_before_the_meeting_and_after_it(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    before = word(taken(browse("zhao"), case, "minutes"))
    assert "评议会议记录" in before and "年　　月" in before
    send(browse("zhao"), case, "review")
    held = Event.objects.get(case=case, step="review")
    after = word(taken(browse("zhao"), case, "minutes"))
    assert held.data["chair"] in after and f"{held.data['present']}人" in after and "通过" in after


def test_the_township_finds_on_its_sheet_what_the_village_did(world: World, browse: Browse) -> None:
    told = word(taken(browse("qian"), published(world, browse), "township-review"))
    assert "审核表" in told and "甲建国" in told and "应到人数" in told and "公示到" in told


def test_papers_are_for_those_whose_step_they_belong_to(world: World, browse: Browse) -> None:
    case = published(world, browse)
    assert taken(browse("zhao"), case, "file").status_code == 403
    assert taken(browse("zhao"), case, "township-review").status_code == 403
    assert taken(browse("li"), case, "file").status_code == 404
    assert taken(browse("qian"), case, "file", "exe").status_code == 404
    page = text(browse("zhao").get(reverse("case", args=[case.case_no])))
    assert "民主评议记录" in page and "乡级审核表" not in page


def test_a_case_without_notice_offers_none_and_says_so(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    address = reverse("case_paper", args=[case.case_no, "notice", "pdf"])
    assert address not in text(browse("zhao").get(reverse("case", args=[case.case_no])))
    answer = browse("zhao").get(address)
    assert answer.status_code == 400 and "还没有张贴公示" in text(answer)


def test_what_may_not_leave_is_named_with_place_and_next_step(world: World, browse: Browse) -> None:
    case = published(world, browse)
    notice = Notice.objects.get(case=case)
    notice.content |= {"category": f"脱贫户{world.numbers['甲建国']}"}
    notice.save()
    answer = taken(browse("zhao"), case, "notice")
    page = text(answer)
    assert answer.status_code == 400 and "身份证号码" in page and world.numbers["甲建国"] not in page
    assert "导出公示" not in AuditEvent.objects.latest("id").action


def test_without_a_chinese_font_word_is_offered(world: World, browse: Browse, monkeypatch: Any) -> None:
    def without(*_: Any) -> None:
        raise UserError("服务器上没有中文字体，不能生成 PDF", next_step="请安装 Noto CJK 字体。")

    monkeypatch.setattr(papers._pdf, "write", without)
    case = opened(world, browse)
    answer = taken(browse("qian"), case, "file", "pdf")
    assert answer.status_code == 400 and "没有中文字体" in text(answer)
    assert reverse("case_paper", args=[case.case_no, "file", "docx"]) in text(answer)


# ── the county ───────────────────────────────────────────────────────────────
def test_the_county_decides_in_one_paper_over_the_marked_cases(world: World, browse: Browse) -> None:
    case = included(world, browse)
    page = text(browse("sun").get(reverse("papers"), {"on": TODAY.isoformat()}))
    assert case.case_no in page and "县级确定批复" in page
    asked = {"on": TODAY.isoformat(), "case": [case.case_no], "unit": "涞源县防贫中心", "number": "涞防贫〔2022〕3号"}
    told = word(browse("sun").post(reverse("paper_decision"), asked | {"format": "docx"}))
    assert "涞防贫〔2022〕3号" in told and "甲建国" in told and "脱贫不稳定户" in told and "涞源镇" in told
    assert "甲建国" in pdf(browse("sun").post(reverse("paper_decision"), asked | {"format": "pdf"}))
    assert browse("qian").post(reverse("paper_decision"), asked).status_code == 403
    stranger = browse("li").post(reverse("paper_decision"), asked, follow=True)
    assert "没有选中农户" in text(stranger)


def test_a_long_decision_is_written_in_the_background(world: World, browse: Browse, monkeypatch: Any) -> None:
    included(world, browse)
    monkeypatch.setattr("shouwang.web.views.papers.AT_ONCE", 0)
    asked = {"on": TODAY.isoformat(), "all": "1", "unit": "涞源县防贫中心", "format": "docx"}
    answer = browse("sun").post(reverse("paper_decision"), asked)
    job = Job.objects.get(recipe="write_decision")
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert worker.work(once=True) == 1
    assert "甲建国" in word(browse("sun").get(reverse("outgoing", args=[job.pk])))
    assert browse("li").get(reverse("outgoing", args=[job.pk])).status_code == 404


def test_a_letter_names_what_is_late_and_by_which_clause(world: World, browse: Browse, monkeypatch: Any) -> None:
    case = opened(world, browse)
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-08-20")
    client = browse("sun")
    assert "超期" in text(client.get(reverse("papers")))
    asked = {"township": TOWNSHIP, "reply_by": "2022-08-25", "phone": OFFICE_PHONE, "format": "docx"}
    told = word(client.post(reverse("paper_supervision"), asked))
    assert case.case_no in told and "召开民主评议" in told and OFFICE_PHONE in told and "〔202" in told
    assert not re.search(r"L\d", told), "no lines of our own copy of a document"
    assert "甲建国" not in told
    refused = client.post(reverse("paper_supervision"), asked | {"phone": ""}, follow=True)
    assert "没有联系电话" in text(refused)
    assert browse("li").post(reverse("paper_supervision"), asked).status_code == 404


def test_the_month_counts_what_was_done_and_says_what_cannot_be_computed(world: World, browse: Browse) -> None:
    included(world, browse)
    told = word(browse("sun").get(reverse("paper_monthly"), {"month": "2022-07", "format": "docx"}))
    assert "涞源县2022年7月" in told and "本月纳入\n1\n户\n2022-07-07" in told
    assert "未计算" in told and "本月没有执行筛查" in told and "本月没有推送" in told
    june = word(browse("sun").get(reverse("paper_monthly"), {"month": "2022-06", "format": "docx"}))
    assert "规则筛查\n1\n次\n2022-06-30" in june and "本月纳入\n0" in june
    assert "没有纳入的线索和理由" in june
    section = june.partition("\n没有纳入\n")[2].partition("指标")[0]
    whole, *parts = (int(one) for one in re.findall(r"(?:^|\n)(\d+)\n户\n", section))
    assert whole and whole == sum(parts), "every lead that was not included stands there with its reason"
    township = word(browse("qian").get(reverse("paper_monthly"), {"month": "2022-06", "format": "docx"}))
    assert "涞源镇2022年6月" in township
    assert browse("zhao").get(reverse("paper_monthly"), {"month": "2022-07"}).status_code == 403
    assert browse("sun").get(reverse("paper_monthly"), {"month": "2023-07"}).status_code == 400


# ── the villages' walls ──────────────────────────────────────────────────────
def test_a_notice_comes_down_by_itself(world: World, browse: Browse, monkeypatch: Any) -> None:
    case = published(world, browse)
    page = text(browse("zhao").get(reverse("notices")))
    assert "甲*国" in page and "今天到期" in page and case.case_no in page
    assert "甲*国" not in text(browse("li").get(reverse("notices")))
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-08")
    assert "甲*国" not in text(browse("zhao").get(reverse("notices")))
    assert "已期满" in text(browse("zhao").get(reverse("notices"), {"status": "over"}))


def test_families_noticed_on_the_same_days_hang_on_one_sheet(world: World, browse: Browse) -> None:
    one = published(world, browse)
    notice = Notice.objects.get(case=one)
    event = Event.objects.create(
        case=one, sequence=99, step="publish", from_state="", to_state="", on=TODAY, at=NOW, by_name="赵"
    )
    Notice.objects.create(
        case=one,
        event=event,
        kind=notice.kind,
        region_code=notice.region_code,
        content=notice.content | {"head_name": "戊*香"},
        shown_from=notice.shown_from,
        shown_until=notice.shown_until,
    )
    told = word(browse("zhao").get(reverse("notice_sheet", args=[notice.pk, "docx"])))
    assert "甲*国" in told and "戊*香" in told and "2户" in told
    assert browse("li").get(reverse("notice_sheet", args=[notice.pk, "docx"])).status_code == 404


def test_a_family_whose_notice_was_taken_down_does_not_go_up_again_with_its_neighbours(
    world: World, browse: Browse
) -> None:
    one = published(world, browse)
    notice = Notice.objects.get(case=one)
    event = Event.objects.create(
        case=one, sequence=99, step="publish", from_state="", to_state="", on=TODAY, at=NOW, by_name="赵"
    )
    other = Notice.objects.create(
        case=one, event=event, kind=notice.kind, region_code=notice.region_code, taken_down_on=TODAY,
        content=notice.content | {"head_name": "戊*香"}, shown_from=notice.shown_from, shown_until=notice.shown_until,
    )  # fmt: skip
    told = word(browse("zhao").get(reverse("notice_sheet", args=[notice.pk, "docx"])))
    assert "甲*国" in told and "戊*香" not in told and "1户" in told
    assert "戊*香" in word(browse("zhao").get(reverse("notice_sheet", args=[other.pk, "docx"]))), (
        "as it was, for the file"
    )


def test_a_notice_names_the_group_where_a_file_tells_it(world: World, browse: Browse) -> None:
    head = Person.objects.filter(household__head_name="甲建国").first()
    head.columns |= {"自然村": "北沟屯"}
    head.save(update_fields=["columns"])
    case = published(world, browse)
    assert Notice.objects.get(case=case).content["place"].endswith("村北沟屯")
    assert "村北沟屯" in word(taken(browse("zhao"), case, "notice"))


def test_the_public_page_is_looked_through_like_the_sheet(world: World, browse: Browse) -> None:
    notice = Notice.objects.get(case=published(world, browse))
    doors.open_missing(villages=[VILLAGE], by=world.accounts["sun"], now=NOW)
    address = reverse("door_notices", args=[doors.open_ones(villages=[VILLAGE])[VILLAGE].token])
    assert "甲*国" in text(Client().get(address))
    notice.content |= {"place": "东关村13912345678"}
    notice.save(update_fields=["content"])
    page = text(Client().get(address))
    assert "甲*国" not in page and "13912345678" not in page


def test_whoever_scans_a_village_sees_what_hangs_there(world: World, browse: Browse, monkeypatch: Any) -> None:
    published(world, browse)
    doors.open_missing(villages=[VILLAGE, OTHER_VILLAGE], by=world.accounts["sun"], now=NOW)
    here, there = (doors.open_ones(villages=[code])[code].token for code in (VILLAGE, OTHER_VILLAGE))
    answer = Client().get(reverse("door_notices", args=[here]))
    page = text(answer)
    assert "甲*国" in page and OFFICE_PHONE in page and "甲建国" not in page and not answer.cookies
    assert "甲*国" not in text(Client().get(reverse("door_notices", args=[there])))
    assert Client().get(reverse("door_notices", args=["nowhere"])).status_code == 404
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-08")
    assert "甲*国" not in text(Client().get(reverse("door_notices", args=[here])))


def test_the_sheet_for_the_wall_comes_as_a_file(world: World, browse: Browse) -> None:
    doors.open_missing(villages=[VILLAGE], by=world.accounts["sun"], now=NOW)
    address = reverse("report_sheet_file", args=[VILLAGE, "pdf"])
    told = pdf(browse("zhao").get(address))
    assert "扫一扫" in told and "12317" in told
    assert browse("li").get(address).status_code == 404
    assert browse("zhao").get(reverse("report_sheet_file", args=[OTHER_VILLAGE, "pdf"])).status_code == 404


@pytest.mark.parametrize("login", ["zhao", "qian", "sun", "zhou"])
def test_the_page_of_notices_opens_for_everybody_who_works_on_cases(world: World, browse: Browse, login: str) -> None:
    assert browse(login).get(reverse("notices")).status_code == 200
