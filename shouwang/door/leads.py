"""Where reports meet the casework: a matched report becomes a signal, and the lead and case it led to say how far it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shouwang.casework import procedure, signals
from shouwang.casework.models import Case, Event, Lead, LeadReason, Task
from shouwang.policy import Policies

from .models import Channel, Outcome, SelfReport

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

# Door channel → channel of the casework.
CHANNELS = {
    Channel.SCAN: "self_report",
    Channel.APP: "self_report",
    Channel.HOTLINE: "hotline",
    Channel.DESK: "desk",
}


@dataclass(frozen=True)
class Standing:
    """How far a report's household is: its lead, its case, what a family is told (``plain``), and the next due day.

    ``is_decided``: there is a result to answer with; ``outcome`` is then what it amounts to, ``reason`` what the village wrote.
    """

    lead: Lead
    case: Case | None
    plain: str
    label: str
    is_verified: bool
    is_decided: bool
    outcome: str
    reason: str
    due_on: dt.date | None


def tell(*, report: SelfReport, by: Account | None, now: dt.datetime, policies: Policies) -> None:
    """Hands a matched report to the casework: it opens or joins the household's lead, on the clock of the day it came."""
    assert report.household is not None
    signals.receive(
        channel=CHANNELS[Channel(report.channel)],
        household=report.household,
        region_code=report.household.region_code,
        risk=report.difficulty,
        told_on=report.received_on,
        reference=report.receipt_no,
        by=by,
        now=now,
        policies=policies,
    )


def standing(*, report: SelfReport) -> Standing | None:
    """None while the report has not become a lead."""
    reason = (
        LeadReason.objects.filter(signal__reference=report.receipt_no, signal__household=report.household)
        .select_related("lead")
        .order_by("-pk")
        .first()
    )
    if reason is None:
        return None
    lead = reason.lead
    case = Case.objects.filter(lead=lead).first()
    current = case or lead
    state = procedure.get(current.procedure).state(current.state)
    task = Task.objects.filter(is_open=True, **{"case" if case else "lead": current}).order_by("due_on").first()
    is_included = case is not None and case.included_on is not None
    is_over = not lead.is_open and (case is None or not case.is_open)
    return Standing(
        lead=lead,
        case=case,
        plain=state.plain,
        label=state.label,
        is_verified=case is not None or not lead.is_open,
        is_decided=is_included or is_over,
        outcome=Outcome.INCLUDED if is_included else Outcome.NOT_INCLUDED if is_over else "",
        reason=_reason(lead, case) if is_over and not is_included else "",
        due_on=(task.due_on if task else None) or current.due_on,
    )


def _reason(lead: Lead, case: Case | None) -> str:
    """What was written with the step that ended it."""
    last = Event.objects.filter(**({"case": case} if case else {"lead": lead})).order_by("sequence").last()
    return str(last.data.get("reason", "")) if last else ""
