"""How families report and what they hear (hengshui-2022-1#C.2.3), and by which of the three ways leads come in (hebei-opinion-2021#2.2)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from shouwang.casework.models import LeadReason
from shouwang.organisation.scope import Scope

from .models import REFUSED, Channel, Outcome, RefusalReason
from .queries import DECIDED, IN_HAND, MERGED, WAITING, reports

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
    within = Q(received_on__gte=since, received_on__lte=until)
    found: dict[tuple[str, str], Line] = {}
    for name, rows in _kinds(scope).items():
        grouped = rows.filter(within).annotate(month=TruncMonth("received_on")).order_by()
        for month, channel, count in grouped.values_list("month", "channel").annotate(count=Count("id")):
            line = found.setdefault((f"{month:%Y-%m}", channel), Line(f"{month:%Y-%m}", channel))
            setattr(line, name, count)
    days: dict[tuple[str, str], list[int]] = defaultdict(list)
    answered = reports(scope=scope, stage="answered").filter(within)
    for channel, received_on, answered_on in answered.values_list("channel", "received_on", "answered_on"):
        for key in ((f"{received_on:%Y-%m}", channel), ("", "")):
            days[key].append((answered_on - received_on).days if answered_on else 0)
    figures = Figures(sorted(found.values(), key=lambda line: (line.month, line.channel), reverse=True))
    for line in (*figures.lines, figures.total):
        line.days_to_answer = median(days[line.month, line.channel]) if days[line.month, line.channel] else None
    for name in _kinds(scope):
        setattr(figures.total, name, sum(getattr(line, name) for line in figures.lines))
    counts = dict(answered.filter(outcome__in=REFUSED).order_by().values_list("refusal").annotate(count=Count("id")))
    figures.refusals = [(one.value, one.label, counts[one.value]) for one in RefusalReason if one.value in counts]
    return figures


def _kinds(scope: Scope) -> dict[str, Any]:
    return {
        "received": reports(scope=scope),
        "merged": reports(scope=scope, stage=MERGED),
        "waiting": reports(scope=scope, stage=WAITING),
        "in_hand": reports(scope=scope, stage=IN_HAND),
        "decided": reports(scope=scope, stage=DECIDED),
        "answered": reports(scope=scope, stage="answered"),
        "included": reports(scope=scope, outcome=Outcome.INCLUDED),
        "refused": reports(scope=scope).filter(outcome__in=REFUSED),
    }


def three_ways(*, scope: Scope, since: dt.date, until: dt.date) -> dict[str, int]:
    """Leads found in a span by way in; a lead that came by two ways counts under both."""
    rows = LeadReason.objects.filter(lead__opened_on__gte=since, lead__opened_on__lte=until)
    rows = scope.filter(rows, "lead__region_code")
    counts = {DEPARTMENTS: set[int](), FAMILIES: set[int](), CADRES: set[int]()}
    # the rules compare departments' files; what a department pushes itself is the same way in
    for lead in rows.filter(finding__isnull=False).values_list("lead_id", flat=True).distinct().iterator():
        counts[DEPARTMENTS].add(lead)
    told = rows.filter(signal__isnull=False).values_list("lead_id", "signal__channel").distinct()
    for lead, channel in told.iterator():
        counts[_WAY_OF.get(channel, CADRES)].add(lead)
    return {way: len(counts[way]) for way in THREE_WAYS}
