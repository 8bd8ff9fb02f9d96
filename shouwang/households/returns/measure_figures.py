"""落实情况: households with measures and measures by kind, from the ledger of growth and the plans of cases; nothing is typed in (S2-C-04)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shouwang.organisation.scope import Scope

from ..catalogue import CATALOGUE, label_of
from ..models import GrowthMeasure, Measure

OTHER = "其他"


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


def lines(*, scope: Scope, department: str = "", kind: str = "") -> Iterator[Line]:
    """Every measure that stands in a scope, of one department or kind where asked; two queries."""
    kinds = [code for code, one in CATALOGUE.items() if not department or one.department == department]
    own = scope.filter(GrowthMeasure.objects.all())
    cases = scope.filter(Measure.objects.filter(cancelled_on=None))
    if department:
        own, cases = own.filter(kind__in=kinds), cases.filter(department=department)
    if kind:
        own, cases = own.filter(kind=kind), cases.filter(kind=kind)
    fields = ("region_code", "kind", "title", "planned_on", "done_on")
    for home, code, of_kind, title, planned, done in (
        own.order_by("pk").values_list("household_id", *fields).iterator(5000)
    ):
        yield Line(home, code, of_kind, title, planned, done, None)
    told = cases.order_by("pk").values_list("case__household_id", *fields, "case_id")
    for home, code, of_kind, title, planned, done, case in told.iterator(5000):
        yield Line(home, code, of_kind, title, planned, done, case)


# laiyuan-2022-9#3.3.3
def figures(*, scope: Scope, department: str = "") -> Figures:
    """落实帮扶措施的户数、帮扶措施具体数量 of a place, or of one department in it."""
    found: dict[str, KindLine] = {}
    with_any: set[int] = set()
    helped: set[int] = set()
    for one in lines(scope=scope, department=department):
        kind = found.setdefault(one.kind, KindLine(one.kind))
        kind.measures += 1
        kind.households.add(one.household_id)
        with_any.add(one.household_id)
        if one.done_on is not None:
            kind.done += 1
            helped.add(one.household_id)
    order = {code: place for place, code in enumerate(CATALOGUE)}
    kinds = [
        {"code": one.code, "label": one.label, "plan": one.plan_label, "measures": one.measures, "done": one.done, "households": len(one.households)}
        for one in sorted(found.values(), key=lambda one: (order.get(one.code, len(order)), one.code))
    ]  # fmt: skip
    total = sum(one.measures for one in found.values()), sum(one.done for one in found.values())
    return Figures(*total, len(with_any), len(helped), kinds)
