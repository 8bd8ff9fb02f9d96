"""Today, for pages and commands. A demonstration workspace names a fixed day, so that a past month can be shown as if it were now."""

from __future__ import annotations

import datetime as dt
import os

from django.utils import timezone

from shouwang.foundation import workspace

_FILE = "demonstration-day"


def today() -> dt.date:
    """The day that lateness is counted from: the demonstration day where there is one, else the calendar's."""
    return demonstration_day() or timezone.localdate()


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day here: what was known on that day."""
    return dt.datetime.combine(day, dt.time.max, timezone.get_current_timezone())


def demonstration_day() -> dt.date | None:
    """``$SHOUWANG_TODAY``, or the day in the workspace's file ``demonstration-day``; None in a real workspace."""
    text = os.environ.get("SHOUWANG_TODAY", "")
    if not text:
        try:
            text = (workspace.home() / _FILE).read_text().strip()
        except FileNotFoundError:
            return None
    return dt.date.fromisoformat(text)


def set_demonstration_day(day: dt.date) -> None:
    workspace.private_file(workspace.home() / _FILE, day.isoformat().encode())
