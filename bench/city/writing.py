"""Puts rows into tables in sets, past the program's own doors: invented rows have to be there before anything can be measured."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED

TABLES: list[type[Model]] = []  # in the order in which they were filled


def put(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """``columns`` are attribute names (``household_id``); what is not named gets the field's default, empty text or NULL."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    fixed = {name: _literal(field) for name, field in fields.items() if name not in columns}
    names = ", ".join(f'"{fields[name].column}"' for name in [*columns, *fixed])
    values = ", ".join(["%s"] * len(columns) + list(fixed.values()))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({values})', rows)
    if model not in TABLES:
        TABLES.append(model)


def plain(value: Any) -> str:
    """A value of a JSON column."""
    return json.dumps(value)


def moment(day: dt.date | str, hour: int = 2) -> str:
    """A moment as SQLite keeps it."""
    return f"{day} {hour:02d}:00:00"


def _literal(field: Any) -> str:
    if field.primary_key:
        raise ValueError(f"{field} has to be given")
    if field.default is not NOT_PROVIDED:
        value = field.default() if callable(field.default) else field.default
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, list | dict):
            return f"'{json.dumps(value)}'"
        return f"'{value}'" if isinstance(value, str) else str(value)
    if field.null:
        return "NULL"
    if field.empty_strings_allowed and field.get_internal_type() in ("CharField", "TextField"):
        return "''"
    raise ValueError(f"{field} has to be given")
