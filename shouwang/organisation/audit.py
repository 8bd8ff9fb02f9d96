"""Adds lines to the log of actions. Lines are chained by hash: a removed or altered line shows.

What the chain alone cannot show is that its newest lines were cut off; whoever needs that keeps the last hash elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from .models import AuditEvent

if TYPE_CHECKING:
    from .models import Account


# Any number of our own: PostgreSQL's transactions that add a line wait for one another on it.
_LOCK = 7_310_130


def record(
    *,
    by: Account | None,
    action: str,
    region_code: str = "",
    target: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Writes one line. ``detail`` holds counts and names of columns, never personal values.

    Inside a transaction the line stands or falls with it, and others who add a line wait for its end. The moment is
    read from the clock here: a caller must not be able to choose it.
    """
    with transaction.atomic():
        _wait_for_turn()
        last = AuditEvent.objects.order_by("-id").values_list("hash", flat=True).first()
        event = AuditEvent(
            at=timezone.now(),
            by=by,
            by_name=by.name if by else "命令行",
            action=action,
            region_code=region_code,
            target=_fitting("target", target),
            reason=_fitting("reason", reason),
            detail=_as_stored(detail or {}),
            previous_hash=last or "",
        )
        event.hash = digest(event)
        event.save(force_insert=True)
    return event


def _wait_for_turn() -> None:
    """Two lines must not follow the same one. SQLite has one writer at a time (its transactions begin IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _fitting(field: str, text: str) -> str:
    """An overlong file name or reason is cut, and shows it: the action itself must not fail for it."""
    longest = getattr(AuditEvent._meta.get_field(field), "max_length", None) or len(text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _as_stored(detail: dict[str, Any]) -> dict[str, Any]:
    """As the database gives it back, so that the hash can be computed again; parts of numbers as text."""
    return json.loads(json.dumps(detail, ensure_ascii=False, default=str), parse_float=str)


def digest(event: AuditEvent) -> str:
    """The hash that a line must have, from its content and the hash of the line before."""
    content = [
        event.previous_hash,
        event.at.isoformat(),
        event.by_id,
        event.by_name,
        event.action,
        event.region_code,
        event.target,
        event.reason,
        event.detail,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken_line() -> AuditEvent | None:
    """The first line whose hash or predecessor does not fit, or None when the log is whole."""
    previous = ""
    for event in AuditEvent.objects.order_by("id").iterator():
        if event.previous_hash != previous or event.hash != digest(event):
            return event
        previous = event.hash
    return None
