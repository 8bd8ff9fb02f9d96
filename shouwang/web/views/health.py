"""For operators and their monitors: is the program able to work. Says nothing about anybody's data."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from shouwang import policy
from shouwang.foundation import secrets
from shouwang.jobs import queue
from shouwang.jobs.models import Job, JobState

_PATIENCE = dt.timedelta(minutes=10)


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """200 when database, keys, policies and background work are in order, else 503; which one is named."""
    checks = {"database": _database, "keys": secrets.load, "policies": policy.load, "background_work": _background_work}
    found = {name: _is_sound(check) for name, check in checks.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _is_sound(check) -> bool:
    try:
        return check() is not False
    except Exception:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _background_work() -> bool:
    """No job waits while nobody works, and no running job has fallen silent."""
    now = timezone.now()
    is_working = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__gte=now - queue.SILENCE).exists()
    is_waiting = Job.objects.filter(state=JobState.WAITING, asked_at__lt=now - _PATIENCE).exists()
    is_silent = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - queue.SILENCE).exists()
    return not is_silent and (is_working or not is_waiting)
