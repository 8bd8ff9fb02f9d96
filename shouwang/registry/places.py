"""Finds the village of a row: by its 12-digit code, or by the names of province, city, county, township and village."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from shouwang.foundation.errors import UserError
from shouwang.regions import queries as regions
from shouwang.regions.models import Level, Region
from shouwang.regions.names import short_name

_CODE = re.compile(r"\d{12}")
_NEAR = 60

# province, city, county, township, village, code: as they stand in a row
Place = tuple[str, str, str, str, str, str]


@dataclass
class _County:
    """The villages and townships of one county by the ways in which their names are written."""

    code: str
    name: str
    villages: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    townships: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)  # short name of a township → names of its villages

    @classmethod
    def of(cls, code: str) -> _County:
        county = cls(code, regions.name(code))
        for row in regions.lookup_table(code).to_pylist():
            if row["level"] == Level.TOWNSHIP:
                for written in (row["township"], row["township_short"]):
                    county.townships.setdefault(written, set()).add(row["code"])
            elif row["level"] == Level.VILLAGE:
                for township in (row["township"], row["township_short"]):
                    for village in (row["name"], row["short_name"]):
                        county.villages.setdefault((township, village), set()).add(row["code"])
                county.names.setdefault(row["township_short"], []).append(row["name"])
        return county


def resolve(places: Iterable[Place], *, within: str = "") -> dict[Place, tuple[str, str]]:
    """Each place → (12-digit code, "") or ("", why it was not found, with what is nearest).

    ``within`` narrows the search to a region and helps where the county is not named. A row that stops at the township is
    of the township.
    """
    search = _Search(within)
    return {place: search.find(place) for place in places}


class _Search:
    def __init__(self, within: str) -> None:
        self.within = within
        self.counties: dict[str, _County] = {}
        self.by_name: dict[str, list[tuple[str, str, str]]] | None = None

    def find(self, place: Place) -> tuple[str, str]:
        province, city, county, township, village, code = (re.sub(r"\s", "", text or "") for text in place)
        for text in (code, village):
            if _CODE.fullmatch(text):
                return self._by_code(text)
        if not (county or township or village):
            return "", ""
        candidates = self._counties(province, city, county)
        if not candidates:
            return "", f"没有找到“{province}{city}{county}”"
        found: set[str] = set()
        reasons = []
        for candidate in candidates:
            codes, reason = self._in_county(self._county(candidate), township, village)
            found |= codes
            reasons.append(reason)
        if len(found) == 1:
            return found.pop(), ""
        if found:
            return (
                "",
                f"“{county}{township}{village}”对应 {len(found)} 个区划（{'、'.join(sorted(found))}），请改用 12 位代码",
            )
        return "", next(reason for reason in reasons if reason)

    def _by_code(self, code: str) -> tuple[str, str]:
        try:
            return regions.current(code), ""
        except UserError:
            return "", f"区划代码 {code} 不存在"

    def _in_county(self, county: _County, township: str, village: str) -> tuple[set[str], str]:
        if not village:
            codes = county.townships.get(township) or county.townships.get(short_name(township, Level.TOWNSHIP))
            return codes or set(), "" if codes else f"在{county.name}没有找到“{township}”" + _nearest(
                township, list(county.townships)
            )
        for town in (township, short_name(township, Level.TOWNSHIP)):
            for name in (village, short_name(village, Level.VILLAGE)):
                if codes := county.villages.get((town, name)):
                    return codes, ""
        if not township:
            names = {village, short_name(village, Level.VILLAGE)}
            codes = {code for (_, name), found in county.villages.items() if name in names for code in found}
            return codes, "" if codes else f"在{county.name}没有找到“{village}”"
        town = short_name(township, Level.TOWNSHIP)
        if town not in county.names:
            return set(), f"在{county.name}没有找到“{township}”" + _nearest(township, list(county.townships))
        return set(), f"在{county.name}{township}没有找到“{village}”" + _nearest(village, county.names[town])

    def _county(self, code: str) -> _County:
        if code not in self.counties:
            self.counties[code] = _County.of(code)
        return self.counties[code]

    def _counties(self, province: str, city: str, county: str) -> list[str]:
        """Codes of the counties that may be meant."""
        if not county:
            try:
                return [regions.county_of(self.within)] if self.within else []
            except UserError:
                return []
        if self.by_name is None:
            self.by_name = self._all_counties()
        found = self.by_name.get(short_name(county, Level.COUNTY), [])
        for level, text in ((0, province), (1, city)):
            narrowed = [
                line
                for line in found
                if not text
                or not line[level]
                or text in (line[level], "市辖区", "县")
                or short_name(text, level + 1) == short_name(line[level], level + 1)
            ]
            found = narrowed or found
        return sorted({line[2] for line in found})

    def _all_counties(self) -> dict[str, list[tuple[str, str, str]]]:
        """Short name → (province, city, code) of every county in force, within the region when one is given."""
        rows = list(
            Region.objects.filter(level__lte=Level.COUNTY, valid_to=None).values_list(
                "code", "name", "short_name", "level"
            )
        )
        names = {code: name for code, name, _, _ in rows}
        covered = regions.ranges(self.within) if self.within else (("0", "~"),)
        found: dict[str, list[tuple[str, str, str]]] = {}
        for code, name, short, level in rows:
            if level != Level.COUNTY or not any(low <= code < high for low, high in covered):
                continue
            line = (names.get(f"{code[:2]}0000000000", ""), names.get(f"{code[:4]}00000000", ""), code)
            for written in {short_name(name, Level.COUNTY), short}:
                found.setdefault(written, []).append(line)
        return found


def _nearest(text: str, choices: list[str]) -> str:
    near = process.extractOne(text, sorted(set(choices)), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return f"，最接近的是“{near[0]}”" if near else ""
