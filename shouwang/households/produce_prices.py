"""What bulk farm produce sold for, week by week, and for how many weeks it has been falling (S0-C-29)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouwang.feeds import in_force
from shouwang.lake import store

DATASET = "produce_price"
_WEEK = dt.timedelta(days=7)
# 元/公斤 and 公斤 are one unit
_UNIT = "regexp_replace(coalesce(price_unit, ''), '^元\\s*[/／每]?\\s*', '')"


@dataclass(frozen=True)
class Week:
    """The mean of all prices of one product in one week that begins on a Monday, in fen."""

    first_day: dt.date
    mean_fen: Decimal
    price_count: int

    @property
    def mean(self) -> Decimal:
        """In yuan, to the fen."""
        return (self.mean_fen / 100).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Series:
    """One product in one unit: its weeks from the oldest to the newest, and the fall that the newest one ends.

    ``falling_weeks``: how many weeks in a row, up to the newest, were each cheaper than the week before; a week without a price
    breaks the row. ``fall``: by what share the newest week is below the one before those weeks.
    """

    product: str
    unit: str
    branch: str
    weeks: tuple[Week, ...]
    falling_weeks: int
    fall: Decimal

    @property
    def start(self) -> Week:
        """The week before the fall."""
        return self.weeks[-1 - self.falling_weeks]

    @property
    def last(self) -> Week:
        return self.weeks[-1]

    @property
    def fall_text(self) -> str:
        return f"{self.fall:.1%}"

    @property
    def label(self) -> str:
        return f"{self.product}（元/{self.unit}）" if self.unit else self.product


def every_series(*, county: str, on: dt.date) -> list[Series]:
    """All products of a county with prices up to a day, the largest fall first."""
    source = in_force.relation(DATASET, county_code=county)
    if source is None:
        return []
    with store.connect() as connection:
        rows = connection.execute(
            f"""SELECT product, {_UNIT} AS unit, max(branch), date_trunc('week', priced_on)::DATE AS week,
                   sum(price_fen)::BIGINT, count(*)
            FROM {source} WHERE priced_on <= $on GROUP BY product, unit, week ORDER BY product, unit, week""",
            {"on": on},
        ).fetchall()
    weeks: dict[tuple[str, str], list[Week]] = {}
    branches: dict[tuple[str, str], str] = {}
    for product, unit, branch, week, fen, count in rows:
        weeks.setdefault((product, unit), []).append(Week(week, Decimal(fen) / count, count))
        branches[product, unit] = branch or branches.get((product, unit), "")
    found = [_series(*key, branches[key], tuple(mine)) for key, mine in weeks.items()]
    return sorted(found, key=lambda one: (-one.fall, one.product, one.unit))


def rows(*, county: str, on: dt.date, series: Series) -> list[dict[str, Any]]:
    """Where the prices stand that a fall is worked out from, or those of the newest week where nothing falls: dataset, batch, row."""
    source = in_force.relation(DATASET, county_code=county)
    if source is None:
        return []
    with store.connect() as connection:
        found = connection.execute(
            f"""SELECT batch, row FROM {source}
            WHERE product = $product AND {_UNIT} = $unit AND priced_on >= $since AND priced_on <= $on
            ORDER BY priced_on, batch, row""",
            {"product": series.product, "unit": series.unit, "since": series.start.first_day, "on": on},
        ).fetchall()
    return [{"dataset": DATASET, "batch": batch, "row": row} for batch, row in found]


def _series(product: str, unit: str, branch: str, weeks: tuple[Week, ...]) -> Series:
    falling = 0
    while falling + 1 < len(weeks):
        later, earlier = weeks[-1 - falling], weeks[-2 - falling]
        if later.first_day - earlier.first_day != _WEEK or later.mean_fen >= earlier.mean_fen:
            break
        falling += 1
    start = weeks[-1 - falling].mean_fen
    fall = (start - weeks[-1].mean_fen) / start if start else Decimal(0)
    return Series(product, unit, branch, weeks, falling, fall)
