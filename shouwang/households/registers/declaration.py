"""What a register is: what a row is about, who keeps it, its columns, what follows from them, and the clause that demands it.

A declaration is plain data. Storage, pages, files, figures and lists of who is missing are made from it (hengshui-2022-1#C.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

if TYPE_CHECKING:
    import datetime as dt

    from shouwang.organisation.scope import Scope
    from shouwang.policy import Policies

# What a row is about. A unit and a thing have a name and a place of their own; the others stand in the register of households.
HOUSEHOLD, PERSON, VILLAGE, UNIT, THING = "household", "person", "village", "unit", "thing"
ABOUT = {HOUSEHOLD: "农户", PERSON: "人员", VILLAGE: "行政村", UNIT: "单位", THING: "事项"}
NO_PERIOD, MONTHLY, YEARLY = "", "month", "year"
COUNTY_LEVEL, TOWNSHIP_LEVEL, VILLAGE_LEVEL = 3, 4, 5
# Groups of households that figures and lists are narrowed to, by what the register of households says.
MONITORED, ALLEVIATED, NO_LABOUR, WITH_LABOUR = "monitored", "alleviated", "no_labour", "labour"
GROUPS = {MONITORED: "监测对象", ALLEVIATED: "脱贫户", NO_LABOUR: "整户无劳动能力", WITH_LABOUR: "有劳动能力"}


@dataclass(frozen=True)
class Ask:
    """What a figure or a list is asked for: where, as of which day, in which period, by whose values."""

    register: Register
    scope: Scope
    on: dt.date
    period: str
    policies: Policies
    region_code: str


@dataclass(frozen=True)
class Candidate:
    """Somebody who, by a rule, should stand in a register; ``rank`` orders the list, smaller first."""

    household_id: int
    region_code: str
    why: str
    person_id: int | None = None
    measure_id: int | None = None
    rank: int = 0


@dataclass(frozen=True)
class Candidates:
    """Who was found, or why that cannot be computed."""

    found: tuple[Candidate, ...] = ()
    stopped: str = ""


@dataclass(frozen=True)
class Eligible:
    """Who should stand in a register and does not: its title, where they come from, the clause that says so.

    ``where``: only rows like this count as standing in it. ``per_household``: one row of any member answers for the household.
    """

    code: str
    label: str
    who: Callable[[Ask], Candidates]
    cites: tuple[str, ...]
    where: Mapping[str, str] = field(default_factory=dict)
    per_household: bool = False


@dataclass(frozen=True)
class Figure:
    """One number over the rows that count: how many (``count``), of how many households (``households``), or the sum of a column.

    ``where`` narrows like the list's own filter, so that the figure opens its rows. ``share_of``: as a part of that figure.
    ``minus``: less that figure. ``compared``: held against the period before. ``parameter`` is what the document demands of the
    figure, or of its change where it is compared; without a value nothing is judged. ``worked_out`` replaces the sum; its
    amounts are fen where ``is_money``.
    """

    code: str
    label: str
    of: str = "count"
    where: Mapping[str, str] = field(default_factory=dict)
    share_of: str = ""
    minus: str = ""
    compared: str = ""
    parameter: str = ""
    unit: str = ""
    cites: tuple[str, ...] = ()
    worked_out: Callable[[Ask], tuple[int | None, str]] | None = None
    is_money: bool = False


@dataclass(frozen=True)
class Case:
    """An example that the tests run and a reader learns from: rows, the figures that follow, or the sentence of a refusal."""

    label: str
    rows: tuple[Mapping[str, Any], ...]
    figures: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Register:
    """A declared table. ``level``: the lowest level of division whose people write in it; the department's liaison may, too.

    ``key``: the columns that, with the subject and the period, make a row. ``known``: fields of ``households.fields`` that are
    looked up and shown, never typed. ``starts``, ``ends``, ``due``, ``status``, ``amount`` name the columns that say so.
    ``part_of``: the register whose row a row belongs to (a holder to a post). ``measures``: the kinds of the catalogue that a row
    records; ``from_measure``: which column each attribute of the measure fills. ``open``: what the documents leave open.
    """

    code: str
    label: str
    description: str
    department: str
    about: str
    columns: tuple[Column, ...]
    cites: tuple[str, ...]
    cases: tuple[Case, ...]
    level: int = TOWNSHIP_LEVEL
    period: str = NO_PERIOD
    key: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    starts: str = ""
    ends: str = ""
    due: str = ""
    status: str = ""
    amount: str = ""
    part_of: str = ""
    name_label: str = "名称"
    unit: str = "行"
    measures: tuple[str, ...] = ()
    from_measure: Mapping[str, str] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    eligible: tuple[Eligible, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def figure(self, code: str) -> Figure:
        return next(figure for figure in self.figures if figure.code == code)

    @property
    def is_of_people(self) -> bool:
        """Whether a row is about a registered household or person."""
        return self.about in (HOUSEHOLD, PERSON)

    @property
    def filters(self) -> tuple[Column, ...]:
        """The columns that a list can be narrowed by."""
        return tuple(one for one in self.columns if one.codes or one.kind is Kind.YES_NO)


def text(name: str, label: str, description: str = "", *, is_required: bool = False) -> Column:
    return _column(label, name, Kind.TEXT, description, is_required)


def key_text(name: str, label: str, description: str = "", *, is_required: bool = False) -> Column:
    """A number used as a name: digits kept as they are."""
    return _column(label, name, Kind.KEY, description, is_required)


def day(name: str, label: str, description: str = "", *, is_required: bool = False) -> Column:
    return _column(label, name, Kind.DAY, description, is_required)


def month(name: str, label: str, description: str = "", *, is_required: bool = False) -> Column:
    return _column(label, name, Kind.MONTH, description, is_required)


def money(name: str, label: str, description: str = "", *, is_required: bool = False) -> Column:
    """An amount of yuan, kept in fen."""
    return _column(label, name, Kind.MONEY, description, is_required, unit="元")


def whole(name: str, label: str, unit: str, description: str = "", *, is_required: bool = False) -> Column:
    return _column(label, name, Kind.WHOLE, description, is_required, unit=unit)


def number(name: str, label: str, unit: str, description: str = "", *, is_required: bool = False) -> Column:
    return _column(label, name, Kind.DECIMAL, description, is_required, unit=unit)


def yes_no(name: str, label: str, description: str = "", *, is_required: bool = False) -> Column:
    return _column(label, name, Kind.YES_NO, description, is_required)


def choice(
    name: str,
    label: str,
    values: Mapping[str, tuple[str, ...]] | tuple[str, ...],
    description: str = "",
    *,
    is_required: bool = False,
    privacy: Privacy = Privacy.PERSONAL,
) -> Column:
    """One of a list; a mapping gives the other ways in which people write a value."""
    codes: dict[str, tuple[str, ...]] = dict(values) if isinstance(values, Mapping) else dict.fromkeys(values, ())
    return Column(
        label, name, Kind.CODE, description, is_required, not is_required, codes=CodeList(label, codes), privacy=privacy
    )


def _column(label: str, name: str, kind: Kind, description: str, is_required: bool, *, unit: str = "") -> Column:
    return Column(label, name, kind, description, is_required, not is_required, unit=unit, privacy=Privacy.PERSONAL)
