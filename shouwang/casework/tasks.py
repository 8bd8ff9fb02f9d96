"""What somebody is expected to do in a proceeding, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from shouwang.policy import Policies
from shouwang.regions import queries as regions

from . import clocks, rights
from .models import Case, Event, Lead, Proceeding, Task
from .procedure import Procedure, Step


def wanted(
    table: Procedure,
    proceeding: Proceeding,
    events: Sequence[Event],
    on: dt.date,
    policies: Policies,
    dues: dict[Any, Any],
) -> list[Task]:
    """A task, not yet saved, for each step that is now waited for; ``dues`` keeps what was looked up
    for the next ones."""
    if not proceeding.is_open:
        return []
    found = []
    for step in table.steps_from(proceeding.state):
        if not step.is_task or step.is_by_program or (step.is_once and rights.is_taken(step, events, proceeding.state)):
            continue
        if step.after and all(event.step != step.after for event in rights.stretch(events, proceeding.state)):
            continue
        due = _due(table, step, proceeding, _start(step, events, on), policies, dues)
        found.append(
            Task(
                case=proceeding if isinstance(proceeding, Case) else None,
                lead=proceeding if isinstance(proceeding, Lead) else None,
                household_id=proceeding.household_id,  # type: ignore[attr-defined]
                region_code=proceeding.region_code,
                step=step.code,
                level=step.level,
                opened_on=on,
                due_on=due.on,
                due_parameter=due.because,
            )
        )
    return found


def _start(step: Step, events: Sequence[Event], on: dt.date) -> dt.date:
    """The day from which a step's own limit counts."""
    since = (event.on for event in reversed(events) if event.step == step.counts_from)
    return next(since, on)


def _due(
    table: Procedure,
    step: Step,
    proceeding: Proceeding,
    start_on: dt.date,
    policies: Policies,
    dues: dict[Any, Any],
) -> clocks.Due:
    """A step's own limit where a parameter sets one; it never outlasts the total clock."""
    total = clocks.Due(proceeding.due_on, proceeding.due_parameter)
    if not table.limit_holds(proceeding.state):
        total = clocks.Due(None, {})
    if not step.limit:
        return total
    township = proceeding.region_code[:9]
    if township not in dues:
        dues[township] = regions.county_of(proceeding.region_code)
    key = (county := dues[township]), step.limit, start_on
    if key not in dues:
        dues[key] = clocks.due(start_on=start_on, region_code=county, policies=policies, parameter=step.limit)
    own = dues[key]
    return own if total.on is None or (own.on is not None and own.on <= total.on) else total
