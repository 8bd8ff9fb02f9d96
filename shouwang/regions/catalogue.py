"""The divisions that come with the program, as plain data: usable without a database, down to counties at once, and down
to the villages of Hebei and Henan after reading a second file.

Sources and licences stand in docs/reference/regions.md.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import lzma
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

from . import change_files, changes
from .codes import NATION, first_after, level_of, padded, parent_by_code
from .divisions import Division, Divisions
from .names import short_name, zone_names
from .tree import COUNTY, Tree

DATA = Path(__file__).with_name("data")
UPPER_FILE = DATA / "divisions_to_county_2023.csv.xz"
LOWER_FILE = DATA / "divisions_13_41_2023.csv.xz"
CHANGES_FILE = DATA / "changes.yaml"
NATION_NAME = "全国"
EDITION = "国家统计局统计用区划代码（2023年版，截至2023-06-30）"
LOCAL_EDITION = "GB/T 2260"
_NOT_IN_STATISTICS = ("71", "81", "82")
# The third pair of digits 71–79 is what the statistics give to zones that are no administrative divisions.
_FIRST_ZONE, _LAST_ZONE = "71", "79"


def divisions(*, counties_in_detail: Collection[str] | None = None, to_county: bool = False) -> Divisions:
    """A fresh table of the program's divisions with the published changes applied.

    ``to_county`` leaves out townships and villages; ``counties_in_detail`` (12-digit codes) keeps only those of some counties.
    """
    table = Divisions(_lines(to_county, counties_in_detail))
    changes.apply(table, change_files.read(CHANGES_FILE), place=CHANGES_FILE.name)
    return table


@cache
def tree() -> Tree:
    """The tree of the program's divisions."""
    return Tree(_upper())


@cache
def _upper() -> Divisions:
    return divisions(to_county=True)


def fingerprint() -> str:
    """Changes when the program's data change."""
    digest = hashlib.sha256()
    for path in (UPPER_FILE, LOWER_FILE, CHANGES_FILE):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def exists(text: str) -> bool:
    """Whether ``text`` (2, 4, 6, 9 or 12 digits) is a division of the program's data, now or formerly.

    Townships and villages are there for Hebei and Henan; the first question about one reads them (some 0.3 s).
    """
    code = padded(text)
    return code is not None and (code in tree() or code in _lower())


def ancestors(text: str) -> tuple[str, ...]:
    """12-digit codes, nearest first, the code itself included, the nation last; empty when the code is unknown."""
    code = padded(text)
    return tree().ancestors(code) if code is not None and exists(code) else ()


def history(code: str) -> list[Division]:
    """The lines of a 12-digit code, oldest first; none when unknown. Not to be changed."""
    if code in _upper():
        return _upper().history(code)
    return [_lower_line(code)] if level_of(code) > COUNTY and code in _lower() else []


def line(code: str) -> Division | None:
    """The division of a 12-digit code, as it stands now or stood last."""
    found = history(code)
    return found[-1] if found else None


def children(code: str, on: dt.date | None = None) -> list[Division]:
    """What lies directly below, by code."""
    if level_of(code) < COUNTY:
        lines = (line for line in _upper() if line.parent_code == code and line.is_in_force(on))
        return sorted(lines, key=lambda line: line.code)
    end = first_after(code)
    return [_lower_line(other) for other in _lower() if code < other < end and level_of(other) == level_of(code) + 1]


def within(covered: Sequence[tuple[str, str]]) -> list[Division]:
    """The divisions in force within ranges of codes, by code."""
    codes = (code for code in _lower() if any(low <= code < high for low, high in covered))
    upper = (line for line in _upper() if line.is_in_force() and any(low <= line.code < high for low, high in covered))
    return sorted([*upper, *map(_lower_line, codes)], key=lambda line: line.code)


@cache
def _lower() -> dict[str, tuple[str, str]]:
    """Code → name and initials of townships and villages. None of them has changed in the program's own data."""
    return {code: (name, initials) for code, name, initials in _read(LOWER_FILE)}


def _lower_line(code: str) -> Division:
    name, initials = _lower()[code]
    short = short_name(name, level_of(code))
    return Division(code, name, parent_by_code(code), short_name=short, initials=initials, source=EDITION)


def _lines(to_county: bool, counties_in_detail: Collection[str] | None) -> Iterator[Division]:
    upper = list(_read(UPPER_FILE))
    names = {code: name for code, name, _ in upper}
    yield Division(NATION, NATION_NAME, "", short_name=NATION_NAME, initials="qg", source=EDITION)
    for code, name, initials in upper:
        parent = parent_by_code(code)
        while parent != NATION and parent not in names:  # counties directly under the province
            parent = parent_by_code(parent)
        is_zone = level_of(code) == 3 and _FIRST_ZONE <= code[4:6] <= _LAST_ZONE
        short = short_name(name, level_of(code))
        others: list[str] = []
        if is_zone:
            short, others = zone_names(name, names.get(code[:2].ljust(12, "0"), ""), names.get(parent, ""))
        yield Division(
            code,
            name,
            parent,
            short_name=short,
            initials=initials,
            other_names="、".join(others),
            is_functional_zone=is_zone,
            source=LOCAL_EDITION if code[:2] in _NOT_IN_STATISTICS else EDITION,
        )
    if to_county:
        return
    wanted = None if counties_in_detail is None else {code[:6] for code in counties_in_detail}
    yield from (_lower_line(code) for code in _lower() if wanted is None or code[:6] in wanted)


def _read(path: Path) -> Iterator[tuple[str, str, str]]:
    with lzma.open(path, "rt", encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        yield from ((code, name, initials) for code, name, initials in rows)
