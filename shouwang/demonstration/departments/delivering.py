"""From what a department knows to a file as it would send it: its layout, its words, its strangers and its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.feeds.datasets import DATASETS
from shouwang.intake.contract import Kind

from .. import calibration, names, numbers
from ..defects import damage_rows, repeat_rows
from ..families import Persons
from ..national import identity
from ..national import names as names_of
from ..numbers import joined
from ..population import County
from ..streams import Array, Streams, draw
from ..truth import UNMATCHED
from ..writing import Layout, Sheet
from .facts import Facts
from .habits import CHINESE, DOTS, ISO, PLAIN, SLASHES, Habit

_STRANGE_CODES = (130682, 130681, 130609, 140222)  # area codes of people from farther away


@dataclass(frozen=True)
class Visitors:
    """People whom a file names though the county's register does not know them: numbers, names and why.

    ``cells``: heading → one text each, where their rows say something of their own.
    """

    identity: list[str]
    name: list[str]
    what: str
    expected: str = UNMATCHED
    cells: Mapping[str, list[str]] = field(default_factory=dict)

    def first(self, count: int) -> Visitors:
        return Visitors(self.identity[:count], self.name[:count], self.what, self.expected)


def strangers(streams: Streams, name: str, count: int) -> Visitors:
    """People from nowhere."""
    chance = streams[f"strangers {name}"]
    male = chance.integers(0, 2, count)
    born = np.datetime64("1940-01-01") + chance.integers(0, 25_000, count).astype("timedelta64[D]")
    prefix = np.array(_STRANGE_CODES)[draw(chance, np.ones(len(_STRANGE_CODES)), count)]
    # the name is part of the seed: files draw other serial numbers, so that a stranger is met once
    after = int(chance.integers(0, 40))
    number = numbers.identity_numbers(prefix, born, male, after=after)
    year = born.astype("datetime64[Y]").astype(int) + 1970
    full = np.char.add(names.surnames(chance, count), names.given_names(chance, year, male))
    return Visitors([one.decode() for one in number], full.tolist(), "stranger")


def people_of(persons: Persons, rows: Array, what: str, expected: str = UNMATCHED) -> Visitors:
    """Registered or unregistered people of some county."""
    return Visitors([one.decode() for one in persons.identity[rows]], persons.name[rows].tolist(), what, expected)


def sheet_of(
    county: County, facts: Facts, habit: Habit, streams: Streams, name: str, visitors: list[Visitors]
) -> tuple[Sheet, Layout]:
    """A department's sheet, damaged and noted; and the layout to write it in. ``name`` is the name of the file."""
    dataset = DATASETS[facts.dataset]
    chance = streams[f"file {name}"]
    has_people = dataset.is_about_people
    columns = {**_besides(county, facts, habit)}
    identity_heading = name_heading = ""
    for column in dataset.columns:
        if column.kind in (Kind.IDENTITY, Kind.CERTIFICATE):
            identity_heading = column.heading
            columns[column.heading] = _numbers(county, facts, column.kind)
        elif column.kind is Kind.NAME:
            name_heading = column.heading
            columns[column.heading] = names_of(county, facts.subject)
        elif column.heading in facts.columns:
            columns[column.heading] = facts.columns[column.heading]
    sheet, subject, may = Sheet(columns), facts.subject, ~facts.is_case
    if has_people and len(sheet):
        sheet, origin = repeat_rows(sheet, may, calibration.REPEATED_ROW, chance)
        subject, may = subject[origin], may[origin]
        may[1:] &= np.diff(origin) != 0
        may[:-1] &= np.diff(origin) != 0
        damage_rows(sheet, subject, county, may, chance, identity_heading, name_heading)
        for group in visitors:
            sheet = _with_visitors(sheet, group, identity_heading, name_heading, chance)
    _dress(sheet, habit, dataset.columns)
    layout = habit.layout
    if habit.extension == "csv" and habit.grouped:
        layout = replace(layout, quoted=habit.grouped)
    return sheet, layout


def _besides(county: County, facts: Facts, habit: Habit) -> dict[str, pa.Array]:
    village = county.village[county.persons.household[facts.subject]]
    township, name = pa.array(county.places.township[village]), pa.array(county.places.name[village])
    known = {
        "县": lambda: pa.array(np.full(len(facts), county.places.county)),
        "乡": lambda: township,
        "村": lambda: joined(county.places.county, township, name) if "乡" not in habit.besides else name,
        "出生日期": lambda: pa.array(np.datetime_as_string(county.persons.born_on[facts.subject], unit="D")),
    }
    return {heading: known[heading]() for heading in habit.besides}


