"""Puts a list into the columns that somebody asked for: which ones, in which order, under which headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shouwang.foundation.errors import UserError


@dataclass(frozen=True)
class Chosen:
    """A column of ours and the heading the asker gives it; an empty ``column`` is one that the asker fills in."""

    column: str
    heading: str = ""

    @property
    def shown(self) -> str:
        return self.heading or self.column


class Arrangement:
    """The asker's headings, and each of our rows in the asker's order. Nothing chosen: as it is.

    Raises UserError when a chosen column is none of the list, or two columns would have the same heading.
    """

    def __init__(self, headings: Sequence[str], chosen: Sequence[Chosen]) -> None:
        require_fitting(headings, chosen)
        places = {heading: place for place, heading in enumerate(headings)}
        self.headings = [one.shown for one in chosen] if chosen else list(headings)
        self._places = [places[one.column] if one.column else None for one in chosen]

    def row(self, cells: Sequence[str]) -> Sequence[str]:
        if not self._places:
            return cells
        return ["" if place is None else cells[place] for place in self._places]


def require_fitting(headings: Sequence[str], chosen: Sequence[Chosen]) -> None:
    for one in chosen:
        if one.column and one.column not in headings:
            raise UserError(f"名单里没有“{one.column}”这一列", next_step=f"可选：{'、'.join(headings)}。")
        if not one.shown.strip():
            raise UserError("有一列没有列名", next_step="请为由对方填写的列起一个列名。")
    shown = [one.shown for one in chosen]
    if repeated := sorted({heading for heading in shown if shown.count(heading) > 1}):
        raise UserError(f"列名“{repeated[0]}”用了两次", next_step="请改用不同的列名。")
