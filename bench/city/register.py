"""The city's places, offices, accounts, households and people, who looks after whom and who was seen."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shouwang.households.models import Responsibility, SentRecord, Visit
from shouwang.intake.models import Batch
from shouwang.organisation import departments
from shouwang.organisation.models import Account, Appointment, Post, StaffMember, Unit
from shouwang.organisation.roles import ROLES
from shouwang.regions.models import Level, Region
from shouwang.registry.models import Household, Monitoring, Person

from .writing import moment, plain, put

PROVINCE, CITY = "130000000000", "130600000000"
TODAY = dt.date(2022, 7, 18)
CLERKS = 50
# Thousands of households of its ten counties; the first is as large as the largest county that has to be served.
_THOUSANDS = (70, 60, 55, 45, 40, 35, 30, 25, 20, 20)
_PEOPLE_PER_HOUSEHOLD = 3
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_GIVEN = "建国秀英海生玉兰德成志强桂花春梅文斌小红立新永福淑珍金山"
_PHRASE = "本户住房为砖瓦结构，饮水为自来水，已参加城乡居民基本医疗保险和养老保险。"


@dataclass
class City:
    """What the casebook needs of the register."""

    chance: random.Random
    villages: dict[str, list[str]] = field(default_factory=dict)  # county → its villages
    batches: dict[str, int] = field(default_factory=dict)  # county → its registry batch
    staff: dict[str, int] = field(default_factory=dict)  # village → its grid worker
    households: list[tuple[int, str]] = field(default_factory=list)  # key, village
    accounts: dict[str, int] = field(default_factory=dict)


def fill(city: City, scale: float) -> None:
    """``scale`` 1 is the whole city."""
    _places(city)
    _accounts(city)
    _offices(city)
    _batches(city)
    _households(city, scale)
    _people(city)
    _responsibilities(city)
    _visits(city)


def _places(city: City) -> None:
    counties = Region.objects.filter(parent_code=CITY, level=Level.COUNTY, valid_to=None).order_by("code")
    # the largest first, so that the largest county is the demonstration's own
    wanted = sorted((one.code for one in counties), key=lambda code: (code != "130630000000", code))
    for county in wanted[: len(_THOUSANDS)]:
        rows = Region.objects.filter(level=Level.VILLAGE, valid_to=None, code__startswith=county[:6])
        city.villages[county] = list(rows.order_by("code").values_list("code", flat=True))


def _accounts(city: City) -> None:
    county = next(iter(city.villages))
    village = city.villages[county][0]
    at = {1: PROVINCE, 2: CITY, 3: county, 4: f"{village[:9]}000", 5: village}
    rows: list[tuple[Any, ...]] = []

    def account(login: str, name: str, role: str, region: str) -> None:
        city.accounts[login] = len(rows) + 1
        rows.append((len(rows) + 1, "!", login, name, role, region, 1, moment(TODAY)))

    for role in ROLES:
        for level in role.levels:
            account(f"{role.code}-{level}", role.label, role.code, at[level])
    for number in range(CLERKS):
        account(f"grid-{number}", f"网格员{number}", "grid_worker", city.villages[county][number % 5])
        account(f"clerk-{number}", f"乡镇{number}", "township_clerk", at[4])
        account(f"county-{number}", f"县中心{number}", "county_officer", county)
    put(Account, ("id", "password", "login", "name", "role", "region_code", "is_active", "created_at"), rows)


def _offices(city: City) -> None:
    units: list[tuple[Any, ...]] = []
    for county, villages in city.villages.items():
        units.append((county, "县防贫中心", "county_centre", "", "centre_officer"))
        for code, department in departments.BY_CODE.items():
            units.append((county, f"县{department.label}", "department", code, "liaison"))
        for township in sorted({village[:9] for village in villages}):
            units.append((f"{township}000", "防贫工作站", "township_station", "", "station_officer"))
        units += [(village, "村", "village", "", "grid_worker") for village in villages]
    keys = range(1, len(units) + 1)
    columns = ("id", "region_code", "name", "kind", "department")
    put(Unit, columns, ((key, *unit[:4]) for key, unit in zip(keys, units, strict=True)))
    put(Post, ("id", "unit_id", "kind", "title"), ((key, key, units[key - 1][4], "岗位") for key in keys))
    put(StaffMember, ("id", "name"), ((key, _name(city.chance)) for key in keys))
    put(Appointment, ("id", "post_id", "staff_id", "from_on"), ((key, key, key, "2021-01-01") for key in keys))
    city.staff = {unit[0]: key for key, unit in zip(keys, units, strict=True) if unit[2] == "village"}


def _batches(city: City) -> None:
    city.batches = {county: number for number, county in enumerate(city.villages, 1)}
    columns = ("id", "purpose", "dataset", "region_code", "period", "file_name", "file_hash", "file_size")
    columns += ("state", "counts", "received_at", "applied_at")
    counts = plain({"rows": 1000, "new": 1000})
    rows = (
        (key, "registry", "person", county, "2022-06", "人口.xlsx", f"{key:064d}", 1000, "applied", counts)
        + (moment("2022-06-30"),) * 2
        for county, key in city.batches.items()
    )
    put(Batch, columns, rows)


def _households(city: City, scale: float) -> None:
    text = plain({f"列{number}": _PHRASE for number in range(3)})
    columns = ("id", "region_code", "period", "columns", "digest", "first_batch_id", "batch_id", "row_number")
    columns += ("household_no", "head_name", "household_type", "registered_size")

    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for thousands, (county, villages) in zip(_THOUSANDS, city.villages.items(), strict=True):
            batch, count = city.batches[county], int(thousands * 1000 * scale)
            for number in range(count):
                key += 1
                village = villages[number * len(villages) // count]
                city.households.append((key, village))
                kind = "脱贫户" if city.chance.random() < 0.25 else "一般农户"
                head = _name(city.chance)
                yield (
                    key, village, "2022-06", text, f"{key:064d}", batch, batch, number + 2,
                    f"{county[:6]}{key:010d}", head, kind, _PEOPLE_PER_HOUSEHOLD,
                )  # fmt: skip

    put(Household, columns, rows())


def _people(city: City) -> None:
    text = plain({"列1": _PHRASE})
    columns = ("id", "region_code", "period", "columns", "digest", "first_batch_id", "batch_id", "row_number")
    columns += ("person_no", "household_id", "name", "sex", "born_on", "relation", "labour_capacity", "identity_index")
    relations, labour = ("户主", "配偶", "之子"), ("普通劳动力", "普通劳动力", "丧失劳动力", "无劳动力")

    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for household, village in city.households:
            batch = city.batches[f"{village[:6]}000000"]
            for place in range(_PEOPLE_PER_HOUSEHOLD):
                key += 1
                born = f"{1940 + key % 75}-{1 + key % 12:02d}-{1 + key % 28:02d}"
                yield (
                    key, village, "2022-06", text, f"{key:064d}", batch, batch, key % 60000, f"{household:014d}{place}",
                    household, _name(city.chance), "男" if key % 2 else "女", born, relations[place], labour[key % 4],
                    f"{key * 2654435761 % 2**64:064x}",
                )  # fmt: skip

    put(Person, columns, rows())
    objects = [one for number, one in enumerate(city.households) if number % 40 == 0]
    columns = ("id", "region_code", "period", "columns", "digest", "household_id", "object_category", "risks")
    columns += ("identified_month", "is_cleared")
    rows_of_objects = (
        (
            key,
            village,
            "2022-06",
            "{}",
            f"{key:064d}",
            household,
            "脱贫不稳定户",
            plain(["因病"]),
            "2021-05",
            key % 3 == 0,
        )
        for key, (household, village) in enumerate(objects, 1)
    )
    put(Monitoring, columns, rows_of_objects)


def _responsibilities(city: City) -> None:
    columns = ("id", "household_id", "region_code", "kind", "staff_id", "from_on", "at")
    lines = (
        (household, village, kind, city.staff[village], "2021-01-01", moment("2021-01-01"))
        for household, village in city.households
        for kind in (("grid_worker", "contact") if household % 20 == 0 else ("grid_worker",))
        if household % 33
    )
    put(Responsibility, columns, ((key, *line) for key, line in enumerate(lines, 1)))


def _visits(city: City) -> None:
    """Two months; a third of the households each."""
    by = city.accounts["grid-0"]
    seen = [
        (uuid.UUID(int=month * 10**9 + household).hex, household, village, f"2022-0{month}-{1 + household % 15:02d}", month)
        for month in (6, 7)
        for household, village in city.households
        if (household + month) % 3 == 0
    ]  # fmt: skip
    put(
        SentRecord,
        ("id", "kind", "digest", "by_id", "region_code", "made_at", "received_at", "result"),
        (
            (key, "confirmation", key.zfill(64), by, village, moment(on), moment(on), "accepted")
            for key, _, village, on, _ in seen
        ),
    )
    put(
        Visit,
        ("record_id", "household_id", "region_code", "on", "month", "kind", "method", "by_id", "by_name"),
        (
            (key, household, village, on, f"2022-0{month}", "confirmation", "onsite", by, "网格员赵")
            for key, household, village, on, month in seen
        ),
    )


def _name(chance: random.Random) -> str:
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