def _numbers(county: County, facts: Facts, kind: Kind) -> pa.Array:
    number = identity(county, facts.subject)
    if kind is Kind.IDENTITY:
        return number
    # a certificate's number: identity, one digit of the kind, one of the level
    kinds = {"视力": "1", "听力": "2", "言语": "3", "肢体": "4", "智力": "5", "精神": "6", "多重": "7"}
    levels = {"一级": "1", "二级": "2", "三级": "3", "四级": "4"}
    digits = pa.array([kinds[one] for one in facts.columns["残疾类别"].to_pylist()])
    level = pa.array([levels[one] for one in facts.columns["残疾等级"].to_pylist()])
    return joined(number, digits, level)


def _with_visitors(
    sheet: Sheet, group: Visitors, identity_heading: str, name_heading: str, chance: np.random.Generator
) -> Sheet:
    """Appends a row for each visitor; the other cells are those of some row of the file."""
    count = len(group.identity)
    if not count:
        return sheet
    model = chance.integers(0, len(sheet), count)
    rows = {heading: sheet.cells(heading, model) for heading in sheet.columns}
    tail = [text[18:] if len(text) > 18 and text[:17].isdigit() else "" for text in rows[identity_heading]]
    rows[identity_heading] = [number + end for number, end in zip(group.identity, tail, strict=True)]
    rows[name_heading] = list(group.name)
    if "结算编号" in rows:
        rows["结算编号"] = [f"JW{place:06d}{text[-8:]}" for place, text in enumerate(rows["结算编号"])]
    if "出生日期" in rows:
        rows["出生日期"] = [f"{number[6:10]}-{number[10:12]}-{number[12:14]}" for number in group.identity]
    rows.update(group.cells)
    first = len(sheet)
    sheet = sheet.extended({heading: [text or None for text in texts] for heading, texts in rows.items()})
    for place in range(count):
        sheet.note(first + place, what=group.what, column="", expected=group.expected)
    return sheet


_DAY_FORMS = {SLASHES: "%Y/%m/%d", DOTS: "%Y.%m.%d", PLAIN: "%Y%m%d", CHINESE: "%Y年%m月%d日"}


def _dress(sheet: Sheet, habit: Habit, columns) -> None:
    """Writes days, months, amounts and words the way the sender does."""
    bare = (*habit.layout.serial, *habit.layout.dated)
    days = [column.heading for column in columns if column.kind is Kind.DAY] + ["出生日期"]
    for heading in days:
        if heading in sheet.columns and heading not in bare and habit.days != ISO:
            sheet.columns[heading] = _days(sheet.columns[heading], habit.days)
    for column in columns:
        if column.kind is Kind.MONTH and column.heading in sheet.columns and habit.months == PLAIN:
            sheet.columns[column.heading] = pc.replace_substring(sheet.columns[column.heading], "-", "")
    for heading in habit.grouped:
        amounts = sheet.columns[heading].to_pylist()
        sheet.columns[heading] = pa.array([f"{Decimal(text):,.2f}" if text else None for text in amounts])
    for heading in habit.ten_thousands:
        amounts = sheet.columns[heading].to_pylist()
        sheet.columns[heading] = pa.array([_ten_thousands(text) if text else None for text in amounts], pa.string())
    for heading, words in habit.values.items():
        for ours, theirs in words.items():
            column = sheet.columns[heading]
            sheet.columns[heading] = pc.if_else(pc.equal(column, ours), theirs, column)


def _days(column: pa.Array, form: str) -> pa.Array:
    days = pc.cast(pc.if_else(pc.equal(column, ""), None, column), pa.date32())
    written = pc.strftime(days, format=_DAY_FORMS[form])
    if form in (SLASHES, CHINESE, DOTS):  # months and days without leading zeros
        written = pc.replace_substring_regex(written, r"([/.年月])0", r"\1")
    return written


def _ten_thousands(text: str) -> str:
    """8000.00 yuan → 0.8."""
    whole, _, cents = text.partition(".")
    digits = (whole + cents.ljust(2, "0")).rjust(7, "0")
    return f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")
