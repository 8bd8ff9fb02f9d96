"""Listed supervision on pages: the city puts a county on the list, the county tells, the city takes it off; papers; a neighbour sees none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from shouwang import policy
from shouwang.households import pressing
from shouwang.households.income import growth
from shouwang.households.models import Listing
from shouwang.jobs import clock
from tests.factories import LAIYUAN, NOW

from .test_papers import word
from .world import TODAY, World

ASKED = {
    "region_code": LAIYUAN,
    "reason": "脱贫人口增速低于当地农民",
    "due_on": "2022-12-31",
    "due_reason": "等三季度统计数",
    "phone": "0312-5900000",
}


def page(client, name: str, *arguments, **asked) -> str:
    return client.get(reverse(name, args=arguments), asked).content.decode()


@pytest.fixture
def entered(world: World) -> None:
    for series, percent in ((growth.ALLEVIATED, "8"), (growth.FARMERS, "9.5")):
        told = {"growth_percent": Decimal(percent), "income_yuan": None, "source": "县统计局二季度"}
        growth.enter(region_code=LAIYUAN, series=series, period="2022", by=None, now=NOW, **told)


def test_the_city_lists_the_county_tells_and_the_city_takes_it_off(browse, entered) -> None:
    zhou, sun = browse("zhou"), browse("sun")
    assert "触发" in page(zhou, "listings") and "挂牌…" in page(zhou, "listings")
    assert "没有写期限的理由" in zhou.post(reverse("listings"), ASKED | {"due_reason": ""}).content.decode()
    zhou.post(reverse("listings"), ASKED)
    made = Listing.objects.get()
    notice = word(zhou.get(reverse("listing_paper", args=[made.pk, "notice", "docx"])))
    assert "关于对涞源县挂牌督办的通知" in notice and "县统计局二季度" in notice and "−1.5" in notice
    assert "涞源县人民政府" in notice and "0312-5900000" in notice and "等三季度统计数" in notice
    assert zhou.get(reverse("listing_paper", args=[made.pk, "release", "docx"])).status_code == 404
    assert 'name="release"' not in page(sun, "listing", made.pk)
    sun.post(reverse("listing", args=[made.pk]), {"text": "新增务工 300 人"})
    assert "新增务工 300 人" in page(zhou, "listing", made.pk)
    zhou.post(reverse("listing", args=[made.pk]), {"move": "1", "due_on": "2023-03-31", "text": "等年度数"})
    assert "期限由 2022-12-31 调整" in page(sun, "listing", made.pk)
    zhou.post(reverse("listing", args=[made.pk]), {"release": "1", "text": "年度增速 10%，县统计局"})
    made.refresh_from_db()
    assert made.released_on == TODAY
    release = word(zhou.get(reverse("listing_paper", args=[made.pk, "release", "docx"])))
    assert "摘牌的通知" in release and "新增务工300人" in release.replace(" ", "")


def test_a_listing_reminds_the_place_until_it_tells_and_the_office_on_its_day(browse, entered, monkeypatch) -> None:
    def told(login: str) -> str:
        answer = browse(login).get(reverse("reminders"))
        asked = {"account": answer.wsgi_request.user, "today": clock.today(), "policies": policy.load()}
        assert pressing.count(most=100, **asked) == len(pressing.reminding(**asked))
        return answer.content.decode()

    zhou = browse("zhou")
    zhou.post(reverse("listings"), ASKED)
    made = Listing.objects.get()
    assert "请登记整改进展，整改期限 2022-12-31" in told("sun") and "督办和挂牌" not in told("zhou")
    assert all("督办和挂牌" not in told(login) for login in ("qian", "zhao", "li"))
    before = browse("sun").get(reverse("home")).context["reminder_count"]
    browse("sun").post(reverse("listing", args=[made.pk]), {"text": "新增务工 300 人"})
    assert "督办和挂牌" not in told("sun")
    assert browse("sun").get(reverse("home")).context["reminder_count"] == before - 1
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-12-29")
    assert "督办和挂牌" in told("sun") and "督办和挂牌" not in told("zhou")
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-12-31")
    assert "整改期限已到，请摘牌或调整期限" in told("zhou")
    zhou.post(reverse("listing", args=[made.pk]), {"move": "1", "due_on": "2023-03-31", "text": "等年度数"})
    assert "督办和挂牌" not in told("zhou") + told("sun")


def test_who_may_not_list_is_not_offered_it_and_a_neighbour_finds_nothing(browse, entered) -> None:
    assert browse("sun").post(reverse("listings"), ASKED).status_code == 404
    assert not Listing.objects.exists()
    browse("zhou").post(reverse("listings"), ASKED)
    made, li = Listing.objects.get(), browse("li")
    assert "涞源" not in page(li, "listings")
    assert li.get(reverse("listing", args=[made.pk])).status_code == 404
    assert li.get(reverse("listing_paper", args=[made.pk, "notice", "docx"])).status_code == 404
