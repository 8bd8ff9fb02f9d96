"""What households earned in 2021, item by item, and in the nine months from October 2021 to June 2022. All in whole fen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from . import calibration
from .cases import Case
from .families import Persons
from .lives import LOST, NONE, Lives
from .streams import Array, Streams, draw, some

_YUAN = 100
MONTHS = calibration.COLLECTION_START.until(calibration.SCREENED_MONTH)
# How the months of the collection year share an item [G]: the harvest comes in October, wages pause at the Spring Festival.
_WAGE_MONTHS = (1.0, 1.0, 1.0, 0.8, 0.5, 0.9, 1.0, 1.0, 1.0)
_BUSINESS_MONTHS = (4.0, 2.0, 0.8, 0.6, 0.4, 0.3, 0.3, 0.5, 1.0)
_COST_MONTHS = (0.5, 0.3, 0.2, 0.2, 0.5, 1.6, 2.4, 1.8, 0.6)
_PROPERTY_MONTHS = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2)
_EVEN_MONTHS = (1.0,) * 9
CASE_TRANSFER = 200_000  # fen; the rest of a case's income is wages


@dataclass
class Incomes:
    """One entry a household. ``net`` = wage + business + property + transfer − cost; the transfer parts add up to transfer."""

    wage: Array
    business: Array
    property_income: Array
    transfer: Array
    cost: Array
    allowance: Array  # 低保金
    extreme_hardship: Array  # 五保金
    pension: Array
    ecology: Array
    family_planning: Array
    dividend: Array  # 资产收益分红
    returned_land: Array  # 退耕还林, in tenths of 亩
    is_assisted: Array

    @property
    def net(self) -> Array:
        return self.wage + self.business + self.property_income + self.transfer - self.cost

    @property
    def gross(self) -> Array:
        return self.wage + self.business + self.property_income + self.transfer

    @property
    def other_transfer(self) -> Array:
        return (
            self.transfer - self.allowance - self.extreme_hardship - self.pension - self.ecology - self.family_planning
        )


def last_year(
    persons: Persons,
    lives: Lives,
    size: Array,
    is_alleviated: Array,
    is_in_need: Array,
    case_net: Array,
    streams: Streams,
    county: str,
) -> Incomes:
    """Incomes of 2021. ``is_in_need``: households monitored for their income; ``case_net``: a case's net income in fen, else −1."""
    chance = streams[f"incomes {county}"]
    count = len(size)
    is_case = case_net >= 0

    def of_household(flag: Array) -> Array:
        return np.bincount(persons.household, flag, minlength=count)

    workers = of_household(lives.work_months > 0)
    able = of_household(~np.isin(lives.labour, (NONE, LOST)))
    aged = of_household(persons.age >= 60)

    # log-normal per head; more hands earn more
    median = np.select(
        [is_in_need, is_alleviated],
        [calibration.MONITORED_MEDIAN, calibration.ALLEVIATED_MEDIAN],
        calibration.GENERAL_MEDIAN,
    )
    spread = np.select(
        [is_in_need, is_alleviated],
        [calibration.MONITORED_SPREAD, calibration.ALLEVIATED_SPREAD],
        calibration.GENERAL_SPREAD,
    )
    hands = np.clip(workers / size - 0.26, -0.26, 0.5)
    per_head = median * np.exp(spread * chance.normal(0, 1, count) + np.where(is_in_need, 0.0, 0.25) * hands)
    floor = calibration.LOWEST_UNMONITORED * np.exp(0.12 * chance.random(count))
    per_head = np.where(is_in_need, np.maximum(per_head, 4_300), np.maximum(per_head, floor))
    poor = some(
        chance, np.flatnonzero(~is_case & ~is_alleviated & ~is_in_need), round(count * calibration.BELOW_LINE_SHARE)
    )
    per_head[poor] = chance.uniform(5_200, 7_250, len(poor))
    net = np.round(per_head * size).astype(np.int64) * _YUAN

    is_assisted = chance.random(count) < np.select(
        [is_in_need, is_alleviated], [0.45, calibration.ASSISTED_ALLEVIATED], calibration.ASSISTED_GENERAL
    )
    is_assisted &= ~is_case
    pension = np.round(aged * chance.uniform(1_300, 1_560, count)).astype(np.int64) * _YUAN
    is_hardship = is_assisted & (able == 0) & (size == 1) & (chance.random(count) < 0.3)
    allowance = (
        np.where(is_assisted & ~is_hardship, np.round(size * chance.uniform(1_400, 3_800, count)), 0).astype(np.int64)
        * _YUAN
    )
    hardship = np.where(is_hardship, np.round(chance.uniform(6_500, 7_300, count)), 0).astype(np.int64) * _YUAN
    returned = np.where(chance.random(count) < 0.22, np.round(chance.uniform(5, 60, count)), 0).astype(np.int64)
    ecology = returned * 9 * _YUAN
    planning = np.where(chance.random(count) < 0.03, 1_200, 0).astype(np.int64) * _YUAN
    known = pension + allowance + hardship + ecology + planning
    # what is known must fit into the income; who has neither hands nor pension lives on support from relatives
    net = np.where(is_in_need | is_case, net, np.maximum(net, known + 600 * _YUAN * size))
    scale = np.where(known > 0, np.minimum(1.0, 0.92 * net / np.maximum(known, 1)), 1.0)
    pension, allowance, hardship, planning = (
        (np.round(part * scale / _YUAN)).astype(np.int64) * _YUAN for part in (pension, allowance, hardship, planning)
    )
    allowance = np.where((allowance > 0) & (allowance < 200 * _YUAN), 200 * _YUAN, allowance)
    returned = np.where(scale < 1, 0, returned)
    ecology = returned * 9 * _YUAN
    known = pension + allowance + hardship + ecology + planning
    rest = np.maximum(net - known, 0)

    dividend = (
        np.where(is_alleviated | (chance.random(count) < 0.05), np.round(chance.uniform(100, 900, count)), 0).astype(
            np.int64
        )
        * _YUAN
    )
    dividend = np.minimum(dividend, rest // 4 // _YUAN * _YUAN)
    other_property = (
        np.where(chance.random(count) < 0.18, np.round(chance.uniform(200, 1_600, count)), 0).astype(np.int64) * _YUAN
    )
    other_property = np.minimum(other_property, rest // 4 // _YUAN * _YUAN)
    rest = rest - dividend - other_property
    wage_share = np.where(
        workers > 0, np.where(able > workers, chance.uniform(0.55, 0.85, count), chance.uniform(0.75, 0.97, count)), 0.0
    )
    wage = np.round(rest * wage_share / _YUAN).astype(np.int64) * _YUAN
    wage = np.where((wage > 0) & (wage < 300 * _YUAN), 0, np.minimum(wage, 295_000 * _YUAN))
    farms = (able > 0) & (chance.random(count) < 0.85)
    business_net = (
        np.where(farms, np.round((rest - wage) * chance.uniform(0.5, 0.9, count) / _YUAN), 0).astype(np.int64) * _YUAN
    )
    cost = (
        np.where(business_net > 0, np.round(business_net * chance.uniform(0.35, 0.7, count) / _YUAN), 0).astype(
            np.int64
        )
        * _YUAN
    )
    cost = np.where((business_net > 0) & (cost == 0), _YUAN, cost)
    support = rest - wage - business_net
    incomes = Incomes(
        wage=wage,
        business=business_net + cost,
        property_income=dividend + other_property,
        transfer=known + support,
        cost=cost,
        allowance=allowance,
        extreme_hardship=hardship,
        pension=pension,
        ecology=ecology,
        family_planning=planning,
        dividend=dividend,
        returned_land=returned,
        is_assisted=is_assisted,
    )
    _set_cases(incomes, case_net)
    return incomes


def _set_cases(incomes: Incomes, case_net: Array) -> None:
    """A case earns wages and a little transfer income, so that its net income is exact to the fen."""
    rows = np.flatnonzero(case_net >= 0)
    for name in (
        "business",
        "property_income",
        "cost",
        "allowance",
        "extreme_hardship",
        "pension",
        "ecology",
        "family_planning",
        "dividend",
    ):
        getattr(incomes, name)[rows] = 0
    incomes.returned_land[rows] = 0
    incomes.transfer[rows] = CASE_TRANSFER
    incomes.wage[rows] = case_net[rows] - CASE_TRANSFER


@dataclass
class Months:
    """Five arrays of shape (households, 9): the collected months of ``households`` (their indexes), and which are missing."""

    households: Array
    wage: Array
    business: Array
    property_income: Array
    transfer: Array
    cost: Array
    is_missing: Array

    @property
    def net(self) -> Array:
        return self.wage + self.business + self.property_income + self.transfer - self.cost


def collected(
    incomes: Incomes, households: Array, case_sum: Array, is_case: Array, streams: Streams, county: str
) -> Months:
    """The nine months of ``households``; ``case_sum``: what a case's nine months add up to (net, fen)."""
    chance = streams[f"months {county}"]
    count = len(households)
    ordinary = np.flatnonzero(~is_case[households])
    growth = chance.normal(calibration.GROWTH_MEAN, calibration.GROWTH_SPREAD, count)
    falling = some(chance, ordinary, round(count * calibration.FALLING_SHARE))
    growth[falling] = chance.uniform(-0.35, -0.02, len(falling))
    net = incomes.net[households]
    wanted = np.round(net * (1 + growth) * 0.75 / _YUAN).astype(np.int64) * _YUAN
    factor = wanted / np.maximum(net, 1)
    parts = {
        name: np.round(getattr(incomes, name)[households] * factor / _YUAN).astype(np.int64) * _YUAN
        for name in ("wage", "business", "property_income", "transfer", "cost")
    }
    # what rounding left over goes to the transfers, which every household has or may have
    drift = wanted - (parts["wage"] + parts["business"] + parts["property_income"] + parts["transfer"] - parts["cost"])
    parts["transfer"] = np.maximum(parts["transfer"] + drift, 0)
    for place in np.flatnonzero(is_case[households]):
        _set_case_months(parts, int(place), int(case_sum[households[place]]))
    patterns = (_WAGE_MONTHS, _BUSINESS_MONTHS, _PROPERTY_MONTHS, _EVEN_MONTHS, _COST_MONTHS)
    wage, business, property_income, transfer, cost = (
        _spread(parts[name], pattern, is_case[households], chance)
        for name, pattern in zip(parts, patterns, strict=True)
    )
    missing = np.zeros((count, len(MONTHS)), dtype=bool)
    gaps = some(chance, ordinary, round(count * calibration.MONTH_MISSING_SHARE))
    missing[gaps, draw(chance, np.ones(len(MONTHS)), len(gaps))] = True
    return Months(households, wage, business, property_income, transfer, cost, missing)


def set_case_months(months: Months, cases: Iterable[tuple[Case, int]]) -> None:
    """Sets how much of a case is transfers, and leaves out its missing month: the other months then carry the whole sum."""
    place_of = {int(household): place for place, household in enumerate(months.households)}
    for case, household in cases:
        if household not in place_of:
            continue
        place = place_of[household]
        present = np.array([str(month) != case.missing_month for month in MONTHS])
        total = case.nine_months or 0
        transfer = min(CASE_TRANSFER, total) if case.transfer_of_nine is None else case.transfer_of_nine
        for part, amount in ((months.wage, total - transfer), (months.transfer, transfer)):
            part[place] = 0
            part[place, present] = amount // int(present.sum())
            part[place, np.flatnonzero(present)[-1]] += amount - part[place].sum()
        months.is_missing[place] = ~present


def _set_case_months(parts: dict[str, Array], place: int, total: int) -> None:
    for name in parts:
        parts[name][place] = 0
    parts["transfer"][place] = min(CASE_TRANSFER, total)
    parts["wage"][place] = total - parts["transfer"][place]


def _spread(totals: Array, pattern: tuple[float, ...], is_case: Array, chance: np.random.Generator) -> Array:
    """Totals in fen over nine months, in whole yuan but for what is left over; rows add up to their total exactly."""
    weights = np.asarray(pattern)[None, :] * chance.uniform(0.8, 1.2, (len(totals), len(pattern)))
    weights[is_case] = 1.0
    reached = np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None]
    steps = np.floor(totals[:, None] * reached / _YUAN).astype(np.int64) * _YUAN
    steps[:, -1] = totals
    return np.diff(np.concatenate([np.zeros((len(totals), 1), dtype=np.int64), steps], axis=1), axis=1)
