"""A long list in the order of its villages, of which only the townships are looked into that the wanted screenful lies in.

Kept sums say how many rows each township has; so the count of the list is known, and a place without rows is never searched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from shouwang.organisation.scope import Scope
from shouwang.regions.kept_sums import one_place

from . import lists

Row = TypeVar("Row", bound=Model)


def page(
    rows: Callable[[Scope], QuerySet[Row]],
    *,
    scope: Scope,
    counts: Mapping[str, int],
    order: lists.Order,
    asked: QueryDict,
    unit: str,
    size: int = lists.PAGE_SIZE,
) -> lists.Page[Row]:
    """``rows``: the list within a scope; ``counts``: township (nine digits) → how many of its rows lie there. ``order`` begins with the
    village (``region_code``) and runs upwards; what the address asks for is understood as ``lists.page`` does."""
    forward = "before" not in asked
    begins = _place_of(rows, scope, lists.key_in(asked.get("after") or asked.get("before")))
    places = sorted(place for place, count in counts.items() if count)
    if begins:
        places = [place for place in places if (place >= begins if forward else place <= begins)]
    near = _enough(places if forward else places[::-1], counts, begins, size)
    within = scope.limited((min(near).ljust(12, "0"), one_place(max(near))[1])) if near else Scope(())
    return lists.page(rows(within), orders=(order,), asked=asked, unit=unit, size=size, counted=sum(counts.values()))


def _place_of(rows: Callable[[Scope], QuerySet[Row]], scope: Scope, key: int) -> str:
    """The township of the row after which the screenful begins; nothing when the list does not have it (any more)."""
    if not key:
        return ""
    found = scope.filter(rows(Scope(())).model._default_manager.filter(pk=key)).values_list("region_code", flat=True)
    place = (found.first() or "")[:9]
    return place if place and rows(scope.limited(one_place(place))).filter(pk=key).exists() else ""


def _enough(places: Sequence[str], counts: Mapping[str, int], begins: str, size: int) -> list[str]:
    """The first places with more rows than one screenful shows; of the one where the screenful begins any number may be behind."""
    found, more = [], 0
    for place in places:
        found.append(place)
        more += counts[place] if place != begins else 0
        if more > size:
            break
    return found
