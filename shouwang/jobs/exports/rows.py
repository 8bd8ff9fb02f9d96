"""The rows of each list under a filter: the page, its count and its file show the same ones.

A filter is a dictionary of texts, so that a page, an address and a background job carry the same one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from shouwang.casework import queries as casework
from shouwang.casework.models import CollectionTask, Lead
from shouwang.door import queries as door
from shouwang.door.models import SelfReport
from shouwang.feeds import queries as feeds
from shouwang.feeds.models import PendingRow
from shouwang.feeds.pending import ELSEWHERE_REASONS
from shouwang.foundation.errors import UserError
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.scope import Scope
from shouwang.registry import queries as register
from shouwang.registry.models import Household
from shouwang.screening import derived
from shouwang.screening import queries as screening
from shouwang.screening.models import Finding, RuleResult

Filters = Mapping[str, str]

_EVERYTHING = 10_000_000


def leads(scope: Scope, filters: Filters) -> QuerySet[Lead]:
    """region, rule, text, status, late_on, due_from, due_until."""
    return casework.filtered(
        casework.leads(scope=_within(scope, filters), state=filters.get("status", "")),
        rule=filters.get("rule", ""),
        text=filters.get("text", ""),
        batch_id=int(filters["batch"]) if filters.get("batch") else None,
        late_on=_day(filters.get("late_on")),
        due_from=_day(filters.get("due_from")),
        due_until=_day(filters.get("due_until")),
    )


def reports(scope: Scope, filters: Filters) -> QuerySet[SelfReport]:
    """region, stage, channel, difficulty, month, text, outcome, refusal."""
    names = ("stage", "channel", "difficulty", "month", "text", "outcome", "refusal")
    return door.reports(scope=_within(scope, filters), **{name: filters.get(name, "") for name in names})


def households(scope: Scope, filters: Filters) -> QuerySet[Household]:
    """region, kind (脱贫户, 一般农户, monitored, gone), text (a number, or the beginning of a head's or member's name)."""
    kind = filters.get("kind", "")
    wanted = register.HouseholdFilter(
        household_type=kind if kind not in ("monitored", "gone") else "",
        is_monitored=True if kind == "monitored" else None,
        is_missing=kind == "gone",
        text=filters.get("text", ""),
    )
    return register.households(scope=_within(scope, filters), wanted=wanted)


def collection(scope: Scope, filters: Filters) -> QuerySet[CollectionTask]:
    """region."""
    return _within(scope, filters).filter(casework.collection_tasks(scope=scope))


def batches(scope: Scope, filters: Filters) -> QuerySet[Batch]:
    """region, dataset, period, state, text (in the file's name or the sender's). Shares of a split that is not in force yet
    are no files of their own."""
    rows = _within(scope, filters).filter(Batch.objects.all())
    rows = rows.exclude(state=BatchState.RECEIVED, split_from__isnull=False)
    if text := filters.get("text"):
        rows = rows.filter(Q(file_name__contains=text) | Q(sender__contains=text))
    for name in ("dataset", "period", "state"):
        if value := filters.get(name):
            rows = rows.filter(**{name: value})
    return rows.select_related("received_by", "split_from")


def findings(scope: Scope, filters: Filters) -> QuerySet[Finding]:
    """run (its number), rule, region, status."""
    # a county has one result of a rule: named, so that an index leads to their findings alone
    results = list(
        RuleResult.objects.filter(runs=int(filters["run"]), rule=filters["rule"]).values_list("pk", flat=True)
    )
    rows = _within(scope, filters).filter(Finding.objects.filter(result__in=results, rule=filters["rule"]))
    if status := filters.get("status"):
        rows = rows.filter(status=status)
    return rows.select_related("household", "person")


def pending(scope: Scope, filters: Filters) -> QuerySet[PendingRow]:
    """region, dataset, kind (doubtful, unmatched; other_county: unmatched for living elsewhere; decided: what persons have
    settled), batch."""
    place = _within(scope, filters)
    if filters.get("kind") == "decided":
        rows = place.filter(PendingRow.objects.filter(is_decided=True, batch__state=BatchState.APPLIED))
        if filters.get("dataset"):
            rows = rows.filter(batch__dataset=filters["dataset"])
        if filters.get("batch"):
            rows = rows.filter(batch_id=int(filters["batch"]))
        return rows.select_related("batch", "decided_person").order_by("kind", "batch_id", "row_number")
    kind = filters.get("kind", "")
    is_elsewhere = kind == "other_county"
    rows = feeds.pending_rows(
        scope=place,
        dataset=filters.get("dataset", ""),
        kind="unmatched" if is_elsewhere else kind,
        batch_id=int(filters["batch"]) if filters.get("batch") else None,
    )
    if is_elsewhere:
        return rows.filter(reason__in=ELSEWHERE_REASONS)
    return rows.exclude(reason__in=ELSEWHERE_REASONS) if kind == "unmatched" else rows


def gaps(scope: Scope, filters: Filters) -> list[dict[str, Any]]:
    """run, rule, reason."""
    results = RuleResult.objects.filter(runs=int(filters["run"]), rule=filters["rule"])
    seen = [result for result in results if scope.covers(result.county_code)]
    return screening.gaps_in_order(
        results=seen, scope=_within(scope, filters), reason=filters.get("reason", ""), size=_EVERYTHING
    )


def derived_rows(scope: Scope, filters: Filters) -> list[dict[str, Any]]:
    """run, rule (the derived table), region."""
    place, found = _within(scope, filters), list[dict[str, Any]]()
    for result in RuleResult.objects.filter(runs=int(filters["run"]), rule=filters["rule"]).order_by("county_code"):
        if result.file and place.ranges:
            found += derived.read(result=result, scope=place, order="region_code, household_no")
    return found


def _within(scope: Scope, filters: Filters) -> Scope:
    """The part of the scope that a filter asks for; a place outside it leaves nothing."""
    code = filters.get("region", "")
    if not code:
        return scope
    try:
        return Scope.of_region(code) if scope.contains(code) else Scope(())
    except UserError:
        return Scope(())


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
