"""A parameter as data: what it is called, its unit, how values of several levels combine, and its dated, regional, cited values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shouwang.foundation.errors import UserError

from .defects import Defects
from .shapes import MisfitError, Shape
from .yaml_file import parse

NEAREST, STRICTEST, LATEST = "nearest", "strictest", "latest"
COMBINE_LABELS = {
    NEAREST: "就近：用最具体地区的值",
    STRICTEST: "从严：各级有效的值中取最严的",
    LATEST: "从新：各级有效的值中取最新的",
}
COMPARATORS = {"<": "低于", "<=": "不超过", ">": "高于", ">=": "不低于"}


@dataclass(frozen=True)
class Value:
    """One value for one region from one day on.

    ``until_on`` is what was written (that day itself is no longer covered); ``ends_on`` also counts the next value of the same
    region, which takes over on its first day. Both are None while open. ``is_own``: it comes from the workspace, not the program.
    """

    region: str
    region_code: str
    from_on: dt.date
    until_on: dt.date | None
    ends_on: dt.date | None
    value: Any
    comparator: str
    cites: tuple[str, ...]
    note: str
    is_own: bool
    file: str
    line: int

    @property
    def cite(self) -> str:
        return "、".join(self.cites)

    def is_in_force(self, on: dt.date) -> bool:
        return self.from_on <= on and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``open`` says why it has no value (or none for some), and what happens meanwhile; ``values`` by region and day."""

    name: str
    label: str
    shape: Shape
    combine: str
    strictest_is: str
    comparator: str
    description: str
    open: str
    cites: tuple[str, ...]
    register: tuple[str, ...]
    values: tuple[Value, ...]
    is_own: bool
    file: str
    line: int

    @property
    def all_cites(self) -> tuple[str, ...]:
        """Every clause that speaks about it."""
        return tuple(dict.fromkeys((*self.cites, *(cite for value in self.values for cite in value.cites))))

    def text(self, value: Any) -> str:
        return self.shape.text(value)

    def read(self, written: str) -> Any:
        """A value as an officer types it, in the notation of the policy files. Raises UserError that says how to write it."""
        defects = Defects(known_code=str)
        node = parse(written.encode(), "所填的值", defects)
        try:
            if node is None:
                raise UserError(defects.found[0].message, next_step=defects.found[0].next_step)
            return self.shape.read(node)
        except MisfitError as error:
            raise UserError(str(error), place=self.label, next_step=error.next_step) from None
