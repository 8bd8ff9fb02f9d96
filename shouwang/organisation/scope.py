"""The one predicate that says which rows an account may see: lists, counts, exports, files, maps and search use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet

from shouwang.foundation.errors import NotPermittedError
from shouwang.regions import queries as regions

if TYPE_CHECKING:
    from .models import Account

Rows = TypeVar("Rows", bound=Model)


@dataclass(frozen=True)
class Scope:
    """Half-open ranges of 12-digit region codes. No range: nothing is seen. A row without region is seen by nobody."""

    ranges: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, account: Account | Any) -> Scope:
        """What this account may see: its region with everything below. A stranger sees nothing."""
        code = getattr(account, "region_code", "") if getattr(account, "is_active", False) else ""
        return cls.of_region(code) if code else cls(())

    @classmethod
    def of_region(cls, code: str) -> Scope:
        return cls(regions.ranges(code))

    @classmethod
    def everything(cls) -> Scope:
        """For the command line on the server itself; rows without region stay unseen even so."""
        return cls((("0" * 12, "9" * 12 + "~"),))

    def covers(self, code: str | None) -> bool:
        """Whether a row of this region is seen."""
        return bool(code) and any(low <= str(code) < high for low, high in self.ranges)

    def contains(self, code: str) -> bool:
        """Whether the whole region, with everything below it, is seen."""
        return bool(code) and all(
            any(low <= start and end <= high for low, high in self.ranges) for start, end in regions.ranges(code)
        )

    def filter(self, rows: QuerySet[Rows], field: str = "region_code") -> QuerySet[Rows]:
        return rows.filter(self.where(field))

    def where(self, field: str = "region_code") -> Q:
        condition = Q(pk__in=[])
        for low, high in self.ranges:
            condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
        return condition

    def narrowed(self, code: str) -> Scope:
        """The part of this scope that lies in a region; raises NotPermittedError when that is not wholly seen."""
        if not self.contains(code):
            raise NotPermittedError("您的账号看不到这个区域", next_step="请选择本辖区内的区域。")
        return Scope.of_region(code)
