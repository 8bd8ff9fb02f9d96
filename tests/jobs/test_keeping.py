"""The idle worker keeps sums, rests after it, looks again when something changed, and a fault in it stops nothing else."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.foundation.errors import UserError
from shouwang.jobs import keeping
from shouwang.jobs.command_line import sums
from shouwang.regions import kept_sums, watching
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
def test_it_brings_back_triggers_before_it_keeps_anything(clock):
    watching.uninstall()
    factories.make_household()
    until_done(keeping.Upkeep())
    assert watching.is_installed(kept_sums.sources()) and KeptSum.objects.exists()


@pytest.mark.django_db
def test_the_command_tells_where_a_sum_is_wrong_and_mends_it(clock):
    def check(*more):
        return CliRunner().invoke(sums.group, ["check", "--region", "130630", *more])

    factories.make_household()
    until_done(keeping.Upkeep())
    assert "全部一致" in check().output
    KeptSum.objects.filter(name="looked_after").update(figures={"households": 7})
    told = check()
    assert isinstance(told.exception, UserError) and "1 个地方" in str(told.exception)
    assert "全部一致" in CliRunner().invoke(sums.group, ["check", "--region", "130633"]).output
    assert "已改正 1 个地方" in check("--mend").output and "全部一致" in check().output
    watching.uninstall()
    assert isinstance(check().exception, UserError)
    assert "触发器已补齐" in check("--mend").output and "全部一致" in check().output


@pytest.mark.django_db
def test_a_fault_is_told_in_the_log_and_tried_again_later(clock, monkeypatch, caplog):
    def broken(**told):
        raise ZeroDivisionError

    upkeep = keeping.Upkeep()
    monkeypatch.setattr(keeping.kept_sums, "keep_up", broken)
    assert not upkeep.step() and "合计未能更新" in caplog.text
