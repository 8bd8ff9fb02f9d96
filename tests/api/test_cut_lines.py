"""Lines that are cut under a post: over a real connection to a server of this process; sent again, everything is there once."""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

import pytest
from django.test import Client

from shouwang.households.models import IncomeLine, SentRecord, Visit
from tests.households.visits.lane import TODAY, Lane, confirmed, visited

pytestmark = pytest.mark.django_db(transaction=True)
_TOKEN = "test" * 16
_PATIENCE_SECONDS = 30


class Line:
    """A phone's connection, written by hand so that it can end anywhere."""

    def __init__(self, lane: Lane, address: str, records: list[dict[str, Any]]) -> None:
        client = Client()
        client.force_login(lane.accounts["赵"])
        body = json.dumps({"device": str(lane.phones["赵"].code), "records": records}).encode()
        head = (
            "POST /api/app/outbox HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
            f"Cookie: sessionid={client.cookies['sessionid'].value}; csrftoken={_TOKEN}\r\nX-CSRFToken: {_TOKEN}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        host, _, port = address.removeprefix("http://").partition(":")
        self.post = head.encode() + body
        self.socket = socket.create_connection((host, int(port)), timeout=_PATIENCE_SECONDS)

    def cut(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def answered(self) -> list[str]:
        self.socket.sendall(self.post)
        with self.socket.makefile("rb") as file:
            content = file.read().partition(b"\r\n\r\n")[2]
        self.socket.close()
        return [one["result"] for one in json.loads(content)["results"]]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_TODAY", TODAY.isoformat())


def day(lane: Lane) -> list[dict[str, Any]]:
    homes = [lane.home(f"户{number}") for number in range(12)]
    return [visited(home, {"income_wage": "7"}) if place % 3 else confirmed(home) for place, home in enumerate(homes)]


def test_a_line_that_is_cut_before_the_answer_has_stored_everything_once(live_server: Any) -> None:
    lane = Lane()
    records = day(lane)
    line = Line(lane, live_server.url, records)
    line.socket.sendall(line.post)
    line.cut()
    until = time.monotonic() + _PATIENCE_SECONDS
    while SentRecord.objects.count() < len(records) and time.monotonic() < until:
        time.sleep(0.02)
    assert Line(lane, live_server.url, records).answered() == ["repeated"] * 12
    assert Visit.objects.count() == 12 and IncomeLine.objects.count() == 8


def test_a_line_that_is_cut_in_the_middle_of_what_is_sent_has_stored_nothing(live_server: Any) -> None:
    lane = Lane()
    records = day(lane)
    line = Line(lane, live_server.url, records)
    line.socket.sendall(line.post[: len(line.post) - 300])
    line.cut()
    assert Line(lane, live_server.url, records).answered() == ["accepted"] * 12
    assert Visit.objects.count() == SentRecord.objects.count() == 12


def test_what_is_sent_again_while_the_first_is_still_at_work_is_taken_once(live_server: Any) -> None:
    lane = Lane()
    records = day(lane)
    cut = Line(lane, live_server.url, records)
    cut.socket.sendall(cut.post)
    cut.cut()
    assert set(Line(lane, live_server.url, records).answered()) <= {"accepted", "repeated"}
    assert Line(lane, live_server.url, records).answered() == ["repeated"] * 12
    assert Visit.objects.count() == 12 and IncomeLine.objects.count() == 8
