"""The rows and cells of the lists of cases, of what is waited for, and of hits that did not lead to an inclusion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from shouwang.casework import case_queries
from shouwang.casework import queries as casework
from shouwang.casework.models import Case, Lead, Task
from shouwang.casework.models.leads import CHANNELS
from shouwang.casework.risks import labels
from shouwang.households import measures, states
from shouwang.organisation import roles
from shouwang.organisation.scope import Scope
from shouwang.screening import catalogue

from .cells import _places_of, told_by
from .rows import Filters, _day, _within

# What a filter of cases calls by one word.
STATES_OF = {"identifying": states.IDENTIFYING, "clearing": states.CLEARING}


def cases(scope: Scope, filters: Filters) -> QuerySet[Case]:
    """region, text, status (a state, identifying, clearing; the open ones else), risk, category, late_on, special (green: in the
    green channel with the procedure open; unmet: a risk without measure; idle: labour without developmental measure)."""
    status, special = filters.get("status", ""), filters.get("special", "")
    rows = case_queries.filtered(
        case_queries.cases(scope=_within(scope, filters), states=STATES_OF.get(status, (status,) if status else ())),
        text=filters.get("text", ""),
        risk=filters.get("risk", ""),
        category=filters.get("category", ""),
        is_green_channel=special == "green",
        late_on=_day(filters.get("late_on")),
    )
    if special == "unmet":
        rows = rows.filter(measures.is_unmet())
    if special == "idle":
        rows = rows.filter(measures.lacks_any_development())
    return rows


def not_included(scope: Scope, filters: Filters) -> QuerySet[Lead]:
    """region, rule, text."""
    return casework.filtered(
        casework.not_included(scope=_within(scope, filters)),
        rule=filters.get("rule", ""),
        text=filters.get("text", ""),
    )


def todo(scope: Scope, filters: Filters) -> QuerySet[Task]:
    """region, step, late_on, whose (below: what is late at the levels below ``level``; all; else what waits for people of
    ``role`` at ``level``)."""
    rows, level = _within(scope, filters).filter(case_queries.tasks(scope=scope)), filters.get("level", "")
    if day := _day(filters.get("late_on")):
        rows = rows.filter(due_on__lt=day)
    match filters.get("whose", ""):
        case "below":
            rows = rows.filter(level__in=case_queries.levels_below(level))
        case "all":
            pass
        case _:
            permissions = roles.role_named(filters.get("role", "")).permissions
            rows = case_queries.waiting_for(rows, permissions=permissions, level=level)
    return rows.filter(step=filters["step"]) if filters.get("step") else rows


def of_cases(rows: Sequence[Case]) -> Iterator[list[str]]:
    places = _places_of({row.region_code for row in rows})
    words = {state.code: state.label for state in states.STATES}
    for row in rows:
        yield [
            row.case_no,
            row.household.head_name,
            row.household.household_no,
            *places[row.region_code],
            words.get(row.state, row.state),
            labels(row.risks),
            row.object_category or row.proposed_category,
            "是" if row.is_green_channel else "",
            *(day.isoformat() if day else "" for day in (row.opened_on, row.due_on, row.included_on, row.cleared_on)),
        ]


def of_not_included(rows: Sequence[Lead]) -> Iterator[list[str]]:
    places = _places_of({row.region_code for row in rows})
    rules = {code: bound.rule.label for code, bound in catalogue.rules().items()} | dict(CHANNELS)
    reasons = casework.reasons_of(rows)
    for row in rows:
        yield [
            row.lead_no,
            row.household.head_name,
            row.household.household_no,
            *places[row.region_code],
            "；".join(rules.get(code, code) for code in (*row.rules, *told_by(row))),
            row.opened_on.isoformat(),
            reasons[row.pk],
        ]
