"""The process that does the background work: `shouwang serve` starts one beside the pages."""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections
from django.utils import timezone

from . import queue
from .keeping import Upkeep
from .models import Job
from .recipes import RECIPES

_log = logging.getLogger(__name__)
_PAUSE_SECONDS = 1.0
_HEARTBEAT_SECONDS = 10.0
_REPORT_SECONDS = 0.3


def work(*, until: threading.Event | None = None, once: bool = False) -> int:
    """Claims and does jobs until told to stop, or until the queue is empty when ``once``. Returns how many were done."""
    done, upkeep = 0, Upkeep()
    while until is None or not until.is_set():
        if not once:
            close_old_connections()
        job = queue.claim(now=timezone.now())
        if job is not None:
            _do(job)
            done += 1
        elif once:
            return done
        elif upkeep.step():
            continue
        elif until is not None:
            until.wait(_PAUSE_SECONDS)
        else:
            time.sleep(_PAUSE_SECONDS)
    return done


def _do(job: Job) -> None:
    stop = threading.Event()
    pulse = threading.Thread(target=_beat, args=(job, stop), daemon=True)
    pulse.start()
    try:
        result = RECIPES[job.recipe](job, _reporter(job))
    except Exception as error:
        _log.exception("第 %s 项工作（%s）未完成", job.pk, job.recipe)
        queue.fail(job, error=error, now=timezone.now())
    else:
        queue.finish(job, result=result, now=timezone.now())
    finally:
        stop.set()
        pulse.join()


def _reporter(job: Job):
    last = 0.0

    def progress(step: str, done: int = 0, total: int = 0) -> None:
        nonlocal last
        if time.monotonic() - last >= _REPORT_SECONDS or done == total:
            last = time.monotonic()
            _quietly(lambda: queue.report(job, step=step, done=done, total=total, now=timezone.now()))

    return progress


def _beat(job: Job, stop: threading.Event) -> None:
    """Signs of life while a recipe is busy in one long step."""
    while not stop.wait(_HEARTBEAT_SECONDS):
        _quietly(lambda: Job.objects.filter(pk=job.pk, attempts=job.attempts).update(heartbeat_at=timezone.now()))
    close_old_connections()


def _quietly(update) -> None:
    """Progress is a courtesy: a database busy with the work itself is no reason to stop it."""
    try:
        update()
    except Exception:
        _log.debug("进度未能记录", exc_info=True)
