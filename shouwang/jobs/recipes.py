"""What the background can do, each by name. Every recipe may run twice without harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.feeds import actions as feeds
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress
from shouwang.households import pushes
from shouwang.intake.models import Batch, BatchState
from shouwang.intake.reasons import Refusal
from shouwang.registry import actions as registry
from shouwang.registry.sheets import SHEETS
from shouwang.screening import actions as screening

from . import archive_check, arrivals, checking, clock, dispatching, exports, ledger, masking, registers, told_months
from .models import Job
from .papers import writing

Recipe = Callable[[Job, Progress], dict[str, Any]]

_MOST_REFUSALS_SHOWN = 50
_MOST_CHANGES_SHOWN = 200


def screen(job: Job, progress: Progress) -> dict[str, Any]:
    """Runs the screening of a region and folds its findings into leads."""
    policies = policy.load()
    as_of = dt.date.fromisoformat(job.arguments["as_of"])
    told_months.hand_in(region_code=job.region_code, now=timezone.now(), progress=progress)
    run = screening.run(
        region_code=job.region_code,
        as_of=as_of,
        policies=policies,
        by=job.asked_by,
        now=timezone.now(),
        engine=job.arguments.get("engine", "duckdb"),
        progress=progress,
    )
    opened_on = dt.date.fromisoformat(job.arguments["opened_on"])
    folded = casework.fold(run=run, opened_on=opened_on, policies=policies, progress=progress)
    return {"run": run.pk, **vars(folded)}


def plan_feed(job: Job, progress: Progress) -> dict[str, Any]:
    """Says what an import of a department's file would do; nothing is kept."""
    outcome = _import_feed(job, progress, dry_run=True)
    return {
        "counts": outcome.counts,
        "shares": [{"county": share.county_code, "counts": share.counts} for share in outcome.shares],
        "notices": outcome.notices,
        "refused_count": len(outcome.refusals),
        "refusals": _shown(outcome.refusals),
    }


def import_feed(job: Job, progress: Progress) -> dict[str, Any]:
    """Imports a department's file; the same file again gives the batch that is there."""
    outcome = _import_feed(job, progress, dry_run=False)
    assert outcome.batch is not None
    ledger.follow(batch=outcome.batch, now=timezone.now(), progress=progress)
    return {"batch": outcome.batch.pk, "counts": outcome.counts, "is_new": outcome.is_new}


def _import_feed(job: Job, progress: Progress, *, dry_run: bool) -> feeds.Outcome:
    arrival = arrivals.Arrival.of(job.arguments)
    with arrivals.opened(arrival) as path:
        return feeds.import_file(
            path=path,
            dataset=arrival.dataset,
            region_code=arrival.region_code,
            period=Month.parse(arrival.period),
            by=job.asked_by,
            now=timezone.now(),
            sender=arrival.sender,
            mapping=arrival.mapping,
            dry_run=dry_run,
            progress=progress,
        )


def plan_registry(job: Job, progress: Progress) -> dict[str, Any]:
    """Says what an import of a national-system sheet would do; nothing is kept. Secret values come masked."""
    outcome = _import_registry(job, progress, dry_run=True)
    is_secret = SHEETS[outcome.kind].is_secret
    changes = [
        {
            "number": change.key,
            "row": change.row_number,
            "field": heading,
            "before": masking.column(heading, before) if is_secret(heading) else before,
            "after": masking.column(heading, after) if is_secret(heading) else after,
        }
        for change in outcome.changes
        for heading, (before, after) in change.fields.items()
    ]
    return {
        "counts": outcome.counts,
        "notices": outcome.notices,
        "changes": changes[:_MOST_CHANGES_SHOWN],
        "refused_count": len(outcome.refusals),
        "refusals": _shown(outcome.refusals),
    }


def import_registry(job: Job, progress: Progress) -> dict[str, Any]:
    """Imports a national-system sheet, then looks again for the people of departments' rows that wait."""
    outcome = _import_registry(job, progress, dry_run=False)
    assert outcome.batch is not None
    found = 0
    if outcome.is_new:
        found = feeds.rematch(
            region_code=outcome.batch.region_code, by=job.asked_by, now=timezone.now(), progress=progress
        )
        if found:
            _refresh_pushes(outcome.batch.region_code)
    ledger.follow(batch=outcome.batch, now=timezone.now(), progress=progress)
    return {"batch": outcome.batch.pk, "counts": outcome.counts, "is_new": outcome.is_new, "found": found}


