"""What the forms of a case are filled with because it is known: nothing known is asked again."""

from __future__ import annotations

from typing import Any

from shouwang.casework import clocks
from shouwang.casework.models import Case, Event, Notice
from shouwang.casework.procedure import Context

from . import obstacles


def of_review(context: Context) -> dict[str, Any]:
    """Where and by whom the village held its last meeting, and how many are called."""
    steps = ["review", "out_review", "review_against"]
    rows = Event.objects.filter(case__region_code=context.proceeding.region_code, step__in=steps)
    last = rows.order_by("-on", "-pk").first()
    names = ("place", "chair", "recorder", "eligible")
    return {name: last.data.get(name, "") for name in names} if last else {}


def of_notice(context: Context) -> dict[str, Any]:
    """Where the village's last notice hung, the telephone on it, and the first day on which this one may come down."""
    last = Notice.objects.filter(region_code=context.proceeding.region_code).order_by("-shown_from", "-pk").first()
    found = {"place": last.content.get("posted_at", ""), "phone": last.content.get("phone", "")} if last else {}
    least = context.value(obstacles.PUBLICITY_DAYS)
    if least is not None:
        basis = clocks.day_basis(region_code=context.county_code, on=context.on, policies=context.policies)
        found["shown_until"] = clocks.last_day(context.on, least, basis=basis).isoformat()
    return found


def of_decision(context: Context) -> dict[str, Any]:
    case: Case = context.proceeding
    return {"object_category": case.proposed_category}
