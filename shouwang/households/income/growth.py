"""Growth targets and the triggers of listed supervision, each with its own comparator, from figures that an officer enters with their source.

A target asks for more than (高于) and a trigger for less than (低于): where both sides grow alike, the target is missed and nothing is
triggered (S2-A-02, S4-A-02, S1-C-12).
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.foundation import money
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.policy.resolution import Resolution
from shouwang.regions import queries as regions
from shouwang.regions.codes import NATION
from shouwang.regions.models import Level

from ..models import GrowthStatistic

ALLEVIATED, FARMERS, ALLEVIATED_AREA = "alleviated", "farmers", "alleviated_area"
SERIES = {ALLEVIATED: "脱贫人口", FARMERS: "农民", ALLEVIATED_AREA: "脱贫地区农民"}
_PERIOD = re.compile(r"\d{4}(-Q[1-4])?")
_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
GROWTH, RATIO = "growth", "ratio"
_TRIGGER_LOGIC = "supervision.income_growth.trigger_logic"


@dataclass(frozen=True)
class Comparison:
    """What a parameter compares: ours against theirs; by growth, or by how the ratio of the two incomes changed over the year."""

    parameter: str
    label: str
    ours: str  # series in the region itself
    theirs: str  # series in the region of ``level``
    level: Level | None = None  # None: the region itself
    by: str = GROWTH


TARGETS = (
    Comparison("income.growth.alleviated_over_local", "脱贫人口增速高于当地农民", ALLEVIATED, FARMERS),
    Comparison("income.growth.county_over_province", "全县农民增速高于全省农民", FARMERS, FARMERS, Level.PROVINCE),
    Comparison(
        "income.growth.alleviated_area_over_city", "脱贫地区农民增速高于全市农民", ALLEVIATED_AREA, FARMERS, Level.CITY
    ),
    Comparison("income.ratio_change.alleviated_to_local", "脱贫群众与当地农民收入比例提高", ALLEVIATED, FARMERS, None, RATIO),
    Comparison(
        "income.ratio_change.alleviated_area_to_city", "脱贫地区农民与全市农民收入比例提高",
        ALLEVIATED_AREA, FARMERS, Level.CITY, RATIO,
    ),
)  # fmt: skip
# hebei-xiangzhenfa-2022-14#2.2: the second and third are joined by supervision.income_growth.trigger_logic
TRIGGERS = (
    Comparison("supervision.income_growth.alleviated_below_local", "脱贫人口增速低于当地农民", ALLEVIATED, FARMERS),
    Comparison("supervision.income_growth.county_below_nation", "农民增速低于全国", FARMERS, FARMERS, Level.NATION),
    Comparison("supervision.income_growth.county_below_province", "农民增速低于全省", FARMERS, FARMERS, Level.PROVINCE),
)


@dataclass(frozen=True)
class Answer:
    """``is_met``: None where something is missing. ``margin``: how far apart, as a share; ``sides``: the figures compared."""

    comparison: Comparison
    resolution: Resolution
    margin: Decimal | None
    is_met: bool | None
    missing: tuple[str, ...]
    sides: tuple[GrowthStatistic, ...]


@dataclass(frozen=True)
class Supervision:
    """Whether listed supervision (挂牌督办) is triggered, by what; ``near``: one of two joined conditions holds."""

    answers: tuple[Answer, ...]
    is_triggered: bool | None
    near: bool
    logic: str


def margin_of(ours: Decimal, theirs: Decimal) -> Decimal:
    """Ours less theirs, in shares: 0.12 against 0.119 is 0.001."""
    return ours - theirs


def holds(margin: Decimal, comparator: str, limit: Decimal) -> bool:
    """A margin against a parameter by the comparator of its clause."""
    return _COMPARE[comparator](margin, limit)


def targets(*, region_code: str, period: str, on: dt.date, policies: Policies) -> list[Answer]:
    """The growth targets that documents set for a region, each with its figures; those without a value in force are left out."""
    found = [_answer(one, region_code, period, on, policies) for one in TARGETS]
    return [answer for answer in found if answer.resolution.value is not None]


def supervision(*, region_code: str, period: str, on: dt.date, policies: Policies) -> Supervision | None:
    """The triggers of listed supervision; None where no document in force has any."""
    answers = [_answer(one, region_code, period, on, policies) for one in TRIGGERS]
    if not any(answer.resolution.value is not None for answer in answers):
        return None
    logic = str(policies.resolve(_TRIGGER_LOGIC, region_code=region_code, on=on).value or "and")
    alone, *joined = (answer.is_met for answer in answers)
    together = _joined(joined, logic)
    is_triggered = True if alone or together else None if alone is None or together is None else False
    return Supervision(tuple(answers), is_triggered, not together and any(joined), logic)


def _joined(found: list[bool | None], logic: str) -> bool | None:
    """And: one that does not hold settles it; or: one that holds does. What is not known leaves the rest open."""
    settled = logic == "or"
    if any(one is settled for one in found):
        return settled
    return None if None in found else not settled


def _answer(one: Comparison, region_code: str, period: str, on: dt.date, policies: Policies) -> Answer:
    resolution = policies.resolve(one.parameter, region_code=region_code, on=on)
    their_region = region_code if one.level is None else _above(region_code, one.level)
    periods = [period] if one.by == GROWTH else [period, _year_before(period)]
    sides, missing = [], []
    for when in periods:
        for region, series in ((region_code, one.ours), (their_region, one.theirs)):
            found = newest(region_code=region, series=series, period=when)
            value = None if found is None else found.growth if one.by == GROWTH else found.income_fen
            if found is None or value is None:
                what = "增速" if one.by == GROWTH else "人均收入"
                missing.append(f"{_name(region)}{SERIES[series]}{when}{what}")
            else:
                sides.append(found)
    if missing or resolution.value is None:
        return Answer(one, resolution, None, None, tuple(missing), tuple(sides))
    if one.by == GROWTH:
        margin = margin_of(sides[0].growth or Decimal(0), sides[1].growth or Decimal(0))
    else:
        now, before = (Decimal(pair[0].income_fen or 0) / (pair[1].income_fen or 1) for pair in (sides[:2], sides[2:]))
        margin = now - before
    return Answer(one, resolution, margin, holds(margin, resolution.comparator, resolution.value), (), tuple(sides))


def newest(*, region_code: str, series: str, period: str) -> GrowthStatistic | None:
    """The last entry for a place, series and period; earlier ones stay in the record."""
    rows = GrowthStatistic.objects.filter(region_code=region_code, series=series, period=period)
    return rows.order_by("-pk").first()


def entered(*, region_code: str, period: str) -> list[GrowthStatistic]:
    """Everything entered for a region and those above it in a period, the newest first."""
    above = list(regions.ancestors(region_code))
    rows = GrowthStatistic.objects.filter(region_code__in=above, period__startswith=period[:4])
    return list(rows.select_related("by").order_by("-pk"))


def enter(
    *,
    region_code: str,
    series: str,
    period: str,
    growth_percent: Decimal | None,
    income_yuan: Decimal | None,
    source: str,
    by: Account | None,
    now: dt.datetime,
) -> GrowthStatistic:
    """Writes down a published figure with its source. Figures of the regions above are everybody's; below, only one's own."""
    code = regions.full_code(region_code)
    if by is not None:
        if not by.may(roles.RUN_SCREENING):
            raise NotPermittedError("您的角色不能登记统计数", next_step="请由县级或市级数据员登记。")
        if not Scope.of(by).contains(code) and code not in regions.ancestors(by.region_code):
            raise NotPermittedError("您的账号看不到这个区域")
    if series not in SERIES:
        raise UserError(f"没有“{series}”这个口径")
    if not _PERIOD.fullmatch(period):
        raise UserError(f"时期“{period}”无法识别", next_step="请写成 2022 或 2022-Q2。")
    if growth_percent is None and income_yuan is None:
        raise UserError("增速和人均收入至少要填一项")
    if not source.strip():
        raise UserError("请写明数据来源", next_step="如：县统计局《二季度农村居民收入》。")
    if growth_percent is not None and not -100 <= growth_percent <= 1000:
        raise UserError("增速须在 −100% 到 1000% 之间")
    if income_yuan is not None and income_yuan <= 0:
        raise UserError("人均收入须大于 0")
    entry = GrowthStatistic.objects.create(
        region_code=code,
        series=series,
        period=period,
        growth=None if growth_percent is None else growth_percent / 100,
        income_fen=None if income_yuan is None else money.fen(income_yuan),
        source=source.strip()[:120],
        by=by,
        at=now,
    )
    audit.record(
        by=by, action="登记收入统计数", region_code=code, target=f"{SERIES[series]} {period}", reason=source.strip()
    )
    return entry


def _above(region_code: str, level: Level) -> str:
    """The division of a level that a region lies in; the nation where there is none of that level."""
    return next((code for code in regions.ancestors(region_code) if regions.region(code).level == level), NATION)


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"


def _name(code: str) -> str:
    return regions.name(code) if code != NATION else "全国"
