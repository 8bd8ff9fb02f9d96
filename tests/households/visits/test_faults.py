"""Lines that break, servers that die, phones that send twice at once: nothing is lost and nothing is there twice."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shouwang.casework.models import CollectionTask
from shouwang.households.models import IncomeLine, SentRecord, Visit, VisitChange, VisitMonth
from shouwang.households.visits import receiving, stepping
from tests.households.casebook import Book
from tests.households.visits.lane import NOW, TODAY, Lane, confirmed, record, visited

pytestmark = pytest.mark.django_db(transaction=True)

# Takes a post in as the server does, and dies by a statement of the database, in the middle of its transaction.
_DIES = """
import json, os, signal, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from django.db import connection
from shouwang import policy
from shouwang.households.models import Device
from shouwang.households.visits import receiving
from tests.households.visits.lane import NOW, TODAY

phone = Device.objects.select_related("account").get(pk=int(sys.argv[2]))
left = int(sys.argv[4])

def dying(execute, sql, *more):
    global left
    left -= sys.argv[3] in sql
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *more)

records = json.loads(sys.stdin.read())
with connection.execute_wrapper(dying):
    receiving.take(records=records, by=phone.account, device=phone, now=NOW, today=TODAY, policies=policy.load())
"""


def some(lane: Lane, count: int) -> list[dict[str, Any]]:
    homes = [lane.home(f"户{number}") for number in range(count)]
    return [visited(home, {"income_wage": "7"}) if place % 2 else confirmed(home) for place, home in enumerate(homes)]


@pytest.mark.parametrize(
    ("statement", "time", "seen", "changed"),
    [
        ('INSERT INTO "households_visit"', 1, 0, 0),  # the street without change: all of it or nothing
        ('INSERT INTO "households_visitchange"', 5, 14, 4),  # ten without change, four with; the fifth was under way
    ],
)
def test_a_server_that_is_killed_in_the_middle_of_a_post_keeps_what_was_done_and_nothing_by_halves(
    statement: str, time: int, seen: int, changed: int
) -> None:
    lane = Lane()
    records = some(lane, 20)
    died = subprocess.run(
        [
            *(sys.executable, "-c", _DIES, str(connection.settings_dict["NAME"]), str(lane.phones["赵"].pk)),
            *(statement, str(time)),
        ],
        input=json.dumps(records),
        text=True,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        timeout=120,
        capture_output=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert Visit.objects.count() == SentRecord.objects.count() == seen
    assert VisitChange.objects.count() == IncomeLine.objects.count() == changed
    results = Counter(one.result for one in lane.send(*records))
    assert results == Counter(repeated=seen, accepted=20 - seen)
    assert Visit.objects.count() == 20 and IncomeLine.objects.count() == 10


def test_a_record_that_stands_in_its_own_way_because_its_line_was_cut_is_done_and_no_conflict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first line is still at work when the second asks what is here: what it then finds in the way is the record itself."""
    lane, book = Lane(), Book()
    lead = book.lead(dt.date(2022, 7, 10))
    book.take(lead, "dispatch", dt.date(2022, 7, 11))
    month = CollectionTask.objects.create(
        household=lane.home(), region_code=lane.village, dataset="monthly_income", month="2022-06", opened_on=TODAY
    )
    reason = {"reason": "有固定收入"}
    records = [
        record("step", task=f"lead-{lead.pk}", step="clear", version=lead.version, data=reason),
        record(
            "step",
            task=f"collection-{month.pk}",
            step="collect",
            data=dict.fromkeys(stepping.COLLECTED, "0") | {"income_wage": "900"},
        ),
        confirmed(lane.home("乙秀英")),
    ]
    assert [one.result for one in lane.send(*records)] == ["accepted"] * 3
    monkeypatch.setattr(receiving, "numbers_of", lambda records: iter(()))
    assert [one.result for one in lane.send(*records)] == ["repeated"] * 3
    other = records[0] | {"data": {"reason": "别的理由"}}
    assert lane.one(other).result == "conflict"
    assert SentRecord.objects.count() == 3 and IncomeLine.objects.count() == len(stepping.COLLECTED)


def test_one_bad_record_among_forty_holds_back_none_of_the_others() -> None:
    lane = Lane()
    good = some(lane, 39)
    for bad in ("\ud800", "\x00", "九" * 300, "no such home", 7, None, ["x"]):
        sent = [*good[:20], record("confirmation", household_no=bad), *good[20:]]
        results = [one.result for one in lane.send(*sent)]
        assert results.pop(20) == "refused", bad
        assert set(results) <= {"accepted", "repeated"}, bad
    assert Visit.objects.count() == SentRecord.objects.count() == 39


def test_confirmations_in_sets_are_what_each_for_itself_would_be() -> None:
    """Taken back before it came, of a closed month, twice with other content, over a month's end: none is swallowed by the set."""
    lane = Lane()
    plain, undone, of_june, twice = (confirmed(lane.home(name)) for name in ("甲", "乙", "丙", "丁"))
    of_june |= {"on": "2022-06-20", "made_at": "2022-06-20T10:00:00+08:00"}
    tomorrow = confirmed(lane.home("戊"), on="2022-07-19")
    VisitMonth.objects.create(region_code="130630000000", month="2022-06", closed_at=NOW, closed_by=lane.accounts["吴"])
    lane.one(record("undo", of=undone["id"]))
    results = lane.send(plain, undone, of_june, twice, twice | {"method": "phone"}, tomorrow)
    assert [one.result for one in results] == ["accepted", "accepted", "refused", "accepted", "conflict", "accepted"]
    assert Visit.objects.get(household=lane.homes["乙"]).undone_at is not None
    assert Visit.objects.get(household=lane.homes["丁"]).method == "onsite"
    assert Visit.objects.get(household=lane.homes["戊"]).on == TODAY and "还没有到" in results[5].message
    assert not Visit.objects.filter(household=lane.homes["丙"]).exists()


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
