"""The review day of an object: not computed while no document gives the interval, then counted from the last visit at the home."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from shouwang import policy
from shouwang.casework.models import Case
from shouwang.households import reviews
from shouwang.policy.quantities import Duration
from tests.households.visits.lane import Lane, confirmed, visited

pytestmark = pytest.mark.django_db
INCLUDED = dt.date(2022, 7, 4)


@pytest.fixture
def lane():
    return Lane()


@pytest.fixture
def case(lane):
    home = lane.home("甲建国")
    return Case.objects.create(
        case_no="G-1", household=home, region_code=home.region_code, opened_on=INCLUDED, procedure="case",
        state="supported", included_on=INCLUDED,
    )  # fmt: skip


def every_thirty_days(*_names, **_more):
    return SimpleNamespace(value=Duration(30, "day"), text="30 天")


def test_without_an_interval_there_is_no_review_day(case):
    found = reviews.next_review(case=case, policies=policy.load())
    assert found.due_on is None and (found.since, found.what) == (INCLUDED, "纳入")


def test_it_counts_from_the_last_visit_at_the_home_and_a_call_is_none(lane, case):
    policies = SimpleNamespace(resolve=every_thirty_days)
    assert reviews.next_review(case=case, policies=policies).due_on == dt.date(2022, 8, 3)
    lane.one(confirmed(case.household, on="2022-07-12", made_at="2022-07-12T10:00:00+08:00"))
    lane.one(visited(case.household, method="phone"))
    found = reviews.next_review(case=case, policies=policies)
    assert (found.since, found.due_on) == (dt.date(2022, 7, 12), dt.date(2022, 8, 11))
