"""Whether the institutions are there: every county its centre, every township its station, every village a grid worker.

Answers for any past day, because terms are kept: the list of gaps on 31 March can be printed in June (S0-C-34, -35).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from shouwang.regions.models import Level, Region

from .models import Appointment, Post, PostKind, Unit, UnitKind
from .models.units import AppointmentQuerySet
from .scope import Scope

# Village committees are numbered from 200 (统计用区划代码); residents' committees below have no rural households of their own.
FIRST_VILLAGE_COMMITTEE = "200"

CENTRE, STATION, GRID_WORKER = "centre", "station", "grid_worker"
GAPS = {CENTRE: "没有县防贫中心", STATION: "没有乡镇工作站", GRID_WORKER: "没有网格员"}
_LEVEL_OF = {CENTRE: Level.COUNTY, STATION: Level.TOWNSHIP, GRID_WORKER: Level.VILLAGE}
_UNIT_OF = {CENTRE: UnitKind.COUNTY_CENTRE, STATION: UnitKind.TOWNSHIP_STATION}


@dataclass(frozen=True)
class Coverage:
    """How many places of one kind there are, and how many of them have what they need."""

    code: str
    label: str
    needed: int
    present: int

    @property
    def missing(self) -> int:
        return self.needed - self.present


def gaps(*, scope: Scope, kind: str, on: dt.date) -> QuerySet[Region]:
    """The counties, townships or villages of a scope that lack what ``kind`` says, on a day; by code."""
    return _places(scope, kind, on).filter(~_present(kind, on)).order_by("code")


def needed(*, scope: Scope, kind: str, on: dt.date) -> QuerySet[Region]:
    """The counties, townships or villages that need what ``kind`` says, whether it is there or not; by code."""
    return _places(scope, kind, on).order_by("code")


def coverage(*, scope: Scope, on: dt.date) -> list[Coverage]:
    """How complete the three kinds of institutions are."""
    found = []
    for kind, label in GAPS.items():
        places = _places(scope, kind, on)
        found.append(Coverage(kind, label, places.count(), places.filter(_present(kind, on)).count()))
    return found


def gap_counts(*, scope: Scope, kind: str, on: dt.date, digits: int) -> dict[str, int]:
    """Gaps by the division of the first ``digits`` digits (padded to 12)."""
    rows = gaps(scope=scope, kind=kind, on=on).order_by().annotate(place=Substr("code", 1, digits))
    return {place.ljust(12, "0"): number for place, number in rows.values_list("place").annotate(Count("pk"))}


def surplus(*, scope: Scope, on: dt.date) -> list[Unit]:
    """Centres and stations beyond the one that a county or township has: most often the same one entered twice."""
    units = scope.filter(_units_on(on)).filter(kind__in=_UNIT_OF.values())
    repeated = units.values("kind", "region_code").annotate(number=Count("pk")).filter(number__gt=1)
    wanted = Q(pk__in=[])
    for one in repeated:
        wanted |= Q(kind=one["kind"], region_code=one["region_code"])
    return list(units.filter(wanted).order_by("region_code", "pk"))


def vacant_posts(*, scope: Scope, on: dt.date) -> QuerySet[Post]:
    """Posts that nobody holds on a day: 定岗 without 定人."""
    posts = scope.filter(Post.objects.filter(_open_on(on)), "unit__region_code").filter(_open_on(on, "unit__"))
    held = _in_office(on).filter(post=OuterRef("pk"))
    return posts.filter(~Exists(held)).select_related("unit").order_by("unit__region_code", "pk")


def staff_counts(*, scope: Scope, on: dt.date, digits: int, kind: str = "") -> dict[str, int]:
    """People in office by division, each counted once there; ``kind``: only in posts of this kind (S0-C-36)."""
    rows = scope.filter(_in_office(on), "post__unit__region_code").exclude(post__kind=PostKind.LIAISON)
    if kind:
        rows = rows.filter(post__kind=kind)
    grouped = rows.order_by().annotate(place=Substr("post__unit__region_code", 1, digits))
    counted = grouped.values_list("place").annotate(Count("staff", distinct=True))
    return {place.ljust(12, "0"): number for place, number in counted}


def _places(scope: Scope, kind: str, on: dt.date) -> QuerySet[Region]:
    """Where an institution of this kind is needed: counties and townships that have villages, and the villages."""
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    rows = scope.filter(Region.objects.filter(in_force, level=_LEVEL_OF[kind]), "code")
    if kind == GRID_WORKER:
        return rows.annotate(number=Substr("code", 10, 3)).filter(number__gte=FIRST_VILLAGE_COMMITTEE)
    if kind == STATION:
        villages = scope.filter(Region.objects.filter(in_force, level=Level.VILLAGE), "code")
        villages = villages.annotate(number=Substr("code", 10, 3)).filter(number__gte=FIRST_VILLAGE_COMMITTEE)
        return rows.filter(code__in=villages.order_by().values("parent_code"))
    return rows


def _present(kind: str, on: dt.date) -> Q:
    """Places that have the institution: one list of their codes, made once, instead of a search per place."""
    if kind == GRID_WORKER:
        workers = _in_office(on).filter(post__kind=PostKind.GRID_WORKER)
        return Q(code__in=workers.order_by().values("post__unit__region_code"))
    units = _units_on(on).filter(kind=_UNIT_OF[kind])
    return Q(code__in=units.order_by().values("region_code"))


def _units_on(on: dt.date) -> QuerySet[Unit]:
    return Unit.objects.filter(_open_on(on))


def _open_on(on: dt.date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}closed_on__isnull": True}) | Q(**{f"{prefix}closed_on__gt": on})


def _in_office(on: dt.date) -> AppointmentQuerySet:
    return Appointment.objects.in_office(on)
