"""A month is either still open or closed: records and its closing wait for each other, county by county."""

from __future__ import annotations

from django.db import connection

from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.regions import queries as regions

from ..models import VisitMonth

# Any number of our own, beside the county's six digits.
_LOCK = 7_310_131


def hold_open(county: str) -> None:
    """Until the transaction ends no month of the county is closed. SQLite has one writer at a time anyway."""
    _take("pg_advisory_xact_lock_shared", county)


def hold_closing(county: str) -> None:
    """Until the transaction ends no record of the county is taken."""
    _take("pg_advisory_xact_lock", county)


def require_open(*, county: str, month: Month) -> None:
    """Raises UserError when the month was closed."""
    closed = VisitMonth.objects.filter(region_code=county, month=str(month)).first()
    if closed is not None:
        name = regions.name(county)
        raise UserError(
            f"{month.label}的走访已于 {closed.closed_at:%Y-%m-%d} 由{name}结账，不再收这个月的记录",
            next_step="现在的情况请按今天登记；确有错漏请告诉县防贫中心。",
        )


def _take(function: str, county: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [_LOCK, int(county[:6])])
