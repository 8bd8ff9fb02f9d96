"""The rural villages of a county, from the real divisions, with a plausible share of the county's households each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shouwang.foundation.errors import UserError
from shouwang.regions import catalogue

from . import calibration
from .streams import Array, Streams, draw

_COMMITTEES = ("村民委员会", "村委会")
_FIRST_VILLAGE_NUMBER = (
    "200"  # village committees are numbered from 200, residents' committees below (statistical codes)
)
_LAST_VILLAGE_NUMBER = "399"


@dataclass(frozen=True)
class Places:
    """Villages as arrays of equal length, in the order of their codes, with the names that registers use."""

    county_code: str
    province: str
    city: str
    county: str
    code: Array
    name: Array
    township: Array
    township_code: Array
    weight: Array

    def __len__(self) -> int:
        return len(self.code)

    def households(self, streams: Streams, count: int) -> Array:
        """The number of the village of each of ``count`` households, villages in order, each with at least one household."""
        drawn = np.bincount(draw(streams[f"villages {self.county_code}"], self.weight, count), minlength=len(self))
        while (empty := np.flatnonzero(drawn == 0)).size:
            drawn[empty[0]], drawn[drawn.argmax()] = 1, drawn.max() - 1
        return np.repeat(np.arange(len(self)), drawn)


def read(county_code: str, households: int, streams: Streams) -> Places:
    """The villages that ``households`` are spread over: all of them, or of a small county the first of every township.

    Raises UserError when the program's divisions know no villages of the county.
    """
    names = {
        line.code: line.name for line in catalogue.divisions(counties_in_detail=[county_code]) if line.is_in_force()
    }
    villages = sorted(text for text in names if _is_village(text) and text[:6] == county_code[:6])
    if not villages:
        raise UserError(f"区划数据里没有 {county_code} 的行政村", next_step="演示县须是河北或河南的县。")
    code = np.array(villages)
    township_code = np.array([text[:9] + "000" for text in code])
    _, first = np.unique(township_code, return_index=True)
    place_in_township = np.arange(len(code)) - first[np.searchsorted(first, np.arange(len(code)), side="right") - 1]
    wanted = max(6, households // calibration.VILLAGE_SIZE)
    kept = np.sort(np.argsort(place_in_township, kind="stable")[:wanted])
    chance = streams[f"village sizes {county_code}"]
    weight = chance.lognormal(0.0, 0.55, len(code))
    return Places(
        county_code=county_code,
        province=names[county_code[:2].ljust(12, "0")],
        city=names[county_code[:4].ljust(12, "0")],
        county=names[county_code],
        code=code[kept],
        name=np.array([register_name(names[text]) for text in villages])[kept],
        township=np.array([names[text] for text in township_code])[kept],
        township_code=township_code[kept],
        weight=weight[kept],
    )


def _is_village(code: str) -> bool:
    return code[6:9] != "000" and _FIRST_VILLAGE_NUMBER <= code[9:12] <= _LAST_VILLAGE_NUMBER


def register_name(name: str) -> str:
    """东关村村民委员会 stands in registers as 东关村."""
    for committee in _COMMITTEES:
        if name.endswith(committee):
            return name.removesuffix(committee)
    return name
