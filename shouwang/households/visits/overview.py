"""How far the visits of many counties are, counted in the database: figures of a city or province, without a name.

What a county closed counts as it was closed; the rest as it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from shouwang.casework.models import Event
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household

from ..models import Visit, VisitMonth
from ..models.visits import ONSITE
from . import coverage, population
from .coverage import HOME_STEPS, Figures
from .population import Demand

_COUNTY = 6
_FEW = 3


@dataclass
class Overview:
    """Who had to be seen and was, by county; what is asked for where; and how many of the counties have closed the month."""

    counties: dict[str, Figures] = field(default_factory=dict)
    demands: list[Demand] = field(default_factory=list)
    closed_count: int = 0

    @property
    def missed_count(self) -> int:
        return sum(one.missed_count for one in self.counties.values())


def of_counties(*, counties: Iterable[str], scope: Scope, month: Month, policies: Policies) -> Overview:
    """A handful of questions for each different demand, however many households there are."""
    found, open_ones = Overview(), set(counties)
    for closed in VisitMonth.objects.filter(region_code__in=open_ones, month=str(month)):
        found.counties[closed.region_code] = _total(closed)
        found.closed_count += 1
    asked: dict[tuple, list[str]] = defaultdict(list)
    for county in sorted(open_ones):
        demand = population.demand(county=county, month=month, policies=policies)
        found.demands.append(demand)
        if county not in found.counties and demand.groups:
            asked[demand.groups, demand.times, demand.first_on, demand.last_on].append(county)
    for (_, times, *_), mine in asked.items():
        if times > 1:  # how often each was seen has to be looked at one by one
            for county in mine:
                one = coverage.of_county(county=county, scope=scope, month=month, policies=policies)
                found.counties[county] = _sum(county, one.villages.values())
        else:
            demand = population.demand(county=mine[0], month=month, policies=policies)
            # a county that differs from the rest is looked at alone, not once more with all of them
            alone = [(scope.narrowed(county), [county]) for county in mine]
            for place, codes in alone if len(mine) <= _FEW else [(scope, mine)]:
                found.counties |= _counted(codes, place, demand)
    return found


def _counted(counties: Iterable[str], scope: Scope, demand: Demand) -> dict[str, Figures]:
    found = {county: Figures(county) for county in counties}
    wanted = population.households(scope=scope, groups=demand.groups)
    visits = scope.filter(Visit.objects.filter(undone_at=None, method=ONSITE)).filter(
        month__gte=str(Month.of(demand.first_on)),
        month__lte=str(Month.of(demand.last_on)),
        on__gte=demand.first_on,
        on__lte=demand.last_on,
    )
    steps = Event.objects.filter(step__in=HOME_STEPS, on__gte=demand.first_on, on__lte=demand.last_on)
    verified = scope.filter(steps.filter(lead__isnull=False), "lead__region_code")
    been = Q(pk__in=visits.values("household")) | Q(pk__in=verified.values("lead__household"))
    for name, rows in (("wanted_count", wanted), ("seen_count", wanted.filter(been))):
        for county, count in _by_county(rows):
            if county in found:
                setattr(found[county], name, count)
    return found


def _by_county(rows: QuerySet[Household]) -> Iterable[tuple[str, int]]:
    grouped = rows.order_by().annotate(county=Substr("region_code", 1, _COUNTY)).values("county")
    for row in grouped.annotate(count=Count("pk")).values_list("county", "count"):
        yield row[0].ljust(12, "0"), row[1]


def _total(closed: VisitMonth) -> Figures:
    total = Figures(closed.region_code)
    for _, _, wanted, seen, *_ in closed.figures["villages"]:
        total.wanted_count += wanted
        total.seen_count += seen
    return total


def _sum(county: str, villages: Iterable[Figures]) -> Figures:
    rolled = coverage.rolled_up(villages, _COUNTY)
    return rolled[0] if rolled else Figures(county)
