"""Takes a step of a task that a village had on its list: of a lead or case by its runner, a month to collect, a change to confirm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shouwang.casework import asking, local_fields, procedure, runner
from shouwang.casework.models import Case, CollectionTask, Event, Lead
from shouwang.foundation import money
from shouwang.foundation.errors import ConflictError, UserError
from shouwang.foundation.periods import Month

from .. import natural_changes, wording
from ..income import recording
from ..models import NaturalChange
from . import merging, receiving, undoing
from .asked import BY_NAME
from .reading import Sent

if TYPE_CHECKING:
    from .receiving import Result, Taking

# Gives the place, and what a step of a lead or case became.
Taker = Callable[["Taking", Sent, int, dt.date], tuple[str, Event | None]]

COLLECT, CONFIRM, REJECT = "collect", "confirm", "reject"
COLLECTED = ("income_wage", "income_business", "cost_business", "income_property", "income_alimony")
_ALSO = {"income_alimony": BY_NAME["income_alimony"].help}
CONFIRM_FIELDS = (
    procedure.Field("name", "新增的人叫什么", is_required=False, help="没起名的写“某某之子”；减少的不填"),
    procedure.Field("relation", "与户主关系", is_required=False),
)
REJECT_FIELDS = (procedure.Field("reason", "为什么不属实", procedure.LONG_TEXT, help="例如：人仍在本村居住"),)


def collect_fields() -> tuple[procedure.Field, ...]:
    """A month counts only when all of it was asked: nothing earned is a 0 that somebody said, never an empty box."""
    return tuple(
        procedure.Field(
            name,
            f"{BY_NAME[name].label.replace('本月', '')}（元）",
            procedure.NUMBER,
            help=f"没有就填 0。{_ALSO.get(name, '')}",
        )
        for name in COLLECTED
    )


def take(taking: Taking, sent: Sent, on: dt.date, note: str) -> Result:
    """Raises ConflictError when somebody was faster, UserError with what is in the way or missing."""
    kind, _, key = sent.task.partition("-")
    take_of = _TAKERS.get(kind)
    if take_of is None or not (key.isascii() and key.isdigit() and len(key) < 19):
        raise UserError("没有这件事", next_step="请更新名单。")
    if undoing.is_waited_for(taking, sent):
        receiving.keep(taking, sent, taking.region_code, receiving.ACCEPTED, "登记后已撤回，没有办")
        return receiving.Result(str(sent.id), receiving.ACCEPTED, "登记后已撤回，没有办")
    region_code, event = take_of(taking, sent, int(key), on)
    receiving.keep(taking, sent, region_code, receiving.ACCEPTED, note, event=event)
    return receiving.Result(str(sent.id), receiving.ACCEPTED, note)


def _proceeding(model: type[Lead] | type[Case]) -> Taker:
    def taken(taking: Taking, sent: Sent, key: int, on: dt.date) -> tuple[str, Event | None]:
        found: Any = taking.scope.filter(model.objects.filter(pk=key)).first()
        if found is None:
            raise UserError("没有这件事", next_step="请更新名单。")
        if sent.version is None:
            raise UserError("没有写是看着哪一版办的", next_step="请更新名单后再办。")
        day = max(on, found.opened_on)
        if (step := procedure.get(found.procedure).step(sent.step)) is not None:
            asked = local_fields.here(step, region_code=found.region_code, on=day, policies=taking.policies)
            wording.require(asked.fields, sent.data)
        event = runner.act(
            proceeding=found,
            step=sent.step,
            by=taking.by,
            on=day,
            today=taking.today,
            now=taking.now,
            policies=taking.policies,
            data=dict(sent.data),
            version=sent.version,
        )
        return found.region_code, event

    return taken


def _collection(taking: Taking, sent: Sent, key: int, on: dt.date) -> tuple[str, None]:
    """laiyuan-2022-9#2.1.3: a month of income that was not collected; it goes to the ledger as told on a visit."""
    task = taking.scope.filter(CollectionTask.objects.select_for_update().filter(pk=key)).first()
    if task is None or sent.step != COLLECT:
        raise UserError("没有这件事", next_step="请更新名单。")
    if task.done_on is not None:
        raise ConflictError("这个月的收入已经补齐", next_step="请更新名单。")
    values = asking.read(collect_fields(), sent.data, today=taking.today)
    recording.from_visit(
        household=task.household,
        month=Month.parse(task.month),
        amounts={
            BY_NAME[name].item: money.fen(Decimal(merging.canonical(BY_NAME[name], value)))
            for name, value in values.items()
        },
        visit=str(sent.id),
        told_on=on,
        by=taking.by,
        now=taking.now,
    )
    CollectionTask.objects.filter(pk=task.pk).update(done_on=on)
    return task.region_code, None


def _change(taking: Taking, sent: Sent, key: int, on: dt.date) -> tuple[str, None]:
    change = taking.scope.filter(NaturalChange.objects.filter(pk=key)).first()
    if change is None:
        raise UserError("没有这件事", next_step="请更新名单。")
    if sent.step == CONFIRM:
        wording.require(CONFIRM_FIELDS, sent.data)
        values = asking.read(CONFIRM_FIELDS, sent.data, today=taking.today)
        natural_changes.confirm(
            change=change,
            by=taking.by,
            now=taking.now,
            name=values.get("name", ""),
            relation=values.get("relation", ""),
        )
    elif sent.step == REJECT:
        wording.require(REJECT_FIELDS, sent.data)
        values = asking.read(REJECT_FIELDS, sent.data, today=taking.today)
        natural_changes.reject(change=change, reason=values["reason"], by=taking.by, now=taking.now)
    else:
        raise UserError("没有这一步", next_step="请更新名单。")
    return change.region_code, None


_TAKERS: dict[str, Taker] = {
    "lead": _proceeding(Lead),
    "case": _proceeding(Case),
    "collection": _collection,
    "change": _change,
}
