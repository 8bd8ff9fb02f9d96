"""Sets of rows into the database at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connections, models, router

_CHUNK = 20_000


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterable[list[Sequence[Any]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def chunks(keys: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    """Keys in lists that a query can name one by one."""
    iterator = iter(keys)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    return [str(model._meta.get_field(name).column) for name in fields]  # type: ignore[union-attr]


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Inserts ``rows`` (values in the order of ``fields``, ready for the database: JSON as text, days as ISO text).

    Returns how many. Runs inside the caller's transaction.
    """
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(name) for name in _columns(model, fields))
    count = 0
    with connection.cursor() as cursor:
        for chunk in _chunks(rows):
            if connection.vendor == "postgresql":
                with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in chunk:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", chunk)
            count += len(chunk)
    return count


def update(model: type[models.Model], key: str, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Updates rows found by their unique ``key`` field; each row is (key value, then values in the order of ``fields``).

    Returns how many rows were given. Runs inside the caller's transaction.
    """
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    table, key_column = quote(model._meta.db_table), quote(_columns(model, [key])[0])
    columns = [quote(name) for name in _columns(model, fields)]
    count = 0
    with connection.cursor() as cursor:
        for chunk in _chunks(rows):
            if connection.vendor == "postgresql":
                everything = ", ".join([key_column, *columns])
                cursor.execute(
                    f"CREATE TEMP TABLE bulk_update ON COMMIT DROP AS SELECT {everything} FROM {table} LIMIT 0"
                )
                with cursor.cursor.copy(f"COPY bulk_update ({everything}) FROM STDIN") as copy:
                    for row in chunk:
                        copy.write_row(row)
                assignments = ", ".join(f"{column} = bulk_update.{column}" for column in columns)
                cursor.execute(
                    f"UPDATE {table} SET {assignments} FROM bulk_update WHERE {table}.{key_column} = bulk_update.{key_column}"
                )
                cursor.execute("DROP TABLE bulk_update")
            else:
                assignments = ", ".join(f"{column} = %s" for column in columns)
                cursor.executemany(
                    f"UPDATE {table} SET {assignments} WHERE {key_column} = %s",
                    [(*row[1:], row[0]) for row in chunk],
                )
            count += len(chunk)
    return count
