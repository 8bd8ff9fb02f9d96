"""The pages of an inspection and of an event's units: drawn, checked, put right, closed; a neighbour finds none of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from shouwang.feeds import actions as feeds
from shouwang.foundation.periods import Month
from shouwang.households.models import EventUnit, InspectedItem, Inspection, LargeScaleEvent
from tests.factories import LAIYUAN

from .world import NOW, TODAY, TOWNSHIP, World

GOOD = {"unit": "yes", "posts": "yes", "duties": "yes", "running": "yes"}


def page(client, name: str, *arguments) -> str:
    return client.get(reverse(name, args=arguments)).content.decode()


@pytest.fixture
def drawn(browse) -> Inspection:
    browse("sun").post(reverse("inspections"), {"kind": "teams", "region": TOWNSHIP, "size": 3, "seed": "四月"})
    return Inspection.objects.get()


def test_a_team_is_inspected_put_right_and_closed(browse, drawn) -> None:
    sun, qian = browse("sun"), browse("qian")
    assert "按此重抽，结果一致" in page(sun, "inspection", drawn.pk)
    item = drawn.items.first()
    sheet = reverse("inspection_sheet", args=[item.pk])
    assert "请说明问题" in sun.post(sheet, GOOD | {"posts": "no"}).content.decode()
    sun.post(sheet, GOOD | {"posts": "no", "note": "缺一名网格员", "rectify_by": "2022-07-20"})
    assert "缺一名网格员" in page(qian, "inspection_sheet", item.pk)
    qian.post(sheet, {"rectify": "1", "text": "已补充聘用"})
    qian.post(sheet, {"close": "1"})
    item.refresh_from_db()
    assert item.closed_on is None
    sun.post(sheet, {"close": "1"})
    item.refresh_from_db()
    assert (item.rectified_on, item.closed_on) == (TODAY, TODAY)
    found = sun.get(reverse("inspection_file", args=[drawn.pk]))
    assert found.status_code == 200 and found.streaming


def test_a_neighbour_finds_no_inspection_and_no_sheet(browse, drawn) -> None:
    li = browse("li")
    assert reverse("inspection", args=[drawn.pk]) not in page(li, "inspections")
    item = drawn.items.first()
    for name, pk in (("inspection", drawn.pk), ("inspection_file", drawn.pk), ("inspection_sheet", item.pk)):
        assert li.get(reverse(name, args=[pk])).status_code == 404
    li.post(reverse("inspection_sheet", args=[item.pk]), GOOD)
    assert not InspectedItem.objects.filter(checked_on__isnull=False).exists()


@pytest.fixture
def storm(world: World) -> LargeScaleEvent:
    return LargeScaleEvent.objects.create(
        kind="natural_disaster",
        title="暴雨",
        region_code="130630000000",
        happened_on=TODAY,
        source="应急局",
        basis="all",
        at=NOW,
    )


def test_a_unit_is_given_its_part_and_its_answer_is_written_down(browse, storm) -> None:
    sun, address = browse("sun"), reverse("event_units", args=[storm.pk])
    sun.post(address, {"department": "emergency", "duty": "报送受灾情况", "due_on": "2022-07-09"})
    unit = EventUnit.objects.get()
    sun.post(address, {"unit": unit.pk, "text": "受灾 12 户"})
    assert "受灾 12 户" in page(browse("sun"), "event_units", storm.pk)
    assert sun.post(address, {"unit": "999", "text": "x"}).status_code == 404
    assert browse("li").get(address).status_code == 404
    browse("zhao").post(address, {"department": "water", "duty": "供水"})
    assert EventUnit.objects.count() == 1


def test_the_triggers_name_the_open_parameter(browse, world) -> None:
    shown = page(browse("sun"), "event_triggers")
    assert "未计算" in shown and "农村劳动力失业明显增多的幅度" in shown


def test_prices_show_their_weeks_their_rows_and_the_way_to_an_event(browse, world, tmp_path) -> None:
    path = tmp_path / "价格.csv"
    path.write_text(
        "品种,产业,日期,价格,单位\n核桃,林果,2022-06-13,12,公斤\n核桃,林果,2022-06-20,10,公斤\n核桃,林果,2022-06-27,9,公斤\n",
        "utf-8",
    )
    sun = browse("sun")
    feeds.import_file(
        path=path,
        dataset="produce_price",
        region_code=LAIYUAN,
        period=Month(2022, 6),
        by=world.accounts["sun"],
        now=NOW,
    )
    address = reverse("event_prices", args=[LAIYUAN])
    assert address in page(sun, "event_triggers")
    shown = browse("zhao").get(f"{address}?product=核桃&unit=公斤").content.decode()
    assert "25.0%" in shown and "需录入" in shown and "价格.csv 第 4 行" in shown
    assert browse("li").get(address).status_code == 404
    started = sun.get(f"{reverse('event_new')}?kind=price_fall&basis=orchard&title=核桃价格下跌").content.decode()
    assert '<option value="orchard" selected>' in started and "核桃价格下跌" in started
    for kind in ("natural_disaster", "epidemic", "project_failure"):
        assert sun.get(reverse("event_reported", args=[LAIYUAN, kind])).status_code == 200
    assert sun.get(reverse("event_reported", args=[LAIYUAN, "nothing"])).status_code == 404


def test_incomes_are_inspected_with_what_the_ledger_proposes_and_the_bulletin_is_handed_out(browse, world) -> None:
    from shouwang.households.models import RiskPoint

    home = world.households["甲建国"]
    RiskPoint.objects.create(household=home, region_code=home.region_code, kind="job_lost", opened_on=TODAY, at=NOW)
    sun = browse("sun")
    sun.post(reverse("inspections"), {"kind": "income_focus", "region": "", "size": 5})
    made = Inspection.objects.get()
    item = made.items.get()
    sheet = reverse("inspection_sheet", args=[item.pk])
    shown = sun.get(sheet).content.decode()
    assert "按台账先选好" in shown and "未消除" in shown
    told = {"screened": "no", "effective": "yes", "points": "no", "drop": "yes"}
    sun.post(sheet, told | {"note": "收入没有核到", "rectify_by": "2022-07-20"})
    page_ = page(sun, "inspection", made.pk)
    assert "排查不精准" in page_ and "全县通报" in page_
    address = reverse("inspection_bulletin", args=[made.pk, "docx"])
    answer = sun.get(address)
    assert answer.status_code == 200 and answer.streaming
    assert browse("qian").get(address).status_code == 404
    assert browse("li").get(address).status_code == 404
