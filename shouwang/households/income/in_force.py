"""Which lines count, today or on a past day, as one SQL text that SQLite and PostgreSQL both understand; and the months they make.

A line counts from the moment it was recorded until another line points back at it. Transfers are told by the departments that pay
them, and a family is asked only for what none of them pays (``ASKED_OF_FAMILY``): once it has answered, and nobody stated the whole,
the part is what its items add up to. Where sources differ about an item, the one of
the higher standing counts; of two that state the whole of a part, the one told in the later month, then the one recorded later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from .items import ASKED_OF_FAMILY, CLAIM, OWN_MEDICAL, PARTS, TRANSFER

# Whose word counts where several speak of the same item: an officer who corrects, the department that pays, then the village.
OFFICER_STANDING, DEPARTMENT_STANDING, VILLAGE_STANDING, SHEET_STANDING = 3, 2, 1, 0

_LINE, _MONTH = "households_incomeline", "households_incomemonth"
_MONTH_COLUMNS = (
    *(f"{part}_fen" for part in PARTS),
    *("net_fen", "transfer_detail_fen", "claim_fen", "own_medical_fen", "line_count", "disputed_count"),
)


def standing_lines(where: str, *, known_at: dt.datetime | None = None) -> tuple[str, list[Any]]:
    """SQL of the lines that nothing replaced, of those that ``where`` (over alias ``l``) picks, and what it takes.

    ``known_at``: as things stood at that moment. Besides the columns of a line there is ``place``: 1 where the line counts.
    """
    seen, points = "", ""
    values: list[Any] = []
    if known_at is not None:
        seen, points = " AND l.recorded_at <= %s", " AND later.recorded_at <= %s"
        moment = connection.ops.adapt_datetimefield_value(known_at)
        values = [moment, moment]
    return (
        "SELECT l.*, rank() OVER best AS place, first_value(l.amount_fen) OVER best AS best_fen,"
        " first_value(l.dataset) OVER best AS best_dataset"
        f" FROM {_LINE} l WHERE l.amount_fen IS NOT NULL AND ({where}){seen}"
        f" AND NOT EXISTS (SELECT 1 FROM {_LINE} later WHERE later.supersedes_id = l.id{points})"
        " WINDOW best AS (PARTITION BY l.household_id, l.period, l.item ORDER BY l.standing DESC,"
        " CASE WHEN l.item = l.part THEN l.told_in END DESC, CASE WHEN l.item = l.part THEN l.id END DESC)",
        values,
    )


def months_query(where: str, *, known_at: dt.datetime | None = None) -> tuple[str, list[Any]]:
    """SQL of household_id, period and the columns of a month. Values of ``where`` come before those that are returned."""
    lines, values = standing_lines(where, known_at=known_at)
    counted = "place = 1"
    whole = {part: f"sum(CASE WHEN {counted} AND item = '{part}' THEN amount_fen END)" for part in PARTS}
    detail = f"sum(CASE WHEN {counted} AND part = '{TRANSFER}' AND item <> '{TRANSFER}' THEN amount_fen END)"
    has_answered = f"max(CASE WHEN {counted} AND item = '{ASKED_OF_FAMILY}' THEN 1 END) = 1"
    whole[TRANSFER] = f"coalesce({whole[TRANSFER]}, CASE WHEN {has_answered} THEN {detail} END)"
    parts = ", ".join(f"{amount} AS {part}_fen" for part, amount in whole.items())
    sums = (
        f"SELECT household_id, period, {parts},"
        f" {detail} AS transfer_detail_fen,"
        f" sum(CASE WHEN {counted} AND item = '{CLAIM}' THEN amount_fen END) AS claim_fen,"
        f" sum(CASE WHEN {counted} AND item = '{OWN_MEDICAL}' THEN amount_fen END) AS own_medical_fen,"
        f" count(*) AS line_count,"
        " count(DISTINCT CASE WHEN place > 1 AND item = part AND amount_fen <> best_fen"
        " AND dataset <> best_dataset THEN item END) AS disputed_count"
        f" FROM ({lines}) AS standing GROUP BY household_id, period"
    )
    net = "wage_fen + business_fen + property_fen + transfer_fen - business_cost_fen AS net_fen"
    listed = ", ".join(net if name == "net_fen" else name for name in _MONTH_COLUMNS)
    return f"SELECT household_id, period, {listed} FROM ({sums}) AS sums", values


def remake(households: Sequence[int], *, periods: Sequence[str] = ()) -> None:
    """Makes the months (all, or some ``periods``) of some households anew from their lines."""
    for chunk in _chunks(list(households)):
        condition, values = f"household_id IN ({_marks(chunk)})", list[Any](chunk)
        if periods:
            condition += f" AND period IN ({_marks(periods)})"
            values += periods
        _remake(condition, values)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _remake(condition: str, values: Sequence[Any]) -> None:
    """``condition`` names columns that lines and months share."""
    query, more = months_query(condition.replace("household_id", "l.household_id").replace("period", "l.period"))
    names = ", ".join(_MONTH_COLUMNS)
    whole = [f"{part}_fen" for part in PARTS]
    anything = " OR ".join(
        f"{name} IS NOT NULL" for name in (*whole, "transfer_detail_fen", "claim_fen", "own_medical_fen")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_MONTH} WHERE {condition}", list(values))
        cursor.execute(
            f"INSERT INTO {_MONTH} (household_id, region_code, period, {names})"
            f" SELECT m.household_id, h.region_code, m.period, {', '.join(f'm.{name}' for name in _MONTH_COLUMNS)}"
            f" FROM ({query}) AS m JOIN registry_household h ON h.id = m.household_id WHERE {anything}",
            [*values, *more],
        )


def months(
    households: Sequence[int], *, first: str, last: str, known_at: dt.datetime | None = None
) -> list[dict[str, Any]]:
    """The months of some households as they counted at a moment (today where none is given), by household and month."""
    found: list[dict[str, Any]] = []
    names = ("household_id", "period", *_MONTH_COLUMNS)
    for chunk in _chunks(list(households)):
        marks = _marks(chunk)
        if known_at is None:
            query = (
                f"SELECT {', '.join(names)} FROM {_MONTH} WHERE household_id IN ({marks}) AND period BETWEEN %s AND %s"
            )
            values: list[Any] = [*chunk, first, last]
        else:
            inner, more = months_query(f"l.household_id IN ({marks}) AND l.period BETWEEN %s AND %s", known_at=known_at)
            query, values = f"SELECT {', '.join(names)} FROM ({inner}) AS m", [*chunk, first, last, *more]
        with connection.cursor() as cursor:
            cursor.execute(f"{query} ORDER BY household_id, period", values)
            found += [dict(zip(names, line, strict=True)) for line in cursor.fetchall()]
    if known_at is not None:  # PostgreSQL widens sums to numbers with decimals
        for month in found:
            month.update({name: None if month[name] is None else int(month[name]) for name in _MONTH_COLUMNS})
    return found


def lines(household: int, *, first: str, last: str, known_at: dt.datetime | None = None) -> list[tuple[int, int]]:
    """(line, place) of a household's lines that nothing replaced; place 1 counts, others are what other sources say."""
    query, values = standing_lines("l.household_id = %s AND l.period BETWEEN %s AND %s", known_at=known_at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, place FROM ({query}) AS standing ORDER BY period, item, place, id",
            [household, first, last, *values],
        )
        return [(int(line), int(place)) for line, place in cursor.fetchall()]


def _chunks(keys: list[int], size: int = 5000) -> list[list[int]]:
    return [keys[start : start + size] for start in range(0, len(keys), size)]
