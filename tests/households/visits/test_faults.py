"""Lines that break, servers that die, phones that send twice at once: nothing is lost and nothing is there twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shouwang.households.models import IncomeLine, SentRecord, Visit, VisitChange
from tests.households.visits.lane import Lane, confirmed, record, visited

pytestmark = pytest.mark.django_db(transaction=True)

# Takes a post in as the server does, and dies by the ninth record, in the middle of its transaction.
_DIES = """
import json, os, signal, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from shouwang import policy
from shouwang.households.models import Device, Visit
from shouwang.households.visits import receiving
from tests.households.visits.lane import NOW, TODAY

phone = Device.objects.select_related("account").get(pk=int(sys.argv[2]))
from django.db.models.signals import post_save

def dying(**names):
    if Visit.objects.count() == 9:
        os.kill(os.getpid(), signal.SIGKILL)

post_save.connect(dying, sender=Visit)
records = json.loads(sys.stdin.read())
receiving.take(records=records, by=phone.account, device=phone, now=NOW, today=TODAY, policies=policy.load())
"""


def some(lane: Lane, count: int) -> list[dict[str, Any]]:
    homes = [lane.home(f"户{number}") for number in range(count)]
    return [visited(home, {"income_wage": "7"}) if place % 2 else confirmed(home) for place, home in enumerate(homes)]


def test_a_server_that_is_killed_in_the_middle_of_a_post_keeps_what_was_done_and_nothing_by_halves() -> None:
    lane = Lane()
    records = some(lane, 20)
    died = subprocess.run(
        [sys.executable, "-c", _DIES, str(connection.settings_dict["NAME"]), str(lane.phones["赵"].pk)],
        input=json.dumps(records),
        text=True,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        timeout=120,
        capture_output=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    kept = Visit.objects.count()
    assert kept == SentRecord.objects.count() == 8
    assert VisitChange.objects.count() == IncomeLine.objects.count() == 4
    results = [one.result for one in lane.send(*records)]
    assert results == ["repeated"] * 8 + ["accepted"] * 12
    assert Visit.objects.count() == 20 and IncomeLine.objects.count() == 10


def test_the_same_post_by_several_connections_at_once_is_taken_once() -> None:
    lane = Lane()
    records = some(lane, 8)
    answers: list[list[str]] = []
    start = threading.Barrier(4)

    def post() -> None:
        try:
            start.wait(timeout=30)
            answers.append([one.result for one in lane.send(*records)])
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert len(answers) == 4
    for place in range(len(records)):
        got = sorted(answer[place] for answer in answers)
        assert got == ["accepted", "repeated", "repeated", "repeated"], place
    assert Visit.objects.count() == 8 and IncomeLine.objects.count() == 4


def test_two_phones_that_change_the_same_field_at_once_do_not_overwrite_each_other() -> None:
    lane = Lane()
    home = lane.home()
    answers: dict[str, Any] = {}
    start = threading.Barrier(2)

    def post(name: str, amount: str) -> None:
        try:
            start.wait(timeout=30)
            answers[name] = lane.one(visited(home, {"income_wage": amount}), by=name)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=pair) for pair in (("赵", "1200"), ("吴", "800"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert sorted(one.result for one in answers.values()) == ["accepted", "conflict"]
    assert sorted(VisitChange.objects.values_list("state", flat=True)) == ["applied", "open"]
    assert IncomeLine.objects.count() == 1


def test_a_record_that_stands_twice_in_one_post_is_kept_once() -> None:
    lane = Lane()
    sent = confirmed(lane.home())
    assert [one.result for one in lane.send(sent, sent)] == ["accepted", "repeated"]
    undo = record("undo", of=sent["id"])
    assert [one.result for one in lane.send(undo, undo)] == ["accepted", "repeated"]
