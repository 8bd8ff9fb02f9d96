"""Working days of the official calendar: public holidays, and the weekend days worked in exchange for them (调休)."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays

_DAY = dt.timedelta(days=1)
_WEEKDAYS = "一二三四五六日"


@lru_cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


def is_working_day(day: dt.date) -> bool:
    """A weekend day worked in exchange for a holiday is a working day."""
    return bool(_calendar(day.year).is_working_day(day))


def next_working_day(day: dt.date) -> dt.date:
    """The day itself when it is one."""
    while not is_working_day(day):
        day += _DAY
    return day


def after(start: dt.date, count: int) -> dt.date:
    """The last of ``count`` working days that follow ``start``; the start itself does not count."""
    day = start
    for _ in range(count):
        day = next_working_day(day + _DAY)
    return day


def between(first: dt.date, last: dt.date) -> int:
    """How many working days lie in the span, both ends included."""
    return sum(is_working_day(first + number * _DAY) for number in range((last - first).days + 1))


def weekday(day: dt.date) -> str:
    """星期六"""
    return f"星期{_WEEKDAYS[day.weekday()]}"
