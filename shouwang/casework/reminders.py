"""The ladder of reminders: what is soon due or late, told first to whoever has it and then up the tree; derived, never stored.

The documents ask for tracking and pressing on (跟踪督办) and name no days, so the days are the program's own and can be set with the
parameter ``case.reminder_days``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.foundation import questions
from shouwang.organisation.roles import CountyLeader
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from . import case_queries, procedure
from .models import ReminderSeen, Task
from .procedure import CITY, COUNTY, TOWNSHIP, VILLAGE

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

PARAMETER = "case.reminder_days"
SOON, DUE, ABOVE, LEADER = "soon", "due", "above", "leader"
LABELS = {SOON: "快到期", DUE: "今天到期", ABOVE: "超期，报上一级", LEADER: "超期，报县和领导"}
# Technical defaults of the ladder of S0-C-07 (T−2, due, +1, +3), days from the due day; no document gives them.
DEFAULT_DAYS: Mapping[str, int] = {SOON: -2, DUE: 0, ABOVE: 1, LEADER: 3}
RUNGS = (SOON, DUE, ABOVE, LEADER)
UP = {VILLAGE: TOWNSHIP, TOWNSHIP: COUNTY, COUNTY: CITY}
MOST_COUNTED = 100


@dataclass(frozen=True)
class Ladder:
    """From how many days after the due day each rung reminds (before it: negative)."""

    days: Mapping[str, int]

    def rung(self, due_on: dt.date | None, today: dt.date) -> str:
        """The highest rung that a due day has reached; empty before the first."""
        if due_on is None:
            return ""
        passed = (today - due_on).days
        return next((rung for rung in reversed(RUNGS) if passed >= self.days[rung]), "")

    def last_due(self, rung: str, today: dt.date) -> dt.date:
        """Whatever is due on this day or earlier has reached the rung."""
        return today - dt.timedelta(days=self.days[rung])


# hengshui-2022-1#C.2.1.4
def ladder(*, region_code: str, today: dt.date, policies: Policies) -> Ladder:
    """The days in force in a region; the defaults where nobody set others."""
    own = (
        policies.resolve(PARAMETER, region_code=region_code, on=today).value
        if PARAMETER in policies.parameters
        else None
    )
    days = dict(DEFAULT_DAYS)
    if own:
        days |= {SOON: -int(own["before"]), ABOVE: int(own["above"]), LEADER: int(own["leader"])}
    return Ladder(days)


def told(*, account: Account, level: str, today: dt.date, steps: Ladder) -> QuerySet[Task]:
    """Open tasks of which an account is reminded today, the longest late first: its own from the first rung on, those of the
    level below from the third, those further below at the county and everything at its leader from the fourth.

    ``level``: at which level the account works. A paused proceeding reminds nobody.
    """
    rows = case_queries.tasks(scope=Scope.of(account))
    until = {rung: steps.last_due(rung, today) for rung in RUNGS}
    if account.role == CountyLeader.code:
        return rows.filter(level__in=(VILLAGE, TOWNSHIP, COUNTY), due_on__lte=until[LEADER])
    held = account.duties.permissions
    codes = {step.code for table in procedure.all_procedures() for step in table.steps if step.permission in held}
    mine = Q(level=level, step__in=codes, due_on__lte=until[SOON])
    below = Q(level__in=[one for one, above in UP.items() if above == level], due_on__lte=until[ABOVE])
    far = Q(level=VILLAGE, due_on__lte=until[LEADER]) if level == COUNTY else Q(pk__in=[])
    return rows.filter(mine | below | far)


def unseen(rows: QuerySet[Task], *, account: Account, today: dt.date, steps: Ladder) -> QuerySet[Task]:
    """Those of which the account has not taken note since the rung on which they stand was reached."""
    standing = Q(pk__in=[])
    for place, rung in enumerate(RUNGS):
        here = Q(rung=rung, task__due_on__lte=steps.last_due(rung, today))
        if place + 1 < len(RUNGS):
            here &= Q(task__due_on__gt=steps.last_due(RUNGS[place + 1], today))
        standing |= here
    noted: Any = ReminderSeen.objects.filter(standing, task=OuterRef("pk"), by=account)
    return rows.filter(~Exists(noted))


def count_new(*, account: Account, level: str, today: dt.date, steps: Ladder) -> int:
    """How many remind an account of which it has not taken note, as far as anybody counts: at most ``MOST_COUNTED``."""

    def rows() -> QuerySet[Task]:
        reminded = told(account=account, level=level, today=today, steps=steps)
        return unseen(reminded, account=account, today=today, steps=steps)

    days = tuple(sorted(steps.days.items()))
    asked = ("reminders", account.pk, account.role, Scope.of(account).ranges, level, today, days)
    return questions.count(asked, rows, most=MOST_COUNTED)


def take_note(*, tasks: Iterable[int], by: Account, level: str, today: dt.date, now: dt.datetime, steps: Ladder) -> int:
    """Writes down that somebody took note (已知悉); tasks of which that account is not reminded are left alone. Sent twice: harmless."""
    wanted = set(tasks)
    rows = told(account=by, level=level, today=today, steps=steps).filter(pk__in=wanted)
    noted = [
        ReminderSeen(task_id=pk, rung=steps.rung(due_on, today), by=by, at=now)
        for pk, due_on in rows.order_by("pk").values_list("pk", "due_on")
    ]
    ReminderSeen.objects.bulk_create(noted, ignore_conflicts=True, batch_size=500)
    return len(noted)


def seen_by(tasks: Iterable[Task], *, today: dt.date, steps: Ladder) -> dict[int, list[str]]:
    """Who took note of each task on the rung on which it stands: task → names."""
    standing = {task.pk: steps.rung(task.due_on, today) for task in tasks}
    found: dict[int, list[str]] = {}
    rows = ReminderSeen.objects.filter(task__in=standing).order_by("at", "pk")
    for pk, rung, name in rows.values_list("task", "rung", "by__name"):
        if rung == standing[pk]:
            found.setdefault(pk, []).append(name)
    return found
