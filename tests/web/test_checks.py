"""The inspectors' questions: asked in the background, summed by check and village, listed, handed out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shouwang.jobs import worker
from shouwang.jobs.models import Job, JobState
from shouwang.organisation.models import AuditEvent

from .world import IN_TOWNSHIP, TOWNSHIP, World, person

Browse = Callable[[str], Client]


@pytest.fixture
def checked(world: World, browse: Browse) -> Callable[..., Job]:
    """Asks as an account does, with something wrong in the register: 甲建国 is nobody's householder."""

    def ask(login: str = "sun", region: str = "") -> Job:
        member = person(world, "甲建国")
        member.relation = "之子"
        member.save()
        answer = browse(login).post(reverse("checks"), {"region": region})
        worker.work(once=True)
        job = Job.objects.get(recipe="check")
        assert answer["Location"] == reverse("job", args=[job.pk])
        assert job.state == JobState.DONE, job.message
        return job

    return ask


def test_the_sums_by_check_and_village_open_their_rows(checked: Callable[..., Job], browse: Browse) -> None:
    job, client = checked(), browse("sun")
    page = client.get(reverse("check", args=[job.pk]))
    one = next(one for one in page.context["asked"] if one["code"] == "no_head")
    rows = client.get(reverse("check", args=[job.pk]), {"check": "no_head"}).context
    assert one["count"] == rows["count"] == 1
    assert (rows["rows"][0]["head_name"], rows["rows"][0]["sentence"]) == ("甲建国", "没有户主")
    assert sum(errors + warnings for _, errors, warnings in page.context["villages"]) == job.result["questions"]
    village = page.context["villages"][0][0]
    narrowed = client.get(reverse("check", args=[job.pk]), {"region": village}).context
    assert {row["region_code"] for row in narrowed["rows"]} == {village}
    assert reverse("check", args=[job.pk]) in client.get(reverse("checks")).content.decode()


def test_the_question_pack_is_handed_out_and_logged(
    checked: Callable[..., Job], browse: Browse, tmp_path: Path
) -> None:
    job = checked()
    answer = browse("sun").get(reverse("check_file", args=[job.pk]))
    path = tmp_path / "pack.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert any("没有户主" in row for row in sheet)
    assert AuditEvent.objects.latest("id").action == "导出档案检查问题"


def test_the_township_asks_about_itself_and_the_county_is_not_its_business(
    checked: Callable[..., Job], browse: Browse
) -> None:
    job = checked("qian")
    assert job.region_code == TOWNSHIP
    rows = browse("qian").get(reverse("check", args=[job.pk])).context["rows"]
    assert {row["head_name"] for row in rows} <= set(IN_TOWNSHIP)
    assert browse("sun").get(reverse("check", args=[job.pk])).status_code == 200
    for other in ("li", "zhao"):
        assert browse(other).get(reverse("check", args=[job.pk])).status_code == 404
        assert browse(other).get(reverse("check_file", args=[job.pk])).status_code in (302, 404)


def test_nobody_asks_about_a_place_that_is_not_seen(world: World, browse: Browse) -> None:
    browse("li").post(reverse("checks"), {"region": "130630000000"})
    assert not Job.objects.filter(recipe="check", region_code="130630000000").exists()
