"""Every official figure of a household's income: its formula, what it comes to, the months it stands on, and what is missing.

A month counts only when all five parts were stated. A figure whose months are not all there is provisional or not computed; a
missing month is never 0. Figures per head are divided exactly and shown with two places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shouwang.foundation import money

from .items import COST, ITEMS, MEMO, PARTS
from .span import Span

COMPUTED, PROVISIONAL, NOT_COMPUTED = "computed", "provisional", "not_computed"
Month_ = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """``fen ÷ divisor`` is the value (None: not computed, ``reason`` says why); ``months`` are the ones it adds up."""

    code: str
    label: str
    formula: str
    cites: tuple[str, ...]
    fen: int | None
    divisor: int = 1
    months: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if self.fen is None:
            return NOT_COMPUTED
        return PROVISIONAL if self.missing else COMPUTED

    @property
    def yuan(self) -> Decimal | None:
        return None if self.fen is None else money.yuan(self.fen, self.divisor)

    @property
    def present(self) -> str:
        """8/9 where months are counted."""
        total = len(self.months) + len(self.missing)
        return f"{len(self.months)}/{total}" if total > 1 else ""


@dataclass(frozen=True)
class Comparison:
    """One part, last year against the projection: what changed, as income (more costs are less income)."""

    part: str
    label: str
    last_fen: int | None
    collected_fen: int | None
    projected_fen: int | None
    effect_fen: int | None


@dataclass
class Household:
    """The figures of one household as they stood at one moment."""

    members: int
    months: dict[str, Month_]
    figures: dict[str, Figure] = field(default_factory=dict)
    comparison: list[Comparison] = field(default_factory=list)

    @property
    def change(self) -> tuple[int, int] | None:
        """Projected less last year per head as fen and what it is divided by; None where either is not there in full."""
        projected, last = self.figures.get("projection_per_head"), self.figures["last_year_per_head"]
        if projected is None or projected.state != COMPUTED or projected.fen is None or last.fen is None:
            return None
        return projected.fen - last.fen * (projected.divisor // last.divisor), projected.divisor

    @property
    def largest_loss(self) -> Comparison | None:
        """The part that takes most away, where the household loses."""
        change = self.change
        known = [one for one in self.comparison if one.effect_fen is not None and one.effect_fen < 0]
        if change is None or change[0] >= 0 or not known:
            return None
        return min(known, key=lambda one: one.effect_fen or 0)


_NET = "工资性 + 生产经营性 + 财产性 + 转移性 − 生产经营性支出"
_CITES = ("laiyuan-2022-9#2.2.7",)


def of_household(
    *, members: int, months: Iterable[Month_], span: Span | None, rolling: Sequence[str], medical_known: bool
) -> Household:
    """All figures from the months of one household (see ``in_force.months``), among them the year's from the register's sheets.

    ``medical_known``: the medical insurance's files cover the months, so that no own payment means none.
    """
    by_period = {month["period"]: month for month in months}
    found = Household(members, by_period)
    figures = [
        *_sums("rolling", "近12个月", by_period, rolling, members, medical_known),
        *_last_year(by_period, span, members),
    ]
    if span:
        figures += _sums("collection", "采集年度", by_period, span.months, members, medical_known)
        figures.append(_projection(by_period, span, members))
        found.comparison = compare(by_period, span)
    found.figures = {figure.code: figure for figure in figures}
    return found


def _sums(
    code: str, label: str, by_period: Mapping[str, Month_], wanted: Sequence[str], members: int, medical_known: bool
) -> list[Figure]:
    """家庭纯收入, per head, and the reference range (纯收入 + 理赔 − 合规自付) of some months."""
    present, missing = _split(by_period, wanted)
    net = sum(by_period[month]["net_fen"] for month in present) if present else None
    reason = "" if present else "没有采集到月收入"
    per_head = None if net is None or not members else net
    claims = [
        by_period[month]["claim_fen"] for month in wanted if by_period.get(month, {}).get("claim_fen") is not None
    ]
    paid = [
        by_period[month]["own_medical_fen"]
        for month in wanted
        if by_period.get(month, {}).get("own_medical_fen") is not None
    ]
    reference = None if net is None or not medical_known else net + sum(claims) - sum(paid)
    notes = () if claims else ("没有登记过理赔收入",)
    why = reason or ("" if medical_known else "没有收到医保结算数据，合规自付不明")
    span = f"{len(wanted)} 个月"
    return [
        Figure(f"{code}_net", f"{label}家庭纯收入", f"{_NET}，{span}之和", (), net, 1, present, missing, reason),
        Figure(
            f"{code}_per_head", f"{label}人均纯收入", f"家庭纯收入 ÷ {members} 人", (), per_head, members or 1, present, missing,
            reason or ("" if members else "没有在册成员"),
        ),
        Figure(
            f"{code}_reference", f"{label}收入参考范围（人均）", f"（家庭纯收入 + 理赔收入 − 合规自付支出）÷ {members} 人", (),
            reference if members else None, members or 1, present, missing, why, notes,
        ),
    ]  # fmt: skip


def _last_year(by_period: Mapping[str, Month_], span: Span | None, members: int) -> list[Figure]:
    """The year of the register's sheet; who is divided by is who lives there now, as the rules do it."""
    year = span.last_year if span else max((period for period in by_period if len(period) == 4), default="")
    month = by_period.get(year, {})
    net = month.get("net_fen")
    reason = "" if net is not None else "农户档案中没有上年收入"
    claim, own = month.get("claim_fen"), month.get("own_medical_fen")
    is_told = net is not None and (claim is not None or own is not None) and bool(members)
    why = reason or ("" if is_told else "监测对象信息表中没有理赔收入和合规自付支出")
    reference = (net or 0) + (claim or 0) - (own or 0) if is_told else None
    label = f"{year}年" if year else "上年"
    return [
        Figure("last_year_net", f"{label}家庭纯收入", f"农户信息表：{_NET}", ("laiyuan-2022-9#2.1.3",), net, 1, (year,) if month else (), (), reason),
        Figure(
            "last_year_per_head", f"{label}人均纯收入", f"家庭纯收入 ÷ {members} 人", ("laiyuan-2022-9#2.1.3",),
            net if members else None, members or 1, (year,) if month else (), (), reason or ("" if members else "没有在册成员"),
        ),
        Figure(
            "last_year_reference", f"{label}收入参考范围（人均）", f"（家庭纯收入 + 理赔收入 − 合规自付支出）÷ {members} 人", (),
            reference, members or 1, (year,) if month else (), (), why,
        ),
    ]  # fmt: skip


