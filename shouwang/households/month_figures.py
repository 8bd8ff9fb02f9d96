"""What a place did in a month, place by place: visits from the closed month, leads, cases and measures from their days (S4-C-03).

Every figure is a query whose rows can be listed; places are compared, never persons. Visit figures of a month that a county has not
closed say so: within the county they are those of the day, above it they are not given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr

from shouwang.casework import verification
from shouwang.casework.models import Case, Lead
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household

from .models import Measure
from .visits import closing, coverage

WANTED, SEEN, MISSED = "wanted", "seen", "missed"
LEADS, VERIFIED, CONFIRMED = "leads", "verified", "confirmed"
INCLUDED, CLEARED, PLANNED, DONE = "included", "cleared", "planned", "done"
NOT_CLOSED = "未结账"
DIGITS_BELOW = {Level.PROVINCE: 4, Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12, Level.VILLAGE: 12}


@dataclass(frozen=True)
class Part:
    """One figure: its label, unit, what it says, and its rows. ``rows`` None: it comes from the month of visits."""

    label: str
    unit: str
    about: str
    rows: Callable[[Scope, Month], QuerySet[Any]] | None = None


def _leads(*states: str) -> Callable[[Scope, Month], QuerySet[Any]]:
    """Leads found in the month (without those that were withdrawn), in some states where asked: the definitions of ``metrics``."""

    def rows(scope: Scope, month: Month) -> QuerySet[Any]:
        found = Lead.objects.filter(opened_on__in=month.days)
        return scope.filter(found.filter(state__in=states) if states else found.exclude(state=verification.WITHDRAWN))

    return rows


def _dated(model: Any, day: str, **more: Any) -> Callable[[Scope, Month], QuerySet[Any]]:
    def rows(scope: Scope, month: Month) -> QuerySet[Any]:
        return scope.filter(model.objects.filter(**{f"{day}__in": month.days}, **more))

    return rows


# xuchang-2022-1#3.1.1.3, hengshui-2022-1#C.2.7.1
PARTS: Mapping[str, Part] = {
    WANTED: Part("应走访", "户", "按文件规定的走访范围"),
    SEEN: Part("已走访", "户", "入户才算，电话不算"),
    MISSED: Part("未走访", "户", "应走访而没有走访的"),
    LEADS: Part("新增线索", "户", "按发现日在本月的线索计", _leads()),
    VERIFIED: Part(
        "已核实",
        "户",
        "其中已经入户核实的",
        _leads(verification.CONFIRMED, verification.NO_RISK, verification.RETURNED),
    ),
    CONFIRMED: Part("风险属实", "户", "其中核实属实的", _leads(verification.CONFIRMED)),
    INCLUDED: Part("新纳入监测对象", "户", "县级确定日在本月", _dated(Case, "included_on")),
    CLEARED: Part("风险消除", "户", "消除日在本月", _dated(Case, "cleared_on")),
    PLANNED: Part("新列帮扶措施", "项", "计划日在本月", _dated(Measure, "planned_on", cancelled_on=None)),
    DONE: Part("完成帮扶措施", "项", "完成日在本月", _dated(Measure, "done_on", cancelled_on=None)),
}
OF_VISITS = (WANTED, SEEN, MISSED)
MODELS: Mapping[str, Any] = {
    **dict.fromkeys((LEADS, VERIFIED, CONFIRMED), Lead),
    **dict.fromkeys((INCLUDED, CLEARED), Case),
    **dict.fromkeys((PLANNED, DONE), Measure),
}


@dataclass
class Line:
    """One place: a figure for every part; None where it is not given. ``closed_on``: the day its county closed the month."""

    code: str
    counts: dict[str, int | None] = field(default_factory=dict)
    closed_on: dt.date | None = None
    why: str = ""  # why visit figures are missing or not final

    @property
    def share(self) -> Fraction | None:
        """Seen out of wanted, exactly; None where nobody has to be seen or nothing is given."""
        wanted, seen = self.counts.get(WANTED), self.counts.get(SEEN)
        return Fraction(seen, wanted) if wanted and seen is not None else None

    @property
    def percent(self) -> str:
        wanted, seen = self.counts.get(WANTED), self.counts.get(SEEN)
        return coverage.Figures(self.code, wanted, seen).percent if wanted and seen is not None else ""


@dataclass
class MonthFigures:
    """A place's month: the whole and the places below it. ``is_closed``: every county of it has closed the month."""

    region_code: str
    month: Month
    whole: Line
    lines: list[Line]

    @property
    def is_closed(self) -> bool:
        return self.whole.closed_on is not None

    def ranked(self) -> list[tuple[int | None, Line]]:
        """The places by the share that was seen, the highest first; what reads as equal shares a rank, what is not closed has none."""
        known = sorted(
            (one for one in self.lines if one.share is not None and one.closed_on),
            key=lambda one: (-(one.share or 0), one.code),
        )
        places: list[tuple[int | None, Line]] = []
        for number, one in enumerate(known, start=1):
            before = places[-1] if places else None
            is_equal = before is not None and before[1].percent == one.percent
            places.append((before[0] if is_equal and before else number, one))
        return places + [(None, one) for one in self.lines if one.share is None or not one.closed_on]  # fmt: skip


