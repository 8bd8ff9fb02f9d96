"""A county whose grid workers come home in the evening: villages with two visitors each, their phones, and what each had to say that day."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from shouwang import policy
from shouwang.casework import actions, runner
from shouwang.casework.models import CollectionTask, Lead
from shouwang.casework.verification import CODE as VERIFICATION
from shouwang.households.kinds import ALLEVIATED
from shouwang.households.models import Device
from shouwang.households.visits import stepping
from shouwang.intake.models import Batch
from shouwang.organisation.models import Account
from shouwang.organisation.roles import GridWorker, ResidentCadre
from shouwang.regions import actions as regions
from shouwang.regions import queries
from shouwang.regions.models import Level, Region
from shouwang.registry.models import Household

from ..city.writing import moment, numbers_go_on, plain, put

COUNTY = "130630000000"
RECORDS = 40  # of one phone in one day
TODAY = dt.date(2022, 7, 18)
_PHONES_PER_VILLAGE = 2
_SHARED = range(20, 40)  # homes that both visitors of a village went to
_HOMES = 60  # of a village; the first visitor begins at the first, the second at the twentieth
# What the two say of homes that both went to (the same things, other wages), and what each says of homes of the own.
_BOTH_CHANGE, _OWN_CHANGE = range(20, 25), 4


@dataclass(frozen=True)
class Visitor:
    """Who sends, from which phone, and what: the records in the order in which they leave."""

    login: str
    device: str
    village: str
    records: list[dict[str, Any]]


def fill(phones: int) -> None:
    """Into an empty database: places, accounts, phones, households, a lead that waits in every village, a month not collected."""
    regions.load(counties_in_detail=[COUNTY])
    villages = _villages(phones)
    with transaction.atomic():
        _people(phones, villages)
        _homes(villages)
    _work(phones, villages)


def visitors(phones: int) -> list[Visitor]:
    """Made again in the same way every time; the database has to be filled for that many."""
    villages = _villages(phones)
    leads = dict(Lead.objects.filter(state="at_village").values_list("region_code", "pk"))
    tasks = list(CollectionTask.objects.order_by("pk").values_list("pk", flat=True))
    found = []
    for number in range(phones):
        village, place = villages[number // _PHONES_PER_VILLAGE], number % _PHONES_PER_VILLAGE
        records = list(_day(number, village, place, leads[village], tasks[number]))
        found.append(Visitor(f"visitor-{number}", str(uuid.UUID(int=number + 1)), village, records))
    return found


def _villages(phones: int) -> list[str]:
    rows = Region.objects.filter(level=Level.VILLAGE, valid_to=None, code__startswith=COUNTY[:6]).order_by("code")
    found = list(rows.values_list("code", flat=True)[: -(-phones // _PHONES_PER_VILLAGE)])
    if len(found) * _PHONES_PER_VILLAGE < phones:
        raise ValueError(f"{COUNTY} has villages for {len(found) * _PHONES_PER_VILLAGE} phones only")
    return found


def _people(phones: int, villages: Sequence[str]) -> None:
    roles, long_ago = (GridWorker.code, ResidentCadre.code), moment("2022-05-01")
    columns = ("id", "password", "login", "name", "role", "region_code", "is_active", "created_at")
    rows = [
        (number + 1, "!", f"visitor-{number}", f"走访人{number}", roles[number % 2], villages[number // 2], 1, long_ago)
        for number in range(phones)
    ]
    put(Account, columns, rows)
    columns = ("id", "code", "account_id", "region_code", "registered_at")
    put(Device, columns, ((row[0], uuid.UUID(int=row[0]).hex, row[0], row[5], long_ago) for row in rows))


def _homes(villages: Sequence[str]) -> None:
    columns = ("id", "purpose", "dataset", "region_code", "period", "file_name", "file_hash", "file_size", "state")
    row = (1, "registry", "household", COUNTY, "2022-06", "农户.xlsx", "0" * 64, 1, "applied", plain({}))
    put(Batch, (*columns, "counts", "received_at", "applied_at"), [(*row, *(moment("2022-06-30"),) * 2)])
    columns = ("id", "region_code", "period", "columns", "digest", "first_batch_id", "batch_id", "row_number")
    columns += ("household_no", "head_name", "household_type", "registered_size")
    homes = ((village, number) for village in villages for number in range(_HOMES))
    put(
        Household,
        columns,
        (
            (key, village, "2022-06", "{}", f"{key:064d}", 1, 1, key, home_no(village, number), "甲建国", ALLEVIATED, 3)
            for key, (village, number) in enumerate(homes, 1)
        ),
    )
    numbers_go_on([Account, Device, Batch, Household])


def _work(phones: int, villages: Sequence[str]) -> None:
    policies = policy.load()
    homes = dict(Household.objects.values_list("household_no", "pk"))
    opened = actions.write_leads(
        {homes[home_no(village, 59)]: village for village in villages},
        opened_on=dt.date(2022, 7, 10),
        policies=policies,
        county_of=queries.county_of,
        channel="screening",
    )
    runner.act_together(
        procedure_code=VERIFICATION,
        rows=list(opened.values()),
        step="dispatch",
        by=None,
        today=dt.date(2022, 7, 11),
        now=dt.datetime(2022, 7, 11, 2, tzinfo=dt.UTC),
        policies=policies,
    )
    CollectionTask.objects.bulk_create(
        CollectionTask(
            household_id=homes[home_no(villages[number // 2], 50 + number % 2)],
            region_code=villages[number // 2],
            dataset="monthly_income",
            month="2022-05",
            opened_on=dt.date(2022, 7, 1),
        )
        for number in range(phones)
    )


def home_no(village: str, number: int) -> str:
    return f"{village}{number:04d}"


def _day(number: int, village: str, place: int, lead: int, task: int) -> Iterator[dict[str, Any]]:
    """Forty records, shuffled as bad lines shuffle them: 27 without change, nine visits with two or three fields, two steps,
    and two that are taken back."""
    chance = random.Random(number)
    own = [home for home in range(place * 20, place * 20 + RECORDS) if home not in _SHARED]
    changed = [*_BOTH_CHANGE, *own[:_OWN_CHANGE]]
    rest = [home for home in range(place * 20, place * 20 + RECORDS) if home not in changed][:27]
    made = []

    def record(kind: str, **more: Any) -> dict[str, Any]:
        at = dt.datetime.combine(TODAY, dt.time(8), dt.timezone(dt.timedelta(hours=8))) + dt.timedelta(
            minutes=12 * len(made)
        )
        key = uuid.UUID(int=chance.getrandbits(128), version=4)
        made.append({"id": str(key), "kind": kind, "made_at": at.isoformat(), "on": TODAY.isoformat(), **more})
        return made[-1]

    confirmed = [record("confirmation", household_no=home_no(village, home)) for home in rest]
    visits = []
    for home in changed:
        data: dict[str, Any] = {"income_wage": f"{900 + home + 7 * place}", "cost_business": "120"}
        if home == changed[-1]:
            data["problems"] = ["work", "illness"]
        visits.append(record("visit", household_no=home_no(village, home), data=data, base={}))
    record("step", task=f"lead-{lead}", step="clear", version=1, data={"reason": "有固定收入，三保障都有"})
    record("step", task=f"collection-{task}", step="collect", version=0, data=dict.fromkeys(stepping.COLLECTED, "1500"))
    record("undo", of=confirmed[0]["id"])
    record("undo", of=visits[len(_BOTH_CHANGE)]["id"])
    chance.shuffle(made)
    yield from made