# laiyuan-2022-9#2.2.7
def _projection(by_period: Mapping[str, Month_], span: Span, members: int) -> Figure:
    """Σ ÷ due months × a year's months, per head. With a month missing it is provisional and asserts nothing."""
    present, missing = _split(by_period, span.months)
    total = sum(by_period[month]["net_fen"] for month in present)
    is_there = bool(present) and bool(members)
    cite = span.resolution.source.cites if span.resolution.source else _CITES
    reason = "" if is_there else ("没有采集到月收入" if not present else "没有在册成员")
    return Figure(
        "projection_per_head", "推算全年人均纯收入", f"{span.formula} ÷ {members} 人", tuple(cite),
        total * span.annual_months if is_there else None, max(1, members * len(span.months)), present, missing, reason,
    )  # fmt: skip


# laiyuan-2022-9#2.1.3
def compare(by_period: Mapping[str, Month_], span: Span) -> list[Comparison]:
    """Part by part: last year, collected, projected, and what that does to the income. Only a complete span is compared."""
    present, missing = _split(by_period, span.months)
    before = by_period.get(span.last_year, {})
    found = []
    for part, label in PARTS.items():
        last = before.get(f"{part}_fen")
        collected = sum(by_period[month][f"{part}_fen"] for month in present) if present else None
        projected = None if collected is None else collected * span.annual_months // len(span.months)
        effect = None
        if not missing and last is not None and projected is not None:
            effect = last - projected if part == COST else projected - last
        found.append(Comparison(part, label, last, collected, projected, effect))
    return found


# laiyuan-2022-9#2.1.3
def compare_items(
    amounts: Mapping[str, Mapping[str, int]], by_period: Mapping[str, Month_], span: Span
) -> list[Comparison]:
    """Item by item below the parts: item → period → fen, as the lines count. Only items that a sheet or a department tells of.

    A department that pays a household tells of every payment, so its months without one had none. An item of which nobody told
    anything in the span (months are often stated part by part) is not compared: that it is gone is not known.
    """
    present, missing = _split(by_period, span.months)
    found = []
    for code, item in ITEMS.items():
        said = amounts.get(code, {})
        if item.is_whole or item.part == MEMO or not said:
            continue
        last = said.get(span.last_year)
        is_told = any(month in said for month in present)
        if not last and not is_told:
            continue
        collected = sum(said.get(month, 0) for month in present) if is_told else None
        projected = None if collected is None else collected * span.annual_months // len(span.months)
        effect = None
        if not missing and last is not None and projected is not None:
            effect = last - projected if item.part == COST else projected - last
        found.append(Comparison(code, item.label, last, collected, projected, effect))
    return found


def _split(by_period: Mapping[str, Month_], wanted: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    present = tuple(month for month in wanted if by_period.get(month, {}).get("net_fen") is not None)
    return present, tuple(month for month in wanted if month not in present)
