"""Puts rows into tables in sets, past the program's own doors: invented rows have to be there before anything can be measured."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED

TABLES: list[type[Model]] = []  # in the order in which they were filled


def put(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """``columns`` are attribute names (``household_id``); what is not named gets the field's default, empty text or NULL."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fixed = {name: _default(field) for name, field in fields.items() if name not in columns}
    names = ", ".join(f'"{fields[name].column}"' for name in [*columns, *fixed])
    more, table = tuple(fixed.values()), model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row((*row, *more))
        else:
            marks = ", ".join(["%s"] * (len(columns) + len(more)))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', ((*row, *more) for row in rows))
    if model not in TABLES:
        TABLES.append(model)


def numbers_go_on(models: Sequence[type[Model]]) -> None:
    """Rows were given their numbers; PostgreSQL has to be told where to go on."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def plain(value: Any) -> str:
    """A value of a JSON column."""
    return json.dumps(value)


def moment(day: dt.date | str, hour: int = 2) -> str:
    """A moment as SQLite keeps it."""
    return f"{day} {hour:02d}:00:00"


def _default(field: Any) -> Any:
    if field.primary_key:
        raise ValueError(f"{field} has to be given")
    if field.default is not NOT_PROVIDED:
        value = field.default() if callable(field.default) else field.default
        if isinstance(value, bool):
            return int(value)
        return plain(value) if isinstance(value, list | dict) else value
    if field.null:
        return None
    if field.empty_strings_allowed and field.get_internal_type() in ("CharField", "TextField"):
        return ""
    raise ValueError(f"{field} has to be given")
