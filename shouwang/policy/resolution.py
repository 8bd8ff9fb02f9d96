"""Which value of a parameter applies to a region on a day, why, and which values lost. Knows no database and no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .parameters import COMPARATORS, LATEST, NEAREST, STRICTEST, Parameter, Value


@dataclass(frozen=True)
class Resolution:
    """The answer for one parameter, region and day.

    ``value`` is None where the documents leave it open; ``why`` then says so. ``losers`` are other values in force with the
    reason why they do not apply; ``history`` all values of the region and of everything above it, oldest first.
    """

    parameter: Parameter
    region_code: str
    on: dt.date
    value: Any
    comparator: str
    source: Value | None
    why: str
    losers: tuple[tuple[Value, str], ...]
    history: tuple[Value, ...]

    @property
    def text(self) -> str:
        """The value as an officer reads it."""
        return self.parameter.text(self.value)


def resolve(
    parameter: Parameter,
    *,
    chain: Sequence[str],
    on: dt.date,
    name_of: Callable[[str], str] = str,
    cite_of: Callable[[str], str] = str,
) -> Resolution:
    """``chain``: the region's 12-digit code and those above it, nearest first. ``name_of`` names a region, ``cite_of`` a citation."""
    rank = {code: position for position, code in enumerate(chain)}
    known = [value for value in parameter.values if value.region_code in rank]
    in_force = sorted((value for value in known if value.is_in_force(on)), key=lambda value: rank[value.region_code])
    history = tuple(sorted(known, key=lambda value: (value.from_on, rank[value.region_code])))
    words = _Words(parameter, chain[0], on, name_of, cite_of)
    if not in_force:
        why = words.nothing(known)
        return Resolution(parameter, chain[0], on, None, parameter.comparator, None, why, (), history)
    winner = _winner(parameter, in_force)
    losers = tuple((value, words.lost(value, winner)) for value in in_force if value is not winner)
    why = words.won(winner, losers)
    return Resolution(parameter, chain[0], on, winner.value, winner.comparator, winner, why, losers, history)


def _winner(parameter: Parameter, in_force: Sequence[Value]) -> Value:
    """``in_force`` is nearest first, and of equals min and max take the first: the nearest."""
    if parameter.combine == LATEST:
        return max(in_force, key=lambda value: value.from_on)
    if parameter.combine == STRICTEST:
        strictest = min if parameter.strictest_is == "min" else max
        return strictest(in_force, key=lambda value: parameter.shape.order(value.value))
    return in_force[0]


@dataclass(frozen=True)
class _Words:
    """The sentences that explain a resolution."""

    parameter: Parameter
    region_code: str
    on: dt.date
    name_of: Callable[[str], str]
    cite_of: Callable[[str], str]

    def won(self, winner: Value, losers: tuple[tuple[Value, str], ...]) -> str:
        place, owner = self.name_of(self.region_code), self.name_of(winner.region_code)
        is_own_level = winner.region_code == self.region_code
        sentence = f"{place}在 {self.on} 适用{'本级' if is_own_level else owner}自 {winner.from_on} 起的规定："
        sentence += f"{COMPARATORS.get(winner.comparator, '')} {self.parameter.text(winner.value)}".strip()
        sentence += f"，依据{'、'.join(self.cite_of(cite) for cite in winner.cites)}。"
        if losers:
            beaten = "、".join(
                f"{self.name_of(value.region_code)}自 {value.from_on} 起的 {self.parameter.text(value.value)}"
                for value, _ in losers
            )
            how = {NEAREST: "取最具体地区的值", LATEST: "取最新的值", STRICTEST: "取最严的值"}[self.parameter.combine]
            sentence += f"各级都有规定时{how}，未采用{beaten}。"
        elif not is_own_level:
            sentence += f"{owner}以下没有另作规定。"
        return sentence

    def lost(self, value: Value, winner: Value) -> str:
        text, other = self.parameter.text(value.value), self.parameter.text(winner.value)
        owner = self.name_of(winner.region_code)
        if self.parameter.combine == LATEST:
            if value.from_on == winner.from_on:
                return f"与{owner}的值同日生效，取更具体的地区"
            return f"{value.from_on} 早于{owner}的 {winner.from_on}，取最新的"
        if self.parameter.combine == STRICTEST:
            order = self.parameter.shape.order
            if order(value.value) == order(winner.value):
                return f"与{owner}的 {other} 一样严，取更具体的地区"
            return f"{text} 比{owner}的 {other} 宽，取最严的"
        return f"{owner}更具体，有自己的值"

    def nothing(self, known: Sequence[Value]) -> str:
        """Why there is no value: nobody has one, only other regions have one, or not on this day."""
        place = self.name_of(self.region_code)
        if not self.parameter.values:
            return f"文件没有给出数值。{self.parameter.open}"
        if not known:
            owners = list(dict.fromkeys(self.name_of(value.region_code) for value in self.parameter.values))
            sentence = f"现有的值只属于{'、'.join(owners)}，{place}及其上级没有。"
        else:
            coming = min((value.from_on for value in known if value.from_on > self.on), default=None)
            ended = max((value.ends_on for value in known if value.ends_on and value.ends_on <= self.on), default=None)
            sentence = f"{place}在 {self.on} 没有有效的值"
            if ended:
                sentence += f"，此前的值到 {ended} 为止（不含当日）"
            if coming:
                sentence += f"，下一个值自 {coming} 起"
            sentence += "。"
        return sentence + self.parameter.open
