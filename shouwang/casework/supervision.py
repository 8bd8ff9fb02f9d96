"""督办: a unit is asked in writing to move what is late in it, answers, and the asker closes it (S0-C-07)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from . import case_queries
from .models import SupervisedTask, Supervision, Task
from .procedure import COUNTY, TOWNSHIP, VILLAGE

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

# What the people of a place have to move themselves, or press for below them.
_LEVELS = {
    Level.VILLAGE: (VILLAGE,),
    Level.TOWNSHIP: (VILLAGE, TOWNSHIP),
    Level.COUNTY: (VILLAGE, TOWNSHIP, COUNTY),
}


def late_in(*, scope: Scope, region_code: str, today: dt.date) -> QuerySet[Task]:
    """What is late in a county, a township or a village and has to be moved there. Raises NotPermittedError outside the scope."""
    levels = _LEVELS.get(Level(regions.region(region_code).level), ())
    rows = case_queries.tasks(scope=scope.narrowed(region_code))
    return rows.filter(level__in=levels, due_on__lt=today)


# hengshui-2022-1#C.2.1.4
def ask(
    *,
    region_code: str,
    reply_by: dt.date,
    phone: str,
    number: str = "",
    by: Account,
    today: dt.date,
    now: dt.datetime,
) -> Supervision:
    """Asks a unit below the asker's own about everything that is late in it. Raises UserError, ConflictError while an earlier one
    is open."""
    region_code = regions.full_code(region_code)
    if not by.may(roles.DISPATCH_LEADS) or region_code == by.region_code or not Scope.of(by).contains(region_code):
        raise NotPermittedError("您的账号不能督办这个单位", next_step="请选择本辖区内的下级单位。")
    if reply_by <= today:
        raise UserError("反馈期限要在今天以后", next_step="请改正反馈期限。")
    if not phone.strip():
        raise UserError("没有联系电话", next_step="请填写本单位的办公电话。")
    tasks = list(late_in(scope=Scope.of(by), region_code=region_code, today=today).values_list("pk", flat=True))
    if not tasks:
        raise UserError(f"{regions.name(region_code)}没有超期事项", next_step="不需要督办。")
    try:
        with transaction.atomic():
            made = Supervision.objects.create(
                region_code=region_code,
                asked_by_region=by.region_code,
                number=number.strip()[:40],
                phone=phone.strip()[:40],
                asked_on=today,
                reply_by=reply_by,
                by=by,
                at=now,
            )
            SupervisedTask.objects.bulk_create(
                [SupervisedTask(supervision=made, task_id=pk) for pk in tasks], batch_size=1000
            )
            detail = {"items": len(tasks), "reply_by": reply_by.isoformat()}
            audit.record(by=by, action="督办", region_code=region_code, target=f"督办 {made.pk}", detail=detail)
    except IntegrityError as error:
        raise ConflictError(
            f"对{regions.name(region_code)}的督办还没有办结", next_step="请先办结上一次督办。"
        ) from error
    return made


def may_answer(supervision: Supervision, *, by: Account) -> bool:
    """People of the unit that was asked, while it is open."""
    here = by.is_active and by.region_code == supervision.region_code
    return here and by.may(roles.SEE_CASES) and supervision.closed_on is None


def may_close(supervision: Supervision, *, by: Account) -> bool:
    here = by.is_active and by.region_code == supervision.asked_by_region
    return here and by.may(roles.DISPATCH_LEADS) and supervision.closed_on is None


def answer(*, supervision: Supervision, text: str, by: Account, today: dt.date) -> Supervision:
    """The unit's answer; until it is closed a later one stands in its place (the log keeps that there was one)."""
    if not text.strip():
        raise UserError("请写明办理结果", next_step="未能办结的，说明原因和预计办结日期。")
    with transaction.atomic():
        fresh = Supervision.objects.select_for_update().get(pk=supervision.pk)
        if fresh.closed_on:
            raise ConflictError("这次督办已经办结")
        if not may_answer(fresh, by=by):
            raise NotPermittedError("只有被督办的单位才能反馈")
        fresh.answer, fresh.answered_on, fresh.answered_by = text.strip(), today, by
        fresh.save(update_fields=["answer", "answered_on", "answered_by"])
        audit.record(by=by, action="反馈督办", region_code=fresh.region_code, target=f"督办 {fresh.pk}")
    return fresh


def close(*, supervision: Supervision, by: Account, today: dt.date) -> Supervision:
    """Ends it once the unit answered. What is still late then can be asked about anew."""
    with transaction.atomic():
        fresh = Supervision.objects.select_for_update().get(pk=supervision.pk)
        if fresh.closed_on:
            raise ConflictError("这次督办已经办结")
        if not may_close(fresh, by=by):
            raise NotPermittedError("只有督办单位才能办结")
        if fresh.answered_on is None:
            raise UserError("被督办的单位还没有反馈", next_step="收到反馈后再办结。")
        fresh.closed_on, fresh.closed_by = today, by
        fresh.save(update_fields=["closed_on", "closed_by"])
        audit.record(by=by, action="办结督办", region_code=fresh.region_code, target=f"督办 {fresh.pk}")
    return fresh


def supervisions(*, scope: Scope) -> QuerySet[Supervision]:
    """Those to units of the scope, open ones (``is_standing`` 1) first, then the newest; see ``counted``."""
    rows = scope.filter(Supervision.objects.select_related("by", "answered_by", "closed_by"))
    # said in so many words: where an empty day sorts, databases do not agree
    is_standing = Choose(When(closed_on=None, then=Value(1)), default=Value(0), output_field=IntegerField())
    return rows.annotate(is_standing=is_standing).order_by("-is_standing", "-asked_on", "-pk")


def counted(rows: Sequence[Supervision]) -> dict[int, tuple[int, int]]:
    """Supervision → how many tasks it named, and how many of them still stand open."""
    named = SupervisedTask.objects.filter(supervision__in=rows).order_by().values_list("supervision_id")
    counts = named.annotate(items=Count("pk"), waiting=Count("pk", filter=Q(task__is_open=True)))
    return dict.fromkeys((one.pk for one in rows), (0, 0)) | {key: (items, waiting) for key, items, waiting in counts}


def items(supervision: Supervision) -> QuerySet[Task]:
    """The tasks that it names, as they stand now."""
    rows = Task.objects.filter(supervised__supervision=supervision).select_related("household", "case", "lead")
    return rows.order_by("due_on", "pk")
