"""Visits on the pages: one tap for no change, a form for changes only, taking back, coverage down to names, closing, settling."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouwang.casework.models import Lead
from shouwang.households.models import Device, IncomeLine, Visit, VisitChange, VisitMonth
from shouwang.households.visits import devices
from shouwang.registry.models import Household
from tests import factories

from . import world as worlds
from .world import FAR_VILLAGE, LAIYUAN, NEIGHBOURS, OURS, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]
TODAY = worlds.TODAY.isoformat()


def text(answer: Any) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def no(world: World, name: str = "甲建国") -> str:
    return world.households[name].household_no


def confirm(client: Client, *numbers: str, token: str = "") -> Any:
    return client.post(
        reverse("visit_confirm"), {"household": numbers, "token": token or str(uuid.uuid4())}, follow=True
    )


def hidden(client: Client, address: str) -> dict[str, Any]:
    """What the form of a household carries besides what is typed, as the page was opened."""
    form = client.get(address).context["form"]
    return {
        "record_id": str(form["record_id"].value()),
        "made_at": form["made_at"].value(),
        "base": json.dumps(form["base"].initial),
        "method": "onsite",
        "on": TODAY,
    }


def test_no_change_is_one_tap_and_sends_nothing_else(world: World, browse: Browse) -> None:
    """H-23."""
    client = browse("zhao")
    page = client.get(reverse("visits"))
    form = re.search(r'<form method="post" action="[^"]*confirm">.*?</form>', page.content.decode(), re.S)
    assert form and set(re.findall(r'name="(\w+)"', form[0])) == {"csrfmiddlewaretoken", "token", "household", "back"}
    confirm(client, no(world))
    visit = Visit.objects.get()
    assert (visit.kind, visit.typed_count, visit.on, visit.method) == ("confirmation", 0, worlds.TODAY, "onsite")


def test_a_whole_street_is_confirmed_at_once_and_taken_back_at_once(world: World, browse: Browse) -> None:
    client, homes = browse("zhao"), [factories.make_household(head_name=f"户{n}") for n in range(6)]
    answer = confirm(client, *[home.household_no for home in homes])
    assert Visit.objects.filter(undone_at=None).count() == 6 and "6 户无变化" in text(answer)
    client.post(reverse("visit_undo"))
    assert Visit.objects.filter(undone_at=None).count() == 0
    assert "撤回这" not in text(client.get(reverse("visits")))


def test_the_same_tap_sent_twice_is_one_visit(world: World, browse: Browse) -> None:
    client, token = browse("zhao"), str(uuid.uuid4())
    for _ in range(2):
        assert confirm(client, no(world), token=token).status_code == 200
    assert Visit.objects.count() == 1


def test_only_what_changed_is_asked_and_it_reaches_the_ledger(world: World, browse: Browse) -> None:
    client, address = browse("zhao"), reverse("visit", args=[no(world)])
    page = client.get(address)
    assert world.numbers["甲建国"] not in text(page) and world.numbers["甲建国"][-4:] in text(page)
    labels = re.findall(r"<label[^>]*>(.*?)</label>", page.content.decode(), re.S)
    assert not [label for label in labels if re.search("姓名|证件|学历|关系", label)]
    sent = hidden(client, address) | {"income_wage": "1200", "problems": ["illness"]}
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert Visit.objects.get().typed_count == 2
    edited = client.post(address, sent | {"income_wage": "9000"})
    assert edited.status_code == 400, "the same form with other content is not dropped in silence"
    assert IncomeLine.objects.get(visit=sent["record_id"]).amount_fen == 120_000
    assert Lead.objects.filter(household=world.households["甲建国"], channels__icontains="visit").exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World, browse: Browse) -> None:
    client, address = browse("zhao"), reverse("visit", args=[no(world)])
    sent = hidden(client, address) | {"income_wage": "很多"}
    answer = client.post(address, sent)
    assert answer.status_code == 400 and "请填数字" in text(answer) and "很多" in answer.content.decode()
    assert not Visit.objects.exists()
    wrong = sent | {"income_wage": "", "result": "wrong_data"}
    assert client.post(address, wrong).status_code == 400, "what is wrong has to be said"
    assert client.post(address, wrong | {"note": "人数应为 3"}).status_code == 302


def test_the_printed_sheet_has_everything_known_on_it(world: World, browse: Browse) -> None:
    page = text(browse("qian").get(reverse("visit_sheet", args=[no(world)])))
    assert "甲建国" in page and "走访服务信息采集表" in page and "本月工资、务工收入" in page
    assert world.numbers["甲建国"] not in page


def test_who_may_only_look_finds_nothing_to_press(world: World, browse: Browse) -> None:
    client = browse("sun")
    page = client.get(reverse("visit", args=[no(world)])).content.decode()
    assert reverse("visit_confirm") not in page and 'name="record_id"' not in page
    assert confirm(client, no(world)).status_code == 403
    assert client.post(reverse("visit", args=[no(world)]), {}).status_code == 404


def test_nothing_of_another_village_township_or_county(world: World, browse: Browse) -> None:
    strangers = {"zhao": ("乙秀英", "丙海生", NEIGHBOURS), "qian": ("丙海生", NEIGHBOURS), "li": OURS}
    for login, names in strangers.items():
        client = browse(login)
        for name in names:
            assert client.get(reverse("visit", args=[no(world, name)])).status_code == 404, (login, name)
            assert client.get(reverse("visit_sheet", args=[no(world, name)])).status_code == 404
        if login != "li":
            confirm(client, *[no(world, name) for name in names])
    assert not Visit.objects.exists()
    for page in ("coverage", "campaigns", "burden", "visits", "visit_conflicts", "phones"):
        shown = text(browse("li").get(reverse(page), {"region": LAIYUAN}, follow=True))
        assert not [name for name in OURS if name in shown], page


def test_coverage_goes_down_from_the_county_to_the_names(world: World, browse: Browse) -> None:
    confirm(browse("zhao"), no(world))
    client = browse("sun")
    county = client.get(reverse("coverage"))
    assert (county.context["total"].seen_count, county.context["total"].wanted_count) == (1, 4)
    assert county.context["missed"] == [] and county.context["missed_count"] == 3
    township = client.get(reverse("coverage"), {"region": TOWNSHIP})
    assert [one.household.head_name for one in township.context["missed"]] == ["乙秀英"]
    far = client.get(reverse("coverage"), {"region": FAR_VILLAGE})
    assert [one.household.head_name for one in far.context["missed"]] == ["丙海生", "丁玉兰"]
    village = browse("zhao").get(reverse("coverage"))
    assert (village.context["total"].percent, village.context["missed"]) == ("100.0", [])


@pytest.mark.parametrize("login", ["sun", "qian", "zhao"])
def test_a_link_that_names_the_own_region_opens_the_whole_without_an_error(
    world: World, browse: Browse, login: str
) -> None:
    own = world.accounts[login].region_code
    shown = text(browse(login).get(f"/visits/coverage?region={own}"))
    assert "invalid-feedback" not in shown and "清除条件" not in shown


def test_a_city_sees_its_counties_that_have_a_register(world: World, browse: Browse) -> None:
    world.accounts["city"] = factories.make_account(name="市局吴", role="city_officer", region_code="130600000000")
    answer = browse("city").get(reverse("coverage"))
    assert {row.code: row.wanted_count for row in answer.context["rows"]} == {LAIYUAN: 4, worlds.YIXIAN: 1}
    # the same figures as the counties' own pages, also for a month that one of them has closed
    confirm(browse("zhao"), no(world))
    browse("sun").post(reverse("visit_close"), {"county": LAIYUAN, "month": "2022-06"})
    factories.make_household(head_name="新来户")
    for month, wanted, seen in (("", 6, 1), ("2022-06", 5, 0)):
        page = browse("city").get(reverse("coverage"), {"month": month}).context
        total = page["total"]
        assert (total.wanted_count, total.seen_count) == (wanted, seen)
        assert (page["missed_count"], page["closed_count"]) == (wanted - seen, int(month != ""))


def test_who_sees_figures_only_sees_no_names(world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    world.accounts["analyst"] = factories.make_account(
        name="省统计", role="province_analyst", region_code="130000000000"
    )
    province = browse("analyst").get(reverse("coverage"))
    assert {row.code: row.wanted_count for row in province.context["rows"]} == {"130600000000": 5}
    assert not [name for name in (*OURS, NEIGHBOURS) if name in text(province)]
    held = browse("analyst").get(reverse("campaigns"))
    assert "found" in held.context and "按市看" not in text(held)
    assert not [name for name in (*OURS, NEIGHBOURS) if name in text(held)]
    monkeypatch.setattr("shouwang.web.views.coverage._MOST_COUNTIES", 0)
    assert "按市看" in text(browse("analyst").get(reverse("campaigns")))
    assert browse("analyst").get(reverse("burden")).status_code == 200
    answer = browse("analyst").get(reverse("coverage"), {"region": FAR_VILLAGE})
    assert answer.context["missed_count"] == 2 and "丙海生" not in text(answer)


def test_the_county_closes_a_month_that_is_over_and_it_opens_as_it_was(world: World, browse: Browse) -> None:
    client = browse("sun")
    assert not client.get(reverse("coverage")).context["may_close"]
    assert client.get(reverse("coverage"), {"month": "2022-06"}).context["may_close"]
    client.post(reverse("visit_close"), {"county": LAIYUAN, "month": "2022-07"})
    assert not VisitMonth.objects.exists()
    client.post(reverse("visit_close"), {"county": LAIYUAN, "month": "2022-06"})
    factories.make_household(head_name="新来户")
    answer = client.get(reverse("coverage"), {"month": "2022-06", "region": VILLAGE})
    assert [one.household.head_name for one in answer.context["missed"]] == ["甲建国"]
    assert "已于" in text(answer)
    assert browse("qian").post(reverse("visit_close"), {"county": LAIYUAN, "month": "2022-05"}).status_code == 403
    browse("li").post(reverse("visit_close"), {"county": LAIYUAN, "month": "2022-05"})
    assert VisitMonth.objects.count() == 1


def test_two_words_stand_beside_each_other_until_the_township_decides(world: World, browse: Browse) -> None:
    address = reverse("visit", args=[no(world)])
    world.accounts["wu"] = factories.make_account(name="驻村吴", role="resident_cadre", region_code=VILLAGE)
    opened = hidden(browse("wu"), address)
    browse("zhao").post(address, hidden(browse("zhao"), address) | {"income_wage": "1200"})
    browse("wu").post(address, opened | {"income_wage": "800"})
    change = VisitChange.objects.get(state="open")
    page = text(browse("qian").get(reverse("visit_conflicts")))
    assert "1,200.00 元" in page and "800.00 元" in page and "驻村吴" in page
    assert browse("zhao").post(reverse("visit_settle", args=[change.pk])).status_code == 403
    assert browse("li").get(reverse("visit_conflicts")).context["rows"] == []
    browse("qian").post(reverse("visit_settle", args=[change.pk]), {"take": "1", "reason": ""})
    assert VisitChange.objects.filter(state="open").exists(), "not without a reason"
    browse("qian").post(reverse("visit_settle", args=[change.pk]), {"take": "1", "reason": "已电话问过户主"})
    change.refresh_from_db()
    assert (change.state, change.reason) == ("taken", "已电话问过户主")


def test_a_lost_phone_is_revoked_by_the_county_and_not_by_the_neighbour(world: World, browse: Browse) -> None:
    device = devices.register(code=uuid.uuid4(), label="赵的手机", by=world.accounts["zhao"], now=timezone.now())
    assert "赵的手机" in text(browse("sun").get(reverse("phones")))
    address = reverse("phone_revoke", args=[device.pk])
    assert browse("li").post(address, {"reason": "无故"}).status_code == 404
    assert browse("zhao").post(address, {"reason": "无故"}).status_code == 403
    browse("sun").post(address, {"reason": ""})
    assert Device.objects.get(pk=device.pk).revoked_at is None
    browse("sun").post(address, {"reason": "手机丢失"})
    assert Device.objects.get(pk=device.pk).revoked_at is not None


def test_the_register_of_fields_says_who_supplies_one_and_what_a_visit_asks(world: World, browse: Browse) -> None:
    answer = browse("zhao").get(reverse("fields"), {"q": "学历"})
    assert [row["field"].code for row in answer.context["rows"]] == ["person.文化程度"]
    everything = browse("sun").get(reverse("fields"))
    assert everything.context["count"] > 200
    fresh = {row["field"].source: row["newest"] for row in everything.context["rows"]}
    assert fresh["disability"] == "2022-06" and fresh["accident"] == ""


@pytest.mark.parametrize("page", ["coverage", "campaigns", "burden", "fields", "visit_conflicts"])
@pytest.mark.parametrize("login", ["sun", "qian", "zhao", "city", "nowhere"])
def test_every_page_opens_for_whoever_may_look(world: World, browse: Browse, page: str, login: str) -> None:
    world.accounts["city"] = factories.make_account(name="市局吴", role="city_officer", region_code="130600000000")
    assert browse(login).get(reverse(page)).status_code == 200


def test_households_without_a_plan_are_listed_and_handed_out_within_the_own_region(
    world: World, browse: Browse
) -> None:
    page = browse("qian").get(reverse("unplanned"))
    assert {row.head_name for row, _ in page.context["lines"]} == {"甲建国", "乙秀英"} and "没有在任网格员" in text(
        page
    )
    confirm(browse("zhao"), no(world))
    assert {row.head_name for row, _ in browse("qian").get(reverse("unplanned")).context["lines"]} == {"乙秀英"}
    assert not any(name in text(browse("li").get(reverse("unplanned"))) for name in OURS)
    assert browse("qian").get(reverse("unplanned_file")).status_code == 200
    assert browse("zhao").get(reverse("unplanned_file")).status_code == 403
    assert browse("nowhere").get(reverse("unplanned")).status_code == 200


def test_what_a_visit_finds_is_a_lead_of_the_third_way_in(world: World, browse: Browse) -> None:
    """S3-B-12: 部门比对, 农户申报 and 干部走访 stand beside each other on one lead."""
    from shouwang.casework.models import Signal

    client, address = browse("zhao"), reverse("visit", args=[no(world)])
    assert client.post(address, hidden(client, address) | {"problems": ["illness"]}).status_code == 302
    signal = Signal.objects.get(household=world.households["甲建国"])
    assert (signal.channel, signal.risk, signal.told_on) == ("visit", "illness", worlds.TODAY)
    lead = Lead.objects.get(household=world.households["甲建国"], is_open=True)
    assert lead.channels == ["screening", "visit"]
    assert "干部走访" in text(client.get(reverse("lead", args=[lead.lead_no])))


def test_a_township_clerk_finds_the_villages_to_visit_and_not_the_figures_again(world: World, browse: Browse) -> None:
    client = browse("qian")
    page = client.get(reverse("visits"))
    assert page.status_code == 200 and "请选村" in text(page)
    counts = {one.code: count for one, count in page.context["below"]}
    assert counts[VILLAGE] == Household.objects.filter(region_code=VILLAGE, is_withdrawn=False).count() > 0
    assert f"{reverse('visits')}?region={VILLAGE}" in page.content.decode()
    assert client.get(reverse("visits"), {"region": VILLAGE}).context["page"].rows
