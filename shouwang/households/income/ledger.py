"""The village's 增收帮扶台账: each watched household with its classes, years, reason, measures, owner and result; and its roll-up.

Figures come from the ledger's months as they count now (or did on a day), classes and their reasons from the findings of the newest
screening: thresholds are the rules' business alone (laiyuan-2022-9#2.2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person
from shouwang.screening.models import Finding

from .. import outlook
from ..catalogue import CATALOGUE, label_of
from ..kinds import LABOURING
from ..models import GrowthMeasure, IncomeLine, Measure, Responsibility, RiskPoint
from ..models.responsibility import CONTACT, SUPPORT_PERSON
from . import figures, in_force, members
from .risk_points import KINDS
from .span import Span, span_of, twelve_months
from .watched import is_watched

# 产业就业帮扶: the measures that count as such
WORK_MEASURES = frozenset(
    kind.code for kind in CATALOGUE.values() if kind.national in ("industry", "employment", "public_post")
)


@dataclass
class Row:
    """One household of the list. ``figures``: see ``figures.of_household``; ``changed_count``: lines recorded after the day shown."""

    household: Household
    figures: figures.Household
    classes: list[Finding] = field(default_factory=list)
    points: list[RiskPoint] = field(default_factory=list)
    measures: list[tuple[str, bool]] = field(default_factory=list)  # what, and whether it is done
    kinds: set[str] = field(default_factory=set)  # of the measures, by households.catalogue
    has_labour: bool = False
    owner: str = ""
    results: list[str] = field(default_factory=list)

    @property
    def marks(self) -> str:
        return "".join(outlook.CLASSES[one.rule] for one in self.classes)

    @property
    def lacks_work_measure(self) -> bool:
        """Somebody could work, and neither an industry nor an employment measure stands (laiyuan-2022-9#2.3)."""
        return self.has_labour and not self.kinds & WORK_MEASURES

    @property
    def reason(self) -> str:
        """Why the income falls, as far as the lines tell it."""
        loss = self.figures.largest_loss
        return f"{loss.label}减少" if loss else ""


@dataclass
class Page:
    """The rows of one village, and what they stand on."""

    rows: list[Row]
    span: Span | None
    as_of: dt.date
    known_at: dt.datetime | None
    run_id: int | None


def watched_in(scope: Scope) -> Any:
    """脱贫户 and 监测对象 of a scope, by village."""
    rows = scope.filter(Household.objects.filter(is_withdrawn=False))
    return rows.filter(is_watched()).order_by("region_code", "household_no")


def page(
    *,
    village_code: str,
    scope: Scope,
    as_of: dt.date,
    policies: Policies,
    known_at: dt.datetime | None = None,
    households: Sequence[Household] | None = None,
) -> Page:
    """The ledger of one village up to ``as_of``, those with the largest drop first; ``known_at``: as it stood at that moment."""
    within = scope.narrowed(village_code)
    chosen = list(households if households is not None else watched_in(within))
    keys = [one.pk for one in chosen]
    span = span_of(region_code=village_code, as_of=as_of, policies=policies)
    county = regions.county_of(village_code)
    found = figures_of(keys=keys, county_code=county, as_of=as_of, span=span, known_at=known_at)
    rows = {one.pk: Row(one, found[one.pk]) for one in chosen}
    run_id = _add_classes(rows, within, as_of)
    _add_work(rows, as_of)
    return Page(sorted(rows.values(), key=_largest_drop_first), span, as_of, known_at, run_id)


def figures_of(
    *, keys: Sequence[int], county_code: str, as_of: dt.date, span: Span | None, known_at: dt.datetime | None
) -> dict[int, figures.Household]:
    """Household → its figures. Set-based: three queries for however many households."""
    rolling = twelve_months(as_of)
    first = min([str(as_of.year - 1), rolling[0], *(span.months if span else ())])
    by_household: dict[int, list[dict[str, Any]]] = {}
    for month in in_force.months(keys, first=first, last=str(Month.of(as_of)), known_at=known_at):
        by_household.setdefault(month["household_id"], []).append(month)
    sizes = members.counts(households=keys, county_code=county_code, as_of=as_of)
    is_known = medical_known(county_code=county_code, month=str(Month.of(as_of)))
    return {
        key: figures.of_household(
            members=sizes.get(key, 0),
            months=by_household.get(key, ()),
            span=span,
            rolling=rolling,
            medical_known=is_known,
        )
        for key in keys
    }


def medical_known(*, county_code: str, month: str) -> bool:
    """Whether the medical insurance has reported for a month or a later one: only then does no own payment mean none."""
    batches = Batch.objects.filter(dataset="medical_settlement", state=BatchState.APPLIED, period__gte=month)
    return batches.filter(lake_files__region_code=county_code).exists()


def changed_since(*, households: Sequence[int], known_at: dt.datetime, first: str, last: str) -> list[IncomeLine]:
    """The lines recorded after a moment, each with the one that it replaced: what changed since."""
    rows = IncomeLine.objects.filter(household_id__in=households, recorded_at__gt=known_at, period__range=(first, last))
    return list(rows.select_related("household", "person", "batch", "supersedes").order_by("period", "item", "pk"))


def _largest_drop_first(row: Row) -> tuple[bool, float, str]:
    change = row.figures.change
    return (change is None, change[0] / change[1] if change else 0, row.household.household_no)


def _add_classes(rows: dict[int, Row], scope: Scope, as_of: dt.date) -> int | None:
    """The five classes as the newest screening of the day (or the last one before) found them."""
    earlier = [day for day in outlook.days(scope=scope) if day <= as_of]
    sources = outlook.sources(scope=scope, as_of=earlier[0]) if earlier else []
    for key, found in outlook.classes_of(sources=sources, households=list(rows)).items():
        rows[key].classes = found
    return sources[0].run_id if sources else None


def _add_work(rows: dict[int, Row], as_of: dt.date) -> None:
    """Measures of cases and of the ledger, risk points, and who answers for the household."""
    keys = list(rows)
    for household in able(keys):
        rows[household].has_labour = True
    cases = Measure.objects.filter(
        case__household_id__in=keys, cancelled_on=None, planned_on__lte=as_of + dt.timedelta(days=366)
    )
    names = ("case__household_id", "kind", "title", "done_on", "result")
    for household, kind, title, done_on, result in cases.values_list(*names):
        _add(rows[household], kind, title, done_on is not None, result)
    for measure in GrowthMeasure.objects.filter(household_id__in=keys).order_by("pk"):
        row = rows[measure.household_id]
        _add(row, measure.kind, measure.title or label_of(measure.kind), measure.done_on is not None, measure.result)
        row.owner = measure.owner or row.owner
    for point in RiskPoint.objects.filter(household_id__in=keys).order_by("opened_on", "pk"):
        rows[point.household_id].points.append(point)
    looking_after = Responsibility.objects.filter(
        household_id__in=keys, kind__in=(CONTACT, SUPPORT_PERSON), until_on=None
    ).order_by("-kind")
    for household, name in looking_after.values_list("household_id", "staff__name"):
        rows[household].owner = rows[household].owner or name


def able(households: Sequence[int]) -> set[int]:
    """The households with somebody who can work."""
    able = Person.objects.filter(household_id__in=households, is_withdrawn=False, labour_capacity__in=LABOURING)
    return set(able.values_list("household_id", flat=True).distinct())


def _add(row: Row, kind: str, title: str, is_done: bool, result: str) -> None:
    row.kinds.add(kind)
    row.measures.append((title, is_done))
    if result:
        row.results.append(result)


def open_points(row: Row) -> list[RiskPoint]:
    return [point for point in row.points if point.closed_on is None]


def point_labels(row: Row) -> list[str]:
    return [KINDS.get(point.kind, point.kind) for point in open_points(row)]


def _is_disputed(month: figures.Month_) -> bool:
    """Sources say different things, or departments paid more than the whole that the village was told."""
    whole, paid = month["transfer_fen"], month["transfer_detail_fen"]
    return bool(month["disputed_count"]) or (whole is not None and paid is not None and paid > whole)


def is_shown(row: Row, show: str) -> bool:
    """Whether a row belongs to: classes, fallen, incomplete, disputed, points, no_measure, no_work_measure; anything else is all."""
    change = row.figures.change
    match show:
        case "classes":
            return bool(row.classes)
        case "fallen":
            return change is not None and change[0] < 0
        case "incomplete":
            return change is None
        case "disputed":
            return any(map(_is_disputed, row.figures.months.values()))
        case "points":
            return bool(open_points(row))
        case "no_measure":
            return bool(row.classes) and not row.measures
        case "no_work_measure":
            return row.lacks_work_measure
    return True
