"""Running numbers of leads and cases: county, month, number."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max


class Numbers:
    """Gives the next free number of a county and month; one writer at a time (the caller's transaction)."""

    def __init__(self, model: Any, field: str, opened_on: dt.date, mark: str = "") -> None:
        self._model, self._field = model, field
        self._month = f"{mark}{opened_on:%Y%m}"
        self._last: dict[str, int] = {}

    def next(self, county: str) -> str:
        prefix = f"{county[:6]}-{self._month}-"
        if county not in self._last:
            rows = self._model.objects.filter(**{f"{self._field}__startswith": prefix})
            highest = rows.aggregate(highest=Max(self._field))["highest"]
            self._last[county] = int(highest.rsplit("-", 1)[1]) if highest else 0
        self._last[county] += 1
        return f"{prefix}{self._last[county]:06d}"
