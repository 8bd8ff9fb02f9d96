"""Leads measured: how many were verified, confirmed and included, and how long each stretch took, by what found them and where.

It counts sources and places, never persons (S0-C-21, S3-B-10, S1-C-01). Every figure is a query whose rows can be listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Substr, TruncMonth

from shouwang.casework import verification
from shouwang.casework.models import Case, Lead, LeadReason
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

_VERIFIED_STATES = (verification.CONFIRMED, verification.NO_RISK, verification.RETURNED)
_VERIFIED = Q(state__in=_VERIFIED_STATES)
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
    """``from_on`` to ``until_on`` (not included): the days of discovery. A handful of queries, then one walk over the leads."""
    tallies: dict[str, dict[_Steps, int]] = {}
    everything: dict[_Steps, int] = {}
    keys_of = _keys_of_leads(scope, dimension, from_on, until_on)
    for lead, key, steps in _journeys(scope, dimension, from_on, until_on):
        everything[steps] = everything.get(steps, 0) + 1
        for one in keys_of.get(lead, ()) if keys_of is not None else (key,):
            if (tally := tallies.get(one)) is None:
                tally = tallies[one] = {}
            tally[steps] = tally.get(steps, 0) + 1
    sums = {key: _Sums(tally) for key, tally in tallies.items()}
    whole = _Sums(everything)
    for found, count in _answered(scope, dimension, from_on, until_on):
        sums.setdefault(_text(found), _Sums({})).counts[ANSWERED] = count
        whole.counts[ANSWERED] += count
    names = regions.names_of({f"{key}000" for key in sums}) if dimension == BY_TOWNSHIP else {}
    lines = [one.line(key, names.get(f"{key}000") or _label(dimension, key)) for key, one in sums.items()]
    return Table(dimension, _sorted(dimension, lines), whole.line("", "合计"))


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
    return leads.filter(_MEASURED[part]() if part in STRETCHES else _WHERE[part])


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


def _answered(
    scope: Scope, dimension: str, from_on: dt.date | None, until_on: dt.date | None
) -> Iterable[tuple[Any, int]]:
    rows = _answered_reasons(scope, from_on, until_on).order_by().annotate(key=_answered_key(dimension))
    return list(rows.values_list("key").annotate(count=Count("pk")))


def _answered_key(dimension: str) -> Any:
    if dimension == BY_TOWNSHIP:
        return Substr("lead__region_code", 1, 9)
    return TruncMonth("joined_on") if dimension == BY_MONTH else _KEYS[dimension][0]


# ── from discovery to the first measure ──────────────────────────────────────
@dataclass(frozen=True, eq=False)
class _Steps:
    """How far a lead came, and how many days each stretch took (None: not over, or never begun). Told apart by identity."""

    is_verified: bool
    is_confirmed: bool
    is_included: bool
    days: tuple[int | None, int | None, int | None]


class _Sums:
    """One line, added up from how many leads went which way."""

    def __init__(self, tally: Mapping[_Steps, int]) -> None:
        self.counts = dict.fromkeys(COUNTS, 0)
        self._histograms: dict[str, dict[int, int]] = {code: {} for code in STRETCHES}
        for steps, number in tally.items():
            self._add(steps, number)

    def _add(self, steps: _Steps, number: int) -> None:
        counts = self.counts
        counts[LEADS] += number
        counts[VERIFIED] += number * steps.is_verified
        counts[CONFIRMED] += number * steps.is_confirmed
        counts[INCLUDED] += number * steps.is_included
        for histogram, days in zip(self._histograms.values(), steps.days, strict=True):
            if days is not None:
                histogram[days] = histogram.get(days, 0) + number

    def line(self, key: str, label: str) -> Line:
        return Line(key, label, self.counts, {code: spread_of(found) for code, found in self._histograms.items()})


def _journeys(
    scope: Scope, dimension: str, from_on: dt.date | None, until_on: dt.date | None
) -> Iterator[tuple[int, str, _Steps]]:
    """Every lead with its township or month. Days come as text, as they are stored: most of them are the same few."""
    included = dict(
        scope.filter(Case.objects.filter(lead__isnull=False, included_on__isnull=False)).values_list(
            "lead_id", _day("included_on")
        )
    )
    begun = scope.filter(Measure.objects.filter(cancelled_on=None, case__included_on__isnull=False))
    first = dict(begun.values_list("case__lead_id").annotate(on=Min(_day(Coalesce("started_on", "done_on")))))
    rows = _leads(scope, from_on, until_on).order_by()
    columns = rows.values_list("pk", "region_code", _day("opened_on"), _day("closed_on"), "state")
    known: dict[tuple[Any, ...], _Steps] = {}
    alike: dict[tuple[Any, ...], _Steps] = {}
    for lead, village, opened_on, closed_on, state in columns.iterator(chunk_size=10_000):
        way = state, opened_on, closed_on, included.get(lead), first.get(lead)
        if way not in known:
            steps = _steps(*way)
            known[way] = alike.setdefault(
                (*steps.days, steps.is_verified, steps.is_confirmed, steps.is_included), steps
            )
        yield lead, village[:9] if dimension == BY_TOWNSHIP else opened_on[:7], known[way]


def _steps(state: str, opened_on: str, closed_on: str | None, included_on: str | None, first_on: str | None) -> _Steps:
    is_verified = state in _VERIFIED_STATES
    days = (
        _between(opened_on, closed_on) if is_verified else None,
        _between(closed_on, included_on) if is_verified else None,
        _between(included_on, first_on),
    )
    return _Steps(is_verified, state == verification.CONFIRMED, included_on is not None, days)


def _between(start: str | None, end: str | None) -> int | None:
    """Days; a step that came before the one it follows took no time."""
    if not start or not end:
        return None
    return max(0, (dt.date.fromisoformat(end[:10]) - dt.date.fromisoformat(start[:10])).days)


def _day(field: Any) -> Cast:
    return Cast(field, TextField())


def _keys_of_leads(
    scope: Scope, dimension: str, from_on: dt.date | None, until_on: dt.date | None
) -> dict[int, set[str]] | None:
    """Lead → the rules or sources of its standing reasons; None where a lead has one place and month."""
    key, path = _KEYS[dimension]
    if not path:
        return None
    found: dict[int, set[str]] = {}
    for lead, text in _reasons(scope, from_on, until_on).order_by().annotate(key=key).values_list("lead_id", "key"):
        found.setdefault(lead, set()).add(text or "")
    return found


def _is_begun() -> Q:
    """An included lead with a measure that was begun."""
    begun = Measure.objects.filter(case__lead=OuterRef("pk"), cancelled_on=None)
    return Q(case__included_on__isnull=False) & Q(
        Exists(begun.filter(Q(started_on__isnull=False) | Q(done_on__isnull=False)))
    )


# The leads whose stretch is over.
_MEASURED: dict[str, Callable[[], Q]] = {
    TO_VERIFY: lambda: _VERIFIED & Q(closed_on__isnull=False),
    TO_INCLUDE: lambda: _VERIFIED & Q(closed_on__isnull=False, case__included_on__isnull=False),
    TO_MEASURE: _is_begun,
}


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
