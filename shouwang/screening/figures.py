"""Figures of findings as texts: for files (plain) and for people (with unit)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from shouwang.foundation import money

from .rule import SHARE_SCALE

COMPARATOR_WORDS = {"<": "低于", "<=": "不高于", ">": "超过", ">=": "达到"}


def plain(unit: str, figure: int | None, divisor: int | None = None, text: str | None = None) -> str:
    """As files carry it: yuan with two places, a share with four, whole days; the rule's own words where there is no figure."""
    if text:
        return text
    if figure is None:
        return ""
    if unit == "yuan":
        return str(money.yuan(figure, divisor or 1))
    if unit == "share":
        return str((Decimal(figure) / (SHARE_SCALE * (divisor or 1))).quantize(Decimal("0.0001"), ROUND_HALF_UP))
    return str(figure // (divisor or 1))


def spoken(unit: str, figure: str) -> str:
    """The same for people: 9,090.00 元, 71.94%, 30 天."""
    if not figure:
        return "（没有数额）"
    try:
        number = Decimal(figure)
    except ArithmeticError:
        return figure
    if unit == "yuan":
        return f"{money.grouped(number)} 元"
    if unit == "share":
        return f"{number * 100:.2f}%"
    if unit == "day":
        return f"{number:,} 天"
    return figure


def observed_words(unit: str, observed: str, threshold: str, comparator: str) -> str:
    """The observed value for people. Nothing is rounded before it is compared, so that what is shown rounded can look the same
    as the threshold that it misses: then this is said, or 7,300.00 低于 7,300.00 would stand there."""
    words = spoken(unit, observed)
    if observed and observed == threshold and comparator in ("<", ">"):
        return f"{words}（四舍五入后的数，舍入前{COMPARATOR_WORDS[comparator]}标准）"
    return words
