"""Leads measured: how many were verified, confirmed and included, and how long each stretch took, by what found them and where.

It counts sources and places, never persons (S0-C-21, S3-B-10, S1-C-01). Sums are read from the kept courses of the leads
(``casework.courses``), and so are the rows that a figure opens.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Substr, TruncMonth

from shouwang.casework.models import Lead, LeadCourse, LeadReason
from shouwang.casework.models.leads import CHANNELS
from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums
from shouwang.regions import queries as regions
from shouwang.screening import catalogue
from shouwang.screening.planning import REGISTER_LABELS

from . import watched

BY_RULE, BY_SOURCE, BY_TOWNSHIP, BY_MONTH = "rule", "source", "township", "month"
DIMENSIONS = {BY_RULE: "规则", BY_SOURCE: "数据和渠道", BY_TOWNSHIP: "乡镇", BY_MONTH: "月份"}

LEADS, VERIFIED, CONFIRMED, INCLUDED, ANSWERED = "leads", "verified", "confirmed", "included", "answered"
COUNTS = {LEADS: "线索", VERIFIED: "已核实", CONFIRMED: "属实", INCLUDED: "纳入", ANSWERED: "由记录回答"}
TO_VERIFY, TO_INCLUDE, TO_MEASURE = "to_verify", "to_include", "to_measure"
STRETCHES = {TO_VERIFY: "发现→核实", TO_INCLUDE: "核实→纳入", TO_MEASURE: "纳入→首项措施"}

# What is kept of a lead's way, and the courses behind each figure.
_WAY = ("is_verified", "is_confirmed", "is_included", "verify_days", "include_days", "measure_days")
_WHOLE = "*"
_PARTS = {
    LEADS: Q(),
    VERIFIED: Q(is_verified=True),
    CONFIRMED: Q(is_confirmed=True),
    INCLUDED: Q(is_included=True),
    TO_VERIFY: Q(verify_days__isnull=False),
    TO_INCLUDE: Q(include_days__isnull=False),
    TO_MEASURE: Q(measure_days__isnull=False),
}
_KEPT_KEYS: dict[str, Any] = {
    BY_RULE: F("causes"),
    BY_SOURCE: F("causes"),
    BY_TOWNSHIP: Substr("region_code", 1, 9),
    BY_MONTH: F("month"),
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
    counts: dict[str, int]
    spreads: dict[str, Spread]

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
    """``from_on`` to ``until_on`` (not included): the days of discovery. Of all days added up from what is kept by township; else
    two sums, then one walk over the ways leads went."""
    if from_on is None and until_on is None:
        found = kept_sums.read_unless_many(WAYS, ranges=scope.ranges, key={"dimension": dimension})
        if found is not None:
            return _added_up(dimension, found.values())
    sums: dict[str, _Sums] = defaultdict(_Sums)
    whole = _Sums()
    kept = _within(scope.filter(LeadCourse.objects.all()), "opened_on", from_on, until_on).order_by()
    for text, *way, number in kept.values_list(_KEPT_KEYS[dimension], *_WAY).annotate(number=Count("*")):
        whole.add(way, number)
        for key in _keys(dimension, text):
            sums[key].add(way, number)
    for found, count in _answered(scope, dimension, from_on, until_on):
        sums[_text(found)].counts[ANSWERED] = count
        whole.counts[ANSWERED] += count
    return _table(dimension, sums, whole)


def _table(dimension: str, sums: Mapping[str, _Sums], whole: _Sums) -> Table:
    names = regions.names_of({f"{key}000" for key in sums}) if dimension == BY_TOWNSHIP else {}
    lines = [one.line(key, names.get(f"{key}000") or _label(dimension, key)) for key, one in sums.items()]
    return Table(dimension, _sorted(dimension, lines), whole.line("", "合计"))


# ── by township ──────────────────────────────────────────────────────────────
def _by_township(*, ranges: kept_sums.Ranges, dimension: str) -> dict[str, dict[str, Any]]:
    """Township → line → its counts, then for each stretch how many took how many days. The whole stands under no line's key."""
    scope = Scope(ranges)
    sums: dict[str, dict[str, _Sums]] = defaultdict(lambda: defaultdict(_Sums))
    rows = scope.filter(LeadCourse.objects.all()).order_by()
    counted = rows.values_list(_KEPT_KEYS[BY_TOWNSHIP], _KEPT_KEYS[dimension], *_WAY).annotate(number=Count("*"))
    for township, text, *way, number in counted:
        for key in (_WHOLE, *_keys(dimension, text)):
            sums[township][key].add(way, number)
    answered = _answered_reasons(scope, None, None).order_by().annotate(key=_answered_key(dimension))
    by_township = answered.values_list(Substr("lead__region_code", 1, 9), "key").annotate(count=Count("pk"))
    for township, found, count in by_township:
        for key in (_WHOLE, _text(found)):
            sums[township][key].counts[ANSWERED] += count
    return {township: {key: one.plain() for key, one in lines.items()} for township, lines in sums.items()}