def of_place(*, region_code: str, scope: Scope, month: Month, today: dt.date, policies: Policies) -> MonthFigures:
    """The month of a village, township, county or city. Raises UserError for a month that has not begun, or above a city, and
    NotPermittedError outside the scope."""
    if month.first_day > today:
        raise UserError(f"{month.label}还没有到", next_step="请选择本月或以前的月份。")
    code = regions.full_code(region_code)
    level = Level(regions.region(code).level)
    if level < Level.CITY:
        raise UserError("省级不汇总走访到县以下", next_step="请选择一个市或县。")
    digits = DIGITS_BELOW[level]
    within = scope.narrowed(code)
    below = [] if level == Level.VILLAGE else [child.code for child in regions.children(code)]
    lines = {one: Line(one) for one in below}
    whole = Line(code)
    for name, part in PARTS.items():
        if part.rows is None:
            continue
        counts = _by_area(part.rows(within, month), digits)
        whole.counts[name] = sum(counts.values())
        for area, number in counts.items():
            if level != Level.VILLAGE:
                lines.setdefault(area, Line(area)).counts[name] = number
    for line in lines.values():
        for name, part in PARTS.items():
            if part.rows is not None:
                line.counts.setdefault(name, 0)
    counties = _counties(code, within) if level == Level.CITY else [regions.county_of(code)]
    _add_visits(whole, lines, within, month, counties, today, policies)
    shown = [line for line in lines.values() if level != Level.CITY or line.code in counties]
    return MonthFigures(code, month, whole, sorted(shown, key=lambda one: one.code))


def _by_area(rows: QuerySet[Any], digits: int) -> dict[str, int]:
    found = rows.order_by().annotate(area=Substr("region_code", 1, digits)).values_list("area")
    return {f"{area:0<12}": number for area, number in found.annotate(number=Count("pk"))}


def _counties(city: str, scope: Scope) -> list[str]:
    """Those of a city with a register; asked one by one, because a city's households are not counted through for it."""
    below = [child.code for child in regions.children(city) if child.level == Level.COUNTY]
    homes = Household.objects.filter(is_withdrawn=False)
    # range by range: a county that took in others has several, and SQLite reads everything for an OR
    ranges = {code: scope.narrowed(code).ranges for code in below}
    return [code for code in below if any(Scope((one,)).filter(homes).exists() for one in ranges[code])]


