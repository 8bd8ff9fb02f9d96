"""Asks for background work, claims it, reports on it. A claim is a conditional update: two workers never share a job."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from shouwang.foundation.errors import UserError
from shouwang.organisation.models import Account

from .models import Job, JobState

# A worker that has not been heard of for this long is taken for dead, and its job is claimed again.
SILENCE = dt.timedelta(seconds=60)
MAXIMUM_ATTEMPTS = 3


def ask(*, recipe: str, arguments: dict[str, Any], region_code: str, by: Account | None) -> Job:
    """Puts work in the queue. The same work for the same place and arguments that waits or runs already is returned instead."""
    with transaction.atomic():
        if by is not None:  # whoever presses twice waits for the first press
            Account.objects.select_for_update().filter(pk=by.pk).first()
        same = Job.objects.filter(
            recipe=recipe,
            arguments=arguments,
            region_code=region_code,
            state__in=[JobState.WAITING, JobState.RUNNING],
        ).first()
        return same or Job.objects.create(recipe=recipe, arguments=arguments, region_code=region_code, asked_by=by)


def claim(*, now: dt.datetime) -> Job | None:
    """The oldest waiting job, or one whose worker died; None when there is nothing to do."""
    dead = Q(state=JobState.RUNNING, heartbeat_at__lt=now - SILENCE)
    given_up = Job.objects.filter(dead, attempts__gte=MAXIMUM_ATTEMPTS)
    if given_up.exists():  # asked every second: who only looks does not stand in the way of those who write
        given_up.update(
            state=JobState.FAILED,
            message=f"工作进程 {MAXIMUM_ATTEMPTS} 次中断，已停止重试；没有留下做了一半的数据。请联系管理员查看日志后重新发起。",
            finished_at=now,
        )
    for job in Job.objects.filter(Q(state=JobState.WAITING) | dead).order_by("id")[:5]:
        won = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts).update(
            state=JobState.RUNNING, heartbeat_at=now, attempts=job.attempts + 1
        )
        if won:
            job.refresh_from_db()
            return job
    return None


def report(job: Job, *, step: str, done: int, total: int, now: dt.datetime) -> None:
    """Progress and sign of life in one update."""
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING).update(
        step=step[:120], done_count=done, total_count=total, heartbeat_at=now
    )


def finish(job: Job, *, result: dict[str, Any], now: dt.datetime) -> None:
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=JobState.DONE, result=result, finished_at=now, heartbeat_at=now
    )


def fail(job: Job, *, error: Exception, now: dt.datetime) -> None:
    """Ends a job with a sentence for the person who asked. Unexpected errors say no more than their kind: no data leaks."""
    if isinstance(error, UserError):
        message = str(error)
    else:
        message = f"程序内部错误（{type(error).__name__}），没有改动数据。请把本页编号告诉管理员。"
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(state=JobState.FAILED, message=message, finished_at=now)
