"""Triggers that count changes by place, so that whoever keeps a result can tell whether it still holds; no writer can forget them.

A ``Source`` says which table is watched, which of its columns matter, and how a row tells its place. The triggers are made from it
(``install``, after every migration) and add to ``ChangeCount`` in the transaction of the change itself. TRUNCATE is seen by none of them:
the program does not use it, and whoever loads tables past it takes the triggers away first (``uninstall``) and makes them anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, models, transaction
from django.db.models import Sum

from .models import ChangeCount, KeptSum

PLACE_DIGITS = 9
_PREFIX = "watch_"
_COUNTS = ChangeCount._meta.db_table


@dataclass(frozen=True)
class Through:
    """A row's place is that of the rows of another table whose ``theirs`` equals its ``mine`` (names of fields).

    Whoever keeps a sum over such a source watches that other table too: a row that moves takes with it what hangs on it.
    """

    model: type[models.Model]
    mine: str
    theirs: str = "id"
    place: str | Through = "region_code"

    @property
    def is_single(self) -> bool:
        """Whether it leads to one place at most."""
        found = self.model._meta.get_field(self.theirs)
        return bool(getattr(found, "unique", False)) and (isinstance(self.place, str) or self.place.is_single)


@dataclass(frozen=True)
class Source:
    """One table as a sum reads it. ``fields``: a change of these matters; a row that comes or goes always does.

    ``places``: the ways to the places that a row counts in, one or several.
    """

    code: str
    model: type[models.Model]
    fields: tuple[str, ...]
    places: tuple[str | Through, ...] = ("region_code",)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[str, ...]:
        own = (place if isinstance(place, str) else place.mine for place in self.places)
        return tuple(dict.fromkeys(_column(self.model, name) for name in (*own, *self.fields)))


def is_installed(sources: Iterable[Source], using: str = "default") -> bool:
    """Whether exactly the triggers of these sources are there; without them nothing may be kept."""
    connection = connections[using]
    return _existing(connection) == {name for one in sources for name, _ in _triggers(one, connection.vendor)}


def install(sources: Iterable[Source], using: str = "default") -> None:
    """Makes the triggers that are missing, removes those that nothing declares; what was kept before is thrown away then.

    Costs one question when all are there. A source whose table is not there yet is left for the next time.
    """
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    known = [one for one in sources if one.table in tables]
    if _COUNTS not in tables:
        return
    wanted = {name: (one, statements) for one in known for name, statements in _triggers(one, connection.vendor)}
    existing = _existing(connection)
    if existing == wanted.keys():
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        KeptSum.objects.using(using).all().delete()
        for name in existing - wanted.keys():
            cursor.execute(_dropped(name, connection.vendor))
        added = wanted.keys() - existing
        for name in sorted(added):
            for statement in wanted[name][1]:
                cursor.execute(statement)
        for one in {wanted[name][0] for name in added}:
            cursor.execute(_begun(one, connection.vendor))


def uninstall(using: str = "default") -> None:
    """Before a migration: a table that is rebuilt would stumble over triggers that look into it."""
    connection = connections[using]
    if KeptSum._meta.db_table not in connection.introspection.table_names():
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        KeptSum.objects.using(using).all().delete()
        for name in _existing(connection):
            cursor.execute(_dropped(name, connection.vendor))


def count(using: str = "default") -> int:
    """How often anything changed in all: while it stays the same, nothing did."""
    return ChangeCount.objects.using(using).aggregate(steps=Sum("step"))["steps"] or 0


def compact(using: str = "default", most: int = 2000) -> None:
    """Makes one line of the many that transactions left (PostgreSQL); the sums stay as they are.

    A line that is not committed yet is not seen and stays; one that another compaction holds is passed over.
    """
    connection = connections[using]
    if connection.vendor != "postgresql" or ChangeCount.objects.using(using).count() <= most:
        return
    gone = f"DELETE FROM {_COUNTS} WHERE id IN (SELECT id FROM {_COUNTS} FOR UPDATE SKIP LOCKED) RETURNING source, place, step"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS ({gone}) INSERT INTO {_COUNTS} (source, place, slot, step) "
            "SELECT source, place, txid_current(), sum(step) FROM gone GROUP BY source, place"
        )


# ── the triggers ─────────────────────────────────────────────────────────────
def _triggers(source: Source, vendor: str) -> list[tuple[str, list[str]]]:
    """(name, statements that make it) for rows that come, change and go. The name tells what it says by its fingerprint."""
    make = _on_postgresql if vendor == "postgresql" else _on_sqlite
    found = []
    for event in ("insert", "update", "delete"):
        digest = hashlib.sha256("".join(make(source, event, "")).encode()).hexdigest()[:8]
        name = f"{_PREFIX}{source.code}_{event}_{digest}"
        found.append((name, make(source, event, name)))
    return found


def _on_sqlite(source: Source, event: str, name: str) -> list[str]:
    """Row by row, adding to the one line of source and place; where there is none yet it is begun.

    Not an upsert: what a statement says about conflicts (INSERT OR IGNORE) reaches into the triggers that it sets off.
    """
    body = []
    for place in source.places:
        body += _added_on_sqlite(source, place, "OLD" if event == "delete" else "NEW")
        if event == "update":  # where the row counted before, if that is elsewhere
            own = _column(source.model, place if isinstance(place, str) else place.mine)
            body += _added_on_sqlite(source, place, "OLD", f' AND OLD."{own}" IS NOT NEW."{own}"')
    which = {"insert": "INSERT", "delete": "DELETE", "update": f"UPDATE OF {_listed(source.columns)}"}[event]
    differs = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in source.columns)
    when = f" WHEN {differs}" if event == "update" else ""
    return [f'CREATE TRIGGER "{name}" AFTER {which} ON "{source.table}" FOR EACH ROW{when} BEGIN {" ".join(body)} END']


def _added_on_sqlite(source: Source, place: str | Through, row: str, when: str = "") -> list[str]:
    known = f"source = '{source.code}' AND slot = 0 AND place"
    asked = _way(source.model, place, row)
    if isinstance(place, str) or place.is_single:
        one = f'{row}."{_column(source.model, place)}"' if isinstance(place, str) else f"({asked})"
        return [
            f"UPDATE {_COUNTS} SET step = step + 1 WHERE {known} = substr({one}, 1, {PLACE_DIGITS}){when};",
            f"INSERT INTO {_COUNTS} (source, place, slot, step) SELECT '{source.code}', substr({one}, 1, {PLACE_DIGITS}), 0, 1 "
            f"WHERE changes() = 0 AND {one} <> ''{when};",
        ]
    several = f"SELECT DISTINCT substr(p, 1, {PLACE_DIGITS}) AS q FROM ({asked}) WHERE p <> ''{when}"
    return [
        f"UPDATE {_COUNTS} SET step = step + 1 WHERE {known} IN ({several});",
        f"INSERT INTO {_COUNTS} (source, place, slot, step) SELECT '{source.code}', q, 0, 1 FROM ({several}) "
        f"WHERE NOT EXISTS (SELECT 1 FROM {_COUNTS} WHERE {known} = q);",
    ]


def _on_postgresql(source: Source, event: str, name: str) -> list[str]:
    """Once a statement, over all its rows; each transaction adds to lines of its own and waits for nobody."""
    key = _column(source.model, source.model._meta.pk.name)
    changed = " OR ".join(f'o."{column}" IS DISTINCT FROM n."{column}"' for column in source.columns)
    both = f'FROM old_rows o JOIN new_rows n ON n."{key}" = o."{key}" WHERE {changed}'
    rows, told = {
        "insert": ("SELECT * FROM new_rows", "NEW TABLE AS new_rows"),
        "delete": ("SELECT * FROM old_rows", "OLD TABLE AS old_rows"),
        "update": (f"SELECT o.* {both} UNION ALL SELECT n.* {both}", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    }[event]
    lines = (
        f"INSERT INTO {_COUNTS} (source, place, slot, step) SELECT DISTINCT '{source.code}', substr(found.p, 1, {PLACE_DIGITS}), txid_current(), 1 "
        f"FROM ({rows}) touched CROSS JOIN LATERAL ({_places(source, 'touched')}) found WHERE found.p <> '' "
        f"ON CONFLICT (source, place, slot) DO UPDATE SET step = {_COUNTS}.step + 1"
    )
    return [
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $watch$ BEGIN {lines}; RETURN NULL; END $watch$',
        f'CREATE TRIGGER "{name}" AFTER {event.upper()} ON "{source.table}" REFERENCING {told} FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()',
    ]


def _places(source: Source, row: str) -> str:
    """SELECT … AS p: the region codes that a row stands for, none where it has none."""
    return " UNION ALL ".join(_way(source.model, place, row) for place in source.places)


def _way(model: type[models.Model], place: str | Through, row: str) -> str:
    tables: list[str] = []
    conditions: list[str] = []
    before = row
    while isinstance(place, Through):
        after = f"t{len(tables) + 1}"
        tables.append(f'"{place.model._meta.db_table}" {after}')
        conditions.append(f'{after}."{_column(place.model, place.theirs)}" = {before}."{_column(model, place.mine)}"')
        before, model, place = after, place.model, place.place
    told = f'SELECT {before}."{_column(model, place)}" AS p'
    return f"{told} FROM {', '.join(tables)} WHERE {' AND '.join(conditions)}" if tables else told


def _begun(source: Source, vendor: str) -> str:
    """A line for every place that has rows already, and one more change for those that are known: what happened unseen counts."""
    slot = "txid_current()" if vendor == "postgresql" else "0"
    known = [f"SELECT place FROM {_COUNTS} WHERE source = '{source.code}'"]
    for place in source.places:
        if isinstance(place, str):  # what is placed by another table's rows is known by these
            column = _column(source.model, place)
            known.append(f'SELECT substr("{column}", 1, {PLACE_DIGITS}) FROM "{source.table}" WHERE "{column}" <> \'\'')
    return (
        f"INSERT INTO {_COUNTS} (source, place, slot, step) SELECT '{source.code}', place, {slot}, 1 FROM ({' UNION '.join(known)}) found "
        f"WHERE true ON CONFLICT (source, place, slot) DO UPDATE SET step = {_COUNTS}.step + 1"
    )


def _existing(connection: Any) -> set[str]:
    """The watching triggers in the database, by name."""
    asked = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND starts_with(tgname, %s)"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 6) = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [_PREFIX])
        return {name for (name,) in cursor.fetchall()}


def _dropped(name: str, vendor: str) -> str:
    return f'DROP FUNCTION "{name}"() CASCADE' if vendor == "postgresql" else f'DROP TRIGGER "{name}"'


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
