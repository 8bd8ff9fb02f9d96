"""The figures of a register: counts and sums over the rows that count, held against the period before and the document's demand.

All counts of a period and group are one question to the database. What a document leaves open is said, never judged.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.intake.contract import Kind
from shouwang.policy import Resolution

from ..models import RegisterRow
from .declaration import MONTHLY, YEARLY, Ask, Figure, Register
from .queries import column_is, in_force, in_group

COUNT, HOUSEHOLDS = "count", "households"
_COMPARATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Answer:
    """One figure. ``value`` is None where it cannot be computed (``stopped`` says why). ``demand``: the document's, in words;
    ``is_met`` None where nothing is demanded or known."""

    figure: Figure
    value: int | Decimal | None
    is_money: bool = False
    before: int | Decimal | None = None
    before_label: str = ""
    stopped: str = ""
    demand: str = ""
    is_met: bool | None = None
    cites: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """12,486 or 1,234.50 or 38.5%."""
        return _text(self.value, self)

    @property
    def before_text(self) -> str:
        return _text(self.before, self)

    @property
    def change_text(self) -> str:
        """+12, −3, 一样; empty where there is nothing to compare with."""
        if self.value is None or self.before is None:
            return ""
        change = Decimal(self.value) - Decimal(self.before)
        if not change:
            return "一样"
        if change == change.to_integral_value():
            change = Decimal(int(change))
        sign = "+" if change > 0 else "−" if change < 0 else ""
        return f"{sign}{_text(abs(change), self)}"

    @property
    def filter(self) -> dict[str, str]:
        """What the list is narrowed by to show the rows behind the figure."""
        return {name if name == "group" else f"c_{name}": value for name, value in self.figure.where.items()}


def answers(ask: Ask) -> list[Answer]:
    """Every figure of a register for a place, a day and (where it has one) a period."""
    register = ask.register
    now = _computed(ask)
    past = before(ask)
    earlier = _computed(past) if past is not None else {}
    lines = []
    for figure in register.figures:
        value, stopped = now[figure.code]
        former = earlier.get(figure.code, (None, ""))[0] if figure.compared and past is not None else None
        made = Answer(
            figure,
            value,
            is_money=_is_money(register, figure),
            before=former,
            before_label=_label(past) if figure.compared and past is not None else "",
            stopped=stopped,
            cites=figure.cites,
        )
        lines.append(_judged(made, ask))
    return lines


def before(ask: Ask) -> Ask | None:
    """The same question of the period before; a register without periods is asked for the last day of last month or year."""
    register = ask.register
    compared = {figure.compared for figure in register.figures} - {""}
    if not compared:
        return None
    if register.period == MONTHLY:
        return replace(ask, period=str(Month.parse(ask.period).plus(-1))) if ask.period else None
    if register.period == YEARLY:
        return replace(ask, period=str(int(ask.period) - 1)) if ask.period else None
    if "month" in compared:
        return replace(ask, on=Month.of(ask.on).plus(-1).last_day)
    return replace(ask, on=dt.date(ask.on.year - 1, 12, 31))


def _label(ask: Ask) -> str:
    return ask.period or ask.on.isoformat()


def _computed(ask: Ask) -> dict[str, tuple[int | Decimal | None, str]]:
    register = ask.register
    rows = ask.scope.filter(RegisterRow.objects.filter(register=register.code, is_taken_back=False))
    rows = rows.filter(in_force(ask.on))
    if register.period and ask.period:
        rows = rows.filter(period=ask.period)
    sums = _sums(register, rows)
    found: dict[str, tuple[int | Decimal | None, str]] = {}
    for figure in register.figures:
        if figure.worked_out is not None:
            found[figure.code] = figure.worked_out(ask)
        else:
            found[figure.code] = _said(sums[f"f_{figure.code}"], sums[f"n_{figure.code}"])
    for figure in register.figures:
        value, _ = found[figure.code]
        if figure.minus and value is not None:
            less, why = found[figure.minus]
            found[figure.code] = (None, why) if less is None else (value - less, "")
    # shares last: they are of figures that are complete by now
    for figure in register.figures:
        if figure.share_of:
            found[figure.code] = _share(found[figure.code], found[figure.share_of])
    return found


def _share(part: tuple[Any, str], whole: tuple[Any, str]) -> tuple[Decimal | None, str]:
    if part[0] is None or whole[0] is None:
        return None, part[1] or whole[1]
    if not whole[0]:
        return None, "还没有登记"
    return Decimal(part[0]) / Decimal(whole[0]), ""


def _said(value: int | None, row_count: int) -> tuple[int | None, str]:
    """Rows that leave the amount open add up to nothing known, not to 0."""
    return (None, "没有填写") if value is None and row_count else (value or 0, "")


def _sums(register: Register, rows: QuerySet[RegisterRow]) -> dict[str, Any]:
    """Per figure its sum (f_…) and how many rows it is over (n_…); one question for each group of households that figures name."""
    by_group: dict[str, dict[str, Any]] = {}
    for figure in register.figures:
        if figure.worked_out is None:
            wanted = by_group.setdefault(figure.where.get("group", ""), {})
            wanted[f"f_{figure.code}"], wanted[f"n_{figure.code}"] = _aggregate(register, figure)
    found: dict[str, Any] = {}
    for group, wanted in by_group.items():
        found |= (rows.filter(in_group(group)) if group else rows).order_by().aggregate(**wanted)
    return found


def _aggregate(register: Register, figure: Figure) -> tuple[Any, Any]:
    """What is counted or added up, and over which rows."""
    columns = {name: value for name, value in figure.where.items() if name != "group"}
    condition = Q()
    for name, value in columns.items():
        condition &= column_is(register, name, value)
    narrowed = condition if columns else None
    rows = Count("pk", filter=narrowed)
    if figure.of == COUNT:
        return rows, rows
    if figure.of == HOUSEHOLDS:
        return Count("household", filter=narrowed, distinct=True), rows
    if figure.of == register.amount:
        return Sum("amount_fen", filter=narrowed), rows
    return Sum(Cast(KT(f"values__{figure.of}"), BigIntegerField()), filter=narrowed), rows


def _judged(made: Answer, ask: Ask) -> Answer:
    """With what the document in force demands of the figure, or of its change where it is compared."""
    parameter = made.figure.parameter
    if not parameter:
        return made
    resolution: Resolution = ask.policies.resolve(parameter, region_code=ask.region_code, on=ask.on)
    cites = tuple(resolution.source.cites) if resolution.source else ()
    if resolution.value is None:
        return replace(made, demand="文件没有给出要求，不作认定", cites=made.cites or cites)
    observed = made.value
    if made.figure.compared:
        if made.value is None or made.before is None:
            return replace(made, demand=_demand(made, resolution), cites=cites or made.cites)
        observed = made.value - made.before
    if made.is_money and observed is not None:
        observed = money.yuan(int(observed))
    compare = _COMPARATORS.get(resolution.comparator)
    is_met = None if compare is None or observed is None else compare(Decimal(observed), Decimal(str(resolution.value)))
    return replace(made, demand=_demand(made, resolution), is_met=is_met, cites=cites or made.cites)


def _demand(made: Answer, resolution: Resolution) -> str:
    """要求不低于 55%, 要求比上期增减高于 0.5 个百分点, 要求不低于上期."""
    words = {">=": "不低于", "<=": "不高于", ">": "高于", "<": "低于"}.get(resolution.comparator, resolution.comparator)
    if not made.figure.compared:
        return f"要求{words} {resolution.text}"
    return f"要求{words}上期" if Decimal(str(resolution.value)) == 0 else f"要求比上期增减{words} {resolution.text}"


def _is_money(register: Register, figure: Figure) -> bool:
    if figure.share_of or (figure.of in (COUNT, HOUSEHOLDS) and not figure.is_money):
        return False
    if figure.is_money:
        return True
    return any(one.name == figure.of and one.kind is Kind.MONEY for one in register.columns)


def _text(value: int | Decimal | None, made: Answer) -> str:
    if value is None:
        return ""
    if made.figure.share_of:
        return f"{(Decimal(value) * 100).quantize(Decimal('0.1'))}%"
    if made.is_money:
        return money.grouped(money.yuan(int(value)))
    return f"{value:,}"
