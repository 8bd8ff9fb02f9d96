"""Lines that people add: what a family told on a visit, and what an officer corrects. Nothing is edited; a line points back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from shouwang.foundation import money
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Person

from ..models import IncomeLine
from ..models.income import CONFIDENCES, OFFICER, PROVED, STATED, VISIT
from . import in_force
from .items import ITEMS

_MOST_FEN = 10**11
_LONGEST = 200


def from_visit(
    *,
    household: Household,
    month: Month,
    amounts: Mapping[str, int],
    visit: str,
    told_on: dt.date,
    by: Account | None,
    now: dt.datetime,
    confidence: str = STATED,
) -> list[IncomeLine]:
    """What a family told on a visit: item → whole fen. An amount that stands there already adds nothing; returns the new lines.

    The visit's word about an item replaces that of an earlier visit about the same month. Raises UserError for an unknown item, an
    amount out of range or a month to come, NotPermittedError where ``by`` may not.
    """
    _check(household, month, amounts, told_on, by)
    if confidence not in dict(CONFIDENCES):
        raise UserError(f"没有“{confidence}”这种可信程度")
    return _record(
        household=household,
        month=month,
        amounts=amounts,
        source=VISIT,
        standing=in_force.VILLAGE_STANDING,
        confidence=confidence,
        told_on=told_on,
        visit=visit,
        note="",
        by=by,
        now=now,
    )


def correct(
    *,
    household: Household,
    month: Month,
    item: str,
    amount_fen: int,
    reason: str,
    on: dt.date,
    by: Account | None,
    now: dt.datetime,
) -> IncomeLine:
    """An officer's word about one item of one month, with the reason: it stands above what files and visits say.

    What they say stays visible beside it. Saying the same again gives back the line that is there.
    """
    if not reason.strip():
        raise UserError("请写明更正的依据", next_step="如：核对银行流水、合同或补贴发放表。")
    if len(reason.strip()) > _LONGEST:
        raise UserError(f"依据最多 {_LONGEST} 字，现有 {len(reason.strip())} 字")
    _check(household, month, {item: amount_fen}, on, by)
    if by is not None and not by.may(roles.PLAN_SUPPORT) and not by.may(roles.APPROVE):
        raise NotPermittedError("您的角色不能更正台账", next_step="请联系乡镇防贫工作站。")
    added = _record(
        household=household,
        month=month,
        amounts={item: amount_fen},
        source=OFFICER,
        standing=in_force.OFFICER_STANDING,
        confidence=PROVED,
        told_on=on,
        visit="",
        note=reason.strip(),
        by=by,
        now=now,
    )
    if added:
        return added[0]
    return IncomeLine.objects.get(
        household=household, period=str(month), item=item, source=OFFICER, superseded_by=None, amount_fen__isnull=False
    )


def take_back(*, line: IncomeLine, reason: str, by: Account | None, now: dt.datetime) -> IncomeLine:
    """Takes a line that a person added out of what counts, with the reason; what other sources say counts again."""
    if line.source not in (VISIT, OFFICER):
        raise UserError("来自文件的数不能单独撤回", next_step="请撤销整批文件，或登记更正。")
    if not reason.strip():
        raise UserError("请写明撤回的理由")
    _require(line.household, by)
    with transaction.atomic():
        fresh = IncomeLine.objects.select_for_update().get(pk=line.pk)
        if IncomeLine.objects.filter(supersedes=fresh).exists():
            raise ConflictError("这一行已经被取代", next_step="请刷新页面再看。")
        out = _copy(fresh, amount_fen=None, note=reason.strip()[:_LONGEST], by=by, now=now, supersedes=fresh)
        out.save()
        in_force.remake([fresh.household_id], periods=[fresh.period])
    return out


def _record(
    *,
    household: Household,
    month: Month,
    amounts: Mapping[str, int],
    source: str,
    standing: int,
    confidence: str,
    told_on: dt.date,
    visit: str,
    note: str,
    by: Account | None,
    now: dt.datetime,
    person: Person | None = None,
) -> list[IncomeLine]:
    with transaction.atomic():
        Household.objects.select_for_update().only("id").get(
            pk=household.pk
        )  # one after the other for the same household
        standing_now = {
            line.item: line
            for line in IncomeLine.objects.filter(
                household=household,
                person=person,
                period=str(month),
                item__in=amounts,
                source=source,
                superseded_by=None,
                amount_fen__isnull=False,
            )
        }
        added = []
        for item, amount in amounts.items():
            before = standing_now.get(item)
            if before is not None and before.amount_fen == amount:
                continue
            line = IncomeLine(
                household=household,
                person=person,
                region_code=household.region_code,
                period=str(month),
                item=item,
                part=ITEMS[item].part,
                amount_fen=amount,
                source=source,
                standing=standing,
                confidence=confidence,
                told_in=str(Month.of(told_on)),
                visit=visit,
                note=note,
                recorded_at=now,
                recorded_by=by,
                supersedes=before,
            )
            line.save()
            added.append(line)
        if added:
            in_force.remake([household.pk], periods=[str(month)])
    return added


def _copy(
    line: IncomeLine, *, amount_fen: int | None, note: str, by: Account | None, now: dt.datetime, supersedes: IncomeLine
) -> IncomeLine:
    return IncomeLine(
        household_id=line.household_id,
        person_id=line.person_id,
        region_code=line.region_code,
        period=line.period,
        item=line.item,
        part=line.part,
        amount_fen=amount_fen,
        source=line.source,
        standing=line.standing,
        confidence=line.confidence,
        told_in=line.told_in,
        visit=line.visit,
        note=note,
        recorded_at=now,
        recorded_by=by,
        supersedes=supersedes,
    )


def _check(
    household: Household, month: Month, amounts: Mapping[str, int], told_on: dt.date, by: Account | None
) -> None:
    _require(household, by)
    if month > Month.of(told_on):
        raise UserError(f"{month.label}还没有到", next_step="只登记已经发生的收入和支出。")
    for item, amount in amounts.items():
        if item not in ITEMS:
            raise UserError(f"没有“{item}”这个项目", next_step="请从项目表中选择。")
        if not 0 <= amount < _MOST_FEN:
            raise UserError(
                f"{ITEMS[item].label}的金额须在 0 到 {money.grouped(money.yuan(_MOST_FEN))} 元之间",
                next_step="支出也填正数。",
            )


def _require(household: Household, by: Account | None) -> None:
    if by is None:
        return
    if not Scope.of(by).covers(household.region_code):
        raise NotPermittedError("您的账号看不到这个区域")
    if not any(map(by.may, (roles.TAKE_REPORTS, roles.PLAN_SUPPORT))):
        raise NotPermittedError("您的角色不能登记收入", next_step="请由村或乡镇的工作人员登记。")
