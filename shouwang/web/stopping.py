"""The clock of a lead or a case stopped and started from its page, with a line in the log."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from shouwang.casework import pausing
from shouwang.casework.models import Proceeding
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.organisation import audit

from .access import account_of


def turn(request: HttpRequest, shown: Proceeding, *, name: str) -> None:
    """Stops a clock that runs, with the reason that was sent, or starts one that stands still; what is wrong becomes a message."""
    by, today, now = account_of(request), clock.today(), timezone.now()
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() else None
    try:
        if shown.paused_on is None:
            reason = request.POST.get("reason", "")
            pausing.pause(proceeding=shown, by=by, reason=reason, today=today, now=now, version=seen)
            messages.success(request, "时限已中止，恢复前不能办其他步骤。")
        else:
            pausing.resume(proceeding=shown, by=by, today=today, now=now, version=seen)
            messages.success(request, "时限已恢复，中止的天数已加到应办结日上。")
    except UserError as error:
        messages.error(request, str(error))
        return
    audit.record(by=by, action=f"中止或恢复{name}时限", region_code=shown.region_code, target=shown.number)
