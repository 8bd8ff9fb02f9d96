"""Takes a record back: only by who made it, only while nobody acted on it further; it may arrive before what it takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shouwang.foundation.errors import ConflictError, NotPermittedError
from shouwang.foundation.periods import Month

from ..models import SentRecord, Visit, VisitChange
from ..models.visits import APPLIED, KEPT, OPEN, STEP, TAKEN, UNDO, UNDONE
from . import effects, locks, receiving
from .reading import Sent

if TYPE_CHECKING:
    from .receiving import Result, Taking


def is_waited_for(taking: Taking, sent: Sent) -> bool:
    """Whether somebody took this back before it came."""
    return SentRecord.objects.filter(of=sent.id, kind=UNDO, by=taking.by).exists()


def undo(taking: Taking, sent: Sent) -> Result:
    """Takes back what ``sent.of`` names. Raises ConflictError when it was acted on, NotPermittedError when it is another's."""
    assert sent.of is not None
    target = SentRecord.objects.select_for_update().filter(pk=sent.of).first()
    if target is None:
        receiving.keep(taking, sent, taking.region_code, receiving.ACCEPTED, "等那一条到了就撤回", of=sent.of)
        return receiving.Result(str(sent.id), receiving.ACCEPTED, "等那一条到了就撤回")
    if target.by_id != taking.by.pk:
        raise NotPermittedError("只能撤回自己的登记", next_step="请联系登记的人或乡镇。")
    if target.kind in (STEP, UNDO):
        raise ConflictError("这一步已经办了，不能撤回", next_step="请联系乡镇防贫工作站。")
    visit = Visit.objects.select_for_update().get(pk=target.pk)
    if visit.undone_at is None:
        county = taking.county(visit.region_code)
        locks.hold_open(county)
        locks.require_open(county=county, month=Month.parse(visit.month))
        for change in visit.changes.select_for_update().order_by("-pk"):
            _take_back(taking, change)
        Visit.objects.filter(pk=visit.pk).update(undone_at=taking.now)
    receiving.keep(taking, sent, visit.region_code, receiving.ACCEPTED, "已撤回", of=sent.of)
    return receiving.Result(str(sent.id), receiving.ACCEPTED, "已撤回")


def _take_back(taking: Taking, change: VisitChange) -> None:
    if change.state in (TAKEN, KEPT):
        raise ConflictError("乡镇已经核对过这次走访，不能撤回", next_step="有变化请再登记一次。")
    if change.state == APPLIED:
        later = VisitChange.objects.filter(
            household=change.household_id, field=change.field, period=change.period, pk__gt=change.pk
        )
        if later.filter(state__in=[APPLIED, TAKEN, OPEN]).exists():
            raise ConflictError("已有人在这之后又登记了同一项，不能撤回", next_step="有变化请再登记一次。")
        effects.taken_back(change=change, by=taking.by, now=taking.now)
    if change.state in (APPLIED, OPEN):
        VisitChange.objects.filter(pk=change.pk).update(state=UNDONE)
