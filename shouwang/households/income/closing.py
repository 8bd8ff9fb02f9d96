"""Closing a month: a place's figures frozen as they stood, each openable again by the moment at which they were known."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.organisation import audit, roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from ..models import ClosedMonth
from . import places


def close(
    *, region_code: str, month: Month, today: dt.date, by: Account | None, now: dt.datetime, policies: Policies
) -> ClosedMonth:
    """Freezes the roll-up of a village, township or county for a month that is over. Once only.

    Lines that come later show in the ledger of today; the closed figures stay, and "as known at" opens the lines behind them.
    """
    code = regions.full_code(region_code)
    scope = Scope.of_region(code)
    if by is not None and not (Scope.of(by).contains(code) and any(map(by.may, (roles.PLAN_SUPPORT, roles.APPROVE)))):
        raise NotPermittedError("您的账号不能月结这个区域", next_step="请由乡镇或县级工作人员月结。")
    if month >= Month.of(today):
        raise UserError(f"{month.label}还没有结束，不能月结")
    county = regions.county_of(code)
    sums = places.sums(scope=scope, digits=12, as_of=month.last_day, policies=policies, county_code=county)
    figures: dict[str, Any] = {"villages": [asdict(one) for one in sums], "policy_version": policies.version}
    try:
        with transaction.atomic():
            closed = ClosedMonth.objects.create(
                region_code=code, month=str(month), known_at=now, figures=figures, by=by
            )
            audit.record(by=by, action="收入台账月结", region_code=code, target=str(month))
    except IntegrityError:
        raise ConflictError(f"{regions.name(code)}{month.label}已经月结", next_step="请刷新页面再看。") from None
    return closed


def closed(*, region_code: str) -> list[ClosedMonth]:
    """The closed months of a place and of the places it lies in, newest first."""
    above = list(regions.ancestors(region_code))
    return list(ClosedMonth.objects.filter(region_code__in=above).select_related("by").order_by("-month", "-pk"))
