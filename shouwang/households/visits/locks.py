"""Who waits for whom: records and the closing of their month, county by county; two lines of the same account."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.organisation.models import Account
from shouwang.regions import queries as regions

from ..models import VisitMonth

# Any number of our own, beside the county's six digits.
_LOCK = 7_310_133
_ACCOUNT_LOCK = 7_310_132
_QUEUE = ".receiving"


def hold_open(county: str) -> None:
    """Until the transaction ends no month of the county is closed. SQLite has one writer at a time anyway."""
    _take("pg_advisory_xact_lock_shared", county)


def hold_closing(county: str) -> None:
    """Until the transaction ends no record of the county is taken."""
    _take("pg_advisory_xact_lock", county)


@contextmanager
def turn() -> Iterator[None]:
    """Stand outside the transaction. SQLite has one writer, and who waits for it sleeps and looks again, longer each time: when a
    county's phones come home at once the unlucky wait for ever. Here they queue, one transaction each; elsewhere nobody waits."""
    if connection.vendor != "sqlite":
        yield
        return
    with (workspace.home() / _QUEUE).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed, also by a process that dies
        yield


def hold_account(by: Account) -> None:
    """Until the transaction ends no other record of this account is taken: a line that was cut may still be at work on the one
    that is sent again, and what takes a record back may be on its way beside it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ACCOUNT_LOCK, by.pk % 2**31])


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
