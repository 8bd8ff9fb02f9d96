"""Rows in doubt: side by side with who might be meant, decided by one click or key, remembered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shouwang import policy
from shouwang.feeds.models import MatchDecision, PendingRow
from shouwang.households import pushes
from shouwang.jobs import queue, worker
from shouwang.jobs.models import Job
from shouwang.organisation.models import AuditEvent
from tests.factories import NOW

from .world import TODAY, World, person

Browse = Callable[[str], Client]


def decision(world: World) -> str:
    assert world.pending
    return reverse("decision", args=[world.pending.pk])


def test_the_row_stands_beside_its_candidate_with_score_and_reasons_masked(world: World, browse: Browse) -> None:
    page = browse("sun").get(decision(world))
    text, number = page.content.decode(), world.numbers["乙秀英"]
    assert "乙秀芳" in text and "乙秀英" in text and "残联6月.csv 第 4 行" in text
    assert number not in text and f"{number[:6]}********{number[-4:]}" in text
    candidate = page.context["view"].candidates[0]
    assert f"相似 {candidate.score} 分" in text and candidate.reasons[0] in text


def test_keys_stand_on_the_buttons(world: World, browse: Browse) -> None:
    page = browse("sun").get(decision(world)).content.decode()
    assert 'data-key="1"' in page and 'data-key="0"' in page


def test_one_click_decides_and_nobody_is_asked_again(world: World, browse: Browse) -> None:
    client = browse("sun")
    answer = client.post(decision(world), {"person": person(world, "乙秀英").pk}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("decisions"), "nothing else waits"
    assert "认定为 乙秀英" in answer.content.decode()
    row = PendingRow.objects.get(pk=world.pending.pk)  # type: ignore[union-attr]
    assert row.is_decided and row.decided_person == person(world, "乙秀英") and row.decided_by == world.accounts["sun"]
    assert MatchDecision.objects.filter(person=row.decided_person).exists()
    assert client.get(reverse("decisions")).context["page"].count == 0


def test_none_of_them_is_an_answer_too(world: World, browse: Browse) -> None:
    browse("sun").post(decision(world), {"person": "none"})
    row = PendingRow.objects.get(pk=world.pending.pk)  # type: ignore[union-attr]
    assert row.is_decided and row.decided_person is None


def test_only_a_candidate_can_be_chosen(world: World, browse: Browse) -> None:
    for chosen in (str(person(world, "外德成").pk), "", "x"):
        assert browse("sun").post(decision(world), {"person": chosen}).status_code == 404
    assert not PendingRow.objects.get(pk=world.pending.pk).is_decided  # type: ignore[union-attr]


def test_a_second_other_decision_is_refused_in_a_sentence(world: World, browse: Browse) -> None:
    client = browse("sun")
    client.post(decision(world), {"person": "none"})
    answer = client.post(decision(world), {"person": person(world, "乙秀英").pk}, follow=True)
    assert "已经认定过" in answer.content.decode()


def test_neither_clerk_nor_neighbour_decides(world: World, browse: Browse) -> None:
    assert browse("qian").post(decision(world), {"person": "none"}).status_code == 403
    assert browse("li").post(decision(world), {"person": "none"}).status_code == 404


def test_a_wrong_decision_is_corrected_with_a_reason_and_stays_in_the_record(world: World, browse: Browse) -> None:
    client = browse("sun")
    client.post(decision(world), {"person": person(world, "乙秀英").pk})
    decided = client.get(reverse("decisions"), {"kind": "decided"}).context["page"].rows
    assert decided == [world.pending]
    address = reverse("correction", args=[world.pending.pk])  # type: ignore[union-attr]
    assert "写明更正原因" in client.post(address, {"person": "none", "reason": ""}, follow=True).content.decode()
    answer = client.post(address, {"person": "none", "reason": "电话核实不是本人"}, follow=True)
    assert "已更正" in answer.content.decode()
    assert PendingRow.objects.get(pk=world.pending.pk).decided_person is None  # type: ignore[union-attr]
    assert AuditEvent.objects.filter(action="更正认定", reason="电话核实不是本人").exists()


def test_a_decision_takes_its_place_in_the_list_that_was_pushed(world: World, browse: Browse) -> None:
    policies = policy.load()
    pushed, _ = pushes.push(batch=world.feed_batch, by=None, today=TODAY, now=NOW, policies=policies)  # type: ignore[arg-type]
    home = world.households["乙秀英"]
    assert not pushed.rows.filter(household=home).exists()
    browse("sun").post(decision(world), {"person": person(world, "乙秀英").pk})
    assert pushed.rows.get(household=home, left_on=None).lead is not None
    address = reverse("correction", args=[world.pending.pk])  # type: ignore[union-attr]
    browse("sun").post(address, {"person": "none", "reason": "同名不同人，残联复核"})
    assert not pushed.rows.filter(household=home, left_on=None).exists()


def test_a_decision_about_a_long_list_is_followed_in_the_background(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shouwang.web.views.decisions._FOLLOWED_AT_ONCE", 0)
    pushed, _ = pushes.push(batch=world.feed_batch, by=None, today=TODAY, now=NOW, policies=policy.load())  # type: ignore[arg-type]
    browse("sun").post(decision(world), {"person": person(world, "乙秀英").pk})
    home = world.households["乙秀英"]
    assert not pushed.rows.filter(household=home).exists()
    assert worker.work(once=True) == 1
    assert pushed.rows.filter(household=home, left_on=None).exists()


def test_a_file_taken_back_takes_its_rows_out_of_the_push(world: World, browse: Browse) -> None:
    pushed, _ = pushes.push(batch=world.feed_batch, by=None, today=TODAY, now=NOW, policies=policy.load())  # type: ignore[arg-type]
    assert pushed.rows.filter(left_on=None).exists() and world.feed_batch
    arguments = {"batch": world.feed_batch.pk, "reason": "发错了文件"}
    sun = world.accounts["sun"]
    queue.ask(recipe="revert_feed", arguments=arguments, region_code=world.feed_batch.region_code, by=sun)
    assert worker.work(once=True) == 1
    assert Job.objects.get(recipe="revert_feed").message == ""
    assert not pushed.rows.filter(left_on=None).exists()
