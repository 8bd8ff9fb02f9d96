"""Running numbers of leads and cases: county, month, number."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any

from django.db import connection
from django.db.models import Max

# Any number of our own: the first half of the locks that PostgreSQL's transactions wait for here.
_LOCK = 7_310_131


class Numbers:
    """Gives the next free number of a county and month, inside the caller's transaction; others who want one wait for its end."""

    def __init__(self, model: Any, field: str, opened_on: dt.date, mark: str = "") -> None:
        self._model, self._field = model, field
        self._month = f"{mark}{opened_on:%Y%m}"
        self._last: dict[str, int] = {}

    def next(self, county: str) -> str:
        prefix = f"{county[:6]}-{self._month}-"
        if county not in self._last:
            _wait_for_turn(f"{self._field}-{prefix}")
            rows = self._model.objects.filter(**{f"{self._field}__startswith": prefix})
            highest = rows.aggregate(highest=Max(self._field))["highest"]
            self._last[county] = int(highest.rsplit("-", 1)[1]) if highest else 0
        self._last[county] += 1
        return f"{prefix}{self._last[county]:06d}"


def _wait_for_turn(name: str) -> None:
    """Two transactions must not read the same highest number. SQLite has one writer at a time (its transactions begin IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, zlib.crc32(name.encode()) - 2**31])
