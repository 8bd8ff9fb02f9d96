"""The demonstration's day, and that invented people never come among registered ones."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.demonstration import overlay
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock, demo
from shouwang.jobs.command_line import workspace
from shouwang.organisation.models import Account
from tests import factories


def test_today_is_the_calendars_unless_a_demonstration_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUWANG_TODAY", raising=False)
    assert clock.demonstration_day() is None
    clock.set_demonstration_day(dt.date(2022, 7, 18))
    assert clock.today() == dt.date(2022, 7, 18)
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-01")
    assert clock.today() == dt.date(2022, 7, 1)


@pytest.mark.django_db
def test_a_workspace_with_data_of_its_own_takes_no_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUWANG_TODAY", raising=False)
    monkeypatch.setattr(workspace, "initialise", lambda: None)
    monkeypatch.setattr(overlay, "write", lambda: pytest.fail("the overlay was written"))
    factories.make_batch()
    with pytest.raises(UserError, match="不能混入演示数据"):
        demo.prepare(scale=0.01)
    assert clock.demonstration_day() is None
    assert not Account.objects.exists()
