"""The table that names of places in files are matched against, in sets."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pyarrow as pa

from .codes import level_of
from .models import Level
from .names import short_name
from .tree import Tree

UPPER = {Level.PROVINCE: "province", Level.CITY: "city", Level.COUNTY: "county", Level.TOWNSHIP: "township"}
COLUMNS = ["name", "short_name", *UPPER.values(), *(f"{column}_short" for column in UPPER.values())]
SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("level", pa.int8()),
        *((column, pa.string()) for column in COLUMNS),
        ("is_other_name", pa.bool_()),
    ]
)

# code, name, short name, other names joined by 、
Named = tuple[str, str, str, str]
# name, short name, whether it is another name than the official one
Writing = tuple[str, str, bool]
_NONE: list[Writing] = [("", "", False)]


def table(tree: Tree, lines: Iterable[Named], above: Iterable[Named]) -> pa.Table:
    """One row per line and way to write it. ``above`` are the divisions over the outermost of ``lines``."""
    lines = list(lines)
    writings: dict[str, list[Writing]] = {}
    for code, name, short, others in (*above, *lines):
        if level_of(code) < Level.VILLAGE:
            writings[code] = _writings(code, name, short, others)
    places: dict[str, list[tuple[Writing, ...]]] = {}
    columns: list[list[object]] = [[] for _ in SCHEMA]
    for code, name, short, others in lines:
        level = level_of(code)
        parent = tree.parent(code)
        if level < Level.VILLAGE:  # its own name stands in the column of its level
            written = _places(tree, code, writings)
        elif parent in places:
            written = places[parent]
        else:
            written = places[parent] = _places(tree, parent, writings)
        own = _writings(code, name, short, others) if level == Level.VILLAGE else None
        for place in written:
            for writing in own or [_own(place, level)]:
                row = (
                    code,
                    level,
                    writing[0],
                    writing[1],
                    *(part[0] for part in place),
                    *(part[1] for part in place),
                    writing[2] or any(part[2] for part in place),
                )
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


def _own(place: tuple[Writing, ...], level: int) -> Writing:
    return place[level - 1] if level else ("", "", False)


def _writings(code: str, name: str, short: str, others: str) -> list[Writing]:
    """The official name first, shortened as the other side will be; a zone's own short name is one more."""
    level = level_of(code)
    official = short_name(name, level)
    further = dict.fromkeys([*others.split("、"), *([short] if short != official else [])])
    return [(name, official, False), *((other, short_name(other, level), True) for other in further if other)]


def _places(tree: Tree, code: str, writings: dict[str, list[Writing]]) -> list[tuple[Writing, ...]]:
    """Every way to write province, city, county and township of a division, itself included."""
    chain = {level_of(step): step for step in tree.ancestors(code)}
    return list(product(*(writings.get(chain.get(level, ""), _NONE) for level in UPPER)))
