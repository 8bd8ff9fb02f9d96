"""Reads of the income outlook (增收台账): households with their projection and classes, and the sums of places.

Figures come from the table that a screening worked out (``derived.income_outlook``) and classes from the findings of the same
run, so that a page never looks at facts. Figures are whole fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
from django.db.models import Count, Max
from django.db.models.functions import Left

from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry import queries as register
from shouwang.registry.models import Household
from shouwang.screening.models import Finding, RuleResult
from shouwang.screening.rule import HIT

from .derived.income_outlook import DERIVED, PARTS

# laiyuan-2022-9#2.2: the five classes in the order of the document, by the rules that find them
CLASSES = {
    "household.income_falling": "甲",
    "household.income_below_line": "乙",
    "household.income_below_alleviated_average": "丙",
    "household.transfer_share_high": "丁",
    "household.no_labour_low_income": "戊",
}
PART_LABELS = {
    "wage": "工资性",
    "business": "生产经营性",
    "property": "财产性",
    "transfer": "转移性",
    "business_cost": "生产经营性支出",
}
ANY_CLASS, NO_CLASS, INCOMPLETE = "any", "none", "incomplete"

# What a list can be sorted by. Households for which it is not known come last, whichever way it runs.
ORDERS = {
    "change": "change_fen / members",
    "percent": "change_fen / nullif(greatest(last_net_fen, 0), 0)",
    "projected": "CASE WHEN is_complete THEN projected_net_fen / members END",
    "last": "last_net_fen / members",
    "collected": "present",
    "village": "region_code",
}

_FOUND_BY_TEXT = 5000
_EVERYTHING = 100_000_000


@dataclass(frozen=True)
class Source:
    """The outlook of one county in one run: the table, and the results of the classes that were asked in the same run."""

    county_code: str
    run_id: int
    result: RuleResult
    classes: dict[str, RuleResult]

    @property
    def as_of(self) -> dt.date:
        return self.result.as_of

    @property
    def setting(self) -> dict[str, int]:
        """household.income_projection as the run used it: first_month, annual_months; empty where it has no value."""
        used = self.result.parameters.get("household.income_projection") or {}
        return {name: int(value) for name, value in (used.get("value") or {}).items()}

    @property
    def months(self) -> list[str]:
        """The months of the collection year up to the screened one."""
        if not self.setting:
            return []
        last, first = Month.of(self.as_of), self.setting["first_month"]
        year = last.year if last.month >= first else last.year - 1
        return [str(month) for month in Month(year, first).until(last)]


@dataclass(frozen=True)
class Wanted:
    """What to show: one class (its rule), any, none, or the households that could not be told; a name or number."""

    of_class: str = ""
    text: str = ""


@dataclass
class Rows:
    """A screenful. ``rows``: the columns of the table with ``change_fen`` (None: not computed), ``is_complete``, and ``parts``."""

    rows: list[dict[str, Any]]
    count: int
    previous: int | None = None
    next: int | None = None


@dataclass
class Sum:
    """One place: households, how many of them could be told, their net income of both years, and households per class."""

    region_code: str
    household_count: int = 0
    told_count: int = 0
    fallen_count: int = 0
    members: int = 0
    last_net_fen: int = 0
    projected_net_fen: int = 0
    by_class: dict[str, int] = field(default_factory=dict)

    @property
    def untold_count(self) -> int:
        return self.household_count - self.told_count


def days(*, scope: Scope) -> list[dt.date]:
    """The days for which an outlook was worked out in some county of the scope, newest first."""
    found = _results().values_list("county_code", "as_of").distinct()
    return sorted({as_of for county, as_of in found if _touches(scope, county)}, reverse=True)


def sources(*, scope: Scope, as_of: dt.date | None = None) -> list[Source]:
    """Per county of the scope the newest run of a day (of the newest day unless given), by county."""
    newest: dict[str, RuleResult] = {}
    rows = _results() if as_of is None else _results().filter(as_of=as_of)
    for result in rows.annotate(run_id=Max("runs")).order_by("as_of", "run_id"):
        newest[result.county_code] = result
    seen = {county: result for county, result in newest.items() if _touches(scope, county)}
    if as_of is None and seen:
        latest = max(result.as_of for result in seen.values())
        seen = {county: result for county, result in seen.items() if result.as_of == latest}
    found = []
    for county, result in sorted(seen.items()):
        run_id = result.run_id  # type: ignore[attr-defined]  # annotated above
        classes = RuleResult.objects.filter(runs=run_id, county_code=county, rule__in=list(CLASSES))
        found.append(Source(county, run_id, result, {one.rule: one for one in classes}))
    return found


def page(
    *,
    sources: Sequence[Source],
    scope: Scope,
    wanted: Wanted,
    order: str = "change",
    is_descending: bool = False,
    after: int = 0,
    before: int = 0,
    size: int = 50,
) -> Rows:
    """The households behind (or in front of) one of them, by its key; nothing is skipped when the list grows meanwhile."""
    key = ORDERS[order]
    way = "DESC" if is_descending else "ASC"
    cursor = after or before
    with _listed(sources, scope, wanted) as connection:
        if connection is None:
            return Rows([], 0)
        # only what sorts is sorted; the rows of the screenful are opened by their keys
        connection.execute(
            "CREATE TEMP TABLE ranked AS SELECT household_key, row_number() OVER"
            f" (ORDER BY {key} {way} NULLS LAST, region_code, household_no) AS place FROM listed"
        )
        count = _number(connection.execute("SELECT count(*) FROM ranked"))
        place = _number(connection.execute("SELECT max(place) FROM ranked WHERE household_key = ?", [cursor]))
        first = max(0, place - 1 - size) if before and place else place
        until = place - 1 if before and place else first + size
        found = connection.execute(
            "SELECT listed.*, place FROM listed JOIN ranked USING (household_key)"
            " WHERE place > ? AND place <= ? ORDER BY place",
            [first, until],
        )
        rows = _with_parts(found.to_arrow_table().to_pylist(), sources)
    return Rows(
        rows,
        count,
        previous=rows[0]["household_key"] if rows and rows[0]["place"] > 1 else None,
        next=rows[-1]["household_key"] if rows and rows[-1]["place"] < count else None,
    )


def everything(*, sources: Sequence[Source], scope: Scope, wanted: Wanted) -> list[dict[str, Any]]:
    """All households of a list with the rules of their classes, those with the largest drop first; for files."""
    rows = page(sources=sources, scope=scope, wanted=wanted, size=_EVERYTHING).rows
    asked = [result.pk for source in sources for result in source.classes.values()]
    hits = scope.filter(Finding.objects.filter(result_id__in=asked, status=HIT)).values_list("household_id", "rule")
    found: dict[int, set[str]] = {}
    for household, rule in hits.iterator(chunk_size=5000):
        found.setdefault(household, set()).add(rule)
    return [
        row | {"classes": [code for code in CLASSES if code in found.get(row["household_key"], ())]} for row in rows
    ]


def sums(*, sources: Sequence[Source], scope: Scope, digits: int) -> list[Sum]:
    """One line per division (``digits`` of the code: 6 counties, 9 townships, 12 villages), by code.

    A household in several classes counts under each of them; provisional findings count under none.
    """
    found: dict[str, Sum] = {}
    with _listed(sources, scope, Wanted()) as connection:
        if connection is None:
            return []
        lines = connection.execute(
            f"SELECT rpad(left(region_code, {int(digits)}), 12, '0') AS area, count(*), count(change_fen),"
            " count(*) FILTER (change_fen < 0), sum(members) FILTER (change_fen IS NOT NULL),"
            " sum(last_net_fen) FILTER (change_fen IS NOT NULL), sum(projected_net_fen) FILTER (change_fen IS NOT NULL)"
            " FROM listed GROUP BY ALL ORDER BY area"
        ).fetchall()
    for area, households, told, fallen, members, last, projected in lines:
        found[area] = Sum(area, households, told, fallen, int(members or 0), int(last or 0), int(projected or 0))
    asked = [result.pk for source in sources for result in source.classes.values()]
    hits = scope.filter(Finding.objects.filter(result_id__in=asked, status=HIT))
    grouped = hits.annotate(area=Left("region_code", digits)).values_list("area", "rule").annotate(count=Count("id"))
    for area, rule, count in grouped.order_by():
        if place := found.get(area.ljust(12, "0")):
            place.by_class[rule] = count
    return list(found.values())


def of_household(*, household: Household, sources: Sequence[Source]) -> dict[str, Any] | None:
    """The line of one household, or None where it is not watched or nothing was worked out."""
    scope = Scope(((household.region_code, f"{household.region_code}~"),))
    with _table(sources, scope, f"household_key = {household.pk}") as connection:
        rows = connection.execute("SELECT * FROM listed").to_arrow_table().to_pylist() if connection else []
    return _with_parts(rows, sources)[0] if rows else None


def classes_of(*, sources: Sequence[Source], households: Sequence[int]) -> dict[int, list[Finding]]:
    """Per household its hits of the five classes, in the order of the document."""
    asked = [result.pk for source in sources for result in source.classes.values()]
    order = list(CLASSES)
    found: dict[int, list[Finding]] = {}
    rows = Finding.objects.filter(household_id__in=households, result_id__in=asked, status=HIT).select_related("result")
    for finding in sorted(rows, key=lambda one: order.index(one.rule)):
        found.setdefault(finding.household_id, []).append(finding)
    return found


def gap(row: dict[str, Any]) -> str:
    """Why a household's year cannot be set against the last one; empty when it can."""
    if not row["present"]:
        return "没有采集到月收入"
    if row["missing_months"]:
        return "缺 " + "、".join(f"{Month.parse(month).month}月" for month in row["missing_months"])
    return "缺上年收入" if row["last_net_fen"] is None else ""


