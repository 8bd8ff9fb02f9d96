"""Lists of supervision and inspections go on page by page: nothing is cut off, open supervision first."""

from __future__ import annotations

import datetime as dt
import re

from django.urls import reverse

from shouwang.casework.models import Supervision
from shouwang.households.models import InspectedItem, Inspection
from tests.factories import LAIYUAN

from .world import NOW, TODAY, TOWNSHIP, VILLAGE


def walked(client, address: str, kind: str) -> list[int]:
    """The numbers of everything that is listed, from the first page to the last."""
    found: list[int] = []
    while address:
        text = client.get(address).content.decode()
        found += [int(number) for number in re.findall(rf'<td><a href="/{kind}/(\d+)"', text)]
        onwards = re.search(r'href="([^"]+)" rel="next"', text)
        address = f"/{kind}{onwards[1].replace('&amp;', '&')}" if onwards else ""
    return found


def test_every_supervision_is_reached_the_open_one_first(browse) -> None:
    def asked(on: dt.date, closed_on: dt.date | None) -> Supervision:
        return Supervision.objects.create(
            region_code=TOWNSHIP, asked_by_region=LAIYUAN, phone="7300000", asked_on=on, reply_by=on, at=NOW,
            closed_on=closed_on, answered_on=closed_on, answer="已办" if closed_on else "",
        )  # fmt: skip

    closed = [asked(TODAY - dt.timedelta(days=day), TODAY - dt.timedelta(days=day % 7)) for day in range(1, 120)]
    still_open = asked(TODAY - dt.timedelta(days=200), None)
    seen = walked(browse("sun"), reverse("supervisions"), "supervisions")
    assert seen == [still_open.pk, *(one.pk for one in closed)]
    assert walked(browse("li"), reverse("supervisions"), "supervisions") == []


def test_every_inspection_is_reached_with_its_own_counts(browse, django_assert_max_num_queries) -> None:
    drawn = [
        Inspection.objects.create(
            kind="teams", region_code=LAIYUAN, size=1, seed="x", drawn_on=TODAY - dt.timedelta(days=day), at=NOW
        )
        for day in range(110)
    ]
    for number in range(3):
        InspectedItem.objects.create(inspection=drawn[0], place=number + 1, region_code=VILLAGE)
    sun = browse("sun")
    assert walked(sun, reverse("inspections"), "inspections") == [one.pk for one in drawn]
    with django_assert_max_num_queries(90):
        text = sun.get(reverse("inspections")).content.decode()
    first, second = re.findall(r'data-label="抽取">([^<]*)<', text)[:2]
    assert (first, second) == ("3", "0")