def _import_registry(job: Job, progress: Progress, *, dry_run: bool) -> registry.Outcome:
    arrival = arrivals.Arrival.of(job.arguments)
    with arrivals.opened(arrival) as path:
        return registry.import_file(
            path=path,
            kind=arrival.dataset,
            period=Month.parse(arrival.period),
            sender=arrival.sender,
            by=job.asked_by,
            now=timezone.now(),
            region_code=arrival.region_code,
            mapping=arrival.mapping,
            dry_run=dry_run,
            progress=progress,
        )


def _refresh_pushes(region_code: str) -> None:
    """Rows of pushed lists that found their person meanwhile join its household's lead."""
    pushes.refresh_pushes(region_code=region_code, today=clock.today(), now=timezone.now(), policies=policy.load())


def follow_push(job: Job, progress: Progress) -> dict[str, Any]:
    """Brings a large pushed list in line with a decision about one of its rows."""
    progress("核对推送名单", 0, 1)
    batch = Batch.objects.get(pk=job.arguments["batch"])
    pushes.follow(batch=batch, today=clock.today(), now=timezone.now(), policies=policy.load())
    return {"push_of": batch.pk}


def revert_registry(job: Job, progress: Progress) -> dict[str, Any]:
    """Takes a national-system sheet back; done already counts as done."""
    progress("撤销批次", 0, 1)
    batch = Batch.objects.get(pk=job.arguments["batch"])
    if batch.state != BatchState.REVERTED:
        registry.revert(batch=batch, by=job.asked_by, reason=job.arguments["reason"], now=timezone.now())
    ledger.follow(batch=batch, now=timezone.now(), progress=progress)
    return {"batch": batch.pk}


def _shown(refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    """The first refused rows, without their cells: those hold numbers."""
    return [
        {"row": one.row_number, "column": one.column, "reason": one.reason, "suggestion": one.suggestion}
        for one in refusals[:_MOST_REFUSALS_SHOWN]
    ]


def revert_feed(job: Job, progress: Progress) -> dict[str, Any]:
    """Takes a department's file out of force; done already counts as done."""
    progress("撤销批次", 0, 1)
    batch = Batch.objects.get(pk=job.arguments["batch"])
    if batch.state != BatchState.REVERTED:
        feeds.revert(batch=batch, by=job.asked_by, reason=job.arguments["reason"], now=timezone.now())
    pushes.follow(batch=batch, today=clock.today(), now=timezone.now(), policies=policy.load())
    ledger.follow(batch=batch, now=timezone.now(), progress=progress)
    return {"batch": batch.pk}


def collect_income(job: Job, progress: Progress) -> dict[str, Any]:
    """Takes into the income ledger what files say and it does not know yet."""
    done = ledger.keep_up(region_code=job.region_code, now=timezone.now(), progress=progress)
    return {"added": sum(one.added for one in done), "taken_out": sum(one.taken_out for one in done)}


def check(job: Job, progress: Progress) -> dict[str, Any]:
    """Asks the inspectors' questions about a region."""
    return checking.ask(job, progress)


def export(job: Job, progress: Progress) -> dict[str, Any]:
    """Writes a list to a file that whoever asked can fetch."""
    return exports.write(job, progress)


RECIPES: dict[str, Recipe] = {
    "screen": screen,
    "plan_feed": plan_feed,
    "import_feed": import_feed,
    "revert_feed": revert_feed,
    "plan_registry": plan_registry,
    "import_registry": import_registry,
    "revert_registry": revert_registry,
    registers.LOOK: registers.look,
    "import_register": registers.take_in,
    "revert_register": registers.revert,
    "collect_income": collect_income,
    "check": check,
    "export": export,
    "follow_push": follow_push,
    dispatching.RECIPE: dispatching.work,
    archive_check.RECIPE: archive_check.work,
    writing.DECISION: writing.write_decision,
}
