"""Writes the national system's sheets of a county, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from shouwang.foundation.periods import Month

from . import calibration, national, questions
from .defects import Damage, damage_persons, repeat_rows
from .numbers import in_scientific_notation
from .population import County
from .streams import Streams
from .truth import REFUSED, Truth, add_file
from .writing import Layout, Sheet, write

SENDER = "全国防返贫监测信息系统"
_YEAR_END, _JUNE = Month(calibration.LAST_YEAR, 12), calibration.SCREENED_MONTH
_NUMBERS = ("证件号码", "户主证件号码", "银行卡号")

Written = tuple[str, str, Month, str]


def write_register(county: County, folder: Path, streams: Streams, truth: Truth) -> Iterator[Written]:
    """The sheets of one county in the order of import: (file name, kind, period, sender) each."""
    is_main = county.code == calibration.COUNTY
    pool = questions.Pool(county, streams)
    for sheet, kind, period, extension, layout in (
        _households(county, streams, pool, is_main=is_main),
        _persons(county, streams, pool),
        _objects(county, streams),
        _out_work(county, streams),
    ):
        name = f"{county.places.county}_{_TITLES[kind]}_{period}.{extension}"
        write(sheet, folder / name, layout)
        known = {"command": "registry", "dataset": kind, "region": county.code, "period": str(period), "sender": SENDER}
        add_file(truth, folder / name, sheet.notes, layout.first_line, rows=len(sheet), **known)
        yield name, kind, period, SENDER


_TITLES = {"household": "农户信息", "person": "人员信息", "monitored": "监测对象信息", "outwork": "外出务工信息"}


def _households(
    county: County, streams: Streams, pool: questions.Pool, *, is_main: bool
) -> tuple[Sheet, str, Month, str, Layout]:
    sheet = national.household_sheet(county, streams)
    everyone = np.arange(len(sheet))
    questions.ask(sheet, questions.of_households(county), everyone, pool, questions.each(county))
    chance = streams[f"damage households {county.code}"]
    damage = Damage(sheet, chance, pool.is_free.copy(), "户主证件号码", "户主姓名")
    if is_main:
        rows = damage.rows(calibration.LOST_DIGITS / 3, least=1)
        pool.is_free[rows] = False
        known = {int(row): {"household_no": text} for row, text in zip(rows, sheet.cells("户编号", rows), strict=True)}
        texts: list[str | None] = [in_scientific_notation(text) for text in sheet.cells("户主证件号码", rows)]
        damage.change(rows, "户主证件号码", texts, "lost_digits", REFUSED, known)
    damage.harmless(county.persons.age[county.first_person])
    layout = Layout(
        titles=(
            f"{county.places.county}{calibration.LAST_YEAR}年度农户基本信息（导出时间：{calibration.LAST_YEAR}年12月31日）",
        ),
        wrapped=_NUMBERS,
        total=("家庭人口数",),
    )
    return sheet, "household", _YEAR_END, "csv" if is_main else "xlsx", layout


def _persons(county: County, streams: Streams, pool: questions.Pool) -> tuple[Sheet, str, Month, str, Layout]:
    sheet = national.person_sheet(county, streams)
    household = county.persons.household
    questions.ask(sheet, questions.of_persons(county, sheet), household, pool, questions.each(county))
    questions.share_numbers(county, sheet, pool, max(1, questions.each(county) // 4))
    may = pool.is_free[household]
    damage_persons(county, sheet, may, streams)
    touched = np.zeros(len(sheet), dtype=bool)
    touched[[row for row, _ in sheet.notes]] = True
    repeated, origin = repeat_rows(
        Sheet(sheet.columns),
        may & ~touched,
        calibration.REPEATED_ROW,
        streams[f"repeat persons {county.code}"],
        least=1,
    )
    place = np.searchsorted(origin, np.arange(len(sheet)))
    repeated.notes += [(int(place[row]), note) for row, note in sheet.notes]
    return repeated, "person", _JUNE, "csv", Layout(wrapped=_NUMBERS)


def _objects(county: County, streams: Streams) -> tuple[Sheet, str, Month, str, Layout]:
    sheet = national.monitored_sheet(county, streams)
    questions.ask_objects(county, sheet, streams)
    layout = Layout(
        titles=(f"{county.places.county}防止返贫监测对象信息表",), blank_after_title=True, total=("家庭人口数",)
    )
    return sheet, "monitored", _JUNE, "xlsx", layout


def _out_work(county: County, streams: Streams) -> tuple[Sheet, str, Month, str, Layout]:
    sheet, rows = national.out_work_sheet(county, streams)
    chance = streams[f"damage out-work {county.code}"]
    kept = np.flatnonzero(county.is_registered[rows])
    sheet, rows = sheet.taken(kept), rows[kept]
    damage = Damage(sheet, chance, ~county.is_case[county.persons.household[rows]])
    damage.harmless(county.persons.age[rows])
    return sheet, "outwork", _JUNE, "csv", Layout(encoding="utf-8-sig", wrapped=("证件号码",))
