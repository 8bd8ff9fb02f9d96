"""How far the visits of many counties are, added up from what is kept by township: figures of a city or province, without a name.

What a county closed counts as it was closed; the rest as it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from ..models import VisitMonth
from . import population, seen
from .coverage import Figures
from .population import Demand


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
    """Two questions for each different demand, however many households there are. Raises NotPermittedError for a county that is not wholly seen."""
    found, open_ones = Overview(), set(counties)
    for closed in VisitMonth.objects.filter(region_code__in=open_ones, month=str(month)):
        found.counties[closed.region_code] = _total(closed)
        found.closed_count += 1
    asked: dict[tuple, list[tuple[str, Demand]]] = defaultdict(list)
    for county in sorted(open_ones):
        demand = population.demand(county=county, month=month, policies=policies)
        found.demands.append(demand)
        if county not in found.counties and demand.groups:
            asked[tuple(sorted(demand.groups)), demand.times, demand.first_on, demand.last_on].append((county, demand))
    for mine in asked.values():
        found.counties |= _counted({county: scope.narrowed(county) for county, _ in mine}, mine[0][1])
    return found


def _counted(counties: Mapping[str, Scope], demand: Demand) -> dict[str, Figures]:
    """Counties that ask the same, in one look."""
    found = {county: Figures(county) for county in counties}
    together = Scope(tuple(codes for one in counties.values() for codes in one.ranges))
    for township in seen.by_township(scope=together, demand=demand):
        county = next(code for code, one in counties.items() if one.covers(township.code))
        found[county].wanted_count += township.wanted_count
        found[county].seen_count += township.seen_count
        found[county].confirmed_count += township.confirmed_count
    return found


def _total(closed: VisitMonth) -> Figures:
    total = Figures(closed.region_code)
    for _, _, wanted, seen_, *_ in closed.figures["villages"]:
        total.wanted_count += wanted
        total.seen_count += seen_
    return total
