"""Keeps the course of every lead (how far, how long) in step with the lead, its reasons, its case and its first measure.

Whoever changes one of them calls ``renew`` in the same transaction; ``differing`` works everything out anew and tells what is not so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from shouwang.foundation import bulk
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope

from . import lead_states as states
from .models import Case, Lead, LeadCourse, LeadReason

_CHUNK = 500
_KEPT = (
    "region_code", "opened_on", "month", "causes", "is_verified", "is_confirmed", "is_included", "verify_days",
    "include_days", "measure_days", "measured_on",
)  # fmt: skip


def begin(leads: Iterable[Lead]) -> None:
    """The courses of leads that were just opened; their reasons come with ``renew``."""
    LeadCourse.objects.bulk_create(
        [
            LeadCourse(
                lead=lead, region_code=lead.region_code, opened_on=lead.opened_on, month=str(Month.of(lead.opened_on))
            )
            for lead in leads
        ],
        batch_size=1000,
    )


def concerns(before: str, after: str) -> bool:
    """Whether a step between two states of a lead changes its course: being sent down does not."""
    return before != after and bool({before, after} & {*states.VERIFIED, states.WITHDRAWN})


def renew(leads: Iterable[int]) -> None:
    """Works some leads' courses out from what stands about them now. Twice is harmless."""
    for chunk in bulk.chunks(sorted({*leads}), _CHUNK):
        measured = dict(LeadCourse.objects.filter(lead__in=chunk).values_list("lead_id", "measured_on"))
        _write(chunk, measured)


def measured(*, lead: int, on: dt.date | None) -> None:
    """The first measure of a lead's case began on a day, or none has (households' measures say so)."""
    _write([lead], {lead: on})


def differing(*, scope: Scope, measured_on: Mapping[int, dt.date]) -> Iterator[int]:
    """The leads whose kept course is not what they come to when worked out anew; ``measured_on``: lead → its first measure."""
    rows = scope.filter(Lead.objects.order_by("pk")).values_list("pk", flat=True)
    for chunk in bulk.chunks(rows.iterator(chunk_size=_CHUNK), _CHUNK):
        wanted = {course.lead_id: _plain(course) for course in _worked_out(chunk, measured_on)}
        kept = {course.lead_id: _plain(course) for course in LeadCourse.objects.filter(lead__in=chunk)}
        yield from sorted(lead for lead in {*wanted, *kept} if wanted.get(lead) != kept.get(lead))


def rebuild(*, scope: Scope, measured_on: Mapping[int, dt.date]) -> int:
    """Puts right what differs; returns how many leads that were."""
    with transaction.atomic():
        wrong = list(differing(scope=scope, measured_on=measured_on))
        for chunk in bulk.chunks(wrong, _CHUNK):
            _write(chunk, measured_on)
    return len(wrong)


def _write(leads: list[int], measured_on: Mapping[int, dt.date | None]) -> None:
    found = _worked_out(leads, measured_on)
    gone = {*leads} - {course.lead_id for course in found}
    if gone:
        LeadCourse.objects.filter(lead__in=gone).delete()
    LeadCourse.objects.bulk_create(found, update_conflicts=True, unique_fields=["lead"], update_fields=_KEPT)


def _worked_out(leads: list[int], measured_on: Mapping[int, dt.date | None]) -> list[LeadCourse]:
    """From the leads, their cases and standing reasons; a withdrawn lead has no course."""
    included = dict(Case.objects.filter(lead__in=leads).values_list("lead_id", "included_on"))
    causes: dict[int, set[str]] = {}
    reasons = LeadReason.objects.filter(lead__in=leads, left_on=None, is_answered=False)
    for lead, rule, channel in reasons.values_list("lead_id", "finding__rule", "signal__channel"):
        causes.setdefault(lead, set()).add(rule or channel or "")
    rows = Lead.objects.filter(pk__in=leads).exclude(state=states.WITHDRAWN)
    return [
        _course(*row, included.get(row[0]), measured_on.get(row[0]), causes.get(row[0], set()))
        for row in rows.values_list("pk", "region_code", "opened_on", "closed_on", "state")
    ]


def _course(
    lead: int,
    region_code: str,
    opened_on: dt.date,
    closed_on: dt.date | None,
    state: str,
    included_on: dt.date | None,
    measured_on: dt.date | None,
    causes: set[str],
) -> LeadCourse:
    is_verified = state in states.VERIFIED
    return LeadCourse(
        lead_id=lead,
        region_code=region_code,
        opened_on=opened_on,
        month=str(Month.of(opened_on)),
        causes=f",{','.join(sorted(causes))}," if causes else "",
        is_verified=is_verified,
        is_confirmed=state == states.CONFIRMED,
        is_included=included_on is not None,
        verify_days=_days(opened_on, closed_on) if is_verified else None,
        include_days=_days(closed_on, included_on) if is_verified else None,
        measure_days=_days(included_on, measured_on),
        measured_on=measured_on,
    )


def _days(start: dt.date | None, end: dt.date | None) -> int | None:
    """A step that came before the one it follows took no time."""
    return max(0, (end - start).days) if start and end else None


def _plain(course: LeadCourse) -> tuple[object, ...]:
    return tuple(getattr(course, name) for name in _KEPT)
