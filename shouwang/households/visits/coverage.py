"""Who was seen in a month and who was not: one visit counts once, whatever it was for; a phone call does not count.

A verification at the home that a lead or case asked for is a visit too, wherever it was written down.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q, QuerySet

from shouwang.casework.models import Event
from shouwang.foundation import bulk
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household

from ..models import Responsibility, Visit
from ..models.responsibility import GRID_WORKER
from ..models.visits import ONSITE
from . import population
from .population import Demand

# Steps that somebody takes at the household's door (入户核实).
HOME_STEPS = ("confirm", "clear", "give_back")


@dataclass
class Figures:
    """One place or grid: how many have to be seen, were seen, and were only called."""

    code: str
    wanted_count: int = 0
    seen_count: int = 0
    confirmed_count: int = 0  # of them without any change
    result_counts: Counter[str] = field(default_factory=Counter)

    @property
    def missed_count(self) -> int:
        return self.wanted_count - self.seen_count

    @property
    def percent(self) -> str:
        """99.0; empty where nobody has to be seen."""
        if not self.wanted_count:
            return ""
        tenths = self.seen_count * 1000 // self.wanted_count  # never rounded up to 100 while somebody is missing
        return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True)
class Missed:
    """A household that nobody saw: the blind spot, by name. ``called_on``: somebody telephoned, which does not count."""

    household: Household
    grid: int | None
    called_on: dt.date | None = None


@dataclass
class Coverage:
    """A county's month as it stands: figures by village and by grid, and the households behind."""

    county: str
    month: Month
    demand: Demand
    villages: dict[str, Figures]
    grids: dict[tuple[str, int | None], Figures]
    missed: list[tuple[int, str, int | None]]  # household, village, grid


def days_seen(*, scope: Scope, first_on: dt.date, last_on: dt.date) -> dict[int, set[dt.date]]:
    """Household → the days on which somebody was there, from visits and from verifications at the home."""
    found: dict[int, set[dt.date]] = {}
    visits = made(scope=scope, first_on=first_on, last_on=last_on)
    for household, on in visits.values_list("household_id", "on").iterator(chunk_size=20_000):
        found.setdefault(household, set()).add(on)
    steps = Event.objects.filter(step__in=HOME_STEPS, on__gte=first_on, on__lte=last_on, lead__isnull=False)
    rows = scope.filter(steps, "lead__region_code").values_list("lead__household_id", "on")
    for household, on in rows.iterator(chunk_size=20_000):
        found.setdefault(household, set()).add(on)
    return found


def verified(*, scope: Scope, first_on: dt.date, last_on: dt.date) -> set[int]:
    """The households whose lead somebody verified at the home between two days."""
    steps = Event.objects.filter(step__in=HOME_STEPS, on__gte=first_on, on__lte=last_on, lead__isnull=False)
    return set(scope.filter(steps, "lead__region_code").values_list("lead__household_id", flat=True))


def made(*, scope: Scope, first_on: dt.date, last_on: dt.date) -> QuerySet[Visit]:
    """The visits at home between two days that were not taken back."""
    rows = scope.filter(Visit.objects.filter(undone_at=None, method=ONSITE))
    return rows.filter(month__in=_months(first_on, last_on), on__gte=first_on, on__lte=last_on)


def _months(first_on: dt.date, last_on: dt.date) -> list[str]:
    """One by one: an index that begins with the month goes on to the place only behind an equal month."""
    first, last = Month.of(first_on), Month.of(last_on)
    return [str(first.plus(step)) for step in range((last.year - first.year) * 12 + last.month - first.month + 1)]


def last_seen(*, scope: Scope, month: Month) -> tuple[dict[int, dt.date], dict[int, dt.date]]:
    """(household → the last day anybody was there, household → the last day in this month)."""
    rows = scope.filter(Visit.objects.filter(undone_at=None, method=ONSITE)).values_list("household_id")
    last = dict(rows.annotate(last=Max("on")))
    here = {
        household: max(days)
        for household, days in days_seen(scope=scope, first_on=month.first_day, last_on=month.last_day).items()
    }
    return {**last, **{household: max(on, last.get(household, on)) for household, on in here.items()}}, here