WAYS = kept_sums.Sum(
    name="ways_of_leads",
    sources=(watched.HOUSEHOLD, watched.LEAD, watched.LEAD_COURSE, watched.LEAD_REASON, watched.SIGNAL),
    compute=_by_township,
    wanted=lambda today, policies: [({"dimension": one}, Scope.everything().ranges) for one in DIMENSIONS],
)


def _added_up(dimension: str, townships: Iterable[Mapping[str, Any]]) -> Table:
    sums: dict[str, _Sums] = defaultdict(_Sums)
    for lines in townships:
        for key, figures in lines.items():
            sums[key].add_plain(figures)
    whole = sums.pop(_WHOLE, _Sums())
    return _table(dimension, sums, whole)


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
    found = _behind(scope, dimension, key, part, from_on, until_on)
    return Lead.objects.filter(pk__in=found.values("lead_id"))


def counted(
    *,
    scope: Scope,
    dimension: str,
    key: str,
    part: str,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> QuerySet[Any]:
    """As many rows as ``rows`` has, of which nothing has to be read but an index."""
    return _behind(scope, dimension, key, part, from_on, until_on).values("lead_id").distinct()


def _behind(
    scope: Scope, dimension: str, key: str, part: str, from_on: dt.date | None, until_on: dt.date | None
) -> QuerySet[Any]:
    """The answered reasons, or else the courses, of the leads behind one figure."""
    if part == ANSWERED:
        reasons = _answered_reasons(scope, from_on, until_on).annotate(key=_answered_key(dimension))
        if key:
            reasons = reasons.filter(key=_value(dimension, key))
        return reasons
    kept = _within(scope.filter(LeadCourse.objects.filter(_PARTS[part])), "opened_on", from_on, until_on)
    return kept.filter(_has_key(dimension, key))


# ── what is counted ──────────────────────────────────────────────────────────
def _answered_reasons(scope: Scope, from_on: dt.date | None, until_on: dt.date | None) -> QuerySet[Any]:
    # not the column itself: few reasons are answered, and a database that starts from the leads of a city reads them all
    answered = LeadReason.objects.filter(is_answered=True).annotate(village=Substr("lead__region_code", 1, 12))
    return _within(scope.filter(answered, "village"), "joined_on", from_on, until_on)


def _within(rows: QuerySet[Any], field: str, from_on: dt.date | None, until_on: dt.date | None) -> QuerySet[Any]:
    if from_on:
        rows = rows.filter(**{f"{field}__gte": from_on})
    return rows.filter(**{f"{field}__lt": until_on}) if until_on else rows


def _source() -> Choose:
    whens = [When(finding__rule=code, then=Value(_dataset_of(code))) for code in catalogue.rules()]
    return Choose(*whens, default=Coalesce(F("signal__channel"), Value("")), output_field=CharField())


def _answered(
    scope: Scope, dimension: str, from_on: dt.date | None, until_on: dt.date | None
) -> Iterable[tuple[Any, int]]:
    rows = _answered_reasons(scope, from_on, until_on).order_by().annotate(key=_answered_key(dimension))
    return list(rows.values_list("key").annotate(count=Count("pk")))


def _answered_key(dimension: str) -> Any:
    if dimension == BY_TOWNSHIP:
        return Substr("lead__region_code", 1, 9)
    if dimension == BY_MONTH:
        return TruncMonth("joined_on")
    if dimension == BY_SOURCE:
        return _source()
    return Coalesce(F("finding__rule"), F("signal__channel"), output_field=CharField())


# ── what is kept ─────────────────────────────────────────────────────────────
def _keys(dimension: str, text: str) -> Iterable[str]:
    """The lines in which leads with these causes (or of this place or month) stand, each once."""
    if dimension not in (BY_RULE, BY_SOURCE):
        return (text,)
    causes = [cause for cause in text.split(",") if cause]
    return causes if dimension == BY_RULE else {_dataset_of(cause) for cause in causes}


def _has_key(dimension: str, key: str) -> Q:
    """The courses of one line; of the whole without a key."""
    if not key:
        return Q()
    if dimension == BY_TOWNSHIP:
        return Q(region_code__gte=key, region_code__lt=key + "~")
    if dimension == BY_MONTH:
        return Q(month=key)
    causes = [key]
    if dimension == BY_SOURCE:
        causes = [code for code in (*catalogue.rules(), *dict(CHANNELS)) if _dataset_of(code) == key]
    found = Q(pk__in=[])
    for cause in causes:
        found |= Q(causes__contains=f",{cause},")
    return found


def _dataset_of(cause: str) -> str:
    """Of a rule the dataset that it lives on, of anything else its channel."""
    bound = catalogue.rules().get(cause)
    if bound is None:
        return cause
    datasets = (*bound.rule.datasets, *bound.rule.needs_one_dataset_of, *bound.rule.optional_datasets)
    return datasets[0] if datasets else cause


class _Sums:
    """One line, added up from how many leads went which way."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(COUNTS, 0)
        self._histograms: dict[str, dict[int, int]] = {code: {} for code in STRETCHES}

    def add(self, way: Sequence[Any], number: int) -> None:
        """``way``: the values of ``_WAY``."""
        is_verified, is_confirmed, is_included, *stretches = way
        counts = self.counts
        counts[LEADS] += number
        counts[VERIFIED] += number * is_verified
        counts[CONFIRMED] += number * is_confirmed
        counts[INCLUDED] += number * is_included
        for histogram, days in zip(self._histograms.values(), stretches, strict=True):
            if days is not None:
                histogram[days] = histogram.get(days, 0) + number

    def plain(self) -> list[Any]:
        """As it is kept: the counts, then a histogram of each stretch."""
        histograms = [{str(days): number for days, number in one.items()} for one in self._histograms.values()]
        return [*self.counts.values(), *histograms]

    def add_plain(self, figures: Sequence[Any]) -> None:
        for code, number in zip(COUNTS, figures, strict=False):
            self.counts[code] += number
        for histogram, more in zip(self._histograms.values(), figures[len(COUNTS) :], strict=True):
            for days, number in more.items():
                histogram[int(days)] = histogram.get(int(days), 0) + number

    def line(self, key: str, label: str) -> Line:
        return Line(key, label, self.counts, {code: spread_of(found) for code, found in self._histograms.items()})


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
    if dimension == BY_SOURCE and key in REGISTER_LABELS:
        return REGISTER_LABELS[key]
    bound = catalogue.rules().get(key)
    return bound.rule.label if bound else channels.get(key, key or "未注明")


def _sorted(dimension: str, lines: Iterable[Line]) -> list[Line]:
    if dimension == BY_MONTH:
        return sorted(lines, key=lambda line: line.key, reverse=True)
    if dimension == BY_TOWNSHIP:
        return sorted(lines, key=lambda line: line.key)
    return sorted(lines, key=lambda line: (-line.counts[LEADS], line.label))
