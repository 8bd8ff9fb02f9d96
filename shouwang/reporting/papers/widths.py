"""How wide the columns of a table are: no number or date is torn apart while there is room, the rest goes by shares."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import layout
from .paper import Table

_PADDING = 3.0  # millimetres a cell needs besides its text
_MM_PER_POINT = 25.4 / 72
_WORD = re.compile(r"[\x21-\x7e]+")
_LOOKED_AT = 500
_SHORT_HEADING = 4  # letters that stay in one line


def letter_size(table: Table) -> float:
    """Points: a table of many columns is set smaller."""
    return layout.TABLE if len(table.columns) <= layout.MOST_COLUMNS_IN_FULL_SIZE else layout.SMALL


def millimetres(table: Table, width: float) -> list[float]:
    """The width of each column, ``width`` together."""
    size = letter_size(table) * _MM_PER_POINT
    needed = []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows[:_LOOKED_AT]]
        letters = max(_longest_word(cells), min(len(column.heading), _SHORT_HEADING))
        needed.append(letters * size + _PADDING)
    total = sum(needed)
    if total >= width:
        return [width * one / total for one in needed]
    return _shared([column.share for column in table.columns], needed, width)


def _shared(shares: Sequence[float], needed: Sequence[float], width: float) -> list[float]:
    """By shares, but none below what it needs; what that takes comes from the others."""
    fixed: set[int] = set()
    while True:
        free = width - sum(needed[place] for place in fixed)
        total = sum(share for place, share in enumerate(shares) if place not in fixed) or 1
        wide = [needed[place] if place in fixed else free * share / total for place, share in enumerate(shares)]
        short = {place for place, one in enumerate(wide) if one < needed[place] - 1e-6}
        if not short:
            return wide
        fixed |= short


def _longest_word(cells: Sequence[str]) -> float:
    """Letters of the longest run that cannot be broken; figures and Latin letters are half as wide, capitals more."""
    longest = 2.0
    for cell in cells:
        for word in _WORD.findall(str(cell)):
            longest = max(longest, sum(0.75 if letter.isupper() else 0.56 for letter in word))
    return longest
