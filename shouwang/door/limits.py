"""How often the door may be knocked at: per address, village, phone, receipt and in all, counted in the database for all processes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db import connection, transaction

from shouwang.foundation import secrets

from .models import KnockCount

_KEPT = dt.timedelta(days=2)


def knock(*, keys: Mapping[str, str], now: dt.datetime) -> bool:
    """Counts one knock under each key and says whether all are within their limits.

    ``keys`` is name of a limit in ``settings.DOOR_LIMITS`` → what is counted (an address, a token, ""). A limit is
    (times, seconds). Whoever is beyond a limit already costs one read and no write.
    """
    wanted = {name: (_hashed(name, value), _begins(name, now)) for name, value in keys.items()}
    counted = KnockCount.objects.filter(key__in=[key for key, _ in wanted.values()])
    found = {(row.key, row.begins_at): row.count for row in counted}
    if any(found.get(place, 0) >= _most(name) for name, place in wanted.items()):
        return False
    with transaction.atomic():
        # always in the same order, so that two who knock at once wait for each other and do not lock each other out
        counts = {name: _add(*wanted[name]) for name in sorted(wanted)}
        if 1 in counts.values():
            KnockCount.objects.filter(begins_at__lt=now - _KEPT).delete()
    return all(count <= _most(name) for name, count in counts.items())


def _most(name: str) -> int:
    return settings.DOOR_LIMITS[name][0]


def _begins(name: str, now: dt.datetime) -> dt.datetime:
    seconds = settings.DOOR_LIMITS[name][1]
    stamp = int(now.timestamp())
    return dt.datetime.fromtimestamp(stamp - stamp % seconds, tz=dt.UTC)


def _hashed(name: str, value: str) -> str:
    return secrets.load().blind_index(f"knock:{name}:{value}")


def _add(key: str, begins_at: dt.datetime) -> int:
    """One more, in one statement: the count after it, whoever else counts at the same time."""
    table = connection.ops.quote_name(KnockCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, begins_at, count) VALUES (%s, %s, 1) "
            f"ON CONFLICT (key, begins_at) DO UPDATE SET count = {table}.count + 1 RETURNING count",
            [key, connection.ops.adapt_datetimefield_value(begins_at)],
        )
        return cursor.fetchone()[0]
