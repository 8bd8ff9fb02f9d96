"""The income outlook as a file: a line per household, with what is missing said in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from shouwang.households import outlook
from shouwang.organisation.scope import Scope
from shouwang.screening import catalogue

from .cells import _named, _per_head
from .rows import Filters, _day, _within

HEADINGS = (
    *("户编号", "户主", "县", "乡镇", "村", "人口", "归类", "上年人均纯收入", "已采集纯收入合计", "已采集月数"),
    *("缺少的月份", "推算全年人均纯收入", "比上年", "比上年%"),
    *(f"{label}比上年（户）" for label in outlook.PART_LABELS.values()),
    "未计算的原因",
)


def rows(scope: Scope, filters: Filters) -> list[dict[str, Any]]:
    """region, group (the rule of a class, any, none, incomplete), text (a number or the beginning of a head's name), as_of."""
    within = _within(scope, filters)
    sources = outlook.sources(scope=within, as_of=_day(filters.get("as_of")))
    wanted = outlook.Wanted(filters.get("group", ""), filters.get("text", ""))
    return outlook.everything(sources=sources, scope=within, wanted=wanted)


def cells_of(found: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    homes, _, places = _named(found)
    labels = {code: f"{mark} {catalogue.rules()[code].rule.label}" for code, mark in outlook.CLASSES.items()}
    for row in found:
        members = row["members"]
        parts = (row["parts"][part]["change_fen"] for part in outlook.PART_LABELS)
        yield [
            row["household_no"],
            homes.get(row["household_key"], ""),
            *places[row["region_code"]],
            str(members),
            "；".join(labels[code] for code in row["classes"]),
            _per_head(row["last_net_fen"], members),
            _per_head(row["collected_net_fen"], 1),
            f"{row['present']}/{row['expected']}",
            "、".join(row["missing_months"]),
            _yuan(outlook.projected_per_head(row)) if row["is_complete"] else "",
            _yuan(outlook.change_per_head(row)),
            outlook.percent(row),
            *(_per_head(part, 1) for part in parts),
            outlook.gap(row),
        ]


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)
