"""A county with a few registered people, and a way to send it files."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from shouwang.feeds import actions
from shouwang.feeds.actions import Outcome
from shouwang.feeds.facts import SUPERSEDED
from shouwang.foundation.periods import Month
from shouwang.intake import queries as intake
from shouwang.lake import store
from shouwang.regions import actions as regions
from shouwang.registry.models import Household, Person
from tests import factories
from tests.factories import LAIYUAN, NOW


@dataclass
class County:
    """涞源县 with three households in the register, and files that come to it."""

    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)

    def person(self, name: str, born_on: dt.date, *, household: str = "", region_code: str = "130630100201") -> str:
        """Registers somebody (a household of their own unless told) and returns the identity number."""
        home = self.households.get(household) or factories.make_household(region_code=region_code, head_name=name)
        number = factories.identity_number(area=region_code[:6], born_on=born_on)
        self.people[name] = factories.make_person(household=home, name=name, number=number)
        self.numbers[name] = number
        self.households[name] = home
        return number

    def write(self, rows: Sequence[Sequence[Any]], *, name: str = "来文.csv", encoding: str = "utf-8") -> Path:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        path = self.folder / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    def send(
        self,
        dataset: str,
        rows: Sequence[Sequence[Any]],
        *,
        period: str = "2022-06",
        region_code: str = LAIYUAN,
        now: dt.datetime = NOW,
        **options: Any,
    ) -> Outcome:
        """Imports rows as a department sends them, the heading first."""
        path = self.write(rows, name=f"{dataset}-{period}.csv")
        return actions.import_file(
            path=path,
            dataset=dataset,
            region_code=region_code,
            period=Month.parse(period),
            by=None,
            now=now,
            **options,
        )

    def facts(self, dataset: str, columns: str = "*", *, county: str = LAIYUAN, month: str = "9999-99") -> list[tuple]:
        """The rows that count for a screening of ``month``, as a rule reads them."""
        files = intake.lake_files(county_code=county, datasets=[dataset, SUPERSEDED])
        told = [str(store.absolute(file.path)) for file in files if file.dataset == dataset]
        gone = [str(store.absolute(file.path)) for file in files if file.dataset == SUPERSEDED]
        if not told:
            return []
        with store.connect() as connection:
            without = ""
            if gone:
                without = f"""ANTI JOIN (SELECT batch, row FROM read_parquet({gone}, union_by_name = true)
                    WHERE dataset = '{dataset}' AND period <= '{month}') USING (batch, row)"""
            return connection.execute(f"""SELECT {columns} FROM read_parquet({told}, union_by_name = true, hive_partitioning = false)
                {without} WHERE period <= '{month}' ORDER BY batch, row""").fetchall()


@pytest.fixture
def county(db: None, tmp_path: Path) -> County:
    """张建国 and 李丽 live together in one village, 王秀英 in another."""
    found = County(tmp_path)
    found.person("张建国", dt.date(1965, 2, 3))
    found.person("李丽", dt.date(1970, 1, 12), household="张建国")
    found.person("王秀英", dt.date(1950, 8, 20), region_code="130630101202")
    factories.write_snapshot()
    return found


@pytest.fixture
def neighbour(county: County) -> Callable[[], str]:
    """Registers 刘洋 in the next county, 易县; returns the number."""

    def register() -> str:
        number = county.person("刘洋", dt.date(1980, 3, 4), region_code="130633100201")
        factories.write_snapshot(factories.YIXIAN)
        return number

    return register


@pytest.fixture
def divisions(db: None) -> None:
    """The townships and villages of 涞源县 in the database."""
    regions.load(counties_in_detail={LAIYUAN})
