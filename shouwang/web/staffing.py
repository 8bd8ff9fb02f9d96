"""Staff against work, by place: objects of monitoring per person, households per grid worker (S0-C-36)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Substr

from shouwang.casework.models import Case
from shouwang.organisation import institutions
from shouwang.organisation.models import PostKind
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household, Monitoring

_DIGITS_BELOW = {Level.NATION: 2, Level.PROVINCE: 4, Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12}
# A place whose load is twice the usual one stands out, from one household a person upwards.
_OUTLIER = 2


@dataclass(frozen=True)
class Row:
    """One place: who works there and for how many. ``household_count`` None: not counted at this level."""

    code: str
    name: str
    staff_count: int
    grid_worker_count: int
    object_count: int
    household_count: int | None
    gap_count: int

    @property
    def objects_per_person(self) -> float | None:
        return self.object_count / self.staff_count if self.staff_count else None

    @property
    def households_per_grid_worker(self) -> float | None:
        if self.household_count is None or not self.grid_worker_count:
            return None
        return self.household_count / self.grid_worker_count

    def stands_out(self, usual: float | None) -> bool:
        """Nobody there although there is work, or twice the load that is usual among the neighbours."""
        load = self.objects_per_person
        if load is None:
            return self.object_count > 0
        return load >= 1 and load > _OUTLIER * (usual or 0)


def rows(place: str, *, scope: Scope, on: dt.date) -> list[Row]:
    """The divisions directly below, those with the greatest load first. Households are counted inside one county only."""
    level = Level(regions.region(place).level)
    digits = _DIGITS_BELOW[level]
    people = institutions.staff_counts(scope=scope, on=on, digits=digits)
    grid = institutions.staff_counts(scope=scope, on=on, digits=digits, kind=PostKind.GRID_WORKER)
    gaps = institutions.gap_counts(scope=scope, kind=institutions.GRID_WORKER, on=on, digits=digits)
    objects = _objects(scope, digits)
    households = _households(scope, digits) if level >= Level.COUNTY else None
    found = [
        Row(
            code=child.code,
            name=child.name,
            staff_count=people.get(child.code, 0),
            grid_worker_count=grid.get(child.code, 0),
            object_count=objects.get(child.code, 0),
            household_count=None if households is None else households.get(child.code, 0),
            gap_count=gaps.get(child.code, 0),
        )
        for child in regions.children(place)
    ]
    found = [row for row in found if row.staff_count or row.object_count or row.household_count or row.gap_count]
    return sorted(found, key=lambda row: (-_load(row), row.code))


def usual(found: list[Row]) -> float | None:
    """The middle load among places that have staff and objects."""
    loads = [row.objects_per_person for row in found if row.objects_per_person]
    return median(loads) if loads else None


def _load(row: Row) -> float:
    if row.objects_per_person is None:
        return float("inf") if row.object_count else -1.0
    return row.objects_per_person


def _objects(scope: Scope, digits: int) -> dict[str, int]:
    """Whom the register lists, and whom an open case took in since: the same households as on the page of who looks after them."""
    listed = Monitoring.objects.filter(is_withdrawn=False, is_cleared=False)
    taken_in = Case.objects.filter(is_open=True, included_on__isnull=False, household__is_withdrawn=False)
    taken_in = taken_in.exclude(Exists(listed.filter(household=OuterRef("household"))))
    found: Counter[str] = Counter()
    rows: QuerySet[Any]
    for rows in (listed.filter(household__is_withdrawn=False), taken_in):
        counted = scope.filter(rows).annotate(place=Substr("region_code", 1, digits)).values_list("place")
        found.update({place.ljust(12, "0"): number for place, number in counted.annotate(Count("pk")).order_by()})
    return found


def _households(scope: Scope, digits: int) -> dict[str, int]:
    rows = scope.filter(Household.objects.filter(is_withdrawn=False))
    counted = rows.annotate(place=Substr("region_code", 1, digits)).values_list("place").annotate(Count("pk"))
    return {place.ljust(12, "0"): number for place, number in counted.order_by()}