def largest_loss(row: dict[str, Any]) -> tuple[str, int] | None:
    """The part of income that takes most away, where the household loses: its label and fen."""
    if row["change_fen"] is None or row["change_fen"] >= 0:
        return None
    effects = {
        part: -values["change_fen"] if part == "business_cost" else values["change_fen"]
        for part, values in row["parts"].items()
        if values["change_fen"] is not None
    }
    part = min(effects, key=lambda name: effects[name], default="")
    return (PART_LABELS[part], effects[part]) if part else None


def projected_per_head(row: dict[str, Any]) -> Decimal | None:
    """Yuan; divided once, so that it is the figure of the income ledger to the fen (laiyuan-2022-9#2.2.7)."""
    if row["collected_net_fen"] is None or not row["members"]:
        return None
    return money.yuan(row["collected_net_fen"] * row["annual_months"], row["expected"] * row["members"])


def change_per_head(row: dict[str, Any]) -> Decimal | None:
    """The same less last year's; None while months are missing or last year is not known."""
    if row["change_fen"] is None or not row["members"]:
        return None
    change = row["collected_net_fen"] * row["annual_months"] - row["last_net_fen"] * row["expected"]
    return money.yuan(change, row["expected"] * row["members"])


def percent(row: dict[str, Any]) -> str:
    """The change in percent of last year's income: -12.5; empty where it was not computed or there was nothing to lose."""
    if row["change_fen"] is None or row["last_net_fen"] <= 0:
        return ""
    return str((Decimal(100 * row["change_fen"]) / row["last_net_fen"]).quantize(Decimal("0.1")))