def _add_visits(
    whole: Line,
    lines: dict[str, Line],
    scope: Scope,
    month: Month,
    counties: list[str],
    today: dt.date,
    policies: Policies,
) -> None:
    """Visit figures from the closing of each county; the day's own within a county that has not closed yet."""
    level = Level(regions.region(whole.code).level)
    total, missing = coverage.Figures(whole.code), []
    closed_days: list[dt.date | None] = []
    is_closed = {one.region_code for one in closing.closed_months(scope=scope) if one.month == str(month)}
    for county in counties:
        if level == Level.CITY and county not in is_closed:
            missing.append(county)
            _not_given(lines.setdefault(county, Line(county)), NOT_CLOSED)
            continue
        found, closed = closing.month_of(county=county, scope=scope, month=month, policies=policies, is_named=False)
        closed_on = closed.closed_at.date() if closed else None
        why = "" if closed else f"{NOT_CLOSED}，数字截至 {today.isoformat()}"
        if not found.demand.groups:
            why = "没有文件规定走访哪些户"
        closed_days.append(closed_on)
        for one in coverage.rolled_up(found.villages.values(), DIGITS_BELOW[level]):
            if level != Level.VILLAGE:
                _given(lines.setdefault(one.code, Line(one.code)), one)
        for one in coverage.rolled_up(found.villages.values(), 0):
            total.wanted_count += one.wanted_count
            total.seen_count += one.seen_count
        for line in lines.values():
            if level != Level.CITY or line.code == county:
                line.closed_on, line.why = closed_on, why
                if not found.demand.groups:
                    _not_given(line, why)
                elif WANTED not in line.counts:
                    _given(line, coverage.Figures(line.code))
        whole.why = why
    if missing or not closed_days:
        names = regions.names_of(missing)
        why = f"{NOT_CLOSED}：{'、'.join(names.get(one, one) for one in missing)}" if missing else "没有农户档案"
        _not_given(whole, why)
    elif whole.why.startswith("没有文件"):
        _not_given(whole, whole.why)
    else:
        _given(whole, total)
        whole.closed_on = max(one for one in closed_days if one) if all(closed_days) else None


def _given(line: Line, one: coverage.Figures) -> None:
    line.counts |= {WANTED: one.wanted_count, SEEN: one.seen_count, MISSED: one.missed_count}


def _not_given(line: Line, why: str) -> None:
    line.counts |= dict.fromkeys(OF_VISITS)
    line.why = why


def rows(*, part: str, scope: Scope, month: Month) -> QuerySet[Any]:
    """The leads, cases or measures behind a figure; those of visits are told by name on the page of coverage. Raises UserError."""
    found = PARTS.get(part)
    if found is None or found.rows is None:
        raise UserError("没有这个指标", next_step="请从月报页打开。")
    return found.rows(scope, month)


def keys(*, region_code: str, scope: Scope, month: Month) -> dict[str, dict[str, list[int]]]:
    """part → place below → the rows that its figure counts, to be frozen with it; figures of visits have their closed month."""
    digits = DIGITS_BELOW[Level(regions.region(region_code).level)]
    within, found = scope.narrowed(region_code), dict[str, dict[str, list[int]]]()
    for name, part in PARTS.items():
        if part.rows is None:
            continue
        places: dict[str, list[int]] = found.setdefault(name, {})
        for key, village in part.rows(within, month).order_by("pk").values_list("pk", "region_code"):
            places.setdefault(f"{village[:digits]:0<12}", []).append(key)
    return found


def kept_rows(*, part: str, kept: Mapping[str, Mapping[str, list[int]]], region_code: str = "") -> QuerySet[Any]:
    """The rows whose keys were frozen behind a figure, of one place or all; as they are now. Raises UserError."""
    found = PARTS.get(part)
    if found is None or found.rows is None or part not in kept:
        raise UserError("没有这个指标", next_step="请从上报的报表打开。")
    places = kept[part]
    wanted = places.get(region_code, []) if region_code else [key for one in places.values() for key in one]
    return MODELS[part].objects.filter(pk__in=wanted)


def plain(figures: MonthFigures) -> dict[str, Any]:
    """As it is frozen in a return."""
    return {
        "month": str(figures.month),
        "whole": _plain_line(figures.whole),
        "lines": [_plain_line(one) for one in figures.lines],
    }


def opened(region_code: str, kept: Mapping[str, Any]) -> MonthFigures:
    """What ``plain`` froze."""
    return MonthFigures(
        region_code,
        Month.parse(kept["month"]),
        _read_line(kept["whole"]),
        [_read_line(one) for one in kept["lines"]],
    )


def _plain_line(one: Line) -> list[Any]:
    return [one.code, one.counts, one.closed_on.isoformat() if one.closed_on else None, one.why]


def _read_line(kept: Iterable[Any]) -> Line:
    code, counts, closed_on, why = kept
    return Line(code, counts, dt.date.fromisoformat(closed_on) if closed_on else None, why)
