"""Lake files of whole counties, written straight to Parquet, for measuring the screening: 0.3, 4 or 45 million people.

Everything follows from a hash of the seed and the keys, so the same persons and seed give the same rows (and, with the same
DuckDB, the same bytes). No cases and no defects: see ``county`` for those. Rates are near those of the measurements that the
goals refer to: 3.2 people a household, 0.18 settlements a person and month, nine months of income of every household.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.regions import catalogue
from shouwang.regions.codes import level_of

from . import calibration, lake_tables

PERSONS_PER_COUNTY = 180_000
PERSONS_PER_HOUSEHOLD = 3.2
_KEYS_PER_COUNTY = 10_000_000  # room for the keys of one county
_COUNTY = 3


@dataclass(frozen=True)
class LakeTable:
    """One written file: dataset, county, period, batch, how many rows."""

    dataset: str
    region_code: str
    period: str
    batch: int
    path: Path
    row_count: int


def write(folder: Path, persons: int, seed: int = 2022, progress: Progress = silent) -> list[LakeTable]:
    """Writes ``folder``/<dataset>/region=…/period=…/batch-<number>.parquet for about ``persons`` people; returns the files.

    Counties of some 180,000 people each, under the codes of real ones. Four million take some 15 seconds on two cores, 45 million four minutes.
    """
    count = max(1, round(persons / PERSONS_PER_COUNTY))
    households = round(persons / count / PERSONS_PER_HOUSEHOLD)
    written: list[LakeTable] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        work = (
            pool.submit(_write_county, folder, county, place, households, seed)
            for place, county in enumerate(_county_codes(count))
        )
        for place, one in enumerate(list(work)):
            progress("写数据湖", place, count)
            written += one.result()
    progress("写数据湖", count, count)
    return written


def _county_codes(count: int) -> list[str]:
    """Real counties: 涞源 and 易县 first, then the rest of the country."""
    first = [calibration.COUNTY, calibration.NEIGHBOUR]
    others = [
        line.code
        for line in catalogue.divisions(to_county=True)
        if level_of(line.code) == _COUNTY and line.is_in_force()
    ]
    codes = first + [code for code in sorted(set(others)) if code not in first]
    if count > len(codes):
        raise ValueError(f"there are {len(codes)} counties, {count} were asked for")
    return codes[:count]


def _write_county(folder: Path, county: str, place: int, households: int, seed: int) -> list[LakeTable]:
    first_key = (place + 1) * _KEYS_PER_COUNTY
    # values of our own making, no user's: prepared statements do not take them in macros
    values = {"seed": seed * 1_000 + place, "first_key": first_key, "households": households, "county": county}
    written = []
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=config) as connection:
        for statement in lake_tables.PREPARATION:
            connection.execute(statement.format(**values))
        tables = list(_tables())
        for number, (dataset, period, query) in enumerate(tables, start=1):
            batch = place * len(tables) + number
            path = folder / dataset / f"region={county}" / f"period={period}" / f"batch-{batch}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = query.format(**values, batch=batch, period=period, first_day=f"{period}-01")
            target = str(path).replace("'", "''")
            row = connection.execute(f"COPY ({text}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)").fetchone()
            written.append(LakeTable(dataset, county, period, batch, path, row[0] if row else 0))
    return written


def _tables() -> Iterator[tuple[str, str, str]]:
    screened = calibration.SCREENED_MONTH
    for dataset, query in lake_tables.SNAPSHOTS.items():
        yield dataset, str(screened), query
    yield "registry_income", str(Month(calibration.LAST_YEAR, 12)), lake_tables.INCOME_OF_THE_YEAR
    for month in screened.plus(-11).until(screened):
        yield "medical_settlement", str(month), lake_tables.SETTLEMENTS
    for month in calibration.COLLECTION_START.until(screened):
        yield "monthly_income", str(month), lake_tables.MONTHLY_INCOME
