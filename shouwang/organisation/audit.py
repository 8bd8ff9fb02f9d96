"""Adds lines to the log of actions. Lines are chained by hash: a removed or altered line shows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from .models import AuditEvent

if TYPE_CHECKING:
    from .models import Account


def record(
    *,
    by: Account | None,
    action: str,
    region_code: str = "",
    target: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Writes one line. ``detail`` holds counts and names of columns, never personal values."""
    with transaction.atomic():
        last = AuditEvent.objects.select_for_update().order_by("-id").values_list("hash", flat=True).first()
        event = AuditEvent(
            at=timezone.now(),
            by=by,
            by_name=by.name if by else "命令行",
            action=action,
            region_code=region_code,
            target=target,
            reason=reason,
            detail=detail or {},
            previous_hash=last or "",
        )
        event.hash = digest(event)
        event.save(force_insert=True)
    return event


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
