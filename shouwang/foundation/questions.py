"""Questions that every page asks, written into SQL once: Django takes longer to write them than the database to answer them.

Only the question is remembered, never an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

_MOST_REMEMBERED = 10_000
_written: dict[Hashable, tuple[str, tuple[Any, ...]] | None] = {}


def count(asked: Hashable, rows: Callable[[], QuerySet[Any]], *, most: int) -> int:
    """How many rows there are, ``most`` at most. ``asked`` is everything that ``rows`` depends on: who asks, where, on which day."""
    connection = connections["default"]
    key = (connection.vendor, asked, most)
    if key not in _written:
        if len(_written) >= _MOST_REMEMBERED:
            _written.clear()
        _written[key] = _sql(rows().order_by().values_list("pk")[:most])
    if (statement := _written[key]) is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return len(cursor.fetchall())


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """None where the question answers itself: nobody sees anything."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
