"""增收帮扶台账 as a file: the usual columns, or those of income.ledger_columns where a county has set them (S2-B-12, S2-C-07)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shouwang import policy
from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.households import outlook
from shouwang.households.income import ledger
from shouwang.households.income.items import PARTS
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.screening import catalogue

from .. import clock
from .cells import _places_of
from .rows import Filters, _day, _within

COLUMNS = "income.ledger_columns"
HEADINGS = (
    *(
        "户编号",
        "户主",
        "县",
        "乡镇",
        "村",
        "人口",
        "归类",
        "上年人均纯收入",
        "已采集纯收入合计",
        "已采集月数",
        "缺少的月份",
    ),
    *("推算全年人均纯收入", "比上年", "减收原因", "减收风险点", "帮扶措施", "责任人", "帮扶结果"),
)


def rows(scope: Scope, filters: Filters) -> list[dict[str, Any]]:
    """region (within one county), month, show (see ``ledger.is_shown``), known (a day)."""
    within = _within(scope, filters)
    if not within.ranges:
        return []
    place = filters.get("region") or within.ranges[0][0]  # the account's own region
    month = Month.parse(filters["month"]) if filters.get("month") else Month.of(clock.today()).plus(-1)
    known = _day(filters.get("known"))
    found = ledger.page(
        village_code=place,
        scope=scope,
        as_of=month.last_day,
        policies=policy.load(),
        known_at=clock.end_of(known) if known else None,
    )
    columns = headings(scope, filters)
    show = filters.get("show", "")
    return [{"row": row, "columns": columns} for row in found.rows if ledger.is_shown(row, show)]


def headings(scope: Scope, filters: Filters) -> Sequence[str]:
    """The columns of the county."""
    within = _within(scope, filters)
    if not within.ranges:
        return HEADINGS
    county = regions.county_of(within.ranges[0][0])
    return policy.load().resolve(COLUMNS, region_code=county, on=clock.today()).value or HEADINGS


def cells_of(found: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    places = _places_of({one["row"].household.region_code for one in found})
    labels = {code: f"{mark} {catalogue.rules()[code].rule.label}" for code, mark in outlook.CLASSES.items()}
    for one in found:
        known = _cells(one["row"], places, labels)
        yield [known.get(column, "") for column in one["columns"]]


def _cells(row: ledger.Row, places: dict[str, tuple[str, str, str]], labels: dict[str, str]) -> dict[str, str]:
    """Heading → text; a column that the program does not know stays empty for the office to fill."""
    figures = row.figures.figures
    change = row.figures.change
    county, township, village = places[row.household.region_code]
    projection, collected = figures.get("projection_per_head"), figures.get("collection_net")
    is_whole = projection is not None and projection.state == "computed"
    return {
        "户编号": row.household.household_no,
        "户主": row.household.head_name,
        "县": county,
        "乡镇": township,
        "村": village,
        "人口": str(row.figures.members),
        "归类": "；".join(labels[one.rule] for one in row.classes),
        "上年人均纯收入": _yuan(figures["last_year_per_head"].yuan),
        "已采集纯收入合计": _yuan(collected.yuan if collected else None),
        "已采集月数": projection.present if projection else "",
        "缺少的月份": "、".join(projection.missing) if projection else "",
        "推算全年人均纯收入": _yuan(projection.yuan) if projection and is_whole else "",
        "比上年": "" if change is None else str(money.yuan(*change)),
        "减收原因": row.reason,
        "减收风险点": "；".join(ledger.point_labels(row)),
        "帮扶措施": "；".join(f"{title}{'' if is_done else '（未落实）'}" for title, is_done in row.measures),
        "责任人": row.owner,
        "帮扶结果": "；".join(row.results),
        **{
            f"{PARTS[one.part]}比上年": _yuan(None if one.effect_fen is None else money.yuan(one.effect_fen))
            for one in row.figures.comparison
        },
    }


def _yuan(amount: Any) -> str:
    return "" if amount is None else str(amount)
