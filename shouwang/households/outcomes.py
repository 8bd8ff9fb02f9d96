"""What a step of a case writes besides its event, in the same transaction."""

from __future__ import annotations

import datetime as dt

from shouwang.casework import cases
from shouwang.casework.models import Case, Event, Notice
from shouwang.casework.models.notices import ANNOUNCEMENT, PUBLICITY
from shouwang.casework.procedure import Context
from shouwang.casework.risks import labels
from shouwang.foundation import identity
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person
from shouwang.reporting import scanner

from . import obstacles
from .visits import lanes

_LONGEST_GROUP = 12


def put_up_notice(context: Context) -> None:
    """A notice with the permitted fields, as they are on the day it goes up."""
    case: Case = context.proceeding
    household = case.household
    Notice.objects.create(
        case=case,
        event=Event.objects.get(case=case, sequence=case.version),
        kind=ANNOUNCEMENT if context.step.code == "announce" else PUBLICITY,
        is_about_clearance=context.step.code.startswith("out_"),
        region_code=case.region_code,
        content={
            "head_name": identity.masked_name(household.head_name),
            "place": regions.name(case.region_code) + _group(household),
            "size": household.registered_size,
            "category": case.object_category or case.proposed_category,
            "risks": labels(case.risks),
            "posted_at": context.data["place"],
            "phone": context.data["phone"],
        },
        shown_from=context.on,
        shown_until=dt.date.fromisoformat(context.data["shown_until"]),
    )


def _group(household: Household) -> str:
    """The group or hamlet, where a file tells it in words that may hang on a wall."""
    members = Person.objects.filter(household=household, is_withdrawn=False).order_by("person_no")
    group = lanes.of([*members.values_list("columns", flat=True), household.columns]).group.strip()
    return group if len(group) <= _LONGEST_GROUP and not scanner.check(group) else ""


def extend_notice(context: Context) -> None:
    notice = obstacles.notice_up(context)
    assert notice is not None  # the step's condition asked
    notice.shown_until = dt.date.fromisoformat(context.data["shown_until"])
    notice.save(update_fields=["shown_until"])


def take_down_notice(context: Context) -> None:
    rows = Notice.objects.filter(case=context.proceeding, taken_down_on=None, shown_until__gte=context.on)
    rows.update(taken_down_on=context.on)


def open_green_channel(context: Context) -> None:
    case: Case = context.proceeding
    case.is_green_channel = True
    case.save(update_fields=["is_green_channel"])


def add_risks(context: Context) -> None:
    cases.add_risks(context.proceeding, context.data["risks"])


def include(context: Context) -> None:
    case: Case = context.proceeding
    case.included_on, case.object_category = context.on, context.data["object_category"]
    case.save(update_fields=["included_on", "object_category"])


def clear(context: Context) -> None:
    case: Case = context.proceeding
    case.cleared_on = context.on
    case.save(update_fields=["cleared_on"])


def reopen(context: Context) -> None:
    case: Case = context.proceeding
    case.cleared_on = None
    case.save(update_fields=["cleared_on"])
