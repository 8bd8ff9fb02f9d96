"""How families report and what they hear (hengshui-2022-1#C.2.3), and by which of the three ways leads come in (hebei-opinion-2021#2.2)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shouwang.casework.models import Lead, LeadReason
from shouwang.organisation.scope import Scope

from .models import REFUSED, Channel, Outcome, RefusalReason, SelfReport
from .queries import has_result, reports

FAMILIES, DEPARTMENTS, CADRES = "families", "departments", "cadres"
THREE_WAYS = {FAMILIES: "农户自主申报", DEPARTMENTS: "部门信息比对", CADRES: "基层干部排查走访"}
_WAY_OF = {
    "self_report": FAMILIES,
    "hotline": FAMILIES,
    "desk": FAMILIES,
    "department_push": DEPARTMENTS,
    "visit": CADRES,
    "event": CADRES,
}


_ONE_COUNTY = 10**6  # codes


@dataclass
class Line:
    """One channel in one month. Every count opens its rows in the list of reports under the same filter."""

    month: str
    channel: str
    received: int = 0
    merged: int = 0
    waiting: int = 0
    in_hand: int = 0
    decided: int = 0
    answered: int = 0
    included: int = 0
    refused: int = 0
    days_to_answer: float | None = None

    @property
    def label(self) -> str:
        return Channel(self.channel).label if self.channel else "合计"


@dataclass
class Figures:
    """By month and channel, newest month first, and why families were refused."""

    lines: list[Line] = field(default_factory=list)
    total: Line = field(default_factory=lambda: Line("", ""))
    refusals: list[tuple[str, str, int]] = field(default_factory=list)


def by_channel(*, scope: Scope, since: dt.date, until: dt.date) -> Figures:
    """Reports received from ``since`` up to and with ``until``."""
    rows = reports(scope=scope).filter(received_on__gte=since, received_on__lte=until).order_by()
    found: dict[tuple[str, str], Line] = {}
    is_open = Q(merged_into__isnull=True, answered_at__isnull=True)
    counts = {
        "received": Count("id"),
        "merged": Count("id", filter=Q(merged_into__isnull=False)),
        "waiting": Count("id", filter=is_open & Q(household__isnull=True)),
        "in_hand": Count("id", filter=is_open & Q(household__isnull=False)),
        "answered": Count("id", filter=Q(answered_at__isnull=False)),
        "included": Count("id", filter=Q(outcome=Outcome.INCLUDED)),
        "refused": Count("id", filter=Q(outcome__in=REFUSED)),
    }
    # by day, which an index gives; the months are made here
    groups: Iterable[Any] = rows.values("received_on", "channel").annotate(**counts)
    for group in groups:
        line = _line(found, group["received_on"], group["channel"])
        for name in counts:
            setattr(line, name, getattr(line, name) + group[name])
    decided = rows.filter(is_open, has_result(), household__isnull=False)
    for day, channel, count in decided.values_list("received_on", "channel").annotate(count=Count("id")):
        line = _line(found, day, channel)
        line.decided, line.in_hand = line.decided + count, line.in_hand - count
    figures = Figures(sorted(found.values(), key=lambda line: (line.month, line.channel), reverse=True))
    for name in (*counts, "decided"):
        setattr(figures.total, name, sum(getattr(line, name) for line in figures.lines))
    _time_to_answer(figures, rows)
    refused = rows.filter(outcome__in=REFUSED).values_list("refusal").annotate(count=Count("id"))
    by_reason = dict(refused)
    figures.refusals = [(one.value, one.label, by_reason[one.value]) for one in RefusalReason if one.value in by_reason]
    return figures


def _line(found: dict[tuple[str, str], Line], day: dt.date, channel: str) -> Line:
    return found.setdefault((f"{day:%Y-%m}", channel), Line(f"{day:%Y-%m}", channel))


def _time_to_answer(figures: Figures, rows: QuerySet[SelfReport]) -> None:
    """Medians, from how many reports took how many days."""
    took: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    answered = rows.filter(answered_on__isnull=False).values_list("received_on", "answered_on", "channel")
    for received_on, answered_on, channel, count in answered.annotate(count=Count("id")):
        for key in ((f"{received_on:%Y-%m}", channel), ("", "")):
            took[key][(answered_on - received_on).days] += count
    for line in (*figures.lines, figures.total):
        days = took[line.month, line.channel]
        line.days_to_answer = median(sorted(days.elements())) if days else None


def three_ways(*, scope: Scope, since: dt.date, until: dt.date) -> dict[str, int]:
    """Leads found in a span by way in; a lead that came by two ways counts under both."""
    rows = scope.filter(Lead.objects.filter(opened_on__gte=since, opened_on__lte=until))
    reasons = LeadReason.objects.filter(lead=OuterRef("pk"))

    def told(way: str) -> Q:
        said = {"signal__channel__in": [channel for channel, of in _WAY_OF.items() if of == way]}
        if scope.width > _ONE_COUNTY:  # all that was said is less than all leads of a city
            return Q(pk__in=LeadReason.objects.filter(**said).values("lead"))
        return Q(Exists(reasons.filter(**said)))

    # asked lead by lead, which two indexes answer alone; joined, every reason would be sorted three times
    wanted = {way: told(way) for way in THREE_WAYS}
    # the rules compare departments' files; what a department pushes itself is the same way in
    wanted[DEPARTMENTS] = Q(Exists(reasons.filter(finding__isnull=False))) | wanted[DEPARTMENTS]
    return rows.aggregate(**{way: Count("pk", filter=wanted[way]) for way in THREE_WAYS})
