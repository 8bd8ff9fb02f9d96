"""Campaigns that documents set a time for: they ask nobody anything new, but count the visits that were made in their window.

集中排查, 回头看 and 动态管理 reuse what is known (S0-C-13, S0-C-14, S4-C-14, S4-C-15).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shouwang.casework.models import Case
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies, Resolution
from shouwang.policy.quantities import Frequency, Window
from shouwang.registry.models import Household
from shouwang.screening import derived

from ..archive import queries as archive
from ..derived import low_income as low_income_table
from . import coverage, population
from .coverage import Figures
from .population import ALLEVIATED_HOUSEHOLD, LOW_INCOME, OBJECT, WARNED

ADDED, CLEARED, KEPT, UNCHECKED = "added", "cleared", "kept", "unchecked"
STANDINGS = {ADDED: "新增", CLEARED: "消除", KEPT: "已核查，保留", UNCHECKED: "未核查"}
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Campaign:
    """``groups`` empty: those of the month's visits. ``focus``: whom to look at first. ``only_under``: held only where this
    clause asks for it. ``is_dynamic``: each object ends as added, cleared or kept. ``is_archive``: done is who was compared with the
    archive and has no open difference."""

    code: str
    label: str
    parameter: str
    groups: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    only_under: str = ""
    is_dynamic: bool = False
    is_archive: bool = False


CAMPAIGNS = (
    Campaign(
        "concentrated",
        "集中排查",
        "household.concentrated_screening_window",
        focus=(ALLEVIATED_HOUSEHOLD, OBJECT, WARNED, LOW_INCOME),
    ),
    Campaign(
        "look_back",
        "脱贫人口“回头看”",
        "household.concentrated_screening_window",
        groups=(ALLEVIATED_HOUSEHOLD,),
        only_under="hengshui-2022-1#C.2.2.2",
    ),
    Campaign("annual", "年度动态管理", "household.annual_dynamic_window", groups=(OBJECT,), is_dynamic=True),
    Campaign(
        "archive",
        "档卡规范化",
        "household.annual_dynamic_window",
        groups=(ALLEVIATED_HOUSEHOLD, OBJECT),
        only_under="xuchang-2022-1#3.1.4.2",
        is_archive=True,
    ),
    Campaign("periodic", "监测对象动态调整", "household.dynamic_adjust_frequency", groups=(OBJECT,), is_dynamic=True),
)


@dataclass(frozen=True)
class Running:
    """A campaign as it is held in a county: its window, the values behind, and whom it is about."""

    campaign: Campaign
    first_on: dt.date
    last_on: dt.date
    groups: tuple[str, ...]
    resolution: Resolution

    def is_over(self, today: dt.date) -> bool:
        return today > self.last_on


@dataclass
class Progress:
    """How far a campaign is in a place: figures by village, the households that nobody looked at, and how objects ended."""

    running: Running
    villages: dict[str, Figures]
    missed: list[tuple[int, str, int | None]]
    standings: dict[int, str]
    focus: Figures
    low_income: Figures | None = None  # None: not looked at apart, or not computed
    low_income_why: str = ""  # what stops the computation

    def count(self, standing: str) -> int:
        return sum(one == standing for one in self.standings.values())


def held(*, county: str, today: dt.date, policies: Policies) -> list[Running]:
    """The campaigns that documents ask of a county around a day; those without a value are not held."""
    found = []
    for campaign in CAMPAIGNS:
        resolution = policies.resolve(campaign.parameter, region_code=county, on=today)
        span = _span(resolution, today)
        if span is None or resolution.source is None:
            continue
        clause = campaign.only_under
        if clause and not any(cite == clause or cite.startswith(f"{clause}.") for cite in resolution.source.cites):
            continue
        month = Month.of(min(today, span[1]))
        groups = campaign.groups or population.demand(county=county, month=month, policies=policies).groups
        found.append(Running(campaign, *span, groups, resolution))
    return found


def progress(*, running: Running, county: str, scope: Scope, today: dt.date) -> Progress:
    """Done counts from visits that were made anyway; a household seen in the window is done."""
    within = scope.narrowed(county) if scope.contains(county) else scope
    rows = population.households(scope=within, groups=running.groups).order_by()
    wanted = dict(rows.values_list("pk", "region_code"))
    last_on = min(today, running.last_on)
    seen = coverage.days_seen(scope=within, first_on=running.first_on, last_on=last_on)
    if running.campaign.is_archive:
        days = {"first_on": running.first_on, "last_on": last_on}
        sound = archive.sound(scope=within, county=county, households=set(wanted), **days)
        seen = {household: {last_on} for household in sound}
    standings = _standings(within, wanted, seen, running) if running.campaign.is_dynamic else {}
    wanted |= _of_cases(within, [key for key, one in standings.items() if one == CLEARED and key not in wanted])
    focus = set(population.households(scope=within, groups=running.campaign.focus).values_list("pk", flat=True))
    grids = coverage.grid_workers(scope=within, on=last_on)
    found = Progress(running, {}, [], standings, Figures(county))
    low: set[int] = set()
    if LOW_INCOME in running.campaign.focus:
        low, found.low_income_why = low_income(county=county, scope=within)
        found.low_income = None if found.low_income_why else Figures(county)
        focus |= low
    for household, village in wanted.items():
        is_done = household in seen or standings.get(household, UNCHECKED) in (ADDED, CLEARED)
        figures = found.villages.setdefault(village, Figures(village))
        figures.wanted_count += 1
        figures.seen_count += is_done
        if household in focus:
            found.focus.wanted_count += 1
            found.focus.seen_count += is_done
        if found.low_income is not None and household in low:
            found.low_income.wanted_count += 1
            found.low_income.seen_count += is_done
        if not is_done:
            found.missed.append((household, village, grids.get(household)))
    return found


# S0-C-13
def low_income(*, county: str, scope: Scope) -> tuple[set[int], str]:
    """(households whose last year's income lies in the range of monitoring, as the newest screening says; why it says nothing)."""
    result = derived.newest(code=low_income_table.DERIVED.code, region_code=county)
    if result is None:
        return set(), "还没有筛查"
    try:
        rows = derived.read(result=result, scope=scope, where=f"position = '{low_income_table.LOW}'")
    except UserError as error:
        return set(), error.message.removeprefix("未计算：")
    return {row["household_key"] for row in rows}, ""


# hengshui-2022-1#C.2.2.3, xuchang-2022-1#3.1.4.2
def _standings(scope: Scope, wanted: dict[int, str], seen: dict[int, set[dt.date]], running: Running) -> dict[int, str]:
    """Household → how it ends: taken in or cleared in the window, looked at and kept, or not looked at."""
    found = {household: KEPT if household in seen else UNCHECKED for household in wanted}
    window = (running.first_on, running.last_on)
    rows = scope.filter(Case.objects.all())
    found |= dict.fromkeys(rows.filter(included_on__range=window).values_list("household_id", flat=True), ADDED)
    found |= dict.fromkeys(rows.filter(cleared_on__range=window).values_list("household_id", flat=True), CLEARED)
    return found


def _of_cases(scope: Scope, households: list[int]) -> dict[int, str]:
    """Those who were cleared in the window are objects no more, and still belong to what was done."""
    return dict(scope.filter(Household.objects.filter(pk__in=households)).values_list("pk", "region_code"))


def _span(resolution: Resolution, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """From when to when; a window without a beginning begins with its document."""
    value, source = resolution.value, resolution.source
    if source is None or value is None:
        return None
    if isinstance(value, Window):
        return value.first_on or source.from_on, value.last_on or dt.date(today.year, 12, 31)
    if isinstance(value, Frequency) and (length := _MONTHS.get(value.period)):
        first = Month(today.year, (today.month - 1) // length * length + 1)
        return first.first_day, first.plus(length - 1).last_day
    return None
