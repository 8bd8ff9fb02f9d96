"""What is checked on the way out is the list of the place and the day; what was answered keeps the words it was asked in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import docx
import pytest

from shouwang import policy
from shouwang.casework.models import Case, Event, Task
from shouwang.casework.procedure import VILLAGE
from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.households.visits.packet import packet
from shouwang.jobs.papers import case_papers, words
from shouwang.reporting import papers

from .casebook import ANSWERS, HENGSHUI_VILLAGE, Book, set_locally
from .visits.lane import Lane, record

pytestmark = pytest.mark.django_db
MARCH, APRIL, ASKED = dt.date(2022, 3, 20), dt.date(2022, 3, 30), dt.date(2022, 7, 30)
OWN = """[
      {code: house_safe, label: 住房安全有保障, evidence: 鉴定等级和鉴定日期},
      {code: schooling_kept, label: 适龄子女在校, evidence: 学籍证明},
      {code: work_steady, label: 有稳定就业, evidence: 劳动合同或半年工资}]"""
CODES = ("house_safe", "schooling_kept", "work_steady")
ANSWERED = {
    name: text for code in CODES for name, text in ((code, "passed"), (f"{code}_evidence", f"看过{code}的材料"))
}
USUAL = ("income_stable", "guarantees_kept", "spending_solved", "risk_gone")


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setitem(ANSWERS, "ask_clearance", {})
    return Book()


@pytest.fixture
def case(book: Book) -> Case:
    set_locally("130630", case__elimination_checks=OWN)
    return book.included(MARCH, APRIL)


def ask(book: Book, case: Case, on: dt.date = ASKED, **data: Any) -> Event:
    return book.take(case, "ask_clearance", on, **data)


def test_a_county_s_three_items_are_all_that_is_asked_and_all_must_pass(book: Book, case: Case) -> None:
    with pytest.raises(UserError, match=r"住房安全有保障：请选择.*有稳定就业：依据：请填写"):
        ask(book, case)
    with pytest.raises(UserError, match="适龄子女在校：依据：请填写"):
        ask(book, case, **ANSWERED | {"schooling_kept_evidence": ""})
    with pytest.raises(UserError, match="还不能“申请风险消除”：“有稳定就业”未通过"):
        ask(book, case, **ANSWERED | {"work_steady": "failed"})
    assert case.state == "supported"
    event = ask(book, case, **ANSWERED)
    assert case.state == "out_review" and event.data["house_safe_evidence"] == "看过house_safe的材料"


def test_an_answer_to_an_item_that_is_not_in_force_is_refused_by_name(book: Book, case: Case) -> None:
    with pytest.raises(UserError) as refused:
        ask(book, case, **ANSWERED, risk_gone="passed")
    assert str(refused.value).startswith("risk_gone：不在当地 2022-07-30 的清单里")
    assert "住房安全有保障、适龄子女在校、有稳定就业" in str(refused.value)
    assert case.state == "supported"


def test_another_county_is_asked_the_usual_four_and_they_are_called_that(book: Book, case: Case) -> None:
    other = Book(village=HENGSHUI_VILLAGE)
    theirs = other.included(MARCH, APRIL)
    with pytest.raises(UserError, match="house_safe：不在当地"):
        ask(other, theirs, **ANSWERED)
    usual = {name: "passed" if name in USUAL else "已核对" for code in USUAL for name in (code, f"{code}_evidence")}
    event = ask(other, theirs, **usual)
    said = words.said(event)
    assert said.startswith("所用清单：默认项（文件未列出具体项目）；收入持续稳定超过监测范围：通过")
    assert "住房安全" not in said


def test_the_list_is_that_of_the_day_and_what_was_answered_keeps_its_words(book: Book, case: Case) -> None:
    event = ask(book, case, **ANSWERED)
    set_locally("130630", case__elimination_checks="[{code: house_safe, label: 改了名的一项, evidence: 照片}]")
    book.take(case, "keep_supporting", ASKED)
    event.refresh_from_db()
    assert "住房安全有保障：通过；住房安全有保障：依据：看过house_safe的材料" in words.said(event)
    assert "适龄子女在校：通过" in words.said(event) and "改了名" not in words.said(event)
    again = ask(book, case, on=ASKED + dt.timedelta(days=1), house_safe="passed", house_safe_evidence="照片已存")
    assert "改了名的一项：通过" in words.said(again) and "适龄子女" not in words.said(again)


def test_the_list_changes_from_its_day_on(book: Book, case: Case) -> None:
    path = workspace.own_policies_folder() / "parameters/case/elimination_checks.yaml"
    later = '  - {region: "130630", from: 2022-07-30, cite: local-130630, value: [risk_gone]}\n'
    path.write_text(path.read_text() + later)
    with pytest.raises(UserError, match="2022-07-30 的清单里，没有登记（清单现为：返贫致贫风险稳定消除）"):
        ask(book, case, **ANSWERED)
    event = book.take(case, "ask_clearance", ASKED - dt.timedelta(days=1), today=ASKED, **ANSWERED)
    assert "有稳定就业：通过" in words.said(event)


def test_an_answer_from_before_the_words_were_kept_is_read_by_its_day(book: Book, case: Case) -> None:
    event = ask(book, case, **ANSWERED)
    Event.objects.filter(pk=event.pk).update(data=ANSWERED)
    event.refresh_from_db()
    assert "适龄子女在校：通过；适龄子女在校：依据：看过schooling_kept的材料" in words.said(event)
    Event.objects.filter(pk=event.pk).update(data={"risk_gone": "passed"})
    event.refresh_from_db()
    assert words.said(event) == "返贫致贫风险稳定消除：通过", "asked while no list was set"


def test_the_case_file_and_the_review_sheet_name_the_items_in_the_county_s_words(
    book: Book, case: Case, tmp_path: Path
) -> None:
    ask(book, case, **ANSWERED)
    told = next(one.what for one in case_papers._household(case, ASKED).events if "风险消除" in one.what)
    assert "适龄子女在校：通过" in told and "返贫致贫风险稳定消除" not in told
    book.take(case, "out_review", ASKED)
    papers.word(case_papers.township_review(case, ASKED), tmp_path / "sheet.docx")
    sheet = docx.Document(str(tmp_path / "sheet.docx"))
    cells = "".join(cell.text for table in sheet.tables for row in table.rows for cell in row.cells)
    assert "适龄子女在校：通过" in cells and "有稳定就业：依据：看过work_steady的材料" in cells


def test_a_packet_carries_the_place_s_items_and_a_phone_sends_no_others(book: Book, case: Case) -> None:
    lane = Lane()
    waiting = {"case": case, "household": case.household, "region_code": case.region_code, "level": VILLAGE}
    Task.objects.create(
        step="ask_clearance", opened_on=APRIL, **waiting
    )  # somebody waits for it: what waits for a village goes along
    phone, by = lane.phones["赵"], lane.accounts["赵"]
    carried = packet(device=phone, by=by, now=lane.now, today=lane.today, policies=policy.load())
    (task,) = carried["tasks"]
    shown = next(step for step in task["steps"] if step["code"] == "ask_clearance")
    assert [field["name"] for field in shown["fields"]] == [
        *(name for code in CODES for name in (code, f"{code}_evidence")),
        "early_reason",
    ]
    assert [field["label"] for field in shown["fields"]][:2] == ["住房安全有保障", "住房安全有保障：依据"]
    assert shown["fields"][1]["help"] == "鉴定等级和鉴定日期" and shown["fields"][1]["required"]
    assert "共 3 项" in shown["note"] and "默认" not in shown["note"]
    sent = {"task": task["id"], "step": "ask_clearance", "version": task["version"]}
    refused = lane.one(record("step", **sent, data=ANSWERED | {"risk_gone": "passed"}))
    assert refused.result == "refused" and "risk_gone：不在当地 2022-07-18 的清单里" in refused.message
    assert lane.one(record("step", **sent, data=ANSWERED)).result == "accepted"
    assert words.said(case.events.get(step="ask_clearance")).count("：通过") == 3
