"""Phones that empty their outboxes over bad lines: parts of fifty at first, halves after a failure, the same ids until all is answered."""

from __future__ import annotations

import http.client
import json
import queue
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .lane import Visitor

_FIRST_PART, _LARGEST_PART = 50, 200
_TOKEN = "bench" * 12 + "mark"  # any 64 letters, in the cookie and in the header
_PATIENCE_SECONDS = 60
_MOST_TRIES = 400
# How a line is cut: in the middle of what is sent; after it; a moment after it, while the server works or answers.
_CUTS = ("half", "sent", "later")


@dataclass
class Told:
    """What all phones were told, and how long they waited for it."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)  # record → its last answer
    firsts: Counter[str] = field(default_factory=Counter)  # results as they came
    seconds: list[float] = field(default_factory=list)  # of every post that was answered
    cuts: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def send_all(
    port: int, visitors: Sequence[Visitor], sessions: dict[str, str], *, lines: int, cuts: float
) -> tuple[Told, list[threading.Thread]]:
    """Starts ``lines`` phones at a time until all have sent; a post is cut with the chance ``cuts``."""
    told, waiting = Told(), queue.SimpleQueue[Visitor]()
    for visitor in visitors:
        waiting.put(visitor)

    def work() -> None:
        while True:
            try:
                visitor = waiting.get_nowait()
            except queue.Empty:
                return
            _Phone(port, visitor, sessions[visitor.login], told, cuts).empty()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(lines)]
    for thread in threads:
        thread.start()
    return told, threads


class _Phone:
    def __init__(self, port: int, visitor: Visitor, session: str, told: Told, cuts: float) -> None:
        self._port, self._visitor, self._told, self._cuts = port, visitor, told, cuts
        self._chance = random.Random(visitor.login)
        self._headers = {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={session}; csrftoken={_TOKEN}",
            "X-CSRFToken": _TOKEN,
        }

    def empty(self) -> None:
        waiting, part = list(self._visitor.records), _FIRST_PART
        for _ in range(_MOST_TRIES):
            if not waiting:
                return
            sent = waiting[:part]
            try:
                answers = self._post(sent)
            except (OSError, http.client.HTTPException, ValueError) as error:
                part = max(1, part // 2)
                with self._told.lock:
                    self._told.errors[_named(error)] += 1
                time.sleep(self._chance.uniform(0.1, 0.5))
                continue
            if answers is None:  # the line was cut: nobody knows what arrived
                part = max(1, part // 2)
                continue
            part = min(_LARGEST_PART, part * 2)
            waiting = waiting[len(answers) :]
            with self._told.lock:
                for record, answer in zip(sent, answers, strict=True):
                    if answer["id"] != record["id"]:
                        self._told.errors["an answer about another record"] += 1
                    self._told.answers[record["id"]] = answer
                    self._told.firsts[answer["result"]] += 1
        with self._told.lock:
            self._told.given_up.append(self._visitor.login)

    def _post(self, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """The results; None where the line was cut. Raises OSError, HTTPException, ValueError."""
        body = json.dumps({"device": self._visitor.device, "records": records}, ensure_ascii=False).encode()
        how = self._chance.choice(_CUTS) if self._chance.random() < self._cuts else ""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_SECONDS)
        try:
            began = time.perf_counter()
            line.putrequest("POST", "/api/app/outbox")
            for name, value in {**self._headers, "Content-Length": str(len(body))}.items():
                line.putheader(name, value)
            line.endheaders()
            line.send(body[: len(body) // 2] if how == "half" else body)
            if how:
                time.sleep(self._chance.uniform(0.01, 0.4) if how == "later" else 0)
                with self._told.lock:
                    self._told.cuts[how] += 1
                _cut(line.sock)
                return None
            answer = line.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise ValueError(f"{answer.status} {content[:120].decode(errors='replace')}")
            with self._told.lock:
                self._told.seconds.append(time.perf_counter() - began)
            return list(json.loads(content)["results"])
        finally:
            line.close()


def _cut(line: socket.socket) -> None:
    """Gone without a farewell, as when somebody walks behind a hill."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def _named(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "the server was not there"
    if isinstance(error, ConnectionError | http.client.HTTPException):
        return "the server went away"
    return f"{type(error).__name__}: {error}"[:160]
