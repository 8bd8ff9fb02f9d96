"""Leads measured: how many were verified, confirmed and included, and how long each stretch took, by what found them and where.

It counts sources and places, never persons (S0-C-21, S3-B-10, S1-C-01). Every figure is a query whose rows can be listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case as Choose,
)
from django.db.models import (
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Substr, TruncMonth

from shouwang.casework import verification
from shouwang.casework.models import Lead, LeadReason
from shouwang.casework.models.leads import CHANNELS
from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.screening import catalogue

from .models import Measure

BY_RULE, BY_SOURCE, BY_TOWNSHIP, BY_MONTH = "rule", "source", "township", "month"
DIMENSIONS = {BY_RULE: "规则", BY_SOURCE: "数据和渠道", BY_TOWNSHIP: "乡镇", BY_MONTH: "月份"}

LEADS, VERIFIED, CONFIRMED, INCLUDED, ANSWERED = "leads", "verified", "confirmed", "included", "answered"
COUNTS = {LEADS: "线索", VERIFIED: "已核实", CONFIRMED: "属实", INCLUDED: "纳入", ANSWERED: "由记录回答"}
TO_VERIFY, TO_INCLUDE, TO_MEASURE = "to_verify", "to_include", "to_measure"
STRETCHES = {TO_VERIFY: "发现→核实", TO_INCLUDE: "核实→纳入", TO_MEASURE: "纳入→首项措施"}

_VERIFIED = Q(state__in=[verification.CONFIRMED, verification.NO_RISK, verification.RETURNED])
_WHERE = {
    LEADS: ~Q(state=verification.WITHDRAWN),
    VERIFIED: _VERIFIED,
    CONFIRMED: Q(state=verification.CONFIRMED),
    INCLUDED: Q(case__included_on__isnull=False),
}


@dataclass(frozen=True)
class Spread:
    """How long something took, in days: how many were measured, the middle one, and the one that nine of ten do not exceed."""

    count: int = 0
    median: float | None = None
    ninetieth: int | None = None


@dataclass
class Line:
    """One rule, source, township or month."""

    key: str
    label: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    spreads: dict[str, Spread] = field(default_factory=lambda: dict.fromkeys(STRETCHES, Spread()))

    @property
    def precision(self) -> float | None:
        """Confirmed out of verified; None while nothing was verified."""
        return self.counts[CONFIRMED] / self.counts[VERIFIED] if self.counts[VERIFIED] else None

    @property
    def percent(self) -> str:
        """The same with one digit, for pages."""
        return "" if self.precision is None else f"{100 * self.precision:.1f}"


@dataclass(frozen=True)
class Table:
    """All lines of one dimension, and the whole: a lead with two causes stands in two lines and once in the whole."""

    dimension: str
    lines: list[Line]
    whole: Line


def table(*, scope: Scope, dimension: str, from_on: dt.date | None = None, until_on: dt.date | None = None) -> Table:
    """``from_on`` to ``until_on`` (not included): the days of discovery."""
    key, path = _KEYS[dimension]
    rows = _reasons(scope, from_on, until_on) if path else _leads(scope, from_on, until_on)
    lines: dict[str, Line] = {}

    def line(found: Any) -> Line:
        text = _text(found)
        return lines.setdefault(text, Line(text, text))

    _count(rows, key, path, lambda found: line(found).counts)
    whole = Line("", "合计")
    everything = _leads(scope, from_on, until_on)
    _count(everything, Value("", CharField()), "", lambda _: whole.counts)
    for found, count in _answered(scope, dimension, from_on, until_on):
        line(found).counts[ANSWERED] = count
        whole.counts[ANSWERED] += count
    for stretch in STRETCHES:
        for found, spread in _spreads(rows, key, path, stretch):
            line(found).spreads[stretch] = spread
        for _, spread in _spreads(everything, Value("", CharField()), "", stretch):
            whole.spreads[stretch] = spread
    names = regions.names_of({f"{key}000" for key in lines}) if dimension == BY_TOWNSHIP else {}
    for one in lines.values():
        one.label = names.get(f"{one.key}000") or _label(dimension, one.key)
    return Table(dimension, _sorted(dimension, lines.values()), whole)


def rows(
    *,
    scope: Scope,
    dimension: str,
    key: str,
    part: str,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> QuerySet[Lead]:
    """The leads behind one figure; ``key`` empty: the whole. Of a stretch, the leads that were measured."""
    if part == ANSWERED:
        reasons = _answered_reasons(scope, from_on, until_on).annotate(key=_answered_key(dimension))
        if key:
            reasons = reasons.filter(key=_value(dimension, key))
        return Lead.objects.filter(pk__in=reasons.values("lead_id"))
    leads = _leads(scope, from_on, until_on)
    if key:
        expression, path = _KEYS[dimension]
        if path:
            reasons = LeadReason.objects.filter(lead=OuterRef("pk"), left_on=None, is_answered=False)
            leads = leads.filter(Exists(reasons.annotate(key=expression).filter(key=key)))
        else:
            leads = leads.annotate(key=expression).filter(key=_value(dimension, key))
    if part in STRETCHES:
        return _measured(leads, "", part).filter(days__isnull=False)
    return leads.filter(_WHERE[part])


# ── what is counted ──────────────────────────────────────────────────────────
def _leads(scope: Scope, from_on: dt.date | None, until_on: dt.date | None) -> QuerySet[Any]:
    return _within(scope.filter(Lead.objects.exclude(state=verification.WITHDRAWN)), "opened_on", from_on, until_on)


def _reasons(scope: Scope, from_on: dt.date | None, until_on: dt.date | None) -> QuerySet[Any]:
    found = scope.filter(LeadReason.objects.filter(left_on=None, is_answered=False), "lead__region_code")
    return _within(found.exclude(lead__state=verification.WITHDRAWN), "lead__opened_on", from_on, until_on)


def _answered_reasons(scope: Scope, from_on: dt.date | None, until_on: dt.date | None) -> QuerySet[Any]:
    found = scope.filter(LeadReason.objects.filter(is_answered=True), "lead__region_code")
    return _within(found, "joined_on", from_on, until_on)


def _within(rows: QuerySet[Any], field: str, from_on: dt.date | None, until_on: dt.date | None) -> QuerySet[Any]:
    if from_on:
        rows = rows.filter(**{f"{field}__gte": from_on})
    return rows.filter(**{f"{field}__lt": until_on}) if until_on else rows


def _source() -> Choose:
    """Of a finding the dataset that its rule lives on, of anything else its channel."""
    whens = []
    for code, bound in catalogue.rules().items():
        datasets = (*bound.rule.datasets, *bound.rule.needs_one_dataset_of, *bound.rule.optional_datasets)
        whens.append(When(finding__rule=code, then=Value(datasets[0] if datasets else code)))
    return Choose(*whens, default=Coalesce(F("signal__channel"), Value("")), output_field=CharField())


class _Keys(dict[str, tuple[Any, str]]):
    """Dimension → its expression, and the path from the counted rows to the lead (empty where they are leads)."""

    def __missing__(self, dimension: str) -> tuple[Any, str]:
        if dimension == BY_RULE:
            return Coalesce(F("finding__rule"), F("signal__channel"), output_field=CharField()), "lead__"
        if dimension == BY_SOURCE:
            return _source(), "lead__"
        if dimension == BY_TOWNSHIP:
            return Substr("region_code", 1, 9), ""
        return TruncMonth("opened_on"), ""


_KEYS = _Keys()


def _count(rows: QuerySet[Any], key: Any, path: str, counts_of: Any) -> None:
    name = f"{path}pk" if path else "pk"
    wanted = {part: Count(name, filter=_on(path, where), distinct=bool(path)) for part, where in _WHERE.items()}
    for found in rows.order_by().annotate(key=key).values("key").annotate(**wanted):
        counts_of(found["key"]).update({part: found[part] for part in _WHERE})


def _on(path: str, where: Q) -> Q:
    """The same condition seen from a row that leads to a lead."""
    if not path:
        return where
    moved = Q()
    moved.connector, moved.negated = where.connector, where.negated
    for child in where.children:
        if isinstance(child, Q):
            moved.children.append(_on(path, child))
        else:
            name, value = child  # type: ignore[misc]
            moved.children.append((f"{path}{name}", value))
    return moved


def _answered(
    scope: Scope, dimension: str, from_on: dt.date | None, until_on: dt.date | None
) -> Iterable[tuple[Any, int]]:
    rows = _answered_reasons(scope, from_on, until_on).order_by().annotate(key=_answered_key(dimension))
    return list(rows.values_list("key").annotate(count=Count("pk")))


def _answered_key(dimension: str) -> Any:
    if dimension == BY_TOWNSHIP:
        return Substr("lead__region_code", 1, 9)
    return TruncMonth("joined_on") if dimension == BY_MONTH else _KEYS[dimension][0]


# ── how long ─────────────────────────────────────────────────────────────────
def _measured(rows: QuerySet[Any], path: str, stretch: str) -> QuerySet[Any]:
    """Annotates ``days``: the length of a stretch, null where it is not over. A measure that came first took no time."""
    included = f"{path}case__included_on"
    verified = rows.filter(_on(path, _VERIFIED))
    if stretch == TO_VERIFY:
        return verified.annotate(days=_between(f"{path}opened_on", F(f"{path}closed_on")))
    if stretch == TO_INCLUDE:
        return verified.annotate(days=_between(f"{path}closed_on", F(included)))
    first = (
        Measure.objects.filter(case=OuterRef(f"{path}case"), cancelled_on=None)
        .annotate(begun_on=Coalesce("started_on", "done_on"))
        .filter(begun_on__isnull=False)
        .order_by("begun_on")
        .values("begun_on")[:1]
    )
    taken_in = verified.filter(**{f"{included}__isnull": False}).annotate(first_on=Subquery(first))
    return taken_in.annotate(days=_between(included, F("first_on")))


def _between(start: str, end: F) -> ExpressionWrapper:
    return ExpressionWrapper(end - F(start), output_field=DurationField())


def _spreads(rows: QuerySet[Any], key: Any, path: str, stretch: str) -> Iterable[tuple[Any, Spread]]:
    """From how many leads took how many days: the database counts, a few hundred lines come back."""
    measured = _measured(rows, path, stretch).filter(days__isnull=False).order_by().annotate(key=key)
    counted = measured.values_list("key", "days").annotate(
        count=Count(f"{path}pk" if path else "pk", distinct=bool(path))
    )
    histograms: dict[Any, dict[int, int]] = {}
    for found, length, count in counted:
        days = max(0, length.days)
        histogram = histograms.setdefault(found, {})
        histogram[days] = histogram.get(days, 0) + count
    return [(found, spread_of(histogram)) for found, histogram in histograms.items()]


def spread_of(histogram: dict[int, int]) -> Spread:
    """{days: how many} → the middle (of an even number the mean of the two) and the smallest that covers nine tenths."""
    total = sum(histogram.values())
    if not total:
        return Spread()
    low, high = _at(histogram, (total + 1) // 2), _at(histogram, total // 2 + 1)
    return Spread(total, (low + high) / 2, _at(histogram, -(-9 * total // 10)))


def _at(histogram: dict[int, int], place: int) -> int:
    seen = 0
    for days in sorted(histogram):
        seen += histogram[days]
        if seen >= place:
            return days
    raise AssertionError("place beyond the last")


# ── words ────────────────────────────────────────────────────────────────────
def _text(found: Any) -> str:
    return str(Month.of(found)) if isinstance(found, dt.date) else str(found or "")


def _value(dimension: str, key: str) -> Any:
    return Month.parse(key).first_day if dimension == BY_MONTH else key


def _label(dimension: str, key: str) -> str:
    channels = dict(CHANNELS)
    if dimension == BY_TOWNSHIP:
        return key
    if dimension == BY_MONTH:
        return Month.parse(key).label
    if dimension == BY_SOURCE and key in DATASETS:
        return DATASETS[key].label
    bound = catalogue.rules().get(key)
    return bound.rule.label if bound else channels.get(key, key or "未注明")


def _sorted(dimension: str, lines: Iterable[Line]) -> list[Line]:
    if dimension == BY_MONTH:
        return sorted(lines, key=lambda line: line.key, reverse=True)
    if dimension == BY_TOWNSHIP:
        return sorted(lines, key=lambda line: line.key)
    return sorted(lines, key=lambda line: (-line.counts[LEADS], line.label))
