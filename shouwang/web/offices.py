"""What the first page shows to those who see no leads: the administrator, the liaison, the province's analyst."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

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
    if me.may(roles.MANAGE_ACCOUNTS):
        accounts = queries.accounts(scope=scope)
        codes = [role.code for role in roles.ROLES if role.needs_second_factor]
        unprotected = Q(role__in=codes, is_active=True) & (
            Q(second_factor__isnull=True) | Q(second_factor__confirmed_at__isnull=True)
        )
        found["open_count"] = accounts.filter(is_active=True).count()
        found["waiting_count"] = accounts.filter(is_active=True, last_login__isnull=True).count()
        found["unprotected_count"] = accounts.filter(unprotected).count()
    if me.may(roles.SEE_STAFF):
        found["coverage"] = institutions.coverage(scope=scope, on=clock.today())
    if me.may(roles.SEE_AUDIT):
        found["events"] = queries.events(scope=scope)[:_RECENT]
    return found
