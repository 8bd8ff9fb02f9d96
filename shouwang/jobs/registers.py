"""Large files of registers in the background: taking one in, taking one out again. Each may run twice without harm."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from shouwang.foundation.progress import Progress
from shouwang.households.registers import importing
from shouwang.households.registers.catalogue import BY_CODE
from shouwang.intake.models import Batch, BatchState

from . import arrivals, clock
from .models import Job

LOOK = "look_register"
_MOST_REFUSALS_SHOWN = 100


def look(job: Job, progress: Progress) -> dict[str, Any]:
    """What a register's file would do; nothing is kept, and no cell of a refused row: those hold numbers."""
    arrival = arrivals.Arrival.of(job.arguments)
    register = BY_CODE[arrival.dataset]
    progress("读取文件、逐行核对", 0, 1)
    with arrivals.opened(arrival) as path:
        made = importing.plan(
            register=register, path=path, region_code=arrival.region_code, by=job.asked_by, today=clock.today()
        )
    refusals = [
        {"row_number": one.row_number, "column": one.column, "reason": one.reason, "suggestion": one.suggestion}
        for one in made.refusals[:_MOST_REFUSALS_SHOWN]
    ]
    return {"register": register.code, "counts": made.counts, "notices": made.notices, "refusals": refusals}


def take_in(job: Job, progress: Progress) -> dict[str, Any]:
    """Imports a register's file for whoever asked; the same file again does nothing."""
    arrival = arrivals.Arrival.of(job.arguments)
    register = BY_CODE[arrival.dataset]
    progress("读取文件", 0, 2)
    with arrivals.opened(arrival) as path:
        made = importing.plan(
            register=register, path=path, region_code=arrival.region_code, by=job.asked_by, today=clock.today()
        )
        progress("登记台账", 1, 2)
        importing.apply(
            made=made, path=path, file_name=arrival.file_name, by=job.asked_by, today=clock.today(), now=timezone.now()
        )
    return {"register": register.code, "counts": made.counts}


def revert(job: Job, progress: Progress) -> dict[str, Any]:
    """Takes a register's file out again; done already counts as done."""
    progress("撤销批次", 0, 1)
    batch = Batch.objects.get(pk=job.arguments["batch"])
    register = BY_CODE[batch.dataset.removeprefix("register_")]
    if batch.state != BatchState.REVERTED:
        importing.revert(
            batch=batch, register=register, reason=job.arguments["reason"], by=job.asked_by, now=timezone.now()
        )
    return {"register": register.code}
