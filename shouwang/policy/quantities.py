"""Kinds of policy value that Python has no type for: limits, rhythms, days of every year, windows, small records."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

# Only for comparing which limit is stricter; due dates are counted on the calendar.
_MINUTES = {
    "hour": Fraction(60),
    "day": Fraction(1440),
    "workday": Fraction(1440 * 7, 5),
    "month": Fraction(525_960, 12),
    "year": Fraction(525_960),
}
_DURATION_WORDS = {"hour": "小时", "day": "天", "workday": "个工作日", "month": "个月", "year": "年"}

_TIMES_A_YEAR = {
    "day": Fraction(365),
    "week": Fraction(52),
    "half_month": Fraction(24),
    "month": Fraction(12),
    "quarter": Fraction(4),
    "half_year": Fraction(2),
    "year": Fraction(1),
}
_PERIOD_WORDS = {
    "day": "每日",
    "week": "每周",
    "half_month": "每半月",
    "month": "每月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
}

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DURATION = re.compile(rf"([0-9]+)(?:\s+({'|'.join(_MINUTES)})s?)?")
_FREQUENCY = re.compile(rf"([0-9]+) per ({'|'.join(_TIMES_A_YEAR)})")


def read_day(text: str) -> dt.date:
    """``2022-06-30`` and nothing else. Raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return dt.date.fromisoformat(text)


@dataclass(frozen=True)
class Duration:
    """A limit in time: ``15 day``, ``1 month``, ``5 workday``, ``24 hour``."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Duration:
        """A number alone means days. Raises ValueError."""
        match = _DURATION.fullmatch(text)
        if not match:
            raise ValueError(text)
        return cls(int(match[1]), match[2] or "day")

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    def __int__(self) -> int:
        """Calendar days; ValueError for a limit that is not counted in days."""
        if self.unit != "day":
            raise ValueError(f"{self} 不是按天计的期限")
        return self.count

    @property
    def text(self) -> str:
        return f"{self.count} {_DURATION_WORDS[self.unit]}"

    @property
    def length(self) -> Fraction:
        """Mean minutes, to compare limits of different units."""
        return self.count * _MINUTES[self.unit]

    def due_on(self, start_on: dt.date, *, is_workday: Callable[[dt.date], bool] | None = None) -> dt.date:
        """The last day of the limit; the day of ``start_on`` does not count. A month ends on the same day of the month, or its last.

        Raises ValueError for hours, and for working days without a calendar.
        """
        if self.unit == "day":
            return start_on + dt.timedelta(days=self.count)
        if self.unit in ("month", "year"):
            index = start_on.year * 12 + start_on.month - 1 + self.count * (12 if self.unit == "year" else 1)
            year, month = index // 12, index % 12 + 1
            return dt.date(year, month, min(start_on.day, calendar.monthrange(year, month)[1]))
        if self.unit == "workday" and is_workday is not None:
            day, left = start_on, self.count
            while left:
                day += dt.timedelta(days=1)
                left -= is_workday(day)
            return day
        raise ValueError(f"{self} 不能换算成日期")


@dataclass(frozen=True)
class Frequency:
    """A rhythm: ``1 per month``, ``3 per week``."""

    count: int
    period: str

    @classmethod
    def parse(cls, text: str) -> Frequency:
        """Raises ValueError."""
        match = _FREQUENCY.fullmatch(text)
        if not match or int(match[1]) < 1:
            raise ValueError(text)
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.count} per {self.period}"

    @property
    def text(self) -> str:
        return f"{_PERIOD_WORDS[self.period]} {self.count} 次"

    @property
    def times_a_year(self) -> Fraction:
        """To compare rhythms of different periods."""
        return self.count * _TIMES_A_YEAR[self.period]


@dataclass(frozen=True, order=True)
class MonthDay:
    """A day of every year: ``09-01``."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> MonthDay:
        """Raises ValueError."""
        found = read_day(f"2000-{text}")
        return cls(found.month, found.day)

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"

    @property
    def text(self) -> str:
        return f"每年 {self.month} 月 {self.day} 日"

    def in_year(self, year: int) -> dt.date:
        return dt.date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))


@dataclass(frozen=True)
class Window:
    """From a first to a last day, both included, either open: ``2022-03-01..2022-03-31``, ``..2022-06-30``."""

    first_on: dt.date | None
    last_on: dt.date | None

    @classmethod
    def parse(cls, text: str) -> Window:
        """Raises ValueError."""
        first, dots, last = text.partition("..")
        if not dots or not (first or last):
            raise ValueError(text)
        window = cls(read_day(first) if first else None, read_day(last) if last else None)
        if window.first_on and window.last_on and window.last_on < window.first_on:
            raise ValueError(text)
        return window

    def __str__(self) -> str:
        return f"{self.first_on or ''}..{self.last_on or ''}"

    def __contains__(self, day: dt.date) -> bool:
        return (self.first_on is None or self.first_on <= day) and (self.last_on is None or day <= self.last_on)

    @property
    def text(self) -> str:
        if self.first_on is None:
            return f"不晚于 {self.last_on}"
        return f"{self.first_on} 起" if self.last_on is None else f"{self.first_on} 至 {self.last_on}"


class Structure(Mapping[str, Any]):
    """A small record of named values that nobody can change: ``value["annual_months"]``."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = tuple(items.items())

    def __getitem__(self, key: str) -> Any:
        for name, value in self._items:
            if name == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items))

    def __repr__(self) -> str:
        return f"Structure({dict(self._items)!r})"
