"""Months and half-open periods."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering

from .errors import UserError

_MONTH = re.compile(r"(?P<year>\d{4})\s*[-./年]?\s*(?P<month>\d{1,2})\s*月?")


@total_ordering
@dataclass(frozen=True)
class Month:
    """One calendar month; written ``2022-06``."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Reads 2022-06, 202206, 2022.6 and 2022年6月. Raises UserError for anything else."""
        match = _MONTH.fullmatch(str(text).strip())
        if not match or not 1 <= int(match["month"]) <= 12:
            raise UserError(f"月份“{text}”无法识别", next_step="请写成 2022-06 的形式。")
        return cls(int(match["year"]), int(match["month"]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __lt__(self, other: Month) -> bool:
        return (self.year, self.month) < (other.year, other.month)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def days(self) -> list[dt.date]:
        """Every day of the month: an index that begins with the day and goes on to the place is read at each of them."""
        return [self.first_day + dt.timedelta(days=step) for step in range(self.last_day.day)]

    def plus(self, months: int) -> Month:
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def until(self, last: Month) -> list[Month]:
        """All months from this one to ``last``, both included; empty when ``last`` is earlier."""
        count = (last.year - self.year) * 12 + last.month - self.month + 1
        return [self.plus(step) for step in range(max(0, count))]

    @property
    def label(self) -> str:
        return f"{self.year}年{self.month}月"


def parse_day(text: str) -> dt.date:
    """Reads 2022-06-30, 2022/6/30, 2022.6.30, 20220630 and 2022年6月30日. Raises UserError for anything else."""
    digits = re.findall(r"\d+", str(text))
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    try:
        year, month, day = (int(part) for part in digits)
        return dt.date(year, month, day)
    except (TypeError, ValueError):
        raise UserError(f"日期“{text}”无法识别", next_step="请写成 2022-06-30 的形式。") from None
