"""Lists handed out: the same rows as on the page, masked, in three formats; large ones in the background."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shouwang.jobs import worker
from shouwang.jobs.exports import EXPORTS
from shouwang.jobs.models import Job
from shouwang.organisation.models import AuditEvent
from shouwang.reporting.models import ColumnTemplate
from shouwang.web.views import exports

from .world import World

Browse = Callable[[str], Client]


def handed_out(client: Client, name: str, **asked: str) -> bytes:
    answer = client.get(reverse("export", args=[name]), asked)
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def test_the_three_formats_say_the_same(world: World, browse: Browse, tmp_path: Path) -> None:
    client = browse("sun")
    path = tmp_path / "leads.xlsx"
    path.write_bytes(handed_out(client, "leads", format="xlsx"))
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    text = handed_out(client, "leads", format="csv").decode("utf-8-sig")
    objects = [json.loads(line) for line in handed_out(client, "leads", format="jsonl").decode().splitlines()]
    assert sheet[0] == list(objects[0]) == text.splitlines()[0].split(",")
    assert sheet[1:] == [list(row.values()) for row in objects]
    assert [row["户主"] for row in objects] == ["甲建国", "丙海生"]
    assert objects[0]["原因"] == "重度残疾人收入低" and objects[0]["村"] and objects[0]["乡镇"] == "涞源镇"


def test_an_export_holds_what_the_filter_leaves(world: World, browse: Browse) -> None:
    text = handed_out(browse("sun"), "leads", format="csv", q="丙").decode("utf-8-sig")
    assert "丙海生" in text and "甲建国" not in text


@pytest.mark.parametrize("name", ["leads", "households", "pending"])
def test_no_identity_number_leaves_through_an_export(world: World, browse: Browse, name: str) -> None:
    text = handed_out(browse("sun"), name, format="csv").decode("utf-8-sig")
    assert not [number for number in world.numbers.values() if number in text]


def test_the_log_says_how_many_rows_left_under_which_filter(world: World, browse: Browse) -> None:
    handed_out(browse("sun"), "leads", format="csv", q="丙")
    line = AuditEvent.objects.latest("id")
    assert (line.action, line.detail) == ("导出线索", {"rows": 1, "format": "csv", "filters": ["text"]})


def test_a_large_list_is_written_in_the_background_for_whoever_asked(world: World, browse: Browse, monkeypatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    client = browse("sun")
    answer = client.get(reverse("export", args=["households"]), {"format": "csv"})
    job = Job.objects.get(recipe="export")
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert client.get(reverse("outgoing", args=[job.pk])).status_code == 404, "not before it is written"
    assert worker.work(once=True) == 1
    address = reverse("outgoing", args=[job.pk])
    assert address in client.get(reverse("job", args=[job.pk])).content.decode()
    assert "甲建国" in b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    assert AuditEvent.objects.latest("id").detail["rows"] == 4
    for other in ("qian", "li", "zhou"):
        assert browse(other).get(address).status_code == 404


def test_two_officers_who_ask_for_the_same_list_get_their_own_files(world: World, browse: Browse, monkeypatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    for login in ("sun", "zhou"):
        browse(login).get(reverse("export", args=["households"]), {"format": "csv"})
    assert Job.objects.filter(recipe="export").count() == 2


def test_an_unknown_list_or_format_is_not_there(world: World, browse: Browse) -> None:
    assert browse("sun").get(reverse("export", args=["secrets"])).status_code == 404
    assert browse("sun").get(reverse("export", args=["leads"]), {"format": "pdf"}).status_code == 404


def test_refused_rows_come_back_with_place_reason_and_suggestion(world: World, browse: Browse, tmp_path: Path) -> None:
    assert world.refused_batch
    answer = browse("sun").get(reverse("refused", args=[world.refused_batch.pk]))
    path = tmp_path / "refused.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert rows[0][-4:] == ["行号", "列", "原因", "建议"]
    assert rows[1][:2] == ["1.30630E+17", "无此人"] and rows[1][-4] == "6"


def test_a_template_opens_with_the_headings_of_its_dataset(world: World, browse: Browse, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(b"".join(browse("sun").get(reverse("template", args=["disability"])).streaming_content))
    heading = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[0]
    assert heading[:2] == ["残疾证号", "姓名"]


def test_the_lists_of_a_run_are_handed_out_from_their_pages(world: World, browse: Browse) -> None:
    assert world.run
    client = browse("sun")
    found = {
        "findings": ("findings", "household.severe_disability_low_income"),
        "gaps": ("gaps", "household.severe_disability_low_income"),
        "focus_people": ("table", "household.focus_people"),
    }
    for name, (page, code) in found.items():
        text = client.get(reverse(page, args=[world.run.pk, code])).content.decode()
        address = f"{reverse('export', args=[name])}?format=jsonl&amp;run={world.run.pk}&amp;of={code}"
        assert address in text, name
        rows = handed_out(client, name, format="jsonl", run=str(world.run.pk), of=code).decode().splitlines()
        assert len(rows) == {"findings": 2, "gaps": 0, "focus_people": 2}[name]
        assert handed_out(browse("li"), name, format="jsonl", run=str(world.run.pk), of=code) == b""


# ── in the asker's columns ───────────────────────────────────────────────────
def wanted(*columns: tuple[str, str, int]) -> dict[str, str]:
    """What the form of the columns sends: (column, heading, place); a column without name is one to be filled in."""
    headings = [*EXPORTS["households"].headings, "", "", ""]
    sent: dict[str, str] = {}
    for column, heading, place in columns:
        number = headings.index(column) + 1
        sent |= {f"use-{number}": "on", f"heading-{number}": heading, f"place-{number}": str(place)}
    return sent


def test_a_list_leaves_in_the_columns_order_and_words_of_whoever_asked(world: World, browse: Browse) -> None:
    client = browse("sun")
    page = client.get(reverse("export_columns", args=["households"])).content.decode()
    assert "选列导出：农户" in page and 'value="户主"' in page
    asked = wanted(("户主", "姓名", 1), ("", "救助情况", 2), ("户编号", "户编号", 3)) | {"format": "csv"}
    answer = client.post(reverse("export_columns", args=["households"]) + "?q=甲", asked)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "姓名,救助情况,户编号" and len(lines) == 2 and lines[1].startswith("甲建国,,")
    assert AuditEvent.objects.latest("id").detail["columns"] == ["姓名", "救助情况", "户编号"]


def test_columns_are_kept_for_a_unit_and_used_again_also_in_the_background(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = browse("sun"), reverse("export_columns", args=["households"])
    asked = wanted(("户主", "姓名", 1)) | {"unit": "县医保局", "name": "参保核查", "keep": "1"}
    assert "县医保局：参保核查" in client.post(address, asked, follow=True).content.decode()
    kept = ColumnTemplate.objects.get()
    again = client.get(address, {"columns": kept.pk}).content.decode()
    assert 'value="姓名"' in again and 'value="县医保局"' in again
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    client.get(reverse("export", args=["households"]), {"format": "csv", "columns": kept.pk})
    assert worker.work(once=True) == 1
    written = client.get(reverse("outgoing", args=[Job.objects.get(recipe="export").pk]))
    assert b"".join(written.streaming_content).decode("utf-8-sig").splitlines()[0] == "姓名"
    stranger = browse("li").get(reverse("export", args=["households"]), {"columns": kept.pk})
    assert stranger.status_code == 400 and "没有这个列模板" in stranger.content.decode()
    assert browse("li").post(reverse("forget_columns", args=["households", kept.pk])).status_code == 404
    client.post(reverse("forget_columns", args=["households", kept.pk]))
    assert not ColumnTemplate.objects.exists()


def test_a_wrong_choice_of_columns_is_said_and_nothing_is_lost(world: World, browse: Browse) -> None:
    asked = wanted(("户主", "编号", 1), ("户编号", "编号", 2)) | {"unit": "县医保局"}
    page = browse("sun").post(reverse("export_columns", args=["households"]), asked).content.decode()
    assert "列名“编号”用了两次" in page and 'value="县医保局"' in page
    assert browse("zhao").get(reverse("export_columns", args=["households"])).status_code == 403
