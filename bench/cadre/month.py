"""A city's month of visits: 400,000 households in ten counties where the documents have every rural household seen once a month."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from shouwang.casework.models import Event, Lead
from shouwang.households.models import Responsibility, SentRecord, Visit
from shouwang.intake.models import Batch
from shouwang.organisation.models import Account, StaffMember
from shouwang.organisation.roles import CountyOfficer
from shouwang.regions import actions as regions
from shouwang.regions.models import Level, Region
from shouwang.registry.models import Household

from ..city.writing import moment, numbers_go_on, plain, put

CITY = "131100000000"
MONTH = "2022-06"
_THOUSANDS = (70, 60, 55, 45, 40, 35, 30, 25, 20, 20)  # households of its counties


def counties() -> list[str]:
    rows = Region.objects.filter(parent_code=CITY, level=Level.COUNTY, valid_to=None).order_by("code")
    return list(rows.values_list("code", flat=True)[: len(_THOUSANDS)])


def fill(scale: float) -> None:
    """Into an empty database."""
    regions.load()
    with transaction.atomic():
        homes = list(_homes(scale))
        _visits(homes)
        _verifications(homes)
    numbers_go_on([Account, StaffMember, Batch, Household, Responsibility, Lead, Event])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _homes(scale: float) -> Iterator[tuple[int, str]]:
    homes: list[tuple[int, str, int]] = []
    staff: dict[str, int] = {}
    for number, (county, thousands) in enumerate(zip(counties(), _THOUSANDS, strict=True), 1):
        put(
            Account,
            ("id", "password", "login", "name", "role", "region_code", "is_active", "created_at"),
            [(number, "!", f"county-{number}", "县中心孙", CountyOfficer.code, county, 1, moment("2022-01-01"))],
        )
        columns = ("id", "purpose", "dataset", "region_code", "period", "file_name", "file_hash", "file_size", "state")
        row = (number, "registry", "household", county, MONTH, "农户.xlsx", f"{number:064d}", 1, "applied", plain({}))
        put(Batch, (*columns, "counts", "received_at", "applied_at"), [(*row, *(moment("2022-06-30"),) * 2)])
        rows = Region.objects.filter(level=Level.VILLAGE, valid_to=None, code__startswith=county[:6])
        villages = list(rows.order_by("code").values_list("code", flat=True))
        staff |= {village: len(staff) + place for place, village in enumerate(villages, 1)}
        count = int(thousands * 1000 * scale)
        homes += [(len(homes) + place + 1, villages[place * len(villages) // count], number) for place in range(count)]
    put(StaffMember, ("id", "name"), ((key, f"网格员{key}") for key in staff.values()))
    columns = ("id", "region_code", "period", "columns", "digest", "first_batch_id", "batch_id", "row_number")
    columns += ("household_no", "head_name", "household_type", "registered_size")
    rows_of_homes = (
        (key, village, MONTH, "{}", f"{key:064d}", batch, batch, key % 60000, f"{key:016d}", "甲建国", "一般农户", 3)
        for key, village, batch in homes
    )
    put(Household, columns, rows_of_homes)
    columns = ("id", "household_id", "region_code", "kind", "staff_id", "from_on", "at")
    long_ago = "2021-01-01"
    put(
        Responsibility,
        columns,
        (
            (key, key, village, "grid_worker", staff[village], long_ago, moment(long_ago))
            for key, village, _ in homes
            if key % 33
        ),
    )
    yield from ((key, village) for key, village, _ in homes)


def _visits(homes: Sequence[tuple[int, str]]) -> None:
    """Of a hundred households two were not seen, two only called, two seen but taken back, two seen twice, five had a change; one of
    four hundred had moved away. All of them were also seen in May."""
    seen: list[tuple[Any, ...]] = []
    for key, village in homes:
        kind, place = "confirmation", key % 50
        typed, result, method, undone = 0, "", "onsite", None
        if place == 0:
            continue
        if place == 1:
            method = "phone"
        elif place == 2:
            undone = moment("2022-06-29")
        elif key % 20 == 4:
            kind, typed = "visit", 3
        elif key % 400 == 5:
            kind, result = "visit", "moved"
        day = f"2022-06-{1 + key % 28:02d}"
        seen.append((2 * key, key, village, day, MONTH, kind, method, result, typed, undone))
        if place == 3:
            seen.append((2 * key + 1, key, village, "2022-06-30", MONTH, "confirmation", "onsite", "", 0, None))
    first = 2 * len(homes) + 2
    seen += [
        (first + key, key, village, f"2022-05-{1 + key % 28:02d}", "2022-05", "confirmation", "onsite", "", 0, None)
        for key, village in homes
    ]
    columns = ("id", "kind", "digest", "by_id", "region_code", "made_at", "received_at", "result")
    put(
        SentRecord,
        columns,
        (
            (uuid.UUID(int=row[0]).hex, row[5], f"{row[0]:064d}", 1, row[2], moment(row[3]), moment(row[3]), "accepted")
            for row in seen
        ),
    )
    columns = ("record_id", "household_id", "region_code", "on", "month", "kind", "method", "result", "typed_count")
    rows = ((uuid.UUID(int=row[0]).hex, *row[1:9], row[9], 1, "网格员赵") for row in seen)
    put(Visit, (*columns, "undone_at", "by_id", "by_name"), rows)


def _verifications(homes: Sequence[tuple[int, str]]) -> None:
    """One of four hundred, whom no visit found, was seen because a lead was verified at the home."""
    chosen = [(key, village) for key, village in homes if key % 400 == 0]
    columns = ("id", "region_code", "opened_on", "procedure", "state", "version", "is_open", "closed_on", "lead_no")
    columns += ("household_id", "responsible_unit", "rules", "channels")
    put(
        Lead,
        columns,
        (
            (
                key,
                village,
                "2022-06-01",
                "verification",
                "no_risk",
                2,
                0,
                "2022-06-10",
                f"L{key}",
                key,
                "村",
                "[]",
                "[]",
            )
            for key, village in chosen
        ),
    )
    columns = ("id", "lead_id", "sequence", "step", "on", "at", "from_state", "to_state", "by_name")
    put(
        Event,
        columns,
        (
            (key, key, 2, "clear", "2022-06-10", moment("2022-06-10"), "at_village", "no_risk", "网格员赵")
            for key, _ in chosen
        ),
    )