def _results() -> Any:
    return RuleResult.objects.filter(rule=DERIVED.code, runs__isnull=False)


def _touches(scope: Scope, county: str) -> bool:
    """Whether a scope lies in a county, or the county in it."""
    return any(low < end and start < high for low, high in scope.ranges for start, end in regions.ranges(county))


@contextmanager
def _listed(sources: Sequence[Source], scope: Scope, wanted: Wanted) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """A connection with the relation ``listed``; None where nothing was worked out."""
    conditions, keys = ["true"], dict[str, list[int]]()
    if wanted.of_class == INCOMPLETE:
        conditions.append("change_fen IS NULL")
    elif wanted.of_class in (ANY_CLASS, NO_CLASS) or wanted.of_class in CLASSES:
        keys["of_class"] = _hits(sources, scope, wanted.of_class if wanted.of_class in CLASSES else "")
        negation = "NOT " if wanted.of_class == NO_CLASS else ""
        conditions.append(f"household_key {negation}IN (SELECT key FROM of_class)")
    if wanted.text:
        named = scope.filter(Household.objects.filter(pk__in=register.named(wanted.text)))
        keys["of_text"] = list(named.values_list("pk", flat=True)[:_FOUND_BY_TEXT])
        conditions.append("household_key IN (SELECT key FROM of_text)")
    with _table(sources, scope, " AND ".join(conditions), keys) as connection:
        yield connection


