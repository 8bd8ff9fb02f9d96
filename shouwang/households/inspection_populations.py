"""What an inspection is drawn from, with what the records say of each; and what the records propose for a sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.organisation import departments, institutions
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from .catalogue import CATALOGUE
from .income import drops
from .income.ledger import watched_in
from .income.risk_points import KINDS as POINTS
from .inspection_kinds import INCOME_FOCUS, MEASURES, TEAMS
from .models import GrowthMeasure, InspectedItem, Inspection, Measure, RiskPoint

LARGE_DROP = "income.large_drop"
NOT_COMPUTED = "未计算"


@dataclass(frozen=True)
class Drawable:
    """One thing that may be drawn; ``key`` is the measure, the household, or the kind and place of an institution."""

    key: str
    region_code: str
    told: dict[str, str]
    measure_id: int | None = None
    household_id: int | None = None


def of_kind(kind: str, *, scope: Scope, today: dt.date, policies: Policies) -> list[Drawable]:
    if kind == MEASURES:
        return _measures(scope)
    if kind == TEAMS:
        return _teams(scope, today)
    return _incomes(scope, today, policies, only_focus=kind == INCOME_FOCUS)


def as_of(today: dt.date) -> dt.date:
    """The last day of the last month that is over, as the ledger shows it."""
    return Month.of(today).plus(-1).last_day


# laiyuan-2022-9#3.4.1: the last two of the four findings follow from the ledger; a person decides
def proposed(item: InspectedItem, *, policies: Policies) -> dict[str, str]:
    """Question → the answer that the ledger proposes on the day of drawing; empty for other inspections."""
    if item.household_id is None:
        return {}
    made: Inspection = item.inspection
    open_points = RiskPoint.objects.filter(household=item.household_id, closed_on=None).exists()
    had_points = RiskPoint.objects.filter(household=item.household_id).exists()
    found = {"points": "no" if open_points else "yes" if had_points else "none"}
    county = regions.county_of(item.region_code)
    scope = Scope.of_region(item.region_code)
    drop = drops.of_scope(scope=scope, county_code=county, as_of=as_of(made.drawn_on), policies=policies).get(
        item.household_id
    )
    if drop is None:
        return found
    if drop.change_fen >= 0:
        return found | {"drop": "yes"}
    limit = policies.resolve(LARGE_DROP, region_code=county, on=made.drawn_on)
    if limit.value is None:
        return found | {"drop": "open"}
    return found | {"drop": "no" if drop.is_large(limit.value, limit.comparator) else "yes"}


def _measures(scope: Scope) -> list[Drawable]:
    rows = scope.filter(Measure.objects.filter(cancelled_on=None, case__is_open=True)).order_by("pk")
    found = []
    for one in rows.iterator(chunk_size=2000):
        kind = CATALOGUE.get(one.kind)
        told = {
            "措施": one.title or (kind.label if kind else one.kind),
            "责任部门": departments.label_of(one.department),
            "计划日": str(one.planned_on),
            "完成日": str(one.done_on or "未完成"),
            "金额": f"{money.grouped(money.yuan(one.amount_fen))} 元" if one.amount_fen is not None else "未登记",
        }
        found.append(Drawable(str(one.pk), one.region_code, told, measure_id=one.pk))
    return found


def _teams(scope: Scope, today: dt.date) -> list[Drawable]:
    """Counties, townships and villages that need an institution, with what the records of staff say of each."""
    found = []
    for kind, level in institutions.GAPS.items():
        missing = set(institutions.gaps(scope=scope, kind=kind, on=today).values_list("code", flat=True))
        for code in institutions.needed(scope=scope, kind=kind, on=today).values_list("code", flat=True):
            told = {"检查内容": _TEAM_LABELS[kind], "台账": level if code in missing else "已配备"}
            found.append(Drawable(f"{kind}-{code}", code, told))
    return found


def _incomes(scope: Scope, today: dt.date, policies: Policies, *, only_focus: bool) -> list[Drawable]:
    """脱贫户 and 监测对象 with their incomes, points and measures; five queries for however many households."""
    county = regions.county_of(scope.ranges[0][0]) if scope.ranges else ""
    changes = drops.of_scope(scope=scope, county_code=county, as_of=as_of(today), policies=policies)
    points: dict[int, list[str]] = {}
    for household, kind in (
        scope.filter(RiskPoint.objects.filter(closed_on=None)).order_by("pk").values_list("household_id", "kind")
    ):
        points.setdefault(household, []).append(POINTS.get(kind, kind))
    counts: dict[int, int] = {}
    own = scope.filter(GrowthMeasure.objects.all()).values_list("household_id", flat=True)
    cases = scope.filter(Measure.objects.filter(cancelled_on=None)).values_list("case__household_id", flat=True)
    for household in (*own, *cases):
        counts[household] = counts.get(household, 0) + 1
    found = []
    for household, code in watched_in(scope).order_by("pk").values_list("pk", "region_code"):
        drop, open_points = changes.get(household), points.get(household, [])
        if only_focus and not open_points and (drop is None or drop.change_fen >= 0):
            continue
        told = {
            "上年纯收入": _yuan(drop.last_fen if drop else None),
            "推算全年": _yuan(drop.projected_fen if drop else None),
            "增减": f"{drop.percent}%" if drop and drop.percent else NOT_COMPUTED,
            "未消除风险点": "、".join(open_points) or "没有",
            "帮扶措施": f"{counts.get(household, 0)} 项",
        }
        found.append(Drawable(str(household), code, told, household_id=household))
    return found


def _yuan(fen: int | None) -> str:
    return NOT_COMPUTED if fen is None else f"{money.grouped(money.yuan(fen))} 元"


_TEAM_LABELS = {
    institutions.CENTRE: "县防贫中心",
    institutions.STATION: "乡镇工作站",
    institutions.GRID_WORKER: "村网格员",
}
