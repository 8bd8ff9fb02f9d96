"""Reads of leads and collection tasks, always through a scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from shouwang.organisation.scope import Scope

from .models import CollectionTask, Lead, LeadState


def leads(*, scope: Scope) -> QuerySet[Lead]:
    """Leads that stand, by due day."""
    return (
        scope.filter(Lead.objects.filter(status=LeadState.OPEN))
        .select_related("household")
        .order_by("due_on", "lead_no")
    )


def filtered(
    rows: QuerySet[Lead], *, region: Scope | None = None, rule: str = "", text: str = "", late_on: Any = None
) -> QuerySet[Lead]:
    """Narrows leads by place, rule, number or householder's name, and lateness on a day."""
    if region is not None:
        rows = region.filter(rows)
    if rule:
        rows = rows.filter(reasons__finding__rule=rule, reasons__left_on=None).distinct()
    if text:
        rows = rows.filter(Q(lead_no=text) | Q(household__household_no=text) | Q(household__head_name__startswith=text))
    if late_on is not None:
        rows = rows.filter(due_on__lt=late_on)
    return rows


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
            "status": lead.status,
            "responsible_unit": lead.responsible_unit,
        }


def counts_by_region(*, scope: Scope, digits: int) -> dict[str, int]:
    """Open leads per division; ``digits`` of the code: 6 counties, 9 townships, 12 villages."""
    rows = scope.filter(Lead.objects.filter(status=LeadState.OPEN))
    grouped = rows.annotate(area=Left("region_code", digits)).values_list("area").annotate(count=Count("id"))
    return {area.ljust(12, "0"): count for area, count in grouped}


def collection_tasks(*, scope: Scope) -> QuerySet[CollectionTask]:
    """Months that are still to be collected."""
    return (
        scope.filter(CollectionTask.objects.filter(done_on=None))
        .select_related("household")
        .order_by("region_code", "household_id", "month")
    )
