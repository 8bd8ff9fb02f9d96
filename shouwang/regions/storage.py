"""Between the table of divisions in the database and the same as plain data; and what this process remembers of an edition."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from django.db import OperationalError, ProgrammingError, connection
from django.db.models import Q, QuerySet

from shouwang.foundation import bulk

from . import catalogue, names
from .divisions import Division, Divisions
from .models import Edition, Region
from .tree import COUNTY, Tree

T = TypeVar("T")

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

_MOST_IN_ONE_QUESTION = 10_000
_MOST_NAMES = 100_000
_MOST_LINES = 5_000


@dataclass
class Memory:
    """What one edition of the divisions says, as far as it was asked; nothing in it is ever changed, and no two editions share it."""

    edition: str
    _names: dict[str, tuple[tuple[dt.date, str], ...]] = field(default_factory=dict)
    _lines: dict[str, tuple[Region, ...]] = field(default_factory=dict)
    _below: dict[str, tuple[Region, ...]] = field(default_factory=dict)

    @cached_property
    def tree(self) -> Tree:
        return Tree(_lines_that_differ())

    def names(self, codes: Iterable[str]) -> dict[str, tuple[tuple[dt.date, str], ...]]:
        """Code → since when it has which name, oldest first; unknown codes are left out."""
        found, missing = _split(self._names, codes)
        asked: dict[str, tuple[tuple[dt.date, str], ...]] = {}
        for start in range(0, len(missing), _MOST_IN_ONE_QUESTION):
            rows = Region.objects.filter(code__in=missing[start : start + _MOST_IN_ONE_QUESTION]).order_by("valid_from")
            for code, valid_from, name in rows.values_list("code", "valid_from", "name"):
                asked[code] = (*asked.get(code, ()), (valid_from, name))
        self._names = _joined(self._names, asked, _MOST_NAMES)
        return found | asked

    def lines(self, code: str) -> tuple[Region, ...]:
        """Every line of a code, oldest first."""
        found = self._lines.get(code)
        if found is None:
            found = tuple(Region.objects.filter(code=code).order_by("valid_from"))
            if found:
                self._lines = _joined(self._lines, {code: found}, _MOST_LINES)
        return found

    def below(self, code: str) -> tuple[Region, ...]:
        """The divisions in force directly below, by code."""
        found = self._below.get(code)
        if found is None:
            found = tuple(Region.objects.filter(parent_code=code, valid_to__isnull=True).order_by("code"))
            self._below = _joined(self._below, {code: found}, _MOST_LINES)
        return found


def _split(known: dict[str, T], codes: Iterable[str]) -> tuple[dict[str, T], list[str]]:
    """What is remembered of some codes, and the codes of which nothing is."""
    wanted = list(codes)
    found = {code: known[code] for code in wanted if code in known}
    return found, [code for code in wanted if code not in found]


def _joined(known: dict[str, T], more: dict[str, T], most: int) -> dict[str, T]:
    """The same with more in it; begun anew when it would be too much (a list is never taken away from who reads it)."""
    if len(known) + len(more) > most:
        return dict(list(more.items())[:most])
    known.update(more)
    return known


_memory = Memory("")
_asked: ContextVar[list[str] | None] = ContextVar("the_edition_was_asked", default=None)


def memory() -> Memory:
    """What is remembered of the newest edition; one that is forgotten as soon as it was used while nothing was loaded.

    Any process may change the divisions: each call asks for the newest edition (``asked_once``: a page asks once).
    """
    global _memory
    token, found = edition(), _memory
    if not token:
        return Memory("")
    if found.edition != token:
        found = _memory = Memory(token)
    return found


def tree() -> Tree:
    """The tree as the database has it now; the program's own while there is no database or nothing was loaded."""
    found = memory()
    return found.tree if found.edition else catalogue.tree()


def exists(code: str) -> bool:
    """Whether the database (or, while nothing was loaded, the program's data) knows a code, now or formerly."""
    found = memory()
    return bool(found.names([code])) if found.edition else catalogue.exists(code)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within it the edition is asked for once: for a request that reads, which is to see the divisions of one moment."""
    token = _asked.set([])
    try:
        yield
    finally:
        _asked.reset(token)


def edition() -> str:
    """The token of the newest edition; empty when nothing was loaded or there is no database."""
    asked = _asked.get()
    if asked is None:
        return _newest()
    if not asked:
        asked.append(_newest())
    return asked[0]


def _newest() -> str:
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
