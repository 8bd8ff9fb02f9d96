"""What the office and the government of a place are called in papers."""

from __future__ import annotations

from shouwang.regions import queries as regions
from shouwang.regions.models import Level


def unit_of(region_code: str) -> str:
    """The office of a place that signs its papers."""
    place = regions.region(region_code)
    level = Level(place.level)
    if level == Level.VILLAGE:
        return village_of(region_code)
    ending = "防贫工作站" if level == Level.TOWNSHIP else "防贫中心" if level == Level.COUNTY else "乡村振兴局"
    return f"{place.name}{ending}"


def government_of(region_code: str) -> str:
    """Whom a paper to a place is addressed to; a village its committee."""
    place = regions.region(region_code)
    return village_of(region_code) if Level(place.level) == Level.VILLAGE else f"{place.name}人民政府"


def village_of(region_code: str) -> str:
    """南关村村民委员会; 东关社区居民委员会."""
    name = regions.name(region_code)
    if name.endswith("村"):
        return f"{name}民委员会"
    return f"{name}居民委员会" if name.endswith("社区") else f"{name}村民委员会"
