"""A village with its months of income in the lake, for the tests of the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from shouwang import policy
from shouwang.foundation.periods import Month
from shouwang.households.income import collecting, in_force, span
from shouwang.households.models import IncomeLine, IncomeMonth
from shouwang.intake.models import Batch
from tests.screening.lake_world import County

ZONE = ZoneInfo("Asia/Shanghai")
JUNE = dt.date(2022, 6, 30)
MONTHS = tuple(str(month) for month in Month(2021, 10).until(Month(2022, 6)))
PARTS = ("wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen")


def at(month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=ZONE)


def collect(now: dt.datetime, county: County) -> collecting.Collected:
    return collecting.collect(county_code=county.code, now=now)


def send(county: County, rows: list[dict[str, Any]], period: str = "2022-06", dataset: str = "monthly_income") -> Batch:
    """A file of monthly income: {household, month, wage_fen …}; parts that are not named are 0."""
    filled = [dict.fromkeys(PARTS, 0) | row for row in rows] if dataset == "monthly_income" else rows
    return county.write(dataset, filled, period=period)


def month_of(county: County, name: str, period: str) -> IncomeMonth | None:
    return IncomeMonth.objects.filter(household=county.households[name], period=period).first()


def known(county: County, name: str, period: str, moment: dt.datetime | None = None) -> dict[str, Any]:
    found = in_force.months([county.households[name].pk], first=period, last=period, known_at=moment)
    return found[0] if found else {}


def lines(county: County, name: str, **wanted: Any) -> list[IncomeLine]:
    return list(IncomeLine.objects.filter(household=county.households[name], **wanted).order_by("pk"))


def june_span() -> span.Span:
    found = span.span_of(region_code="130630000000", as_of=JUNE, policies=policy.load())
    assert found
    return found
