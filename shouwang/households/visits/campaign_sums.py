"""How far campaigns are in each township, kept: the figures of ``campaigns.progress`` for a county and above, without a name."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shouwang.casework.models import Case
from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import kept_sums
from shouwang.regions.kept_sums import Ranges
from shouwang.registry.models import Household
from shouwang.screening import derived
from shouwang.screening.models import RuleResult

from .. import watched
from ..archive import queries as archive
from ..derived import low_income as low_income_table
from . import campaigns, coverage, population
from .campaigns import ADDED, CLEARED, KEPT, UNCHECKED, Running
from .coverage import Figures

_TOWNSHIP = 9
_FEW_TOWNSHIPS = 5000  # codes
_BY_CODE = {one.code: one for one in campaigns.CAMPAIGNS}


@dataclass
class Sums:
    """One campaign in a county: by township, of those to look at first, and how objects ended (nothing where that is not asked)."""

    townships: list[Figures]
    focus: Figures
    low_income: Figures | None  # None: not looked at apart, or not computed
    low_income_why: str
    standings: Counter[str] = field(default_factory=Counter)


def of_county(*, running: Running, county: str, scope: Scope) -> Sums:
    """What ``campaigns.progress`` counts, by township. Raises NotPermittedError for a county that is not wholly seen."""
    result, why = _low_income(running, county)
    found = Sums([], Figures(county), Figures(county) if result else None, why)
    kept = kept_sums.read(PROGRESS, ranges=scope.narrowed(county).ranges, key=_key(running, county, result))
    for township, (all_, focus, low, standings) in sorted(kept.items()):
        found.townships.append(Figures(f"{township}000", *all_))
        found.standings.update(standings)
        for total, (wanted, done) in ((found.focus, focus), (found.low_income, low)):
            if total is not None:
                total.wanted_count += wanted
                total.seen_count += done
    return found


def _low_income(running: Running, county: str) -> tuple[RuleResult | None, str]:
    """(the newest screening's table, why there is nothing to read in it)."""
    if population.LOW_INCOME not in running.campaign.focus:
        return None, ""
    result = derived.newest(code=low_income_table.DERIVED.code, region_code=county)
    if result is None:
        return None, "还没有筛查"
    if not result.file:
        try:
            derived.read(result=result, scope=Scope(()))
        except UserError as error:
            return None, error.message.removeprefix("未计算：")
    return result, ""


def key_of(running: Running, county: str) -> dict[str, Any]:
    """What the figures of a campaign depend on beside what is watched."""
    return _key(running, county, _low_income(running, county)[0])


def _key(running: Running, county: str, result: RuleResult | None) -> dict[str, Any]:
    # a screening's table never changes, so that its number stands for it
    window = {"first_on": running.first_on, "last_on": running.last_on}
    is_compared = running.campaign.is_archive and archive.is_compared(county=county, **window)
    return {
        "campaign": running.campaign.code,
        "groups": sorted(running.groups),
        **window,
        "low_income": result.pk if result else None,
        "is_compared": is_compared,
    }


def _count(
    *,
    ranges: Ranges,
    campaign: str,
    groups: list[str],
    first_on: dt.date,
    last_on: dt.date,
    low_income: int | None,
    is_compared: bool,
) -> dict[str, list[Any]]:
    """Township → [to do, done] of all, of those to look at first, of those of low income, and standings."""
    asked, found = _BY_CODE[campaign], _Townships()
    for county, codes in kept_sums.by_county(ranges).items():
        within, around = Scope(codes), Scope((kept_sums.one_place(county),))
        wanted = dict(population.households(scope=within, groups=groups).order_by().values_list("pk", "region_code"))
        if asked.is_archive:
            done = wanted.keys() - archive.unsettled(scope=around) if is_compared else set()
        else:
            done = _seen(within, around, first_on, last_on)
        standings: dict[int, tuple[str, str]] = {}
        if asked.is_dynamic:
            standings = {
                home: (KEPT if home in done else UNCHECKED, village) for home, village in wanted.items()
            } | _ended(within, first_on, last_on)
            cleared = [home for home, (how, _) in standings.items() if how == CLEARED and home not in wanted]
            wanted |= dict(within.filter(Household.objects.filter(pk__in=cleared)).values_list("pk", "region_code"))
        focus = set(population.households(scope=within, groups=asked.focus).values_list("pk", flat=True))
        low = _of_low_income(low_income, around)
        for home, village in wanted.items():
            is_done = home in done or standings.get(home, ("", ""))[0] in (ADDED, CLEARED)
            found.add(village, is_done, is_focus=home in focus or home in low, is_low=home in low)
        for how, village in standings.values():
            found.of(village)[3][how] = found.of(village)[3].get(how, 0) + 1
    return found.townships


class _Townships:
    def __init__(self) -> None:
        self.townships: dict[str, list[Any]] = {}

    def of(self, village: str) -> list[Any]:
        return self.townships.setdefault(village[:_TOWNSHIP], [[0, 0], [0, 0], [0, 0], {}])

    def add(self, village: str, is_done: bool, *, is_focus: bool, is_low: bool) -> None:
        for counts, is_meant in zip(self.of(village), (True, is_focus, is_low), strict=False):
            if is_meant:
                counts[0] += 1
                counts[1] += is_done


def _seen(within: Scope, around: Scope, first_on: dt.date, last_on: dt.date) -> set[int]:
    """The households at which somebody was; of a few townships asked by household, else in the whole county."""
    visits = coverage.made(scope=around, first_on=first_on, last_on=last_on).order_by()
    if within.width <= _FEW_TOWNSHIPS:
        homes = within.filter(Household.objects.filter(is_withdrawn=False)).values("pk")
        visits = visits.filter(household__in=homes)
    found = set(visits.values_list("household_id", flat=True).distinct())
    return found | coverage.verified(scope=around, first_on=first_on, last_on=last_on)


def _ended(within: Scope, first_on: dt.date, last_on: dt.date) -> dict[int, tuple[str, str]]:
    """Household → (taken in or cleared in the window, village)."""
    cases = within.filter(Case.objects.all(), "household__region_code")
    found: dict[int, tuple[str, str]] = {}
    for how, rows in (
        (ADDED, cases.filter(included_on__range=(first_on, last_on))),
        (CLEARED, cases.filter(cleared_on__range=(first_on, last_on))),
    ):
        found |= {home: (how, village) for home, village in rows.values_list("household_id", "household__region_code")}
    return found


def _of_low_income(result: int | None, around: Scope) -> set[int]:
    if result is None:
        return set()
    where = f"position = '{low_income_table.LOW}'"
    rows = derived.read(result=RuleResult.objects.get(pk=result), scope=around, where=where)
    return {row["household_key"] for row in rows}


def _wanted(*, today: dt.date, policies: Policies) -> Iterable[tuple[dict[str, Any], Ranges]]:
    for county in watched.counties():
        for running in campaigns.held(county=county, today=today, policies=policies):
            yield key_of(running, county), Scope.of_region(county).ranges


PROGRESS = kept_sums.Sum(
    name="campaigns",
    sources=(
        watched.HOUSEHOLD,
        watched.MONITORING,
        watched.CASE,
        watched.PERSON,
        watched.LEAD,
        watched.OPEN_LEAD,
        watched.LEAD_EVENT,
        watched.VISIT,
        watched.ARCHIVE_DIFFERENCE,
    ),
    compute=_count,
    wanted=_wanted,
)
