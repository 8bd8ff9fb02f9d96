"""The monthly report, the bulletin and returns on pages: every figure opens, one press hands the paper out, the place above signs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.casework.models import Lead
from shouwang.households.models import GrowthMeasure, Return
from shouwang.organisation.models import Unit
from tests import factories

from .test_papers import content, pdf, word
from .world import NOW, TODAY, TOWNSHIP, VILLAGE, World


def page(client, name: str, *arguments, **asked) -> str:
    return client.get(reverse(name, args=arguments), asked).content.decode()


@pytest.fixture
def grown(world: World) -> GrowthMeasure:
    home = world.households["甲建国"]
    return GrowthMeasure.objects.create(
        household=home, region_code=VILLAGE, kind="job_transfer", title="务工", owner="赵", planned_on=TODAY, at=NOW
    )


def test_the_month_opens_its_rows_and_says_what_is_not_closed(world: World, browse) -> None:
    client = browse("sun")
    shown = page(client, "monthly", month="2022-06")
    assert "走访未结账" in shown and "涞源镇" in shown and "没有文件要求这里按月报告" in shown
    rows = client.get(reverse("monthly_rows"), {"month": "2022-06", "part": "leads"})
    assert "甲建国" in rows.content.decode()
    assert reverse("monthly_rows") + f"?region={TOWNSHIP}&amp;month=2022-06&amp;part=leads" in shown
    assert client.get(reverse("monthly_rows"), {"part": "seen"}).status_code == 404


def test_one_press_hands_out_report_and_bulletin_in_three_forms(world: World, browse) -> None:
    client, asked = browse("sun"), {"month": "2022-06"}
    report = word(client.get(reverse("monthly_paper", args=["report", "docx"]), asked))
    assert "涞源县防贫中心文件" in report and "月报" in report and "未结账" in report and "甲建国" not in report
    bulletin = pdf(client.get(reverse("monthly_paper", args=["bulletin", "pdf"]), asked))
    assert "的通报" in bulletin and "不排人员" in bulletin and "各乡镇" in bulletin
    assert content(client.get(reverse("monthly_paper", args=["bulletin", "xlsx"]), asked))[:2] == b"PK"
    village = browse("zhao")
    assert village.get(reverse("monthly_paper", args=["bulletin", "docx"]), asked).status_code == 404
    assert "月报" in word(village.get(reverse("monthly_paper", args=["report", "docx"]), asked))
    elsewhere = browse("li").get(reverse("monthly_paper", args=["report", "docx"]), asked | {"region": TOWNSHIP})
    assert "涞源" not in word(elsewhere)


def test_the_village_reports_to_the_township_which_signs(world: World, browse) -> None:
    zhao, qian = browse("zhao"), browse("qian")
    assert "上报2022年6月月报" in page(zhao, "monthly", month="2022-06")
    sent = zhao.post(reverse("monthly_send"), {"month": "2022-06", "note": "两户外出"}, follow=True).content.decode()
    assert "两户外出" in sent and "待签收" in sent and 'name="sign"' not in sent
    made = Return.objects.get()
    assert made.to_region == TOWNSHIP and 'name="sign"' in page(qian, "return", made.pk)
    qian.post(reverse("return", args=[made.pk]), {"sign": "1"})
    assert "2022-07-07 签收" in page(zhao, "monthly", month="2022-06")
    assert "两户外出" in word(zhao.get(reverse("return_paper", args=[made.pk, "docx"])))
    assert browse("li").get(reverse("return", args=[made.pk])).status_code == 404
    again = zhao.post(reverse("monthly_send"), {"month": "2022-06"}, follow=True).content.decode()
    assert "已经上报" in again and Return.objects.count() == 1


def test_the_township_sends_what_the_ledger_counts_and_the_county_gives_it_back(
    world: World, browse, grown, monkeypatch
) -> None:
    qian, sun = browse("qian"), browse("sun")
    shown = page(qian, "returns")
    assert "2022-09-10" in shown and "318房间" in shown and "转岗服务" in shown and "9月中旬前" in shown
    assert "甲建国" in page(qian, "return_measures", kind="job_transfer")
    assert "甲建国" not in page(browse("li"), "return_measures")
    qian.post(reverse("returns"), {"note": ""})
    made = Return.objects.get()
    told = word(sun.get(reverse("return_paper", args=[made.pk, "docx"])))
    assert "转岗服务" in told and "领导小组办公室" in told and "甲建国" not in told
    assert "未报" in page(sun, "returns")
    sun.post(reverse("return", args=[made.pk]), {"reason": "与台账不符"})
    assert "与台账不符" in page(qian, "returns")
    monkeypatch.setenv("SHOUWANG_TODAY", dt.date(2022, 9, 12).isoformat())
    assert "没有上报的报表" in page(qian, "reminders")
    assert "涞源镇：增收帮扶落实情况" in page(sun, "reminders")
    assert "涞源镇" not in page(browse("li"), "reminders")


def test_a_frozen_figure_opens_the_rows_that_were_counted_then(world: World, browse, grown) -> None:
    qian, sun = browse("qian"), browse("sun")
    qian.post(reverse("monthly_send"), {"month": "2022-06"})
    qian.post(reverse("returns"), {"note": ""})
    month, measures = Return.objects.get(kind="monthly"), Return.objects.get(kind="measures")
    leads, was = f"?part=leads&amp;region={VILLAGE}", f"{reverse('return_rows', args=[month.pk])}"
    assert f'href="{was}{leads}">1</a>' in page(sun, "return", month.pk)
    assert f'href="{reverse("return_rows", args=[measures.pk])}?&amp;kind=job_transfer">1</a>' in page(
        sun, "return", measures.pk
    )
    # afterwards the lead turns out to be nothing and the measure is carried out: the page of the moment says so, the return does not
    Lead.objects.filter(household=world.households["甲建国"]).update(state="withdrawn", is_open=False)
    GrowthMeasure.objects.filter(pk=grown.pk).update(done_on=TODAY, result="已上岗")
    assert "甲建国" not in page(sun, "monthly_rows", month="2022-06", part="leads")
    kept = page(sun, "return_rows", month.pk, part="leads", region=VILLAGE)
    assert "甲建国" in kept and "新增线索 1 户" in kept and "上报时计入的行" in kept
    assert "丙海生" not in page(sun, "return_rows", month.pk, part="leads")
    assert "甲建国" in page(sun, "return_rows", measures.pk, kind="job_transfer")
    assert "甲建国" not in page(sun, "return_rows", measures.pk, kind="job_transfer", done="1")
    assert browse("li").get(was, {"part": "leads"}).status_code == 404
    assert sun.get(was, {"part": "seen"}).status_code == sun.get(was, {"part": "x"}).status_code == 404


def test_a_department_sends_its_own_sums_and_sees_no_household(world: World, browse, grown) -> None:
    unit = Unit.objects.create(
        name="涞源县人社局", kind="department", department="human_resources", region_code="130630000000"
    )
    account = factories.make_account(name="人社吴", role="department_liaison", region_code="130630000000")
    account.unit = unit
    account.save()
    wu = Client()
    wu.force_login(account)
    shown = page(wu, "returns")
    assert "转岗服务" in shown and reverse("return_measures") not in shown and "下级和部门" not in shown
    wu.post(reverse("returns"), {"note": ""})
    made = Return.objects.get()
    assert (made.department, made.figures["measures"]) == ("human_resources", 1)
    assert "人社局" in page(browse("sun"), "return", made.pk)
    assert "甲建国" not in word(wu.get(reverse("return_paper", args=[made.pk, "docx"])))
    assert wu.get(reverse("return_measures")).status_code == 403
    assert wu.get(reverse("return_rows", args=[made.pk])).status_code == 403
    assert reverse("return_rows", args=[made.pk]) not in page(wu, "return", made.pk)
    browse("qian").post(reverse("returns"), {"note": ""})
    other = Return.objects.exclude(pk=made.pk).get()
    assert wu.get(reverse("return", args=[other.pk])).status_code == 404
