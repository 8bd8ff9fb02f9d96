"""What a visit sets off elsewhere, each by the door of whoever keeps it: natural changes, lines of the income ledger, leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shouwang.casework import signals
from shouwang.feeds.datasets.population_change import REMOVING_KINDS
from shouwang.foundation import money
from shouwang.foundation.errors import ConflictError, UserError
from shouwang.foundation.periods import Month
from shouwang.organisation.models import Account
from shouwang.policy import Policies
from shouwang.registry.models import Household, Person

from .. import natural_changes
from ..income import recording
from ..models import IncomeLine, NaturalChange, Visit, VisitChange
from ..models.changes import CONFIRMED, REJECTED
from .asked import BY_NAME, MEMBER_CHANGE, PROBLEMS, WORK_CHANGE

_CHANNEL = "visit"


def set_off(
    *,
    changes: Sequence[VisitChange],
    visit: Visit,
    household: Household,
    by: Account,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
) -> None:
    """Passes applied changes on, in the caller's transaction; each line remembers what it set off. Raises UserError."""
    amounts: dict[str, int] = {}
    for change in changes:
        one = BY_NAME.get(change.field)
        if change.field.startswith(f"{MEMBER_CHANGE}:"):
            change.effects = _natural_change(change.value, household, by, today, now)
        elif change.field.startswith(f"{WORK_CHANGE}:") and change.value["work_kind"] == "lost_job":
            change.effects = _signals(["work"], visit, household, by, now, policies)
        elif change.field == "problems":
            change.effects = _signals(change.value, visit, household, by, now, policies)
        elif one is not None and one.item:
            amounts[one.item] = money.fen(Decimal(change.value))
    if amounts:
        lines = _ledger(amounts, changes, visit, household, by, now)
        for change in changes:
            one = BY_NAME.get(change.field)
            if one is not None and one.item in lines:
                change.effects = {"income": [lines[one.item]]}


def taken_back(*, change: VisitChange, by: Account, now: dt.datetime) -> None:
    """Undoes what one line set off, while nobody acted on it further. Raises ConflictError otherwise."""
    if change.effects.get("signals"):
        raise ConflictError("已按这次走访立了线索，不能撤回", next_step="请在线索里写明实情。")
    if key := change.effects.get("natural_change"):
        undone = NaturalChange.objects.filter(pk=key, state=CONFIRMED).update(
            state=REJECTED, note="登记人撤回了走访记录", by=by, at=now
        )
        if not undone:
            raise ConflictError("家里人变动已经录入全国系统，不能撤回", next_step="请联系乡镇更正。")
    for key in change.effects.get("income", ()):
        line = IncomeLine.objects.get(pk=key)
        recording.take_back(line=line, reason="登记人撤回了走访记录", by=by, now=now)


# hengshui-2022-1#C.2.4.6
def _natural_change(
    said: dict[str, Any], household: Household, by: Account, today: dt.date, now: dt.datetime
) -> dict[str, Any]:
    kind = said["change_kind"]
    person = None
    if kind in REMOVING_KINDS:
        person = Person.objects.filter(pk=int(said["change_member"]), household=household).first()
    try:
        told = natural_changes.tell(
            household=household,
            kind=kind,
            changed_on=dt.date.fromisoformat(said["change_on"]),
            person=person,
            name=said.get("change_name", ""),
            by=by,
            today=today,
            now=now,
        )
    except ConflictError:
        return {}  # somebody told the same before: it stands on the list once
    return {"natural_change": told.pk}


def _signals(
    problems: Sequence[str],
    visit: Visit,
    household: Household,
    by: Account,
    now: dt.datetime,
    policies: Policies,
) -> dict[str, Any]:
    """laiyuan-2022-9#2.1.5: what a visitor sees opens or joins the household's lead on the same clock as any other way in."""
    found = [
        signals.receive(
            channel=_CHANNEL,
            household=household,
            region_code=household.region_code,
            risk=risk,
            told_on=visit.on,
            reference=f"{visit.pk}:{risk}",
            by=by,
            now=now,
            policies=policies,
        ).pk
        for risk in dict.fromkeys(PROBLEMS[problem][1] for problem in problems)
    ]
    return {"signals": found}


# hebei-xiangzhenfa-2022-14#3.2
def _ledger(
    amounts: dict[str, int],
    changes: Sequence[VisitChange],
    visit: Visit,
    household: Household,
    by: Account,
    now: dt.datetime,
) -> dict[str, int]:
    period = next(change.period for change in changes if change.field in BY_NAME and BY_NAME[change.field].item)
    if not period:
        raise UserError("收入要写明是哪个月的")
    lines = recording.from_visit(
        household=household,
        month=Month.parse(period),
        amounts=amounts,
        visit=str(visit.pk),
        told_on=visit.on,
        by=by,
        now=now,
    )
    return {line.item: line.pk for line in lines}
