"""The work on the first page: what waits for whoever looks, what is late below and who must move it, how the cases stand."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from shouwang.casework import case_queries
from shouwang.casework.models import Task
from shouwang.households import measures, states
from shouwang.jobs import clock
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .views import reminders, todo

_FIRST = 8
# How many digits of a village's code name the unit below each level that has to be told.
_DIGITS_BELOW = {Level.NATION: 2, Level.PROVINCE: 4, Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12}


def names(scope: Scope, me: Account, level: Level) -> dict[str, Any]:
    """work (the first tasks by due day), work_count, work_late_count, below (late ones by unit), cases (counts), unmet_count."""
    today, tasks = clock.today(), case_queries.tasks(scope=scope)
    mine = case_queries.waiting_for(tasks, permissions=me.duties.permissions, level=todo.level_of(me))
    counts = mine.order_by().aggregate(all=Count("id"), late=Count("id", filter=Q(due_on__lt=today)))
    found = {
        "work": todo.rows(_first(mine, 100 if level == Level.VILLAGE else _FIRST)),
        "work_count": counts["all"],
        "work_late_count": counts["late"],
        "cases": _cases(scope),
        "unmet_count": measures.unmet(scope=scope).count(),
        "reminder_count": reminders.new_count(me),
    }
    return found | ({"below": _below(tasks, me, level)} if level in _DIGITS_BELOW else {})


def _first(mine: QuerySet[Task], size: int) -> list[Task]:
    """By due day, those without one last on every database."""
    dated = list(mine.filter(due_on__isnull=False)[:size])
    return dated + list(mine.filter(due_on=None)[: size - len(dated)] if len(dated) < size else [])


def _cases(scope: Scope) -> dict[str, int]:
    counted = {
        "identifying": Count("id", filter=Q(state__in=states.IDENTIFYING)),
        "supported": Count("id", filter=Q(state__in=[states.ANNOUNCE, states.SUPPORTED])),
        "clearing": Count("id", filter=Q(state__in=states.CLEARING)),
    }
    return case_queries.cases(scope=scope).order_by().aggregate(**counted)


def _below(tasks: Any, me: Account, level: Level) -> list[tuple[str, str, int]]:
    """(code, name, how many are late), those with most first."""
    late = case_queries.late_below(tasks, level=todo.level_of(me), today=clock.today()).order_by()
    grouped = late.annotate(area=Left("region_code", _DIGITS_BELOW[level])).values_list("area")
    counts = {area.ljust(12, "0"): count for area, count in grouped.annotate(count=Count("id"))}
    known = regions.names_of(set(counts))
    return sorted(
        ((code, known.get(code, code), count) for code, count in counts.items()), key=lambda row: (-row[2], row[0])
    )
