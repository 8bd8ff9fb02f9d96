"""The page of a household: found without a number in any address, numbers masked, one unmasked with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.organisation.models import AuditEvent

from .world import LAIYUAN, World, person

Browse = Callable[[str], Client]


def address(world: World, name: str = "甲建国") -> str:
    return reverse("household", args=[world.households[name].household_no])


def test_numbers_are_masked_for_everybody(world: World, browse: Browse) -> None:
    number = world.numbers["甲建国"]
    for login in ("sun", "qian", "zhao"):
        page = browse(login).get(address(world)).content.decode()
        assert number not in page and f"{number[:6]}********{number[-4:]}" in page


def test_an_identity_number_finds_its_household_and_stands_in_no_address(world: World, browse: Browse) -> None:
    number = world.numbers["甲建国"]
    for written in (number, f" {number[:6]} {number[6:14]} {number[14:].lower()} "):
        answer = browse("zhao").post(reverse("household_search"), {"text": written})
        assert answer["Location"] == address(world)


@pytest.mark.parametrize("text", ["甲", "甲建国"])
def test_the_beginning_of_a_name_finds_households(world: World, browse: Browse, text: str) -> None:
    page = browse("sun").post(reverse("household_search"), {"text": text}, follow=True).context["page"]
    assert [row.head_name for row in page.rows] == ["甲建国"]


def test_a_family_name_alone_is_not_sought_in_a_whole_city(world: World, browse: Browse) -> None:
    zhou = browse("zhou")
    assert "请写两个字以上" in zhou.get("/households?q=甲").content.decode()
    for found in (
        zhou.get(f"/households?q=甲&region={LAIYUAN}"),
        zhou.get("/households?q=甲建"),
        browse("sun").get("/households?q=甲"),
    ):
        assert "甲建国" in found.content.decode()


def test_a_members_name_finds_the_household(world: World, browse: Browse) -> None:
    member = person(world, "甲建国")
    member.name = "甲小宝"
    member.save()
    page = browse("sun").get(reverse("households"), {"q": "甲小"}).context["page"]
    assert [row.head_name for row in page.rows] == ["甲建国"]


def test_kinds_narrow_the_list(world: World, browse: Browse) -> None:
    client = browse("sun")
    assert [row.head_name for row in client.get(reverse("households"), {"kind": "monitored"}).context["page"].rows] == [
        "丁玉兰"
    ]
    assert client.get(reverse("households"), {"kind": "gone"}).context["page"].rows == []
    assert client.get(reverse("households"), {"kind": "脱贫户"}).context["page"].count == 4


def test_unmasking_needs_a_reason_goes_into_the_log_and_lasts_one_look(world: World, browse: Browse) -> None:
    client, member = browse("sun"), person(world, "甲建国")
    unmask = reverse("unmask", args=[world.households["甲建国"].household_no])
    before = AuditEvent.objects.count()
    for reason in ("", "看"):
        answer = client.post(unmask, {"person": member.pk, "reason": reason})
        assert answer.status_code == 400 and world.numbers["甲建国"] not in answer.content.decode()
    assert AuditEvent.objects.count() == before

    answer = client.post(unmask, {"person": member.pk, "reason": "核对低保申请材料"})
    assert world.numbers["甲建国"] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    line = AuditEvent.objects.latest("id")
    assert (line.action, line.by, line.reason, line.target) == (
        "查看完整证件号码",
        world.accounts["sun"],
        "核对低保申请材料",
        f"人口编号 {member.person_no}",
    )
    assert world.numbers["甲建国"] not in str(line.detail)
    assert world.numbers["甲建国"] not in client.get(address(world)).content.decode()


def test_nobody_unmasks_a_member_of_another_household(world: World, browse: Browse) -> None:
    unmask = reverse("unmask", args=[world.households["甲建国"].household_no])
    stranger = person(world, "外德成")
    answer = browse("sun").post(unmask, {"person": stranger.pk, "reason": "核对低保申请材料"})
    assert answer.status_code == 404


def test_the_township_may_not_unmask_beyond_itself(world: World, browse: Browse) -> None:
    unmask = reverse("unmask", args=[world.households["丙海生"].household_no])
    answer = browse("qian").post(unmask, {"person": person(world, "丙海生").pk, "reason": "核对低保申请材料"})
    assert answer.status_code == 404


def test_the_page_shows_what_was_found_and_the_open_lead(world: World, browse: Browse) -> None:
    page = browse("zhao").get(address(world)).content.decode()
    assert world.lead("甲建国").lead_no in page
    assert "持有效的重度残疾证" in page
