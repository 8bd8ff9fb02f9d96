"""The idle worker keeps sums, rests after it, looks again when something changed, and a fault in it stops nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.jobs import keeping
from shouwang.regions.models import KeptSum
from tests import factories


@pytest.fixture
def clock(monkeypatch):
    moments = [1000.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: moments[0])
    return moments


def until_done(upkeep):
    while upkeep.step():
        pass


@pytest.mark.django_db
def test_it_keeps_what_changed_and_asks_little_while_nothing_does(clock):
    upkeep = keeping.Upkeep()
    factories.make_household()
    until_done(upkeep)
    (kept,) = KeptSum.objects.filter(name="looked_after")
    assert kept.figures["households"] == 1
    factories.make_household()
    with CaptureQueriesContext(connection) as caught:
        assert not upkeep.step()
    assert not caught.captured_queries, "it rests"
    clock[0] += 20
    until_done(upkeep)
    assert KeptSum.objects.get(name="looked_after").figures["households"] == 2
    clock[0] += 20
    with CaptureQueriesContext(connection) as caught:
        assert not upkeep.step()
    assert len(caught.captured_queries) == 1


@pytest.mark.django_db
def test_a_fault_is_told_in_the_log_and_tried_again_later(clock, monkeypatch, caplog):
    def broken(**told):
        raise ZeroDivisionError

    upkeep = keeping.Upkeep()
    monkeypatch.setattr(keeping.kept_sums, "keep_up", broken)
    assert not upkeep.step() and "合计未能更新" in caplog.text
