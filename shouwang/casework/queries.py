"""Reads of leads and collection tasks, always through a scope."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Left

from shouwang.foundation import code_lists
from shouwang.organisation.scope import Scope
from shouwang.registry import queries as register

from . import local_fields, procedure
from .models import Case, CollectionTask, Event, Lead, LeadCourse, LeadReason
from .models.leads import CHANNELS
from .procedure import CHOICE, CHOICES, Field, Step


def leads(*, scope: Scope, state: str = "") -> QuerySet[Lead]:
    """Leads in one state, those that are still open unless one is asked for, by due day."""
    wanted = Q(state=state) if state else Q(is_open=True)
    return scope.filter(Lead.objects.filter(wanted)).select_related("household").order_by("due_on", "lead_no")


def filtered(
    rows: QuerySet[Lead],
    *,
    region: Scope | None = None,
    rule: str = "",
    text: str = "",
    late_on: dt.date | None = None,
    due_until: dt.date | None = None,
    due_from: dt.date | None = None,
    batch_id: int | None = None,
) -> QuerySet[Lead]:
    """Narrows leads by place, rule, number or householder's name (its beginning), lateness on a day, due day, and the file
    that a standing reason's evidence comes from."""
    if region is not None:
        rows = region.filter(rows)
    if rule in dict(CHANNELS):
        rows = rows.filter(Exists(LeadCourse.objects.filter(lead=OuterRef("pk"), causes__contains=f",{rule},")))
    elif rule:
        rows = rows.filter(code_lists.names("rules", rule))
    if text:
        rows = rows.filter(Q(lead_no=text) | Q(household__in=register.named(text)))
    if late_on is not None:
        rows = rows.filter(due_on__lt=late_on)
    if due_from is not None:
        rows = rows.filter(due_on__gte=due_from)
    if due_until is not None:
        rows = rows.filter(due_on__lte=due_until)
    if batch_id is not None:
        # asked of each lead of the place: the evidence of everybody else's is never opened
        standing = LeadReason.objects.filter(lead=OuterRef("pk"), left_on=None)
        rows = rows.filter(Exists(_pointing_to(standing, batch_id)))
    return rows


def _pointing_to(reasons: QuerySet[LeadReason], batch_id: int) -> QuerySet[LeadReason]:
    """Those whose evidence has a row of a file. PostgreSQL looks into its JSON; SQLite keeps text, where "batch" is never the last key."""
    if connection.vendor == "postgresql":
        return reasons.filter(finding__evidence__contains=[{"batch": batch_id}])
    points = reasons.annotate(points=Cast("finding__evidence", TextField()))
    return points.filter(points__contains=f'"batch": {batch_id},')


def counts_by_rule(*, scope: Scope) -> dict[str, int]:
    """Open leads per rule that stands among their reasons; a lead with two reasons counts under both."""
    rows = scope.filter(Lead.objects.filter(is_open=True)).order_by()
    found = Counter[str]()
    for rules, count in rows.values_list("rules").annotate(count=Count("id")):  # few combinations, however many leads
        found.update(dict.fromkeys(rules, count))
    return dict(found)


def found_by_rule(*, scope: Scope, as_of: dt.date) -> dict[str, int]:
    """The same, only of reasons that the screening of a day found."""
    rows = scope.filter(LeadReason.objects.filter(left_on=None, lead__is_open=True), "lead__region_code")
    rows = rows.filter(finding__as_of=as_of)
    return dict(rows.values_list("finding__rule").annotate(count=Count("lead", distinct=True)))


def lateness(*, scope: Scope, today: dt.date) -> dict[str, int]:
    """Open leads in all, late on a day, and due within the next three days: open, late, soon."""
    soon = Q(due_on__gte=today, due_on__lte=today + dt.timedelta(days=3))
    return scope.filter(Lead.objects.filter(is_open=True)).aggregate(
        open=Count("id"), late=Count("id", filter=Q(due_on__lt=today)), soon=Count("id", filter=soon)
    )


