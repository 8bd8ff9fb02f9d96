"""Closes a county's month of visits: the figures and the blind spots stay as they stood, and can be opened for ever."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.organisation import audit, roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from ..models import MissedVisit, VisitMonth
from . import coverage, locks, population, seen
from .coverage import Coverage, Figures


def close(
    *, county: str, month: Month, by: Account, today: dt.date, now: dt.datetime, policies: Policies
) -> VisitMonth:
    """Freezes a month that is over. Raises UserError while it lasts, ConflictError when it is closed already."""
    if not by.may(roles.CLOSE_VISITS) or not Scope.of(by).contains(county):
        raise NotPermittedError("您的账号不能结这个县的账", next_step="请由县防贫中心办理。")
    if today <= month.last_day:
        raise UserError(f"{month.label}还没有过完", next_step=f"{month.last_day} 以后再结账。")
    with transaction.atomic():
        locks.hold_closing(county)
        found = coverage.of_county(county=county, scope=Scope.of_region(county), month=month, policies=policies)
        if not found.demand.groups:
            raise UserError("没有文件规定这里要走访哪些户，不能结账", next_step=found.demand.scope.why)
        try:
            with transaction.atomic():
                closed = VisitMonth.objects.create(
                    region_code=county,
                    month=str(month),
                    figures=_figures(found),
                    parameters=found.demand.plain(),
                    closed_at=now,
                    closed_by=by,
                )
        except IntegrityError:
            raise ConflictError(f"{month.label}已经结账", next_step="请刷新页面。") from None
        MissedVisit.objects.bulk_create(
            [
                MissedVisit(month=closed, household_id=household, region_code=village, grid=grid)
                for household, village, grid in found.missed
            ],
            batch_size=2000,
        )
        wanted = sum(one.wanted_count for one in found.villages.values())
        audit.record(
            by=by,
            action="走访月结",
            region_code=county,
            target=str(month),
            detail={"households": wanted, "missed": len(found.missed)},
        )
    return closed


def month_of(
    *, county: str, scope: Scope, month: Month, policies: Policies, is_named: bool = True
) -> tuple[Coverage, VisitMonth | None]:
    """A month as it was closed, or as it stands; only what the scope sees. ``is_named`` False: figures alone, by township for a whole
    county (they are kept), else by village, which the database counts without looking at each household here."""
    closed = VisitMonth.objects.filter(region_code=county, month=str(month)).select_related("closed_by").first()
    if closed is None and not is_named and scope.contains(county):
        demand = population.demand(county=county, month=month, policies=policies)
        townships = seen.by_township(scope=scope.narrowed(county), demand=demand) if demand.groups else []
        return Coverage(county, month, demand, {one.code: one for one in townships}, {}, []), None
    if closed is None and not is_named:
        return coverage.by_village(county=county, scope=scope, month=month, policies=policies), None
    if closed is None:
        return coverage.of_county(county=county, scope=scope, month=month, policies=policies), None
    return _opened(closed, scope, policies, is_named), closed


def closed_months(*, scope: Scope) -> list[VisitMonth]:
    """The closed months of the counties that a scope touches, the newest first."""
    # the ends of ranges need not be divisions that exist; a village's begins with its county's digits
    counties = {f"{low[:6]}000000" for low, _ in scope.ranges}
    rows = VisitMonth.objects.select_related("closed_by").order_by("-month", "region_code")
    return [row for row in rows if row.region_code in counties or scope.covers(row.region_code)]


def _figures(found: Coverage) -> dict[str, Any]:
    return {
        "villages": [_line(one, None) for one in found.villages.values()],
        "grids": [_line(one, grid) for (_, grid), one in found.grids.items()],
    }


def _line(one: Figures, grid: int | None) -> list[Any]:
    return [one.code, grid, one.wanted_count, one.seen_count, one.confirmed_count, dict(one.result_counts)]


def _opened(closed: VisitMonth, scope: Scope, policies: Policies, is_named: bool) -> Coverage:
    month = Month.parse(closed.month)
    demand = population.demand(county=closed.region_code, month=month, policies=policies)
    frozen = population.Demand(
        groups=tuple(closed.parameters["groups"]),
        times=closed.parameters["times"],
        first_on=dt.date.fromisoformat(closed.parameters["first_on"]),
        last_on=dt.date.fromisoformat(closed.parameters["last_on"]),
        scope=demand.scope,
        frequency=demand.frequency,
    )
    found = Coverage(closed.region_code, month, frozen, {}, {}, [])
    for code, _, *counts in closed.figures["villages"]:
        if scope.covers(code):
            found.villages[code] = _read(code, counts)
    for code, grid, *counts in closed.figures["grids"]:
        if scope.covers(code):
            found.grids[code, grid] = _read(code, counts)
    if not is_named:
        return found
    rows = scope.filter(MissedVisit.objects.filter(month=closed))
    found.missed = list(rows.values_list("household_id", "region_code", "grid"))
    return found


def _read(code: str, counts: list[Any]) -> Figures:
    wanted, seen, confirmed, results = counts
    return Figures(code, wanted, seen, confirmed, Counter(results))
