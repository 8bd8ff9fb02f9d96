"""The pictures in the history of a lead or case: which are there, and where this account may add one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shouwang.households import step_photos
from shouwang.organisation.models import Account


def shown(history: Iterable[dict[str, Any]], *, by: Account) -> list[dict[str, Any]]:
    """The entries of ``steps.told`` with ``photos`` and ``photo_kind``."""
    entries = list(history)
    pictures = step_photos.of_events(entry["event"] for entry in entries)
    for entry in entries:
        event = entry["event"]
        entry["photos"] = pictures.get(event.pk, [])
        kind = step_photos.kind_of(event, by=by) if event.step in step_photos.KIND_OF_STEP else ""
        has_room = len(entry["photos"]) < step_photos.MOST
        entry["photo_kind"] = step_photos.LABELS[kind] if kind and has_room else ""
    return entries
