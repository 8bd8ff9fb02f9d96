"""One change of the register at a time: the next one must see what the last one did."""

from __future__ import annotations

from django.db import connection

_REGISTER = 730_211_001  # any number that nobody else asks for


def hold() -> None:
    """Waits until no other transaction changes the register; given back when the transaction ends. On SQLite a transaction
    that writes is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REGISTER])
