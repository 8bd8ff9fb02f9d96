"""Sends leads down to their villages: a few at once, tens of thousands in the background (S0-C-08, S4-C-05).

The background work goes through the leads by their keys, some hundreds to a transaction, and says in the same transaction how far it
is and what became of them. Work that broke off goes on behind the last of them, so nothing is counted twice or lost.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shouwang import policy
from shouwang.casework import runner, verification
from shouwang.casework.models import Lead
from shouwang.foundation.progress import Progress
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope

from . import exports, queue
from .models import Job, JobState

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

RECIPE = "dispatch_leads"
DISPATCHABLE = (verification.OPEN, verification.AT_TOWNSHIP)
# What a page does while somebody waits: well under a second.
AT_ONCE = 500
_CHUNK = 1_000
_MOST_NAMED = 200
PAUSED, ELSEWHERE, GONE = "已中止", "已由他人下派或办结", "已不在您的辖区"


def waiting(scope: Scope, filters: Mapping[str, str]) -> QuerySet[Lead]:
    """The leads of a filtered list that can be sent down."""
    return exports.leads(scope, dict(filters)).filter(state__in=DISPATCHABLE)


def send(*, rows: Sequence[int], by: Account, today: dt.date, now: dt.datetime) -> int:
    """Sends these leads (keys) down at once; returns how many. Those that stand elsewhere by now are left alone."""
    done = runner.act_together(
        procedure_code=verification.CODE,
        rows=rows,
        step="dispatch",
        by=by,
        today=today,
        now=now,
        policies=policy.load(),
    )
    audit.record(by=by, action="下派线索", region_code=by.region_code, detail={"leads": done})
    return done


def ask(*, filters: Mapping[str, str], by: Account, today: dt.date) -> Job:
    """Asks the background for a whole filtered list. Pressed twice it is one piece of work while that waits or runs."""
    arguments = {"filters": dict(filters), "on": today.isoformat()}
    return queue.ask(recipe=RECIPE, arguments=arguments, region_code=by.region_code, by=by)


def running(*, by: Account) -> Job | None:
    """What this account asked for and is not over."""
    rows = Job.objects.filter(recipe=RECIPE, asked_by=by, state__in=[JobState.WAITING, JobState.RUNNING])
    return rows.order_by("-pk").first()


def work(job: Job, progress: Progress) -> dict[str, Any]:
    """The background work. ``result``: wanted, done, skipped {reason: count}, named [(lead number, reason)], after (a key)."""
    assert job.asked_by is not None
    scope, policies = Scope.of(job.asked_by), policy.load()
    on = dt.date.fromisoformat(job.arguments["on"])
    told = job.result or {"wanted": 0, "done": 0, "skipped": {}, "named": [], "after": 0}
    rows = waiting(scope, job.arguments["filters"]).filter(pk__gt=told["after"])
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    told["wanted"] = told["wanted"] or len(keys)
    for start in range(0, len(keys), _CHUNK):
        progress("下派到村", told["done"] + sum(told["skipped"].values()), told["wanted"])
        chunk = keys[start : start + _CHUNK]
        with transaction.atomic():
            if not Job.objects.select_for_update().filter(pk=job.pk, attempts=job.attempts).exists():
                return told  # this worker was taken for dead and another one goes on
            left = _left(chunk, scope)
            done = runner.act_together(
                procedure_code=verification.CODE,
                rows=[key for key in chunk if key not in left],
                step="dispatch",
                by=job.asked_by,
                today=on,
                now=timezone.now(),
                policies=policies,
            )
            told = _told(told, left, done) | {"after": chunk[-1]}
            Job.objects.filter(pk=job.pk).update(result=told)
    return _finished(job, told)


def _left(chunk: Sequence[int], scope: Scope) -> dict[int, tuple[str, str]]:
    """Which of these leads stay where they are: key → number and reason. The others are held until the transaction ends."""
    found: dict[int, tuple[str, str]] = {}
    rows = Lead.objects.select_for_update().filter(pk__in=chunk)
    for key, number, state, paused_on, village in rows.values_list(
        "pk", "lead_no", "state", "paused_on", "region_code"
    ):
        if not scope.covers(village):
            found[key] = number, GONE
        elif state not in DISPATCHABLE:
            found[key] = number, ELSEWHERE
        elif paused_on is not None:
            found[key] = number, PAUSED
    return found


def _told(told: Mapping[str, Any], left: Mapping[int, tuple[str, str]], done: int) -> dict[str, Any]:
    """What is known after some more leads."""
    skipped = Counter(told["skipped"]) + Counter(reason for _, reason in left.values())
    named = [*told["named"], *map(list, left.values())][:_MOST_NAMED]
    return {**told, "done": told["done"] + done, "skipped": dict(skipped), "named": named}


def _finished(job: Job, told: dict[str, Any]) -> dict[str, Any]:
    """The count of those that somebody else dealt with meanwhile closes the sum; one line in the log, however often it ran."""
    rest = told["wanted"] - told["done"] - sum(told["skipped"].values())
    if rest > 0:
        told = {**told, "skipped": {**told["skipped"], ELSEWHERE: told["skipped"].get(ELSEWHERE, 0) + rest}}
    if not told.get("is_logged"):
        told = {**told, "is_logged": True}
        with transaction.atomic():
            Job.objects.filter(pk=job.pk).update(result=told)
            audit.record(
                by=job.asked_by,
                action="下派线索",
                region_code=job.region_code,
                detail={"leads": told["done"], "skipped": told["skipped"]},
            )
    return told


def sentences(told: Mapping[str, Any]) -> list[str]:
    """What came of it, for the person who asked."""
    lines = [f"已下派到村 {told['done']:,} 条，共 {told['wanted']:,} 条。"]
    if told["skipped"]:
        why = "，".join(f"{reason} {count:,} 条" for reason, count in sorted(told["skipped"].items()))
        lines.append(f"没有下派：{why}。这些线索没有变动。")
    return lines
