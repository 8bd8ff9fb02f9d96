"""Starting a screening, watching it, and reading what it found, what it could not compute and what another value would give."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from shouwang.jobs import worker
from shouwang.jobs.models import Job, JobState
from shouwang.screening.models import Run

from .world import LAIYUAN, World

Browse = Callable[[str], Client]
STARTED = {"region": LAIYUAN, "as_of": "2022-06-30", "opened_on": "2022-07-01"}
SEVERE = "household.severe_disability_low_income"


def test_a_screening_runs_in_the_background_and_leads_to_its_results(world: World, browse: Browse) -> None:
    client = browse("sun")
    answer = client.post(reverse("screening"), STARTED)
    job = Job.objects.get(recipe="screen")
    assert answer["Location"] == reverse("job", args=[job.pk])
    waiting = client.get(answer["Location"]).content.decode()
    assert "排队中" in waiting and 'hx-trigger="every 1s"' in waiting
    assert worker.work(once=True) == 1
    done = client.get(answer["Location"]).content.decode()
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    assert (
        reverse("run", args=[job.result["run"]]) in done
        and "hx-trigger" not in done.partition('id="progress"')[2].partition(">")[0]
    )
    assert Run.objects.get(pk=job.result["run"]).started_by == world.accounts["sun"]


def test_pressing_twice_starts_one_screening(world: World, browse: Browse) -> None:
    client = browse("sun")
    assert (
        client.post(reverse("screening"), STARTED)["Location"] == client.post(reverse("screening"), STARTED)["Location"]
    )
    assert Job.objects.filter(recipe="screen").count() == 1


def test_the_same_day_for_two_counties_is_two_screenings(world: World, browse: Browse) -> None:
    browse("sun").post(reverse("screening"), STARTED)
    browse("li").post(reverse("screening"), STARTED | {"region": "130633000000"})
    assert Job.objects.filter(recipe="screen").count() == 2


def test_a_failed_screening_says_why_and_what_next(world: World, browse: Browse) -> None:
    Job.objects.create(
        recipe="screen",
        region_code=LAIYUAN,
        arguments={"as_of": "2022-06-30", "opened_on": "2022-07-01", "engine": "none"},
    )
    worker.work(once=True)
    job = Job.objects.get(recipe="screen")
    page = browse("sun").get(reverse("job", args=[job.pk])).content.decode()
    assert job.state == JobState.FAILED and job.message in page


def test_days_that_make_no_sense_are_said_at_the_field(world: World, browse: Browse) -> None:
    future = browse("sun").post(reverse("screening"), STARTED | {"as_of": "2022-08-31"})
    assert "不能晚于今天" in future.content.decode()
    before = browse("sun").post(reverse("screening"), STARTED | {"opened_on": "2022-05-01"})
    assert "不能早于所筛查的月份" in before.content.decode()


def test_the_run_page_counts_link_to_their_rows(world: World, browse: Browse) -> None:
    assert world.run
    client = browse("sun")
    page = client.get(reverse("run", args=[world.run.pk]))
    row = next(row for row in page.context["rows"] if row["rule"] == SEVERE)
    found = client.get(reverse("findings", args=[world.run.pk, SEVERE]), {"status": "hit"}).context["page"]
    assert row["counts"]["hit"] == found.count == 2


def test_what_was_not_computed_says_why_with_a_way_on_and_never_zero(world: World, browse: Browse) -> None:
    assert world.run
    page = browse("sun").get(reverse("run", args=[world.run.pk])).content.decode()
    rows = {row.partition("</a>")[0].rpartition(">")[2]: row for row in page.split("<tr>")}
    share = rows["转移性收入占比过高"]
    assert reverse("parameter", args=["household.transfer_share_limit"]) in share and ">0<" not in share
    school = rows["义务教育适龄儿童少年未在校"]
    assert "没有收到" in school and reverse("calendar") in school


def test_a_value_is_tried_without_a_trace(world: World, browse: Browse) -> None:
    before = Run.objects.count()
    asked = {"parameter": "household.monitoring_income_line", "value": "4000", "region": LAIYUAN, "as_of": "2022-06-30"}
    page = browse("sun").get(reverse("what_if"), asked)
    row = next(row for row in page.context["rows"] if row["rule"].code == SEVERE)
    assert (row["before"], row["after"], row["leaving"]) == (2, 0, 2)
    assert sorted(name for name, _, _ in row["townships"]) == ["涞源镇", "银坊镇"]
    assert Run.objects.count() == before


def test_a_value_that_does_not_fit_is_said_at_the_field(world: World, browse: Browse) -> None:
    asked = {"parameter": "household.monitoring_income_line", "value": "很多", "region": LAIYUAN, "as_of": "2022-06-30"}
    page = browse("sun").get(reverse("what_if"), asked)
    assert page.context["form"].errors["value"]


def test_the_neighbour_cannot_try_a_value_on_our_county(world: World, browse: Browse) -> None:
    asked = {"parameter": "household.monitoring_income_line", "value": "4000", "region": LAIYUAN, "as_of": "2022-06-30"}
    page = browse("li").get(reverse("what_if"), asked)
    assert page.context["form"].errors["region"] and "rows" not in page.context


def test_people_to_keep_an_eye_on_are_listed_with_the_row_that_says_so(world: World, browse: Browse) -> None:
    assert world.run and world.feed_batch
    page = browse("sun").get(reverse("table", args=[world.run.pk, "household.focus_people"]))
    assert [(row["person"].name, row["tag"]) for row in page.context["rows"]] == [
        ("甲建国", "重度残疾"),
        ("丙海生", "重度残疾"),
    ]
    assert reverse("evidence", args=["disability", world.feed_batch.pk, 2]) in page.content.decode()
    narrowed = browse("sun").get(
        reverse("table", args=[world.run.pk, "household.focus_people"]), {"region": "130630101000"}
    )
    assert [row["person"].name for row in narrowed.context["rows"]] == ["丙海生"]
    assert browse("li").get(reverse("table", args=[world.run.pk, "household.focus_people"])).status_code == 404


def test_a_table_that_could_not_be_worked_out_says_why(world: World, browse: Browse) -> None:
    assert world.run
    page = browse("sun").get(reverse("table", args=[world.run.pk, "household.income_outlook"])).content.decode()
    assert "未计算：没有收到月度收入" in page
    assert "收入推算：未计算" in browse("sun").get(reverse("run", args=[world.run.pk])).content.decode()


def test_groups_that_no_document_defines_are_not_computed(world, browse):
    text = browse("sun").get(reverse("table", args=[world.run.pk, "household.focus_people"])).content.decode()
    assert text.count("<b>未计算</b>") == 3 and "留守儿童" in text and "没有文件写明口径" in text
    other = browse("sun").get(reverse("table", args=[world.run.pk, "household.income_outlook"])).content.decode()
    assert "留守儿童" not in other
