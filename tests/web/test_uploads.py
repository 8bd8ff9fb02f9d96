"""From a file on the desk to a batch in force: recognised, mapped where needed, previewed, applied, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from shouwang.intake.models import Batch, BatchState, RememberedHeadings
from shouwang.jobs import worker
from shouwang.jobs.models import Job, JobState

from .world import LAIYUAN, World, person

Browse = Callable[[str], Client]


def upload(client: Client, content: str, *, name: str = "医保6月.csv", **given: str) -> HttpResponse:
    fields = {"dataset": "guess", "region": LAIYUAN, "period": "2022-06", "sender": "县医保局", **given}
    return client.post(reverse("upload"), {**fields, "file": SimpleUploadedFile(name, content.encode())})


def settlements(world: World, heading: str = "证件号码,姓名,结算日期,个人自付") -> str:
    rows = [f"{world.numbers[name]},{name},2022-06-0{day},1200.50" for day, name in enumerate(("甲建国", "丙海生"), 1)]
    return "\n".join([heading, *rows, "130630196502030000,错号码,2022-06-03,1"]) + "\n"


def test_a_file_is_recognised_previewed_and_applied(world: World, browse: Browse) -> None:
    client, before = browse("sun"), Batch.objects.count()
    answer = upload(client, settlements(world))
    plan = Job.objects.get(recipe="plan_feed")
    assert answer["Location"] == reverse("plan", args=[plan.pk])
    assert plan.arguments["dataset"] == "medical_settlement"
    worker.work(once=True)
    preview = client.get(answer["Location"])
    counts = preview.context["plan"]["counts"]
    assert counts["rows"] == 3 and counts["taken"] == 2
    assert "现在还没有改动任何数据" in preview.content.decode() and Batch.objects.count() == before

    started = client.post(answer["Location"])
    worker.work(once=True)
    job = Job.objects.get(recipe="import_feed")
    assert started["Location"] == reverse("job", args=[job.pk]) and job.state == JobState.DONE
    batch = Batch.objects.get(pk=job.result["batch"])
    assert (batch.state, batch.received_by, batch.file_name) == (
        BatchState.APPLIED,
        world.accounts["sun"],
        "医保6月.csv",
    )
    page = client.get(reverse("batch", args=[batch.pk])).context
    assert sum(number for _, _, number in page["parts"]) == 3


def test_pressing_the_button_twice_imports_once(world: World, browse: Browse) -> None:
    client = browse("sun")
    address = upload(client, settlements(world))["Location"]
    worker.work(once=True)
    first, second = client.post(address)["Location"], client.post(address)["Location"]
    assert first == second
    worker.work(once=True)
    client.post(address)
    worker.work(once=True)
    assert Batch.objects.filter(file_name="医保6月.csv").count() == 1


def test_unknown_headings_are_asked_once_and_remembered_for_the_sender(world: World, browse: Browse) -> None:
    client = browse("sun")
    odd = settlements(world, "证件号码,姓名,哪天算的账,自己掏了多少")
    answer = upload(client, odd, dataset="medical_settlement")
    assert answer["Location"] == reverse("mapping")
    form = client.get(answer["Location"]).context["form"]
    names = {text: name for name, text in form.headings.items()}
    assert {"哪天算的账", "自己掏了多少"} <= set(names)
    incomplete = client.post(reverse("mapping"), {names["哪天算的账"]: "结算日期"})
    assert "还没有指定：个人自付" in incomplete.content.decode()
    chosen = {names["哪天算的账"]: "结算日期", names["自己掏了多少"]: "个人自付"}
    assert client.post(reverse("mapping"), chosen)["Location"] == reverse(
        "plan", args=[Job.objects.get(recipe="plan_feed").pk]
    )
    assert RememberedHeadings.objects.filter(sender="县医保局", column="个人自付").exists()
    again = upload(client, odd + "\n", name="医保7月.csv", dataset="medical_settlement", period="2022-07")
    assert "/plans/" in again["Location"], "the same sender is not asked again"


def test_a_file_that_nobody_recognises_says_what_to_do(world: World, browse: Browse) -> None:
    page = upload(browse("sun"), "甲,乙\n1,2\n").content.decode()
    assert "从表头看不出这是什么数据" in page and "医保6月.csv" in page


@pytest.mark.parametrize(("content", "sentence"), [("", "文件是空的"), ("%PDF-1.4 x", "文件是 PDF")])
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    world: World, browse: Browse, content: str, sentence: str
) -> None:
    assert sentence in upload(browse("sun"), content).content.decode()


def test_a_file_for_another_region_is_refused_at_the_door(world: World, browse: Browse) -> None:
    answer = upload(browse("li"), settlements(world))
    assert answer.context["form"].errors["region"]
    assert not Job.objects.exists()


def test_a_plan_belongs_to_whoever_uploaded_the_file(world: World, browse: Browse) -> None:
    address = upload(browse("sun"), settlements(world))["Location"]
    for other in ("li", "zhou"):
        assert browse(other).get(address).status_code == 404
        assert browse(other).post(address).status_code == 404


def test_a_wrong_period_or_no_file_is_said_at_the_field(world: World, browse: Browse) -> None:
    page = (
        browse("sun")
        .post(reverse("upload"), {"dataset": "guess", "region": LAIYUAN, "period": "六月"})
        .content.decode()
    )
    assert "请选择文件" in page and "请写成 2022-06 的形式" in page


def test_a_batch_is_taken_back_with_a_reason(world: World, browse: Browse) -> None:
    assert world.feed_batch
    client, address = browse("sun"), reverse("batch", args=[world.feed_batch.pk])
    assert "请写明为什么撤销" in client.post(address, {"reason": ""}).content.decode()
    answer = client.post(address, {"reason": "残联发来更正文件"})
    worker.work(once=True)
    job = Job.objects.get(recipe="revert_feed")
    assert answer["Location"] == reverse("job", args=[job.pk]) and job.state == JobState.DONE, job.message
    page = client.get(address).content.decode()
    assert "已撤销" in page and "残联发来更正文件" in page and "撤销这个批次" not in page


def test_the_batch_page_leads_to_what_the_file_led_to(world: World, browse: Browse) -> None:
    assert world.feed_batch and world.run
    client = browse("sun")
    page = client.get(reverse("batch", args=[world.feed_batch.pk]))
    assert page.context["led_to"] == 2
    assert reverse("run", args=[world.run.pk]) in page.content.decode()
    leads = client.get(reverse("leads"), {"batch": world.feed_batch.pk}).context["page"]
    assert leads.count == 2
    assert world.refused_batch
    assert client.get(reverse("leads"), {"batch": world.refused_batch.pk}).context["page"].count == 0


def test_the_calendar_shows_what_came(world: World, browse: Browse) -> None:
    assert world.feed_batch
    page = browse("sun").get(reverse("calendar")).content.decode()
    assert reverse("batch", args=[world.feed_batch.pk]) in page


def test_the_rows_that_count_are_listed_from_the_batch(world: World, browse: Browse) -> None:
    assert world.feed_batch
    page = browse("sun").get(reverse("rows", args=[world.feed_batch.pk]))
    assert [(row.person, row.line) for _, row, _ in page.context["group"].rows] == [("甲建国", 2), ("丙海生", 3)]
    assert browse("li").get(reverse("rows", args=[world.feed_batch.pk])).status_code == 404


PEOPLE = "省,市,县,乡,村,户编号,人口编号,姓名,证件号码,与户主关系,劳动技能,成员联系电话"


def people(world: World, name: str, **changed: str) -> str:
    """The row of one person as the national system exports it."""
    member = person(world, name)
    cells = {
        "省": "河北省",
        "市": "保定市",
        "县": "涞源县",
        "乡": "涞源镇",
        "村": "新街村",
        "户编号": world.households[name].household_no,
        "人口编号": member.person_no,
        "姓名": name,
        "证件号码": world.numbers[name],
        "与户主关系": "户主",
        "劳动技能": "普通劳动力",
        "成员联系电话": "13800005678",
    }
    return ",".join((cells | changed).values())


def test_a_sheet_of_the_national_system_is_planned_field_by_field_and_masked(world: World, browse: Browse) -> None:
    client = browse("sun")
    answer = upload(client, f"{PEOPLE}\n{people(world, '甲建国', 劳动技能='丧失劳动力')}\n", name="人口.csv", sender="")
    job = Job.objects.get(recipe="plan_registry")
    assert answer["Location"] == reverse("plan", args=[job.pk]) and job.arguments["dataset"] == "person"
    worker.work(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    page = client.get(answer["Location"])
    changes = {change["field"]: (change["before"], change["after"]) for change in page.context["plan"]["changes"]}
    assert changes["成员联系电话"] == ("138****1234", "138****5678")
    assert changes["劳动技能"][1] == "丧失劳动力"
    assert "13800005678" not in page.content.decode() and world.numbers["甲建国"] not in page.content.decode()

    client.post(answer["Location"])
    worker.work(once=True)
    done = Job.objects.get(recipe="import_registry")
    assert done.state == JobState.DONE, done.message
    member = person(world, "甲建国")
    assert member.labour_capacity == "丧失劳动力"
    household = client.get(reverse("household", args=[world.households["甲建国"].household_no])).content.decode()
    assert "人口.csv 第 2 行" in household and "丧失劳动力" in household


def test_a_sheet_of_another_county_is_refused_with_its_rows(world: World, browse: Browse) -> None:
    client = browse("li")
    upload(client, f"{PEOPLE}\n{people(world, '甲建国')}\n", name="人口.csv", sender="", region="130633000000")
    worker.work(once=True)
    job = Job.objects.get(recipe="plan_registry")
    assert job.state == JobState.FAILED and "涞源县" not in job.message.partition("请")[2]