# S0-C-12, S1-C-14, S2-B-01, S4-C-02
def of_county(*, county: str, scope: Scope, month: Month, policies: Policies) -> Coverage:
    """The month of a county (or the part of it that the scope sees) by village and grid. A handful of queries."""
    demand = population.demand(county=county, month=month, policies=policies)
    within = scope.narrowed(county) if scope.contains(county) else scope
    wanted = dict(population.households(scope=within, groups=demand.groups).order_by().values_list("pk", "region_code"))
    seen = days_seen(scope=within, first_on=demand.first_on, last_on=demand.last_on)
    grids = grid_workers(scope=within, on=demand.last_on)
    kinds = _kinds(within, demand)
    found = Coverage(county, month, demand, {}, {}, [])
    for household, village in wanted.items():
        grid = grids.get(household)
        is_seen = len(seen.get(household, ())) >= demand.times
        for figures in (
            found.villages.setdefault(village, Figures(village)),
            found.grids.setdefault((village, grid), Figures(village)),
        ):
            figures.wanted_count += 1
            figures.seen_count += is_seen
            if is_seen and household in kinds:
                kind, results = kinds[household]
                figures.confirmed_count += kind
                figures.result_counts.update(results)
        if not is_seen:
            found.missed.append((household, village, grid))
    return found


def by_village(*, county: str, scope: Scope, month: Month, policies: Policies) -> Coverage:
    """The figures of ``of_county`` by village alone, counted in the database: no grids, no results, and nobody by name.

    Where a household has to be seen more than once the days are counted for each, as ``of_county`` does.
    """
    demand = population.demand(county=county, month=month, policies=policies)
    if demand.times > 1:
        return of_county(county=county, scope=scope, month=month, policies=policies)
    within = scope.narrowed(county) if scope.contains(county) else scope
    found = Coverage(county, month, demand, {}, {}, [])
    wanted = population.households(scope=within, groups=demand.groups).order_by()
    visits = made(scope=within, first_on=demand.first_on, last_on=demand.last_on)
    steps = Event.objects.filter(step__in=HOME_STEPS, on__gte=demand.first_on, on__lte=demand.last_on)
    verified = within.filter(steps.filter(lead__isnull=False), "lead__region_code")
    visited = Q(pk__in=visits.values("household"))
    changed = Q(pk__in=visits.filter(Q(typed_count__gt=0) | ~Q(result="")).values("household"))
    counted = wanted.values("region_code").annotate(
        all=Count("pk"),
        seen=Count("pk", filter=visited | Q(pk__in=verified.values("lead__household"))),
        plain=Count("pk", filter=visited & ~changed),
    )
    for row in counted:
        village = row["region_code"]
        found.villages[village] = Figures(village, row["all"], row["seen"], row["plain"])
    return found


def grid_workers(*, scope: Scope, on: dt.date) -> dict[int, int]:
    """Household → the member of staff whose grid it is on a day."""
    lines = scope.filter(Responsibility.objects.filter(kind=GRID_WORKER, from_on__lte=on)).exclude(until_on__lte=on)
    return dict(lines.values_list("household_id", "staff_id"))


def rolled_up(villages: Iterable[Figures], digits: int) -> list[Figures]:
    """Villages' figures by township (9) or county (6), in the order of the codes."""
    found: dict[str, Figures] = {}
    for one in villages:
        code = one.code[:digits].ljust(12, "0")
        total = found.setdefault(code, Figures(code))
        total.wanted_count += one.wanted_count
        total.seen_count += one.seen_count
        total.confirmed_count += one.confirmed_count
        total.result_counts.update(one.result_counts)
    return sorted(found.values(), key=lambda one: one.code)


def named(missed: Iterable[tuple[int, str, int | None]], *, month: Month) -> list[Missed]:
    """The blind spots as people read them, in the order of villages and numbers."""
    lines = list(missed)
    keys = [household for household, _, _ in lines]
    homes: dict[int, Household] = {}
    called: dict[int, dt.date] = {}
    for chunk in bulk.chunks(keys):
        homes |= Household.objects.only("id", "household_no", "head_name", "region_code").in_bulk(chunk)
        calls = Visit.objects.filter(household__in=chunk, month=str(month), undone_at=None).exclude(method=ONSITE)
        called |= dict(calls.values_list("household_id", "on"))
    found = [Missed(homes[key], grid, called.get(key)) for key, _, grid in lines if key in homes]
    return sorted(found, key=lambda one: (one.household.region_code, one.household.household_no))


def visits(*, scope: Scope, month: Month) -> QuerySet[Visit]:
    """The visits of a month as they were made, the newest first; undone ones left out."""
    rows = scope.filter(Visit.objects.filter(month=str(month), undone_at=None))
    return rows.select_related("household", "record").order_by("-on", "-record__received_at", "pk")


def _kinds(scope: Scope, demand: Demand) -> dict[int, tuple[bool, list[str]]]:
    """Household → whether nothing had changed, and the quick results of its visits."""
    found: dict[int, tuple[bool, list[str]]] = {}
    rows = scope.filter(Visit.objects.filter(undone_at=None, method=ONSITE)).filter(
        month__in=_months(demand.first_on, demand.last_on)
    )
    for household, typed, result in rows.values_list("household_id", "typed_count", "result").iterator(20_000):
        is_plain, results = found.get(household, (True, []))
        found[household] = (is_plain and not typed and not result, [*results, result] if result else results)
    return found
