"""减收风险点 and the measures of the ledger: opened with a reason, followed, closed by a person with evidence (laiyuan-2022-9#3.4)."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household

from ..catalogue import CATALOGUE
from ..models import GrowthMeasure, RiskPoint

KINDS = {
    "lost_work": "务工收入减少、失去工作",
    "post_ended": "公益岗位到期",
    "farm_loss": "种养歉收、滞销",
    "illness": "因病、因残",
    "disaster": "因灾、因意外",
    "property_ended": "分红、流转收入减少",
    "transfer_ended": "政策补贴停发",
    "labour_lost": "劳动力减少",
    "other": "其他",
}
_LONGEST = 200


def open_point(
    *, household: Household, kind: str, text: str, on: dt.date, today: dt.date, by: Account | None, now: dt.datetime
) -> RiskPoint:
    """Opens a risk point; one of the same kind that is open already is given back as it is."""
    _require(household, by, roles.TAKE_REPORTS)
    if kind not in KINDS:
        raise UserError(f"没有“{kind}”这种风险点")
    text = _text("情况", text)
    if kind == "other" and not text:
        raise UserError("“其他”须写明情况")
    if on > today:
        raise UserError(f"发现日 {on} 还没有到")
    try:
        with transaction.atomic():
            return RiskPoint.objects.create(
                household=household,
                region_code=household.region_code,
                kind=kind,
                text=text,
                opened_on=on,
                opened_by=by,
                at=now,
            )
    except IntegrityError:
        return RiskPoint.objects.get(household=household, kind=kind, closed_on=None)


def close_point(
    *, point: RiskPoint, evidence: str, on: dt.date, today: dt.date, by: Account | None, now: dt.datetime
) -> RiskPoint:
    """Says that a risk point is gone, and what shows it. Nothing closes one by itself: neither a better figure nor time.

    Raises UserError without evidence or with a day before it was opened, ConflictError when somebody closed it before.
    """
    _require(point.household, by, roles.PLAN_SUPPORT)
    evidence = _text("消除依据", evidence)
    if not evidence:
        raise UserError("请写明消除依据", next_step="如：7 月起在镇上务工，月收入 3,000 元，有工资流水。")
    if not point.opened_on <= on <= today:
        raise UserError(f"消除日须在 {point.opened_on} 与 {today} 之间")
    with transaction.atomic():
        changed = RiskPoint.objects.filter(pk=point.pk, closed_on=None).update(
            closed_on=on, evidence=evidence, closed_by=by
        )
        if not changed:
            raise ConflictError("这个风险点已经消除", next_step="请刷新页面再看。")
        audit.record(
            by=by, action="消除减收风险点", region_code=point.region_code, target=str(point.pk), reason=evidence
        )
    point.refresh_from_db()
    return point


def plan(
    *,
    household: Household,
    kind: str,
    title: str,
    owner: str,
    on: dt.date,
    by: Account | None,
    now: dt.datetime,
    point: RiskPoint | None = None,
) -> GrowthMeasure:
    """Puts a measure to raise the income into the ledger (增收措施). The same one that is not done yet is given back."""
    _require(household, by, roles.PLAN_SUPPORT)
    if kind not in CATALOGUE:
        raise UserError(f"没有“{kind}”这项措施")
    owner, title = _text("责任人", owner), _text("内容", title) or CATALOGUE[kind].label
    if not owner:
        raise UserError("请写明责任人")
    if point is not None and point.household_id != household.pk:
        raise UserError("这个风险点是另一户的")
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=household.pk)
        known = GrowthMeasure.objects.filter(
            household=household, kind=kind, title=title, done_on=None, risk_point=point
        ).first()
        return known or GrowthMeasure.objects.create(
            household=household,
            region_code=household.region_code,
            kind=kind,
            title=title,
            owner=owner,
            risk_point=point,
            planned_on=on,
            by=by,
            at=now,
        )


def finish(
    *, measure: GrowthMeasure, result: str, on: dt.date, today: dt.date, by: Account | None, now: dt.datetime
) -> GrowthMeasure:
    """Says that a measure of the ledger was carried out, and what came of it."""
    _require(measure.household, by, roles.PLAN_SUPPORT)
    result = _text("结果", result)
    if not result:
        raise UserError("请写明落实的结果")
    if not measure.planned_on <= on <= today:
        raise UserError(f"落实日须在 {measure.planned_on} 与 {today} 之间")
    changed = GrowthMeasure.objects.filter(pk=measure.pk, done_on=None).update(done_on=on, result=result)
    measure.refresh_from_db()
    if not changed and (measure.done_on, measure.result) != (on, result):
        raise ConflictError("这项措施已经登记落实", next_step="请刷新页面再看。")
    return measure


def _text(label: str, text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST:
        raise UserError(f"{label}最多 {_LONGEST} 字，现有 {len(text)} 字")
    return text


def _require(household: Household, by: Account | None, permission: str) -> None:
    if by is None:
        return
    if not Scope.of(by).covers(household.region_code):
        raise NotPermittedError("您的账号看不到这个区域")
    if not by.may(permission):
        raise NotPermittedError("您的角色不能办理这一项", next_step="请联系乡镇防贫工作站。")
