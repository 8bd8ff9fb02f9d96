"""Whether the figures say that a large-scale risk is there: computed where a parameter has a value, else said to be open (S0-C-29)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouwang.feeds.facts import SUPERSEDED
from shouwang.foundation.periods import Month
from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.policy import Policies

from .large_scale import kinds

PRICE, WEEKS = "household.large_scale_risk.price_fall", "household.large_scale_risk.price_fall_weeks"
UNEMPLOYMENT = "household.large_scale_risk.unemployment_rise"
PARAMETERS = {"price_fall": (PRICE, WEEKS), "unemployment": (UNEMPLOYMENT,)}
RISE = "（本月新登记失业人数－上月）÷上月"


@dataclass(frozen=True)
class Trigger:
    """One kind of risk. ``is_reached`` is None while it is not computed, and ``why`` says why; ``open`` names what is missing."""

    kind: str
    label: str
    parameters: tuple[str, ...]
    open: tuple[str, ...] = ()
    is_reached: bool | None = None
    figure: str = ""
    why: str = ""


# hengshui-2022-1#C.2.6.1
def triggers(*, county: str, on: dt.date, policies: Policies) -> list[Trigger]:
    """One for each kind that the documents name for a county."""
    found = []
    for kind, label in kinds(region_code=county, on=on, policies=policies).items():
        names = PARAMETERS.get(kind, ())
        missing = tuple(
            name for name in names if policies.resolve(name, region_code=county, on=on, name_of=str).value is None
        )
        if not names:
            found.append(Trigger(kind, label, (), why="文件没有给出数量标准，由主管部门判断后登记"))
        elif missing:
            found.append(Trigger(kind, label, names, missing, why="参数没有录入"))
        elif kind == "unemployment":
            found.append(_unemployment(label, county, on, policies))
        else:
            found.append(Trigger(kind, label, names, why="没有农副产品价格的数据"))
    return found


def _unemployment(label: str, county: str, on: dt.date, policies: Policies) -> Trigger:
    """The last full month against the one before."""
    last = Month.of(on).plus(-1)
    before = last.plus(-1)
    counts = _newly_unemployed(county, (before, last))
    found = Trigger("unemployment", label, (UNEMPLOYMENT,))
    if counts is None:
        return _with(found, why="没有就业失业数据")
    earlier, later = counts[before], counts[last]
    if not earlier:
        return _with(found, why=f"{before.label}没有新登记失业的人，不能算增幅")
    rise = Decimal(later - earlier) / earlier
    limit = policies.resolve(UNEMPLOYMENT, region_code=county, on=on)
    passes = rise > limit.value if limit.comparator == ">" else rise >= limit.value
    figure = (
        f"{last.label} {later:,} 人，{before.label} {earlier:,} 人，增 {rise:.1%}；标准 {limit.comparator} {limit.text}"
    )
    return _with(found, is_reached=passes, figure=figure)


def _with(found: Trigger, *, is_reached: bool | None = None, figure: str = "", why: str = "") -> Trigger:
    return Trigger(found.kind, found.label, found.parameters, (), is_reached, figure, why)


def _newly_unemployed(county: str, months: tuple[Month, ...]) -> dict[Month, int] | None:
    """Persons whose unemployment began in each month, as the files in force tell; None without a file."""
    files = intake.lake_files(county_code=county, datasets=["employment", SUPERSEDED])
    told = [file for file in files if file.dataset == "employment"]
    gone = [file for file in files if file.dataset == SUPERSEDED]
    if not told:
        return None
    query = f"""SELECT strftime(started_on, '%Y-%m') AS month, count(DISTINCT person_key) FROM {_read(told)} AS told
        WHERE employment_status = '失业' AND person_key IS NOT NULL"""
    if gone:
        query += f""" AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone
            WHERE gone.dataset = 'employment' AND gone.batch = told.batch AND gone.row = told.row)"""
    with store.connect() as connection:
        counts = dict(connection.execute(f"{query} GROUP BY month").fetchall())
    return {month: counts.get(str(month), 0) for month in months}


def _read(files: Iterable[Any]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
