"""Differences by place and household, open or settled, and how far the check of a window is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from ..models import ArchiveComparison, ArchiveDifference
from ..models.archive import AGAINST_REALITY, BETWEEN_ACCOUNTS, GONE

OPEN, SETTLED, ALL = "", "settled", "all"


@dataclass(frozen=True)
class Sum:
    """One place: open differences by kind, households that have one, and how many were settled, by people or by themselves."""

    code: str
    accounts: int
    reality: int
    households: int
    settled: int
    gone: int


def differences(*, scope: Scope, part: str = OPEN, item: str = "", kind: str = "") -> QuerySet[ArchiveDifference]:
    """Those of a scope, by village and household."""
    rows = scope.filter(ArchiveDifference.objects.select_related("household", "settled_by"))
    if part == OPEN:
        rows = rows.filter(settled_on=None)
    elif part == SETTLED:
        rows = rows.exclude(settled_on=None)
    if item:
        rows = rows.filter(item=item)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("region_code", "household__household_no", "item", "pk")


def sums(*, scope: Scope, digits: int) -> list[Sum]:
    """By division, those with most open ones first; one query."""
    rows = scope.filter(ArchiveDifference.objects.all()).order_by().annotate(area=Substr("region_code", 1, digits))
    is_open = Q(settled_on=None)
    counted = rows.values_list("area").annotate(
        accounts=Count("pk", filter=is_open & Q(kind=BETWEEN_ACCOUNTS)),
        reality=Count("pk", filter=is_open & Q(kind=AGAINST_REALITY)),
        households=Count("household", filter=is_open, distinct=True),
        settled=Count("pk", filter=~is_open & ~Q(settled_as=GONE)),
        gone=Count("pk", filter=Q(settled_as=GONE)),
    )
    found = [Sum(f"{area:0<12}", *counts) for area, *counts in counted]
    return sorted(found, key=lambda one: (-(one.accounts + one.reality), one.code))


def newest(*, region_code: str) -> ArchiveComparison | None:
    """The last comparison of the county that a place lies in."""
    rows = ArchiveComparison.objects.filter(county_code=regions.county_of(region_code)).select_related("by")
    return rows.order_by("-made_at", "-pk").first()


def of_household(household_id: int) -> list[ArchiveDifference]:
    rows = ArchiveDifference.objects.filter(household=household_id, settled_on=None)
    return list(rows.order_by("item"))


# xuchang-2022-1#3.1.4.2: 档卡规范化
def sound(*, scope: Scope, county: str, households: set[int], first_on: dt.date, last_on: dt.date) -> set[int]:
    """Of some households those that were compared in a window and have nothing open."""
    if not is_compared(county=county, first_on=first_on, last_on=last_on):
        return set()
    return households - unsettled(scope=scope)


def is_compared(*, county: str, first_on: dt.date, last_on: dt.date) -> bool:
    """Whether a county compared its archive between two days."""
    return ArchiveComparison.objects.filter(county_code=county, made_on__range=(first_on, last_on)).exists()


def unsettled(*, scope: Scope) -> set[int]:
    """The households with an open difference."""
    rows = scope.filter(ArchiveDifference.objects.filter(settled_on=None)).order_by()
    return set(rows.values_list("household_id", flat=True))
