"""The monthly meeting on pages: what the program knows is there already, the rest is written down, printed and followed up."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from shouwang.feeds.models import Consultation
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.models import AuditEvent
from tests.factories import NOW

from .world import World

Browse = Callable[[str], Client]
SENT = {
    "held_on": "2022-07-06",
    "chair": "刘主任",
    "units": ["残联", "水利局"],
    "other_units": "气象局、电信公司",
    "topics": "六月比对结果",
    "conclusions": "残疾人低收入户两户，乡镇核实",
    "decision-TOTAL_FORMS": "3",
    "decision-INITIAL_FORMS": "0",
    "decision-0-text": "补报六月停水情况",
    "decision-0-responsible_unit": "水利局",
    "decision-0-due_on": "2022-07-05",
}


def record(client: Client, **changed: str) -> str:
    answer = client.post(f"{reverse('new_consultation')}?month=2022-06", SENT | changed)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


# hengshui-2022-1#C.2.1.6
def test_the_form_shows_what_came_and_what_was_found_without_being_asked(world: World, browse: Browse) -> None:
    assert world.run and world.feed_batch
    text = browse("sun").get(reverse("new_consultation")).content.decode()
    assert "2022年6月会商" in text, "last month unless asked"
    assert reverse("run", args=[world.run.pk]) in text
    assert reverse("batch", args=[world.feed_batch.pk]) in text and "县残联" in text
    assert "重度残疾人收入低 2 条" in text
    may = browse("sun").get(reverse("new_consultation"), {"month": "2022-05"}).content.decode()
    assert "这个月还没有执行筛查" in may and "来文 0 份" in may


def test_a_meeting_is_recorded_shown_and_kept_as_it_was_known(world: World, browse: Browse) -> None:
    client = browse("sun")
    assert "的部门会商还没有登记" in client.get("/").content.decode()
    address = record(client)
    text = client.get(address).content.decode()
    for said in (
        "残联、水利局、气象局、电信公司（4 个）",
        "刘主任主持",
        "六月比对结果",
        "补报六月停水情况",
        "已超期 2 天",
    ):
        assert said in text
    assert "重度残疾人收入低 2 条" in text
    assert world.feed_batch
    Batch.objects.filter(pk=world.feed_batch.pk).update(state=BatchState.REVERTED, reverted_at=NOW)
    assert reverse("batch", args=[world.feed_batch.pk]) in client.get(address).content.decode(), "as known on the day"
    assert "的部门会商还没有登记" not in client.get("/").content.decode()
    assert AuditEvent.objects.filter(action="登记会商记录", by_name="县中心孙").count() == 1


def test_what_is_missing_or_impossible_is_said_beside_the_field(world: World, browse: Browse) -> None:
    client = browse("sun")
    for changed, said in (
        ({"units": [], "other_units": ""}, "请勾选或填写参加会商的单位"),
        ({"held_on": "2022-07-08"}, "不能晚于今天"),
        ({"held_on": "2022-05-31"}, "不能早于会商的月份"),
        ({"topics": ""}, "这个字段是必填项"),
        ({"decision-0-responsible_unit": ""}, "请写明责任单位"),
        ({"decision-1-responsible_unit": "民政局"}, "请写明事项"),
    ):
        answer = client.post(f"{reverse('new_consultation')}?month=2022-06", SENT | changed)
        assert answer.status_code == 200 and said in answer.content.decode(), said
    assert not Consultation.objects.exists()
    record(client)
    again = client.post(f"{reverse('new_consultation')}?month=2022-06", SENT)
    assert "已经登记过" in again.content.decode() and Consultation.objects.count() == 1


def test_a_record_is_corrected_by_a_new_one(world: World, browse: Browse) -> None:
    client = browse("sun")
    old = record(client)
    form = client.get(f"{old}/correction").content.decode()
    assert "补报六月停水情况" in form and "气象局、电信公司" in form
    answer = client.post(f"{old}/correction", SENT | {"topics": "改正的议题", "decision-INITIAL_FORMS": "1"})
    new = client.get(answer["Location"]).content.decode()
    assert "改正的议题" in new and "本条更正了" in new and "补报六月停水情况" in new
    assert "已经更正" in client.get(old).content.decode()
    listed = client.get(reverse("consultations")).content.decode()
    assert "改正的议题" in listed and "六月比对结果" not in listed
    assert client.get(f"{old}/correction").status_code == 404


def test_a_decision_is_followed_up(world: World, browse: Browse) -> None:
    client = browse("sun")
    address = record(client)
    decision = Consultation.objects.get().decisions.get()
    finish = reverse("finish_decision", args=[decision.pk])
    assert finish in client.get(address).content.decode()
    assert finish not in browse("zhou").get(address).content.decode(), "the city reads"
    client.post(finish, {"done_on": "2022-07-09", "result": "已补报"})
    assert "完成日期不能晚于今天" in client.get(address).content.decode()
    client.post(finish, {"done_on": "2022-07-07", "result": "已补报"})
    text = client.get(address).content.decode()
    assert "已补报（2022-07-07）" in text and "已超期" not in text


def test_only_the_county_officer_writes_and_only_the_region_reads(world: World, browse: Browse) -> None:
    address = record(browse("sun"))
    decision = Consultation.objects.get().decisions.get()
    assert browse("zhou").get(address).status_code == 200, "the city reads"
    assert browse("zhou").get(reverse("new_consultation")).status_code == 403
    for login in ("qian", "zhao", "li", "nowhere"):
        assert browse(login).get(address).status_code == 404
        assert "六月比对结果" not in browse(login).get(reverse("consultations")).content.decode()
        sent = browse(login).post(
            reverse("finish_decision", args=[decision.pk]), {"done_on": "2022-07-07", "result": "x"}
        )
        assert sent.status_code in (403, 404)
    assert browse("li").get(f"{address}/correction").status_code == 404
    assert browse("nowhere").get(reverse("new_consultation")).status_code == 404
