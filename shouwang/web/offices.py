"""What the first page shows to those who see no leads: the administrator, the liaison, the province's analyst."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from shouwang import policy
from shouwang.households import department_lists
from shouwang.households.returns import queries as returns
from shouwang.jobs import clock
from shouwang.organisation import institutions, queries, roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

from . import sections

_RECENT = 10


def names(me: Account, scope: Scope) -> dict[str, Any]:
    """Figures that open their rows, the last lines of the log, and the places that are open to this account."""
    found: dict[str, Any] = {
        "role": me.duties,
        "places": [one for one in sections.open_to(me) if one.view != "home"],
    }
    if me.may(roles.ANSWER_LISTS):
        found |= _asked_of_department(me)
    if me.may(roles.MANAGE_ACCOUNTS):
        accounts = queries.accounts(scope=scope)
        codes = [role.code for role in roles.ROLES if role.needs_second_factor]
        unprotected = Q(role__in=codes, is_active=True) & (
            Q(second_factor__isnull=True) | Q(second_factor__confirmed_at__isnull=True)
        )
        found["open_count"] = accounts.filter(is_active=True).count()
        found["waiting_count"] = accounts.filter(is_active=True, last_login__isnull=True).count()
        found["left_count"] = queries.accounts(scope=scope, state=queries.LEFT, on=clock.today()).count()
        found["unprotected_count"] = accounts.filter(unprotected).count()
    if me.may(roles.SEE_STAFF):
        found["coverage"] = institutions.coverage(scope=scope, on=clock.today())
    if me.may(roles.SEE_AUDIT):
        found["events"] = queries.events(scope=scope)[:_RECENT]
    return found


def _asked_of_department(me: Account) -> dict[str, Any]:
    """What a department still has to answer: lists with unanswered rows, the nearest day first; returns not sent yet."""
    lists = list(department_lists.lists(account=me)[:_RECENT])
    counted = {pk: rows - answered for pk, rows, answered in department_lists.answered_counts(lists)}
    waiting = [(one, counted[one.pk]) for one in lists if counted.get(one.pk)]
    waiting.sort(key=lambda pair: (pair[0].answer_by_on is None, pair[0].answer_by_on, pair[0].pk))
    return {
        "lists_waiting": waiting,
        "returns_due": returns.own(account=me, today=clock.today(), policies=policy.load()),
    }
