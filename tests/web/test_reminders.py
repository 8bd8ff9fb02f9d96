"""The pages that press on: reminders are noted, a township is supervised and answers, a neighbour finds none of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from shouwang.casework.models import ReminderSeen, Supervision, Task

from .world import OURS, TODAY, TOWNSHIP, World


@pytest.fixture
def late(world: World) -> list[Task]:
    """Every open task of our county four days late."""
    tasks = Task.objects.filter(region_code__startswith="130630", is_open=True)
    tasks.update(due_on=TODAY - dt.timedelta(days=4), level="village")
    return list(tasks)


def page(client, name: str, *arguments) -> str:
    return client.get(reverse(name, args=arguments)).content.decode()


def test_the_home_page_counts_new_reminders_until_they_are_noted(browse, late) -> None:
    client = browse("sun")
    assert f"新的提醒 {len(late)} 项" in page(client, "home")
    assert all(task.household.head_name in page(client, "reminders") for task in late)
    client.post(reverse("reminders"), {"task": [task.pk for task in late] + ["x", "９"]})
    assert ReminderSeen.objects.count() == len(late)
    assert "新的提醒" not in page(client, "home")
    assert "没有新的提醒" in page(client, "reminders")
    assert "县中心孙" in client.get(reverse("reminders") + "?part=all").content.decode()


def test_a_neighbour_and_a_stranger_find_no_reminder_forecast_or_supervision(browse, client, late, world) -> None:
    browse("sun").post(reverse("supervisions"), asked())
    made = Supervision.objects.get()
    li = browse("li")
    for name in ("reminders", "forecast", "supervisions"):
        assert not [head for head in (*OURS, "130630") if head in page(li, name)]
        assert client.get(reverse(name)).status_code == 302
    assert li.get(reverse("supervision", args=[made.pk])).status_code == 404
    assert li.get(reverse("supervision_paper", args=[made.pk, "docx"])).status_code == 404
    li.post(reverse("reminders"), {"task": [task.pk for task in late]})
    assert not ReminderSeen.objects.exists()


def asked() -> dict[str, str]:
    return {"region_code": TOWNSHIP, "reply_by": "2022-07-15", "phone": "0312-7300000"}


def test_the_county_asks_the_township_answers_and_the_county_closes(browse, late, monkeypatch) -> None:
    sun, qian = browse("sun"), browse("qian")
    made_page = sun.post(reverse("supervisions"), asked(), follow=True).content.decode()
    made = Supervision.objects.get()
    assert "甲建国" in made_page and "丙海生" not in made_page
    assert "还没有办结" in sun.post(reverse("supervisions"), asked()).content.decode()
    paper = sun.get(reverse("supervision_paper", args=[made.pk, "docx"]))
    assert paper.status_code == 200 and paper.streaming
    assert "请书面反馈，期限 2022-07-15" in page(qian, "reminders") and "还没有反馈" not in page(sun, "reminders")
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-16")
    assert "还没有反馈，期限 2022-07-15" in page(sun, "reminders")
    monkeypatch.setenv("SHOUWANG_TODAY", TODAY.isoformat())
    qian.post(reverse("supervision", args=[made.pk]), {"text": "本周入户"})
    assert "督办和挂牌" not in page(qian, "reminders")
    assert "本周入户" in page(sun, "supervision", made.pk)
    sun.post(reverse("supervision", args=[made.pk]), {"close": "1"})
    assert Supervision.objects.get().closed_on == TODAY
    assert "丙海生" not in page(qian, "supervisions")


def test_the_forecast_says_its_formula_and_why_it_is_not_computed(browse, late) -> None:
    shown = page(browse("qian"), "forecast")
    assert "近四周工作日数" in shown
    assert "未计算" in shown and "近四周没有办结记录" in shown