def export_rows(*, scope: Scope) -> Iterator[dict[str, Any]]:
    """The rows of ``leads export``: lead_no, household_no, region_code, opened_on, due_on, rules, findings, status, responsible_unit."""
    rows = scope.filter(Lead.objects.all()).select_related("household").order_by("lead_no")
    rows = rows.annotate(standing=Count("reasons", filter=Q(reasons__left_on=None)))
    for lead in rows.iterator(chunk_size=2000):
        yield {
            "lead_no": lead.lead_no,
            "household_no": lead.household.household_no,
            "region_code": lead.region_code,
            "opened_on": lead.opened_on.isoformat(),
            "due_on": lead.due_on.isoformat() if lead.due_on else "",
            "rules": lead.rules,
            "findings": lead.standing,
            "status": lead.state,
            "responsible_unit": lead.responsible_unit,
        }


def counts_by_region(*, scope: Scope, digits: int, today: dt.date) -> dict[str, tuple[int, int]]:
    """Division → open leads and those late today; ``digits`` of the code: 6 counties, 9 townships, 12 villages."""
    rows = scope.filter(Lead.objects.filter(is_open=True)).order_by()
    grouped = rows.annotate(area=Left("region_code", digits)).values_list("area")
    counted = grouped.annotate(count=Count("id"), late=Count("id", filter=Q(due_on__lt=today)))
    return {area.ljust(12, "0"): (count, late) for area, count, late in counted}


def collection_tasks(*, scope: Scope) -> QuerySet[CollectionTask]:
    """Months that are still to be collected."""
    return (
        scope.filter(CollectionTask.objects.filter(done_on=None))
        .select_related("household")
        .order_by("region_code", "household_id", "month")
    )


# xuchang-2022-1#3.1.2.3, hebei-xiangzhenfa-2022-14#1.7
def not_included(*, scope: Scope) -> QuerySet[Lead]:
    """Every lead that did not (yet) lead to an inclusion; ``reasons_of`` says why. There is no quota to hide behind."""
    rows = scope.filter(Lead.objects.exclude(case__included_on__isnull=False))
    return rows.select_related("household", "case").order_by("region_code", "lead_no")


def reasons_of(leads: Sequence[Lead]) -> dict[int, str]:
    """How far each of some leads came, with the reason that was given where it ended."""
    closed = [_proceeding(lead) for lead in leads if not _proceeding(lead).is_open]
    by_lead = Event.objects.filter(lead__in=[one for one in closed if isinstance(one, Lead)])
    by_case = Event.objects.filter(case__in=[one for one in closed if isinstance(one, Case)])
    last: dict[tuple[int | None, int | None], Event] = {}
    for event in [*by_lead.order_by("sequence"), *by_case.order_by("sequence")]:
        last[event.lead_id, event.case_id] = event
    return {lead.pk: _reason(lead, last) for lead in leads}


def _proceeding(lead: Lead) -> Lead | Case:
    return getattr(lead, "case", None) or lead


def _reason(lead: Lead, last_events: dict[tuple[int | None, int | None], Event]) -> str:
    proceeding = _proceeding(lead)
    table = procedure.get(proceeding.procedure)
    label = table.state(proceeding.state).label
    key = (None, proceeding.pk) if isinstance(proceeding, Case) else (proceeding.pk, None)
    last = last_events.get(key)
    step = table.step(last.step) if last else None
    if last is None or step is None:
        return label
    words = [words for _, words in event_words(step, last)]
    return f"{label}：{'，'.join(words)}" if words else label


def event_words(step: Step, event: Event, *, leave_out: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What was filled in, each with its label, as they stood when the step was taken."""
    leave_out = set(leave_out)
    found = [
        (field.label, field_words(field, event.data[field.name]))
        for field in local_fields.of_event(step, event)
        if field.name not in leave_out and event.data.get(field.name) not in (None, "", [])
    ]
    basis = local_fields.basis(event)
    return [("所用清单", basis), *found] if basis else found


def field_words(field: Field, value: Any) -> str:
    """What was filled in, as people read it."""
    if field.kind == CHOICES:
        return "、".join(field.choices.get(code, code) for code in value)
    if field.kind == CHOICE:
        return field.choices.get(value, str(value))
    return "是" if value is True else str(value)
