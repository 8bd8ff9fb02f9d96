"""Where two visitors said different things about one field, the township asks and decides; nothing was overwritten until then."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household

from ..models import NaturalChange, VisitChange
from ..models.changes import CONFIRMED, REJECTED
from ..models.visits import KEPT, OPEN, TAKEN
from . import effects, merging


def waiting(*, scope: Scope) -> QuerySet[VisitChange]:
    """What waits to be settled, the oldest first."""
    rows = scope.filter(VisitChange.objects.filter(state=OPEN))
    return rows.select_related("household", "visit", "found_change__visit").order_by("at", "pk")


def settle(
    *,
    change: VisitChange,
    is_taken: bool,
    reason: str,
    by: Account,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
) -> VisitChange:
    """Takes the later word, or keeps the earlier one, with the reason. Raises ConflictError when somebody was faster."""
    if not by.may(roles.SETTLE_VISITS) or not Scope.of(by).covers(change.region_code):
        raise NotPermittedError("您的账号不能核对这一项", next_step="请由乡镇防贫工作站核对。")
    if not reason.strip():
        raise UserError("请写明核对的情况", next_step="如：已电话问过户主，7 月工资 1,200 元。")
    with transaction.atomic():
        household = Household.objects.select_for_update().get(pk=change.household_id)
        fresh = VisitChange.objects.select_for_update().select_related("visit").get(pk=change.pk)
        if fresh.state != OPEN:
            raise ConflictError("这一项已经核对过，或登记人已撤回", next_step="请刷新页面。")
        current = merging.known(household, period=fresh.period).get((fresh.field, fresh.period))
        if current is not None and current.pk != fresh.found_change_id:
            VisitChange.objects.filter(pk=fresh.pk).update(found=current.value, found_change=current)
            return fresh
        fresh.state = TAKEN if is_taken else KEPT
        fresh.settled_by, fresh.settled_at, fresh.reason = by, now, reason.strip()[:200]
        if is_taken:
            _take_out(current, by, now)
            effects.set_off(
                changes=[fresh],
                visit=fresh.visit,
                household=household,
                by=by,
                today=today,
                now=now,
                policies=policies,
            )
        fresh.save()
        audit.record(
            by=by,
            action="核对走访登记",
            region_code=fresh.region_code,
            target=household.household_no,
            reason=fresh.reason,
        )
    return fresh


def _take_out(current: VisitChange | None, by: Account, now: dt.datetime) -> None:
    """The earlier word about a member no longer stands on the list of natural changes."""
    key = current.effects.get("natural_change") if current is not None else None
    if key is None:
        return
    done = NaturalChange.objects.filter(pk=key, state=CONFIRMED).update(
        state=REJECTED, note="乡镇核对后以另一次走访为准", by=by, at=now
    )
    if not done:
        raise ConflictError("先前的变动已录入全国系统", next_step="请先在全国系统更正，再核对这一项。")
