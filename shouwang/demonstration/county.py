"""Writes the files of the synthetic county as the national system and the departments would send them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent

from . import calibration, overlay, population
from .cases import all_cases
from .departments import dwelling, farm, health, people, school, work
from .departments.delivering import Visitors, people_of, sheet_of, strangers
from .departments.facts import Facts
from .departments.habits import HABITS, PERIODS, SETTLEMENT_OTHERWISE, Habit
from .names import given_names
from .numbers import identity_numbers
from .population import County
from .registers import write_register
from .streams import Streams, some
from .truth import DOUBTFUL, NEWCOMER, OTHER_COUNTY, UNMATCHED, Truth, add_file
from .writing import Sheet, write

REGISTRY, FEED = "registry", "feed"
_BEGINNING = np.datetime64("1900-01-01")
_SHORTEST_PUSH = 60


@dataclass(frozen=True)
class DemoFile:
    """A file and the command that imports it: ``registry import --kind`` or ``feed import`` with dataset, region and period."""

    path: Path
    command: str
    dataset: str
    region_code: str
    period: Month
    sender: str


def write_files(folder: Path, scale: float = 1.0, seed: int = 2022, progress: Progress = silent) -> list[DemoFile]:
    """Writes everything below ``folder`` and returns the files in the order in which they would be imported.

    ``scale`` 1 is a county of 60,000 rural households; the same scale and seed give the same bytes. Beside the files lies
    ``truth.jsonl`` (see ``truth``). Replaces what an earlier call wrote under the same names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    streams, truth = Streams(seed), Truth()
    progress("生成演示农户", 0, 4)
    lines = overlay.lines(overlay.policies())
    households = max(calibration.SMALLEST, round(calibration.HOUSEHOLDS * scale))
    county = population.build(calibration.COUNTY, households, all_cases(lines), streams)
    neighbours = max(50, round(calibration.NEIGHBOUR_HOUSEHOLDS * scale))
    neighbour = population.build(calibration.NEIGHBOUR, neighbours, [], streams)
    for name, value in vars(lines).items():
        truth.add("value", name=name, fen=value)

    progress("写农户档案", 1, 4)
    written = [
        DemoFile(folder / name, REGISTRY, kind, one.code, period, sender)
        for one in (county, neighbour)
        for name, kind, period, sender in write_register(one, folder, streams, truth)
    ]
    progress("写部门数据", 2, 4)
    departments = _Departments(folder, streams, truth)
    visitors = _visitors(county, neighbour, streams)
    written += departments.of_county(county, visitors)
    written += departments.of_neighbour(neighbour)
    written.append(departments.push_list(county, neighbour))
    progress("写真值", 3, 4)
    _tell_cases(county, truth)
    truth.write(folder)
    progress("写真值", 4, 4)
    return written


@dataclass
class _Visitors:
    """Who may turn up in a county's files without being in its register."""

    of_neighbour: Visitors
    refused: Visitors


def _visitors(county: County, neighbour: County, streams: Streams) -> _Visitors:
    chance = streams["visitors"]
    rows = some(chance, np.flatnonzero(neighbour.is_registered), 400)
    refused = np.flatnonzero(~county.is_registered)
    return _Visitors(
        people_of(neighbour.persons, chance.permutation(rows), "person_of_neighbour_county", OTHER_COUNTY),
        people_of(county.persons, refused, "person_unknown_to_register", f"{DOUBTFUL} or {UNMATCHED}"),
    )


