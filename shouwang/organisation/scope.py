"""The one predicate that says which rows an account may see: lists, counts, exports, files, maps and search use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.regions import queries as regions

if TYPE_CHECKING:
    from .models import Account

Rows = TypeVar("Rows", bound=Model)


@dataclass(frozen=True)
class Scope:
    """Half-open ranges of 12-digit region codes. No range: nothing is seen. A row without region is seen by nobody.

    The ranges are kept in order and joined where they touch, so that equal scopes are equal objects.
    """

    ranges: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranges", _joined(self.ranges))

    @classmethod
    def of(cls, account: Account | Any) -> Scope:
        """What this account may see: its region with everything below. A stranger sees nothing, and so does an account
        that is closed, has no region, or has one that does not exist."""
        code = getattr(account, "region_code", "") if getattr(account, "is_active", False) else ""
        try:
            return cls.of_region(code) if code else cls(())
        except UserError:
            return cls(())

    @classmethod
    def of_region(cls, code: str) -> Scope:
        """Raises UserError when the region is unknown."""
        return cls(regions.ranges(code))

    @classmethod
    def everything(cls) -> Scope:
        """For the command line on the server itself; rows without region stay unseen even so."""
        return cls((("0" * 12, "9" * 12 + "~"),))

    def covers(self, code: str | None) -> bool:
        """Whether a row of this region is seen."""
        return bool(code) and any(low <= str(code) < high for low, high in self.ranges)

    def contains(self, code: str) -> bool:
        """Whether the whole region, with everything below it, is seen. Raises UserError when the region is unknown."""
        covered = regions.ranges(code)
        return bool(covered) and all(
            any(low <= start and end <= high for low, high in self.ranges) for start, end in covered
        )

    def touches(self, code: str) -> bool:
        """Whether any of a region is seen: for what is said about a county as a whole and concerns everybody in it."""
        return any(low < end and start < high for start, end in regions.ranges(code) for low, high in self.ranges)

    def filter(self, rows: QuerySet[Rows], field: str = "region_code") -> QuerySet[Rows]:
        return rows.filter(self.where(field))

    def where(self, field: str = "region_code") -> Q:
        """The same as ``covers`` for a query; ``field`` may follow relations (``household__region_code``)."""
        if len(self.ranges) > 1 and self._is_nearly_one:
            # one range less what is missing from it: an index is read in one go, and alone; an OR would fetch every row
            condition = Q(**{f"{field}__gte": self.ranges[0][0], f"{field}__lt": self.ranges[-1][1]})
            for gap in self._gaps:
                condition &= ~Q(**{f"{field}__gte": gap[0], f"{field}__lt": gap[1]})
            return condition
        condition = Q(pk__in=[])
        for low, high in self.ranges:
            condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
        return condition

    @property
    def width(self) -> int:
        """How many codes lie in it: a county has a million."""
        return sum(map(_width, self.ranges))

    @property
    def _gaps(self) -> list[tuple[str, str]]:
        return [(before[1], after[0]) for before, after in pairwise(self.ranges)]

    @property
    def _is_nearly_one(self) -> bool:
        """Whether less lies between the ranges than in them (保定 without 定州); far codes of merged counties do not pay."""
        return sum(map(_width, self._gaps)) <= self.width

    def limited(self, codes: tuple[str, str]) -> Scope:
        """The part of this scope within one range of codes."""
        low, high = codes
        return Scope(
            tuple((max(low, start), min(high, end)) for start, end in self.ranges if start < high and low < end)
        )

    def narrowed(self, code: str) -> Scope:
        """The part of this scope that lies in a region; raises NotPermittedError when that is not wholly seen."""
        if not self.contains(code):
            raise NotPermittedError("您的账号看不到这个区域", next_step="请选择本辖区内的区域。")
        return Scope.of_region(code)


def _width(codes: tuple[str, str]) -> int:
    low, high = (int(code) if code.isdigit() else 10**12 for code in codes)
    return high - low


def _joined(ranges: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    joined: list[tuple[str, str]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        elif low < high:
            joined.append((low, high))
    return tuple(joined)
