"""The three-way comparison on pages: asked for, listed by place, settled with how, handed out; a neighbour finds none of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from shouwang.households.models import ArchiveDifference
from shouwang.jobs import worker
from shouwang.registry.models import Household

from .test_papers import content
from .world import World


def page(client, name: str, *arguments, **asked) -> str:
    return client.get(reverse(name, args=arguments), asked).content.decode()


@pytest.fixture
def compared(world: World, browse) -> ArchiveDifference:
    Household.objects.filter(pk=world.households["甲建国"].pk).update(registered_size=5)
    answer = browse("sun").post(reverse("archive_compare"), {"county": "130630000000"})
    assert "/jobs/" in answer["Location"]
    assert "还没有比对过。点右上角" in page(browse("sun"), "archive")
    assert worker.work(once=True) == 1
    done = browse("sun").get(answer["Location"]).content.decode()
    assert "三方比对" in done and "/archive?region=130630000000" in done
    return ArchiveDifference.objects.get(household=world.households["甲建国"], item="size")


def test_a_difference_is_seen_by_place_and_household_and_settled_with_how(world: World, browse, compared) -> None:
    sun, qian = browse("sun"), browse("qian")
    shown = page(sun, "archive")
    assert "最近比对 2022-07-07" in shown and "5人" in shown and "涞源镇" in shown
    assert "档、账、实不一致" in page(sun, "household", world.households["甲建国"].household_no)
    assert 'name="settled_as"' not in page(browse("zhao"), "archive")
    answer = qian.post(reverse("archive_settle", args=[compared.pk]), {"settled_as": "archive", "how": ""}, follow=True)
    assert "请写明怎样核对" in answer.content.decode()
    qian.post(reverse("archive_settle", args=[compared.pk]), {"settled_as": "archive", "how": "已改为一人"})
    assert "5人" not in page(sun, "archive") and "已改为一人" in page(sun, "archive", part="settled")


def test_the_list_is_handed_out_and_a_neighbour_finds_nothing(world: World, browse, compared) -> None:
    assert content(browse("qian").get(reverse("archive_file")))[:2] == b"PK"
    assert browse("zhao").get(reverse("archive_file")).status_code == 403
    li = browse("li")
    assert "甲建国" not in page(li, "archive")
    assert (
        li.post(reverse("archive_settle", args=[compared.pk]), {"settled_as": "archive", "how": "x"}).status_code == 404
    )
    li.post(reverse("archive_compare"), {"county": "130630000000"})
    compared.refresh_from_db()
    assert compared.settled_on is None
