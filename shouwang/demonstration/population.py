"""The synthetic county as a whole: its households with their people, incomes and monitoring, before anything becomes a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import calibration, families, incomes, lives, monitoring, places
from .cases import Case
from .cases.case import ALLEVIATED
from .incomes import Incomes, Months
from .streams import Array, Streams, some

_HOUSEHOLD_PREFIX = 53  # household numbers: 53, four digits of the county, seven of the household


@dataclass
class CaseSet:
    """Which case is set in which household: parallel lists."""

    cases: list[Case]
    household: list[int]

    def __iter__(self):
        return iter(zip(self.cases, self.household, strict=True))


@dataclass
class County:
    """Everything that is known of a county. Arrays of households and of persons; a person knows its household."""

    places: places.Places
    village: Array
    number: Array  # 户编号
    size: Array
    is_alleviated: Array
    is_case: Array
    first_person: Array  # index of the head
    persons: families.Persons
    lives: lives.Lives
    incomes: Incomes
    has_income: Array  # False: the cells of last year's income are empty
    months: Months
    monitoring: monitoring.Monitoring
    cases: CaseSet
    water_villages: Array  # set apart for the cases of the water rule: nothing else is set there
    is_registered: (
        Array  # False: the row will be refused or bears another's number, so the register does not know the person
    )

    @property
    def code(self) -> str:
        return self.places.county_code

    def person(self, household: int, member: int) -> int:
        return int(self.first_person[household]) + member

    @property
    def person_number(self) -> Array:
        """人口编号: the household's number and the place in the household."""
        return self.number[self.persons.household] * 100 + self.persons.order

    def ordinary_persons(self) -> Array:
        """Indexes of registered people who belong to no case and to no disturbed household."""
        return np.flatnonzero(~self.is_case[self.persons.household] & self.is_registered)


def build(county_code: str, households: int, cases: list[Case], streams: Streams) -> County:
    """A county of about ``households`` with every case set in its copies."""
    where = places.read(county_code, households, streams)
    village = where.households(streams, households)
    water_villages = _apart(where, village) if cases else np.array([], dtype=np.int64)
    case_set = _set(cases, village, water_villages, where, streams)
    is_case = np.zeros(households, dtype=bool)
    is_case[case_set.household] = True
    chance = streams[f"kinds {county_code}"]
    is_alleviated = np.zeros(households, dtype=bool)
    is_alleviated[some(chance, np.flatnonzero(~is_case), round(households * calibration.ALLEVIATED_SHARE))] = True
    for case, household in case_set:
        is_alleviated[household] = case.kind == ALLEVIATED

    born = {(household, member): day for case, household in case_set for member, day in case.born.items()}
    persons = families.settle(where, village, is_case, born, streams)
    size = np.bincount(persons.household, minlength=households)
    first_person = np.concatenate([[0], np.cumsum(size)[:-1]])
    life = lives.live(persons, is_case[persons.household], is_alleviated[persons.household], streams, county_code)
    watched = monitoring.watch(is_alleviated, is_case, persons, life, streams, county_code)
    monitoring.name_risks(watched, persons, life, size, streams, county_code)

    case_net = np.full(households, -1, dtype=np.int64)
    case_months = np.full(households, -1, dtype=np.int64)
    has_income = np.ones(households, dtype=bool)
    for case, household in case_set:
        case_net[household] = incomes.CASE_TRANSFER if case.last_year is None else case.last_year
        case_months[household] = case.nine_months or 0
        has_income[household] = case.last_year is not None
        _watch_case(watched, case, household)
        for member, labour in case.labour.items():
            person = int(first_person[household]) + member
            life.labour[person] = lives.LABOUR.index(labour)
            life.work_months[person], life.workplace[person], life.employer[person] = 0, -1, 0

    in_need = (watched.category > 0) & (watched.category < 3) & ~watched.is_cleared
    income = incomes.last_year(persons, life, size, is_alleviated, in_need, case_net, streams, county_code)
    is_collected = (is_alleviated | watched.is_active) & ~is_case
    for case, household in case_set:
        is_collected[household] = case.is_collected
        if case.labour:  # nobody works
            income.transfer[household] += income.wage[household]
            income.wage[household] = 0
    months = incomes.collected(income, np.flatnonzero(is_collected), case_months, is_case, streams, county_code)
    incomes.set_case_months(months, case_set)
    if cases:
        _skip_month(months, is_case, village, where)
    county_digits = int(county_code[2:6])
    return County(
        places=where,
        village=village,
        number=(_HOUSEHOLD_PREFIX * 10_000 + county_digits) * 10_000_000 + np.arange(1, households + 1),
        size=size,
        is_alleviated=is_alleviated,
        is_case=is_case,
        first_person=first_person,
        persons=persons,
        lives=life,
        incomes=income,
        has_income=has_income,
        months=months,
        monitoring=watched,
        cases=case_set,
        water_villages=water_villages,
        is_registered=np.ones(len(persons), dtype=bool),
    )


def _apart(where: places.Places, village: Array) -> Array:
    """The smallest villages, but not that of the demonstration."""
    order = np.argsort(np.bincount(village, minlength=len(where)), kind="stable")
    return order[where.code[order] != calibration.DEMONSTRATION_VILLAGE][: calibration.WATER_VILLAGES]


def _skip_month(months: Months, is_case: Array, village: Array, where: places.Places) -> None:
    """In one village of middling size nobody collected one month."""
    skipped = np.argsort(np.bincount(village, minlength=len(where)), kind="stable")[len(where) // 2]
    rows = (village[months.households] == skipped) & ~is_case[months.households]
    months.is_missing[rows, [str(month) for month in incomes.MONTHS].index(calibration.VILLAGE_MISSING_MONTH)] = True


def _set(cases: list[Case], village: Array, apart: Array, where: places.Places, streams: Streams) -> CaseSet:
    """Chooses households for the cases: every case once in the village of the demonstration as long as there is room."""
    chance = streams[f"cases {where.county_code}"]
    listed = [case for case in cases for _ in range(case.copies)]
    firsts = [case for case in cases if case.expects_lead]
    here = np.flatnonzero(where.code[village] == calibration.DEMONSTRATION_VILLAGE)
    here = some(chance, here, min(len(firsts), 20, len(here) // 3)) if cases else here[:0]
    order = chance.permutation(len(firsts))[: len(here)]
    chosen = [(firsts[place], int(household)) for place, household in zip(order, here, strict=True)]
    for case, _ in chosen:
        listed.remove(case)
    elsewhere = np.flatnonzero((where.code[village] != calibration.DEMONSTRATION_VILLAGE) & ~np.isin(village, apart))
    rest = chance.permutation(some(chance, elsewhere, len(listed)))
    chosen += [(case, int(household)) for case, household in zip(listed, rest, strict=True)]
    chosen.sort(key=lambda pair: pair[1])
    return CaseSet([case for case, _ in chosen], [household for _, household in chosen])


def _watch_case(watched: monitoring.Monitoring, case: Case, household: int) -> None:
    if case.monitored is None:
        return
    watched.category[household] = monitoring.CATEGORIES.index(case.monitored.category)
    watched.risk[household] = monitoring.RISKS.index(case.monitored.risk)
    watched.identified[household] = monitoring.month_number(2021, 4)
    watched.is_cleared[household] = case.monitored.is_cleared
    watched.cleared[household] = monitoring.month_number(2022, 2) if case.monitored.is_cleared else 0
