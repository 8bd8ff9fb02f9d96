"""Lists go forward and back by key: every row once, whichever way they are sorted, with and without empty values."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db.models import Q
from django.http import QueryDict

from shouwang.casework.models import Lead
from shouwang.web import lists
from shouwang.web.views.leads import ORDERS
from tests import factories

from .world import World

SIZE = 7


@pytest.fixture
def leads(world: World) -> list[Lead]:
    """Forty leads of one village; some share a day, some have none."""
    Lead.objects.all().delete()
    chance = random.Random(7)
    for number in range(40):
        household = factories.make_household(head_name=f"户{number}")
        day = None if number % 6 == 0 else dt.date(2022, 7, 1) + dt.timedelta(days=chance.randrange(9))
        opened = dt.date(2022, 6, 30)
        Lead.objects.create(
            lead_no=f"{number:04d}",
            household=household,
            region_code=household.region_code,
            opened_on=opened,
            due_on=day,
        )
    return list(Lead.objects.all())


def page(query: str) -> lists.Page[Lead]:
    return lists.page(Lead.objects.all(), orders=ORDERS, asked=QueryDict(query), unit="条", size=SIZE)


@pytest.mark.parametrize("order", ["due", "-due", "number", "-number", "opened", "-opened", "village", "-village"])
def test_walking_to_the_end_and_back_meets_every_row_once(leads: list[Lead], order: str) -> None:
    seen, at = [], page(f"order={order}")
    pages = [at]
    while at.next:
        at = page(f"order={order}&after={at.next}")
        pages.append(at)
    seen = [lead.pk for one in pages for lead in one.rows]
    assert sorted(seen) == sorted(lead.pk for lead in leads)
    back = [at]
    while at.previous:
        at = page(f"order={order}&before={at.previous}")
        back.append(at)
    assert [[lead.pk for lead in one.rows] for one in back[::-1]] == [[lead.pk for lead in one.rows] for one in pages]
    assert pages[0].previous is None and pages[-1].next is None


@pytest.mark.parametrize("order", ["due", "-due"])
def test_leads_without_a_due_day_come_last_either_way(leads: list[Lead], order: str) -> None:
    rows = lists.page(Lead.objects.all(), orders=ORDERS, asked=QueryDict(f"order={order}"), unit="条", size=100).rows
    days = [lead.due_on for lead in rows if lead.due_on]
    assert days == sorted(days, reverse=order.startswith("-"))
    assert [lead.due_on for lead in rows[len(days) :]] == [None] * 7


@pytest.mark.parametrize(
    "query", ["after=999999999", "after=x", "before=-1", "order=nonsense", "after=99999999999999999999"]
)
def test_an_address_that_makes_no_sense_gives_the_first_page(leads: list[Lead], query: str) -> None:
    found, first = page(query).rows, page("").rows
    assert [lead.pk for lead in found] == [lead.pk for lead in first] or query.startswith("before")
    assert found


def test_counting_stops_at_its_limit_and_says_so(leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 10)
    assert (page("").count, page("").is_count_capped) == (10, True)


def test_no_name_stands_in_an_address_of_a_page(leads: list[Lead]) -> None:
    assert isinstance(page("order=village").next, int)


@pytest.mark.parametrize("query", ["", "order=-due", "order=due&after={middle}", "order=number&before={middle}"])
def test_rows_sought_and_counted_in_one_pass_are_those_of_two(leads: list[Lead], query: str) -> None:
    asked = QueryDict(query.format(middle=leads[20].pk))
    rows = Lead.objects.filter(household__head_name__contains="1")
    told = {"orders": ORDERS, "asked": asked, "unit": "条", "size": SIZE, "parts": {"dated": Q(due_on__isnull=False)}}
    once, twice = (lists.page(rows, is_searched=way, **told) for way in (True, False))
    assert once == twice
    assert once.count == rows.count() > len(once.rows) > 0
    assert once.parts == {"dated": rows.exclude(due_on=None).count()} and once.parts["dated"] < once.count


def test_nothing_found_counts_nothing(leads: list[Lead]) -> None:
    told = {"orders": ORDERS, "asked": QueryDict(""), "unit": "条", "parts": {"dated": Q(due_on__isnull=False)}}
    found = lists.page(Lead.objects.filter(lead_no="x"), is_searched=True, **told)
    assert (found.rows, found.count, found.parts, found.next) == ([], 0, {"dated": 0}, None)
