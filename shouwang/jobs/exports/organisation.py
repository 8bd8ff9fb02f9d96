"""The lists about units, staff and the log: rows under a filter, and the cells of a chunk of rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from shouwang.foundation.errors import UserError
from shouwang.organisation import institutions, queries
from shouwang.organisation.models import Appointment, AuditEvent
from shouwang.organisation.scope import Scope
from shouwang.organisation.staffing import masked_phone
from shouwang.regions import queries as regions
from shouwang.regions.models import Region

from .. import clock
from .rows import Filters


def staff(scope: Scope, filters: Filters) -> QuerySet[Appointment]:
    """region, on, kind (of post), unit (its kind), text (the beginning of a name)."""
    return queries.appointments(
        scope=_within(scope, filters),
        on=_day(filters.get("on")) or clock.today(),
        kind=filters.get("kind", ""),
        unit_kind=filters.get("unit", ""),
        text=filters.get("text", ""),
    ).order_by("post__unit__region_code", "id")


def institution_gaps(scope: Scope, filters: Filters) -> QuerySet[Region]:
    """region, on, kind (centre, station, grid_worker)."""
    return institutions.gaps(
        scope=_within(scope, filters),
        kind=filters.get("kind") or institutions.GRID_WORKER,
        on=_day(filters.get("on")) or clock.today(),
    )


def audit(scope: Scope, filters: Filters) -> QuerySet[AuditEvent]:
    """region, by, action, target, from_on, to_on."""
    return queries.events(
        scope=_within(scope, filters),
        login=filters.get("by", ""),
        action=filters.get("action", ""),
        target=filters.get("target", ""),
        from_on=_day(filters.get("from_on")),
        to_on=_day(filters.get("to_on")),
    )


def of_staff(rows: Sequence[Appointment]) -> Iterator[list[str]]:
    names = regions.names_of({code for row in rows for code in _line(row.post.unit.region_code)})
    for row in rows:
        county, township, village = _line(row.post.unit.region_code)
        yield [
            row.staff.name,
            row.staff.sex,
            names.get(county, ""),
            names.get(township, "") if township != county else "",
            names.get(village, "") if village != township else "",
            row.post.unit.name,
            row.post.title,
            row.post.get_kind_display(),
            row.post.responsibility,
            masked_phone(row.staff),
            row.from_on.isoformat(),
            row.until_on.isoformat() if row.until_on else "",
        ]


def of_gaps(rows: Sequence[Region]) -> Iterator[list[str]]:
    names = regions.names_of({code for row in rows for code in _line(row.code)})
    for row in rows:
        county, township, village = _line(row.code)
        yield [
            row.code,
            names.get(county, ""),
            names.get(township, "") if township != county else "",
            names.get(village, "") if village != township else "",
        ]


def of_audit(rows: Sequence[AuditEvent]) -> Iterator[list[str]]:
    names = regions.names_of({row.region_code for row in rows})
    for row in rows:
        yield [
            str(row.pk),
            timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"),
            row.by_name,
            row.by.login if row.by else "",
            row.action,
            names.get(row.region_code, row.region_code),
            row.target,
            row.reason,
            json.dumps(row.detail, ensure_ascii=False) if row.detail else "",
            row.hash,
        ]


def _line(code: str) -> tuple[str, str, str]:
    return f"{code[:6]}000000", f"{code[:9]}000", code


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _within(scope: Scope, filters: Filters) -> Scope:
    """The part of the scope that a filter asks for; a place outside it leaves nothing."""
    code = filters.get("region", "")
    try:
        return Scope.of_region(code) if code and scope.contains(code) else Scope(()) if code else scope
    except UserError:
        return Scope(())
