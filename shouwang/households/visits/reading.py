"""Reads what a phone or a page sent: one record at a time, every unknown key refused, with a fingerprint of its content."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from shouwang.foundation import secrets
from shouwang.foundation.errors import UserError

from ..models.visits import CONFIRMATION, METHODS, ONSITE, RECORD_KINDS, RESULTS, STEP, UNDO, VISIT

_KEYS = {
    CONFIRMATION: {"method", "data", "base"},
    VISIT: {"data", "base", "method", "result", "note"},
    STEP: {"task", "step", "version", "data"},
    UNDO: {"of"},
}
_COMMON = {"id", "kind", "household_no", "made_at", "on"}
_LONGEST_NOTE = 200


@dataclass(frozen=True)
class Sent:
    """One record as it was sent. ``digest`` is a keyed hash over everything in it."""

    id: uuid.UUID
    kind: str
    digest: str
    made_at: dt.datetime
    on: dt.date
    household_no: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    base: Mapping[str, Any] = field(default_factory=dict)
    method: str = ONSITE
    result: str = ""
    note: str = ""
    task: str = ""
    step: str = ""
    version: int | None = None
    of: uuid.UUID | None = None


def read(record: Any) -> Sent:
    """A record of the outbox. Raises UserError that says what is not understood; nothing is guessed."""
    if not isinstance(record, Mapping):
        raise UserError("这一条不是一组键值")
    number = identifier(record.get("id"), "id")
    kind = record.get("kind")
    if kind not in _KEYS:
        raise UserError(f"不认识的记录种类“{kind}”", next_step=f"可用：{'、'.join(code for code, _ in RECORD_KINDS)}。")
    if unknown := sorted(set(record) - _COMMON - _KEYS[kind]):
        raise UserError(f"不认识的键“{unknown[0]}”", next_step="请更新手机上的程序。")
    sent = Sent(
        id=number,
        kind=kind,
        digest=fingerprint(record),
        made_at=_moment(record.get("made_at")),
        on=_day(record.get("on")),
        household_no=_text(record, "household_no", 40),
        data=_mapping(record, "data"),
        base=_mapping(record, "base"),
        method=_text(record, "method", 8) or ONSITE,
        result=_text(record, "result", 12),
        note=_text(record, "note", _LONGEST_NOTE),
        task=_text(record, "task", 40),
        step=_text(record, "step", 40),
        version=_version(record.get("version")),
        of=identifier(record.get("of"), "of") if kind == UNDO else None,
    )
    _check(sent)
    return sent


def fingerprint(record: Mapping[str, Any]) -> str:
    """Equal for equal content, whatever the order of its keys; without the key nobody can guess what stood there.

    Raises UserError where half a letter stands in it, which nothing can keep.
    """
    try:
        return secrets.load().blind_index(json.dumps(record, ensure_ascii=False, sort_keys=True, default=str))
    except UnicodeEncodeError:
        raise UserError("内容里有认不出的字", next_step="请删去表情等特殊字符后再登记。") from None


def identifier(text: Any, key: str) -> uuid.UUID:
    """Raises UserError."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise UserError(f"“{key}”不是编号", next_step="请更新手机上的程序。") from None


def _check(sent: Sent) -> None:
    if sent.kind in (CONFIRMATION, VISIT):
        if not sent.household_no:
            raise UserError("没有写是哪一户")
        if sent.method not in dict(METHODS):
            raise UserError(f"没有“{sent.method}”这种走访方式")
        if sent.result and sent.result not in dict(RESULTS):
            raise UserError(f"没有“{sent.result}”这种结果")
        if sent.kind == CONFIRMATION and (sent.data or sent.base):
            raise UserError("无变化不带内容", next_step="有变化请按走访登记。")
        if sent.result == "wrong_data" and not sent.note:
            raise UserError("请写一句：哪一项不对，实际是什么")
    elif sent.kind == STEP and not (sent.task and sent.step):
        raise UserError("没有写是哪件事、办哪一步")


def _mapping(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = record.get(key)
    if found in (None, "", []):
        return {}
    if not isinstance(found, Mapping) or len(found) > 60:
        raise UserError(f"“{key}”应是一组键值")
    return found


def _text(record: Mapping[str, Any], key: str, longest: int) -> str:
    found = record.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise UserError(f"“{key}”应是文字")
    found = found.replace("\x00", "").strip()
    if len(found) > longest:
        raise UserError(f"“{key}”最多 {longest} 字，现有 {len(found)} 字")
    return found


def _moment(text: Any) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        raise UserError(f"时间“{text}”无法识别") from None
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    if not 1970 <= moment.year <= 9000:
        raise UserError(f"时间“{text}”无法识别")
    return moment


def _day(text: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        raise UserError(f"日期“{text}”无法识别", next_step="请写成 2022-07-18 的形式。") from None


def _version(number: Any) -> int | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 2**31:
        raise UserError("“version”应是整数")
    return number
