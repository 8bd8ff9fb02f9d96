"""What a step asks for by the policy of its place and day: the fields as they stand there, and as they stood when it was taken."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from shouwang import policy
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.regions.codes import level_of

from .asking import FieldsError
from .models import Event
from .procedure import CHOICE, LONG_TEXT, Field, Step

# Kept with what was filled in: a list that changes later does not rename what was answered.
KEPT = "_asked"
_COUNTY = 3  # of regions.codes.level_of: the manual is read above counties too


def here(step: Step, *, region_code: str, on: dt.date, policies: Policies) -> Step:
    """The step as it is taken in a place (12 digits) on a day; itself where its fields are the same everywhere."""
    if step.asks is None:
        return step
    place = regions.county_of(region_code) if level_of(region_code) >= _COUNTY else region_code
    asked = step.asks(policies, place, on)
    return dataclasses.replace(
        step, asked=asked, fields=(*asked.fields, *step.fields), description=asked.description, asks=None
    )


def require_known(step: Step, given: Mapping[str, Any], *, on: dt.date) -> None:
    """Raises FieldsError for what the place does not ask for on that day. ``step`` as ``here`` gives it."""
    if step.asked is None:
        return
    if stray := sorted(set(given) - {field.name for field in step.fields}):
        wanted = "、".join(field.label for field in step.asked.fields if field.kind == CHOICE)
        sentence = f"不在当地 {on} 的清单里，没有登记（清单现为：{wanted}）"
        raise FieldsError(dict.fromkeys(stray, sentence), {})


def kept(step: Step) -> dict[str, Any]:
    """What an event keeps of the fields that it was asked; nothing where they are the same everywhere."""
    if step.asked is None:
        return {}
    fields = [[field.name, field.label, dict(field.choices)] for field in step.asked.fields]
    return {KEPT: {"fields": fields, "basis": step.asked.basis}}


def answers(event: Event) -> dict[str, Any]:
    """What was filled in, without what was kept beside it."""
    return {name: value for name, value in event.data.items() if name != KEPT}


def of_event(step: Step, event: Event) -> tuple[Field, ...]:
    """The fields of a step that was taken, with the labels that stood then; by its day where nothing was kept with it."""
    if KEPT in event.data:
        fields = [
            Field(name, label, CHOICE if choices else LONG_TEXT, choices=choices)
            for name, label, choices in event.data[KEPT]["fields"]
        ]
        return (*fields, *step.fields)
    proceeding = event.case or event.lead
    if step.asks is None or proceeding is None:
        return step.fields
    policies = policy.load()
    then = here(step, region_code=proceeding.region_code, on=event.on, policies=policies)
    # what no list of the place names any more was asked while none was set
    known = {field.name for field in then.fields}
    unset = step.asks(policies, regions.NATION, event.on).fields
    return (*(field for field in unset if field.name not in known), *then.fields)


def basis(event: Event) -> str:
    """By which list it was asked; empty where the fields are the same everywhere."""
    return str((event.data.get(KEPT) or {}).get("basis", ""))