@dataclass
class _Departments:
    folder: Path
    streams: Streams
    truth: Truth

    def of_county(self, county: County, visitors: _Visitors) -> list[DemoFile]:
        changes, gone = people.population_changes(county, self.streams)
        everything = (
            changes,
            health.settlements(county, self.streams),
            health.diseases(county, self.streams),
            health.insurance(county, self.streams),
            people.certificates(county, self.streams),
            people.assistance(county, self.streams),
            school.enrolments(county, self.streams),
            school.costs(county, self.streams),
            work.employment(county, self.streams, gone),
            dwelling.appraisals(county, self.streams),
            dwelling.losses(county, self.streams),
            people.accidents(county, self.streams, gone),
            people.benefits(county, self.streams, gone),
            work.monthly_income(county),
        )
        written = []
        for facts in everything:
            habit = HABITS[facts.dataset]
            before = _BEGINNING
            for period in PERIODS[facts.dataset]:
                last = np.datetime64(str(Month.parse(period).last_day))
                part = facts.between(before, last)
                before = last + np.timedelta64(1, "D")
                is_other = facts.dataset == "medical_settlement" and period == "2022-03"
                guests = self._guests(county, facts.dataset, period, len(part), visitors)
                written += self._deliver(county, part, SETTLEMENT_OTHERWISE if is_other else habit, period, guests)
        written.append(self._water(county))
        written.append(self._prices(county))
        return written

    def of_neighbour(self, county: County) -> list[DemoFile]:
        """The neighbour sends little: what is missing there shows as not computed."""
        written = []
        for facts in (
            health.settlements(county, self.streams),
            health.insurance(county, self.streams),
            work.monthly_income(county),
        ):
            habit = HABITS[facts.dataset]
            habit = replace(habit, sender=habit.sender.replace("涞源", "易"))
            first = np.datetime64("2022-01-01") if facts.dataset == "medical_settlement" else _BEGINNING
            part = facts.between(first, np.datetime64(str(calibration.AS_OF)))
            written += self._deliver(county, part, habit, str(calibration.SCREENED_MONTH), [])
        return written

    def push_list(self, county: County, neighbour: County) -> DemoFile:
        """The province's list for two counties, and a few people whom neither knows; the rows add up to a known sum."""
        habit = HABITS["asset_hint"]
        wanted = max(_SHORTEST_PUSH, round(calibration.PUSH_LIST_ROWS * len(county.size) / calibration.HOUSEHOLDS))
        unknown = max(2, round(wanted * 22 / 1203))
        of_neighbour = people.assets(neighbour, self.streams, max(5, wanted // 10))
        own_cases = sum(event.dataset == "asset_hint" for case, _ in county.cases for event in case.events)
        own = people.assets(county, self.streams, wanted - unknown - len(of_neighbour) - own_cases)
        name = f"{habit.sender}_{habit.title}_{calibration.SCREENED_MONTH}.csv"
        nobody = strangers(self.streams, name, unknown)
        # some live in a third county that keeps no register here, of the others the province does not say where
        nobody = replace(nobody, cells={"县": ["徐水区"] * (unknown // 2) + [""] * (unknown - unknown // 2)})
        sheet, layout = sheet_of(county, own, habit, self.streams, name, [nobody])
        other, _ = sheet_of(neighbour, of_neighbour, habit, self.streams, name + " neighbour", [])
        first = len(sheet)
        columns = {
            heading: pa.concat_arrays([column, other.columns[heading]]) for heading, column in sheet.columns.items()
        }
        joined = Sheet(columns, [*sheet.notes, *((first + row, note) for row, note in other.notes)])
        shares = {county.code: len(own), neighbour.code: len(of_neighbour), "unknown": unknown}
        return self._write(
            joined, layout, name, habit, "asset_hint", calibration.CITY, calibration.SCREENED_MONTH, shares=shares
        )

    def _guests(self, county: County, dataset: str, period: str, rows: int, visitors: _Visitors) -> list[Visitors]:
        if not DATASETS[dataset].is_about_people or not rows:
            return []
        name = f"{county.code} {dataset} {period}"
        if dataset == "population_change":
            return [_newborn(county, self.streams, name, max(1, round(rows * 0.12)))]
        strange = round(rows * calibration.STRANGERS) or int(period == "2022-06")
        near = round(rows * calibration.NEIGHBOURS)
        groups = [strangers(self.streams, name, strange), visitors.of_neighbour.first(near)]
        if dataset == "medical_insurance" and period == PERIODS[dataset][0]:
            groups.append(visitors.refused)
        return groups

    def _deliver(
        self, county: County, facts: Facts, habit: Habit, period: str, guests: Iterable[Visitors]
    ) -> list[DemoFile]:
        if not len(facts):
            return []
        name = f"{habit.sender}_{habit.title}_{period}.{habit.extension}"
        sheet, layout = sheet_of(county, facts, habit, self.streams, name, list(guests))
        return [self._write(sheet, layout, name, habit, facts.dataset, county.code, Month.parse(period))]

    def _water(self, county: County) -> DemoFile:
        habit = HABITS["water_outage"]
        rows, known = dwelling.outages(county, county.water_villages)
        for village, status in known:
            self.truth.add("water", village=village, rule="household.water_unsafe", status=status)
        columns = {heading: pa.array([row[heading] or None for row in rows], pa.string()) for heading in rows[0]}
        name = f"{habit.sender}_{habit.title}_{calibration.SCREENED_MONTH}.{habit.extension}"
        return self._write(
            Sheet(columns), habit.layout, name, habit, "water_outage", county.code, calibration.SCREENED_MONTH
        )

    def _prices(self, county: County) -> DemoFile:
        """Ten weeks of prices up to the screened day; no people, no findings."""
        habit = HABITS["produce_price"]
        rows = farm.prices(self.streams)
        columns = {heading: pa.array([row[heading] for row in rows], pa.string()) for heading in rows[0]}
        name = f"{habit.sender}_{habit.title}_{calibration.SCREENED_MONTH}.{habit.extension}"
        return self._write(
            Sheet(columns), habit.layout, name, habit, "produce_price", county.code, calibration.SCREENED_MONTH
        )

    def _write(
        self, sheet, layout, name: str, habit: Habit, dataset: str, region: str, period: Month, **known
    ) -> DemoFile:
        path = self.folder / name
        write(sheet, path, layout)
        add_file(
            self.truth,
            path,
            sheet.notes,
            layout.first_line,
            command=FEED,
            dataset=dataset,
            region=region,
            period=str(period),
            sender=habit.sender,
            rows=len(sheet),
            **known,
        )
        return DemoFile(path, FEED, dataset, region, period, habit.sender)


def _newborn(county: County, streams: Streams, name: str, count: int) -> Visitors:
    """Children who are not in the register yet; their rows name the household."""
    chance = streams[f"newborn {name}"]
    male = chance.integers(0, 2, count)
    last = np.datetime64(f"{name[-7:]}-01")
    born = last + chance.integers(0, 27, count).astype("timedelta64[D]")
    number = identity_numbers(np.full(count, int(county.code[:6])), born, male, after=60)
    year = np.full(count, calibration.AS_OF.year)
    full = np.char.add("王", given_names(chance, year, male))
    cells = {
        "变动类型": ["出生"] * count,
        "变动日期": np.datetime_as_string(born, unit="D").tolist(),
        "户编号": county.number[some(chance, np.flatnonzero(~county.is_case), count)].astype(str).tolist(),
    }
    return Visitors([one.decode() for one in number], full.tolist(), "newborn", NEWCOMER, cells)


def _tell_cases(county: County, truth: Truth) -> None:
    for case, household in county.cases:
        members = [str(county.person_number[county.person(household, member)]) for member in range(4)]
        truth.add(
            "case",
            case=case.name,
            rule=case.rule,
            household_no=str(county.number[household]),
            village=str(county.places.code[county.village[household]]),
            members=members,
            findings=dict(case.findings),
            observed=case.observed,
            threshold=case.threshold,
            lead=case.expects_lead,
            when=list(case.when) if case.when[0] else [],
            note=case.note,
        )
