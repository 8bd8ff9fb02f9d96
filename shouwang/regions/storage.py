"""Between the table of divisions in the database and the same as plain data; and the tree that this process remembers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from django.db import OperationalError, ProgrammingError, connection
from django.db.models import Q, QuerySet

from shouwang.foundation import bulk

from . import catalogue, names
from .divisions import Division, Divisions
from .models import Edition, Region
from .tree import COUNTY, Tree

_FIELDS = (
    "code",
    "name",
    "parent_code",
    "valid_from",
    "valid_to",
    "successor_code",
    "short_name",
    "initials",
    "other_names",
    "is_functional_zone",
    "source",
)
_WRITTEN = (*_FIELDS, "level", "has_own_parent")
_CHANGEABLE = ("valid_from", "valid_to", "successor_code", "other_names", "initials")

_MOST_REMEMBERED = 200_000
_remembered: tuple[str, Tree] | None = None
_remembered_codes: set[str] = set()


def tree() -> Tree:
    """The tree as the database has it now; the program's own while there is no database or nothing was loaded.

    Remembered by this process until any process changes the divisions: each call asks for the newest edition.
    """
    global _remembered
    token = edition()
    if not token:
        return catalogue.tree()
    if _remembered is None or _remembered[0] != token:
        _remembered_codes.clear()
        _remembered = (token, Tree(_lines_that_differ()))
    return _remembered[1]


def exists(code: str) -> bool:
    """Whether the database (or, while nothing was loaded, the program's data) knows a code, now or formerly."""
    token = edition()
    if not token:
        return catalogue.exists(code)
    is_remembering = _remembered is not None and _remembered[0] == token
    if is_remembering and code in _remembered_codes:
        return True
    found = Region.objects.filter(code=code).exists()
    if found and is_remembering and len(_remembered_codes) < _MOST_REMEMBERED:
        _remembered_codes.add(code)
    return found


def edition() -> str:
    """The token of the newest edition; empty when nothing was loaded or there is no database."""
    if connection.vendor == "sqlite" and not _database_exists():
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT token FROM regions_edition ORDER BY id DESC LIMIT 1")
            row = cursor.fetchone()
    except (OperationalError, ProgrammingError):
        return ""
    return row[0] if row else ""


def new_edition(**fields: object) -> None:
    Edition.objects.create(token=secrets.token_hex(16), **fields)


def read_all() -> Divisions:
    return Divisions(_divisions(Region.objects.all()))


def write(table: Divisions) -> tuple[int, int]:
    """Writes what was added to and closed in the table; returns how many lines each. Runs inside the caller's transaction."""
    changed = [line for line in table.touched() if line.id is not None]
    bulk.update(Region, "id", _CHANGEABLE, ([line.id, *_values(line, _CHANGEABLE)] for line in changed))
    added = (_values(line, _WRITTEN) for line in table if line.id is None)
    return bulk.insert(Region, _WRITTEN, added), len(changed)


def lock() -> None:
    """One change of the divisions at a time (SQLite has only one writer anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE regions_region IN SHARE ROW EXCLUSIVE MODE")


def as_region(line: Division) -> Region:
    """A plain line as an object of the model, for callers without a database."""
    return Region(**{name: getattr(line, name) for name in _WRITTEN} | {"initials": _initials(line)})


def _lines_that_differ() -> Iterable[Division]:
    closed = Region.objects.filter(valid_to__isnull=False)
    with_history = Q(code__in=closed.values("code")) | Q(code__in=closed.values("successor_code"))
    return _divisions(Region.objects.filter(Q(level__lte=COUNTY) | Q(has_own_parent=True) | with_history))


def _divisions(rows: QuerySet[Region]) -> Iterable[Division]:
    for values in rows.values_list(*_FIELDS, "id").iterator(chunk_size=20_000):
        line = Division(**dict(zip((*_FIELDS, "id"), values, strict=True)))
        line.initials = line.initials.partition(" ")[0]
        yield line


def _values(line: Division, fields: Iterable[str]) -> list[object]:
    values: list[object] = []
    for name in fields:
        value = getattr(line, name)
        if name in ("valid_from", "valid_to") and value is not None:
            value = value.isoformat()
        elif name == "initials":
            value = _initials(line)
        values.append(value)
    return values


def _initials(line: Division) -> str:
    """Of the name and then of the other names: hbhsgxjscykfq hsgxq gxq."""
    others = [names.initials(other) for other in line.other_names.split("、") if other]
    return " ".join([line.initials or names.initials(line.name), *others])


def _database_exists() -> bool:
    if connection.connection is not None:
        return True
    name = str(connection.settings_dict["NAME"])
    return "memory" in name or Path(name).exists()
