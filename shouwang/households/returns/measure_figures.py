"""落实情况: households with measures and measures by kind, from the ledger of growth and the plans of cases; nothing is typed in (S2-C-04)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from shouwang.casework.models import Case
from shouwang.organisation.scope import Scope

from ..catalogue import CATALOGUE, label_of
from ..models import GrowthMeasure, Measure

OTHER = "其他"
_OWN, _OF_CASES = "own", "cases"


@dataclass
class KindLine:
    """One kind of measure in a place: how many were planned, how many of them carried out, for how many households."""

    code: str
    measures: int = 0
    done: int = 0
    households: set[int] = field(default_factory=set)

    @property
    def label(self) -> str:
        return label_of(self.code)

    @property
    def plan_label(self) -> str:
        return CATALOGUE[self.code].plan_label if self.code in CATALOGUE else OTHER


@dataclass
class Figures:
    """``households``: with any measure; ``helped``: with one that was carried out."""

    measures: int
    done: int
    households: int
    helped: int
    kinds: list[dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """One measure of either ledger, as a page lists it."""

    household_id: int
    region_code: str
    kind: str
    title: str
    planned_on: Any
    done_on: Any
    case_id: int | None


@dataclass(frozen=True)
class Screenful:
    """How many measures and households a question finds, and the first lines by village and household."""

    count: int
    household_count: int
    lines: list[Line]


def screenful(*, scope: Scope, kind: str = "", is_done: bool = False, size: int) -> Screenful:
    """The measures that stand in a scope, of one kind or those carried out where asked: counted, and only a screenful is read."""
    own, cases = _standing(scope, kind=kind)
    if is_done:
        own, cases = (rows.filter(done_on__isnull=False) for rows in (own, cases))
    return _screenful(own, cases, size)


def _screenful(own: QuerySet[Any], cases: QuerySet[Any], size: int) -> Screenful:
    homes = own.values("household").union(Case.objects.filter(pk__in=cases.values("case")).values("household"))
    fields = ("region_code", "kind", "title", "planned_on", "done_on")
    rows: Any = own.order_by("region_code", "household", "pk").values_list("household_id", *fields)
    found = [Line(*(*row, None)) for row in rows[:size]]
    rows = cases.order_by("region_code", "case__household", "pk").values_list("case__household_id", *fields, "case_id")
    found += [Line(*row) for row in rows[:size]]
    found.sort(key=lambda line: (line.region_code, line.household_id))
    return Screenful(own.count() + cases.count(), homes.count(), found[:size])


def keys(*, scope: Scope, department: str = "") -> dict[str, dict[str, list[list[int]]]]:
    """ledger → kind → key and whether it was carried out, of every measure that the figures count; to be frozen with them."""
    found: dict[str, dict[str, list[list[int]]]] = {}
    for ledger, rows in zip((_OWN, _OF_CASES), _standing(scope, department=department), strict=True):
        kinds: dict[str, list[list[int]]] = found.setdefault(ledger, {})
        for key, kind, done_on in rows.order_by("pk").values_list("pk", "kind", "done_on"):
            kinds.setdefault(kind, []).append([key, int(done_on is not None)])
    return found


def kept(
    *, rows: Mapping[str, Mapping[str, list[list[int]]]], kind: str = "", is_done: bool = False, size: int
) -> Screenful:
    """``screenful`` of the measures whose keys were frozen; they are shown as they are now."""

    def wanted(ledger: str) -> list[int]:
        kinds = rows.get(ledger, {})
        lines = kinds.get(kind, []) if kind else [line for one in kinds.values() for line in one]
        return [key for key, done in lines if done or not is_done]

    return _screenful(
        GrowthMeasure.objects.filter(pk__in=wanted(_OWN)), Measure.objects.filter(pk__in=wanted(_OF_CASES)), size
    )


def _standing(scope: Scope, *, department: str = "", kind: str = "") -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The measures of the ledger of growth and those of cases that were not cancelled."""
    own = scope.filter(GrowthMeasure.objects.all())
    cases = scope.filter(Measure.objects.filter(cancelled_on=None))
    if department:
        kinds = [code for code, one in CATALOGUE.items() if one.department == department]
        own, cases = own.filter(kind__in=kinds), cases.filter(department=department)
    if kind:
        own, cases = own.filter(kind=kind), cases.filter(kind=kind)
    return own, cases


# laiyuan-2022-9#3.3.3
def figures(*, scope: Scope, department: str = "") -> Figures:
    """落实帮扶措施的户数、帮扶措施具体数量 of a place, or of one department in it."""
    found: dict[str, KindLine] = {}
    with_any: set[int] = set()
    helped: set[int] = set()
    own, cases = _standing(scope, department=department)
    # grouped by case first: what a case has of one kind is one row of an index, and its household is looked up once
    homes = dict(Case.objects.filter(pk__in=cases.values("case")).values_list("pk", "household_id"))
    of_cases = [(homes[case], *rest) for case, *rest in _grouped(cases, "case")]
    for household, code, measures, done in (*_grouped(own, "household"), *of_cases):
        kind = found.setdefault(code, KindLine(code))
        kind.measures += measures
        kind.done += done
        kind.households.add(household)
        with_any.add(household)
        if done:
            helped.add(household)
    order = {code: place for place, code in enumerate(CATALOGUE)}
    kinds = [
        {"code": one.code, "label": one.label, "plan": one.plan_label, "measures": one.measures, "done": one.done, "households": len(one.households)}
        for one in sorted(found.values(), key=lambda one: (order.get(one.code, len(order)), one.code))
    ]  # fmt: skip
    total = sum(one.measures for one in found.values()), sum(one.done for one in found.values())
    return Figures(*total, len(with_any), len(helped), kinds)


def _grouped(rows: QuerySet[Any], subject: str) -> Iterator[Any]:
    """(subject, kind, measures, how many of them were carried out)."""
    counted = rows.order_by().values_list(subject, "kind").annotate(all=Count("pk"), done=Count("done_on"))
    return counted.iterator(chunk_size=5000)
