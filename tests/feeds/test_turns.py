"""Two imports of the same dataset of a county never run at once; a dead process leaves no lock behind."""

from __future__ import annotations

import os
import signal

import pytest

from shouwang.feeds import turns
from shouwang.foundation.errors import UserError


@pytest.fixture
def holder():
    """Another process that holds the turn of one dataset of 涞源县 until it is killed."""
    ready, write = os.pipe()
    child = os.fork()
    if child == 0:
        with turns.turn(["accident"], ["130630000000"]):
            os.write(write, b"!")
            signal.pause()
    os.read(ready, 1)
    yield child
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_who_comes_second_waits_and_is_told_so(holder, monkeypatch):
    monkeypatch.setattr(turns, "_PATIENCE_SECONDS", 0)
    said = []
    with (
        pytest.raises(UserError, match="还没有结束"),
        turns.turn(["accident"], ["130630000000"], lambda step, *_: said.append(step)),
    ):
        pass
    with turns.turn(["accident"], ["130633000000"]), turns.turn(["disability"], ["130630000000"]):
        pass  # another county, another dataset: no need to wait


def test_a_killed_process_gives_its_turn_back(holder):
    os.kill(holder, signal.SIGKILL)
    with turns.turn(["accident"], ["130630000000"]):
        pass
