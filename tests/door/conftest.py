"""Two villages of our county with their families, and somebody for each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from shouwang import policy
from shouwang.door import actions, said
from shouwang.door.models import Channel, SelfReport
from shouwang.organisation.models import Account
from shouwang.regions import actions as regions
from shouwang.registry.models import Household
from tests import factories
from tests.factories import LAIYUAN, NOW, YIXIAN

VILLAGE, NEXT_VILLAGE, OTHER_COUNTY = "130630100201", "130630100202", "130633100001"
TODAY = NOW.date()


@dataclass
class Place:
    """What the tests need to name."""

    sun: Account
    qian: Account
    zhao: Account
    li: Account
    households: dict[str, Household] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def place(db: None) -> Place:
    regions.load(counties_in_detail=[LAIYUAN, YIXIAN], today=TODAY)
    place = Place(
        sun=factories.county_officer_sun(),
        qian=factories.township_clerk_qian("130630100000"),
        zhao=factories.grid_worker_zhao(VILLAGE),
        li=factories.neighbour_li(),
    )
    for name, village in (("甲建国", VILLAGE), ("乙秀英", VILLAGE), ("丙海生", NEXT_VILLAGE), ("外德成", OTHER_COUNTY)):
        household = factories.make_household(region_code=village, head_name=name)
        number = factories.identity_number(area=village[:6])
        factories.make_person(household=household, name=name, number=number)
        place.households[name], place.numbers[name] = household, number
    return place


@pytest.fixture
def report(place: Place) -> Callable[..., SelfReport]:
    """report("甲建国", phone=…) as if the family had scanned the code of its village."""

    def sent(name: str = "甲建国", *, phone: str = "13812345678", village: str = VILLAGE, **more: Any) -> SelfReport:
        about = {"difficulty": "illness", "description": "住院两次，花了三万多"}
        named = ("difficulty", "description", "identity_number", "is_for_other", "reporter_name")
        about |= {key: more.pop(key) for key in named if key in more}
        return actions.receive(
            said=said.read(householder_name=name, phone=phone, **about),
            region_code=village,
            **({"channel": Channel.SCAN, "by": None, "now": NOW, "today": TODAY, "policies": policy.load()} | more),
        )

    return sent
