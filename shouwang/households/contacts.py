"""A contact who is named for a household answers what its case waits for: nobody has to say the same twice (hebei-opinion-2021#2.2.12)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from shouwang.casework import runner
from shouwang.casework.models import Case, Task
from shouwang.foundation.errors import UserError
from shouwang.organisation import roles
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from . import responsibilities
from .models.responsibility import CONTACT

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

STEP = "name_contact"


def follow(*, scope: Scope, by: Account | None, today: dt.date, now: dt.datetime, policies: Policies) -> int:
    """Takes the step in every case of the scope that waits for a contact and has one today. Returns in how many.

    Where the account may not take it, the program does: the assignment itself is in the log. A case in which it cannot be
    taken (its clock stands still, somebody was faster) is left as it is; repeating this changes nothing.
    """
    named = responsibilities.in_force(on=today).filter(kind=CONTACT)
    waiting = Task.objects.filter(is_open=True, step=STEP, case__paused_on=None)
    rows = scope.filter(waiting.filter(household__in=named.values("household_id")))
    actor = by if by is not None and by.may(roles.PLAN_SUPPORT) else None
    done = 0
    for case in Case.objects.filter(pk__in=rows.values("case_id")).order_by("pk"):
        try:
            runner.act(proceeding=case, step=STEP, by=actor, today=today, now=now, policies=policies)
        except UserError:
            continue
        done += 1
    return done
