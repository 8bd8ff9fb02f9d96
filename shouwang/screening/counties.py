"""Which of some counties a village belongs to, for many villages at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache

from shouwang.regions import queries as regions


def finder(counties: Iterable[str]) -> Callable[[str], str]:
    """A function village → county. A village that left its old code behind is found where it belongs today.

    The function raises LookupError for a village of none of the counties.
    """
    spans = sorted((low, high, county) for county in set(counties) for low, high in regions.ranges(county))
    starts = [low for low, _, _ in spans]

    @cache
    def county_of(village: str) -> str:
        place = bisect_right(starts, village) - 1
        if place >= 0 and village < spans[place][1]:
            return spans[place][2]
        raise LookupError(village)

    return county_of