def _hits(sources: Sequence[Source], scope: Scope, rule: str) -> list[int]:
    asked = [one.pk for source in sources for code, one in source.classes.items() if not rule or code == rule]
    rows = scope.filter(Finding.objects.filter(result_id__in=asked, status=HIT))
    return list(rows.values_list("household_id", flat=True).distinct())


@contextmanager
def _table(
    sources: Sequence[Source], scope: Scope, condition: str, keys: dict[str, list[int]] | None = None
) -> Iterator[duckdb.DuckDBPyConnection | None]:
    paths = [str(store.absolute(source.result.file)) for source in sources if source.result.file]
    if not paths or not scope.ranges:
        yield None
        return
    seen = " OR ".join(f"(region_code >= '{low}' AND region_code < '{high}')" for low, high in scope.ranges)
    with store.connect() as connection:
        for name, values in (keys or {}).items():
            connection.register(name, pa.table({"key": pa.array(values, pa.int64())}))
        connection.execute(  # a view: a query reads the columns that it names
            "CREATE TEMP VIEW listed AS SELECT * FROM ("
            " SELECT *, present = expected AS is_complete,"
            " CASE WHEN present = expected THEN projected_net_fen - last_net_fen END AS change_fen"
            f" FROM read_parquet([{', '.join(map(quoted, paths))}]) WHERE {seen}) WHERE {condition}"
        )
        yield connection


def _with_parts(rows: list[dict[str, Any]], sources: Sequence[Source]) -> list[dict[str, Any]]:
    """The rows with their missing months, and per part of income: last year, collected, projected, change (costs count against)."""
    spans = [(span, source.months, source.setting) for source in sources for span in regions.ranges(source.county_code)]
    for row in rows:
        months, setting = next(
            (months, setting) for (low, high), months, setting in spans if low <= row["region_code"] < high
        )
        row["annual_months"] = setting["annual_months"]
        row["missing_months"] = [month for place, month in enumerate(months) if not row["month_bits"] >> place & 1]
        row["parts"] = {}
        for part in PARTS:
            last, collected = row[f"last_{part}_fen"], row[f"collected_{part}_fen"]
            projected = None if collected is None else collected * setting["annual_months"] // row["expected"]
            is_known = row["is_complete"] and last is not None and projected is not None
            row["parts"][part] = {
                "last_fen": last,
                "collected_fen": collected,
                "projected_fen": projected,
                "change_fen": projected - last if is_known else None,
            }
    return rows


def _number(found: duckdb.DuckDBPyConnection) -> int:
    line = found.fetchone()
    return int(line[0] or 0) if line else 0
