"""How many households of each township had to be seen in a month and were: kept, because every page of a county and above adds it up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Case, Count, Max, OuterRef, Q, QuerySet, Subquery, When

from shouwang.casework.models import Event
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import kept_sums
from shouwang.regions.kept_sums import Ranges
from shouwang.registry.models import Household

from .. import watched
from ..models import Visit
from . import coverage, population
from .coverage import HOME_STEPS, Figures
from .population import Demand

_COUNTY, _TOWNSHIP = 6, 9
# How far back the worker keeps months: last month's pages are opened until it is closed.
_MONTHS_KEPT = 2
_FEW_TOWNSHIPS = 5000  # codes
_FOUND_A_CHANGE = Q(typed_count__gt=0) | ~Q(result="")


def by_township(*, scope: Scope, demand: Demand) -> list[Figures]:
    """The figures of each township that a scope sees, in the order of the codes; no grids, no results, and nobody by name."""
    found = kept_sums.read(SEEN, ranges=scope.ranges, key=_key(demand))
    return [Figures(f"{township}000", *figures) for township, figures in sorted(found.items())]


def _count(
    *, ranges: Ranges, groups: list[str], times: int, first_on: dt.date, last_on: dt.date
) -> dict[str, list[int]]:
    """Township → households to see, seen, and seen without any change. Looked for in the whole county: some moved since they were seen."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for county, within in kept_sums.by_county(ranges).items():
        names = {"first_on": first_on, "last_on": last_on}
        counted = (
            _often(within, county, groups, times, **names) if times > 1 else _once(within, county, groups, **names)
        )
        for village, *counts in counted:
            sums = found[village[:_TOWNSHIP]]
            for place, count in enumerate(counts):
                sums[place] += count
    return dict(found)


def _once(
    ranges: Ranges, county: str, groups: list[str], *, first_on: dt.date, last_on: dt.date
) -> Iterable[tuple[str, int, int, int]]:
    within, around = Scope(ranges), Scope((kept_sums.one_place(county),))
    wanted = population.households(scope=within, groups=groups).order_by()
    steps = Event.objects.filter(step__in=HOME_STEPS, on__gte=first_on, on__lte=last_on, lead__isnull=False)
    verified = Q(pk__in=around.filter(steps, "lead__region_code").values("lead__household"))
    visits = coverage.made(scope=around, first_on=first_on, last_on=last_on)
    if within.width <= _FEW_TOWNSHIPS:
        return _one_by_one(wanted, visits, verified)
    visited = Q(pk__in=visits.values("household"))
    changed = Q(pk__in=visits.filter(_FOUND_A_CHANGE).values("household"))
    return wanted.values_list("region_code").annotate(
        all=Count("pk"), seen=Count("pk", filter=visited | verified), plain=Count("pk", filter=visited & ~changed)
    )


def _one_by_one(
    wanted: QuerySet[Household], visits: QuerySet[Visit], verified: Q
) -> Iterable[tuple[str, int, int, int]]:
    """The same for a few townships: their households' own visits are fewer than those of the county."""
    change = Case(When(_FOUND_A_CHANGE, then=1), default=0)
    own = visits.filter(household=OuterRef("pk")).order_by().values("household")
    grouped = wanted.annotate(change=Subquery(own.annotate(change=Max(change)).values("change")))
    grouped = grouped.annotate(is_verified=Case(When(verified, then=True), default=False))
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = grouped.values_list("region_code", "change", "is_verified").annotate(count=Count("*"))
    for village, changed, is_verified, count in rows:
        counts = found[village]
        counts[0] += count
        counts[1] += count if is_verified or changed is not None else 0
        counts[2] += count if changed == 0 else 0
    return [(village, *counts) for village, counts in found.items()]  # type: ignore[misc]


def _often(
    ranges: Ranges, county: str, groups: list[str], times: int, *, first_on: dt.date, last_on: dt.date
) -> Iterable[tuple[str, int, int, int]]:
    """Where somebody has to be seen more than once the days are counted for each."""
    around = Scope((kept_sums.one_place(county),))
    days = coverage.days_seen(scope=around, first_on=first_on, last_on=last_on)
    visits = coverage.made(scope=around, first_on=first_on, last_on=last_on)
    visited = set(visits.values_list("household_id", flat=True))
    changed = set(visits.filter(_FOUND_A_CHANGE).values_list("household_id", flat=True))
    wanted = population.households(scope=Scope(ranges), groups=groups).order_by()
    for household, village in wanted.values_list("pk", "region_code"):
        is_seen = len(days.get(household, ())) >= times
        yield village, 1, int(is_seen), int(is_seen and household in visited and household not in changed)


def _key(demand: Demand) -> dict[str, object]:
    return {
        "groups": sorted(demand.groups),
        "times": demand.times,
        "first_on": demand.first_on,
        "last_on": demand.last_on,
    }


def _wanted(*, today: dt.date, policies: Policies) -> list[tuple[dict[str, object], Ranges]]:
    """What each county has to see this month and last; counties that ask the same are kept together."""
    found: dict[str, tuple[dict[str, object], list[tuple[str, str]]]] = {}
    for back in range(_MONTHS_KEPT):
        for county in watched.counties():
            demand = population.demand(county=county, month=Month.of(today).plus(-back), policies=policies)
            if demand.groups:
                key = _key(demand)
                found.setdefault(repr(key), (key, []))[1].extend(Scope.of_region(county).ranges)
    return [(key, Scope(tuple(ranges)).ranges) for key, ranges in found.values()]


SEEN = kept_sums.Sum(
    name="seen",
    sources=(
        watched.HOUSEHOLD,
        watched.MONITORING,
        watched.CASE,
        watched.PERSON,
        watched.LEAD,
        watched.LEAD_EVENT,
        watched.VISIT,
    ),
    compute=_count,
    wanted=_wanted,
)
