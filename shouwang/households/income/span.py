"""The months that official figures are about, by household.income_projection; a county without a value has no projection."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shouwang.foundation.periods import Month
from shouwang.policy import Policies
from shouwang.policy.resolution import Resolution

PROJECTION = "household.income_projection"


@dataclass(frozen=True)
class Span:
    """The collection year up to a day: its months, what a projection multiplies by, and the parameter behind both."""

    as_of: dt.date
    months: tuple[str, ...]  # of the collection year, up to the month of the day
    year_months: tuple[str, ...]  # the whole collection year
    annual_months: int
    resolution: Resolution

    @property
    def last_year(self) -> str:
        """The calendar year that is compared with."""
        return str(self.as_of.year - 1)

    @property
    def formula(self) -> str:
        first, last = Month.parse(self.months[0]), Month.parse(self.months[-1])
        return (
            f"{first.label}至{last.label} {len(self.months)} 个月纯收入之和 ÷ {len(self.months)} × {self.annual_months}"
        )


# laiyuan-2022-9#2.2.7
def span_of(*, region_code: str, as_of: dt.date, policies: Policies) -> Span | None:
    """The span of a county on a day, or None while household.income_projection has no value there."""
    found = policies.resolve(PROJECTION, region_code=region_code, on=as_of)
    if found.value is None:
        return None
    first_month, annual = int(found.value["first_month"]), int(found.value["annual_months"])
    month = Month.of(as_of)
    first = Month(month.year if month.month >= first_month else month.year - 1, first_month)
    whole = first.until(first.plus(annual - 1))
    return Span(as_of, tuple(map(str, first.until(month))), tuple(map(str, whole)), annual, found)


def twelve_months(as_of: dt.date) -> tuple[str, ...]:
    """The rolling year: the month of a day and those before it."""
    last = Month.of(as_of)
    return tuple(str(month) for month in last.plus(-11).until(last))
