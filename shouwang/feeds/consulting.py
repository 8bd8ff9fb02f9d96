"""The monthly meeting of a county's departments (会商): recorded once, corrected by a new record, its decisions followed up.

hengshui-2022-1#C.2.1.6: departments share what they know and meet every month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope

from .models import Consultation, ConsultationDecision

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


@dataclass(frozen=True)
class Decided:
    """One decision as it is entered."""

    text: str
    responsible_unit: str
    due_on: dt.date | None = None


@transaction.atomic
def record_consultation(
    *,
    region_code: str,
    month: Month,
    held_on: dt.date,
    units: Sequence[str],
    topics: str,
    conclusions: str,
    decisions: Sequence[Decided],
    material: dict[str, Any],
    by: Account | None,
    now: dt.datetime,
    chair: str = "",
    corrects: Consultation | None = None,
) -> Consultation:
    """Writes one record with its decisions. The same day of the same month again is a UserError, unless it corrects that record.

    A decision that a correction leaves as it was keeps what came of it.
    """
    if corrects is not None:
        _refuse_second_correction(corrects)
        region_code = corrects.region_code
    elif Consultation.objects.filter(
        region_code=region_code, month=str(month), held_on=held_on, corrects=None
    ).exists():
        raise UserError(f"{held_on} 的{month.label}会商已经登记过", next_step="要改内容，请打开那条记录后点“更正”。")
    consultation = Consultation.objects.create(
        region_code=region_code,
        month=str(month),
        held_on=held_on,
        chair=chair,
        units=list(dict.fromkeys(units)),
        topics=topics,
        conclusions=conclusions,
        material=material,
        corrects=corrects,
        recorded_by=by,
        recorded_at=now,
    )
    before = {(one.text, one.responsible_unit): one for one in (corrects.decisions.all() if corrects else ())}
    lines = []
    for number, one in enumerate(decisions, 1):
        old = before.get((one.text, one.responsible_unit))
        lines.append(
            ConsultationDecision(
                consultation=consultation,
                number=number,
                text=one.text,
                responsible_unit=one.responsible_unit,
                due_on=one.due_on,
                done_on=old.done_on if old else None,
                result=old.result if old else "",
            )
        )
    ConsultationDecision.objects.bulk_create(lines)
    audit.record(
        by=by,
        action="更正会商记录" if corrects else "登记会商记录",
        region_code=region_code,
        target=f"{month} 第 {consultation.pk} 号",
        detail={"units": len(consultation.units), "decisions": len(lines)},
    )
    return consultation


@transaction.atomic
def finish_decision(*, decision: ConsultationDecision, done_on: dt.date, result: str, by: Account | None) -> None:
    """Writes down what came of a decision. Said twice, it stays as it was said first."""
    consultation = decision.consultation
    if done_on < consultation.held_on:
        raise UserError("完成日期不能早于会商日期", next_step="请核对日期。")
    if not result.strip():
        raise UserError("没有写落实情况", next_step="请写明做了什么、结果怎样。")
    changed = ConsultationDecision.objects.filter(pk=decision.pk, done_on=None).update(
        done_on=done_on, result=result.strip()
    )
    if changed:
        audit.record(
            by=by,
            action="登记会商事项落实",
            region_code=consultation.region_code,
            target=f"{consultation.month} 第 {consultation.pk} 号事项 {decision.number}",
        )


def consultations(*, scope: Scope) -> QuerySet[Consultation]:
    """The records that stand (a corrected one is found through the one that corrects it), newest first: decision_count, open_count."""
    rows = scope.filter(Consultation.objects.filter(corrected_by=None))
    undone = Count("decisions", filter=Q(decisions__done_on=None))
    return rows.annotate(decision_count=Count("decisions"), open_count=undone).order_by("-month", "-held_on", "-id")


def _refuse_second_correction(consultation: Consultation) -> None:
    if Consultation.objects.filter(corrects=consultation).exists():
        raise UserError("这条会商记录已经更正过", next_step="请打开更正后的那一条。")
