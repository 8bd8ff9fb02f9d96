"""What a step asks for, read from a form: typed, required where the table says so, every fault at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shouwang.foundation.errors import UserError

from .procedure import CHOICE, CHOICES, COUNT, DAY, FLAG, LONG_TEXT, NUMBER, TEXT, Field

_MOST = {TEXT: 200, LONG_TEXT: 2000}
# Words that go on to notices, papers and departments carry no number of a person.
_PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "不要写证件号码"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "不要写个人手机号码"),
)


class FieldsError(UserError):
    """What was given does not do; ``faults`` is field → sentence."""

    def __init__(self, faults: Mapping[str, str], labels: Mapping[str, str]) -> None:
        sentence = "；".join(f"{labels.get(name, name)}：{fault}" for name, fault in faults.items())
        super().__init__(sentence, next_step="请改正后再提交。")
        self.faults = dict(faults)


def read(fields: Iterable[Field], given: Mapping[str, Any], *, today: dt.date) -> dict[str, Any]:
    """The values as they are stored in an event: days as ISO text, numbers as decimal text. Raises FieldsError."""
    fields = tuple(fields)
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    labels = {field.name: field.label for field in fields}
    if unknown := set(given) - set(labels):
        raise FieldsError(dict.fromkeys(sorted(unknown), "这一步没有这一项"), labels)
    for field in fields:
        if field.kind in (CHOICE, CHOICES) and field.required_if is not None and not _is_required(field, given):
            continue  # chosen before the answer that it went with was taken back
        try:
            value = _value(field, given.get(field.name), today)
        except ValueError as error:
            faults[field.name] = str(error)
            continue
        if value in ("", None, []) or value is False:
            if _is_required(field, given):
                faults[field.name] = "请填写" if field.kind not in (CHOICE, CHOICES, FLAG) else "请选择"
        else:
            values[field.name] = value
    if faults:
        raise FieldsError(faults, labels)
    return values


def _is_required(field: Field, given: Mapping[str, Any]) -> bool:
    if field.required_if is not None:
        other, answers = field.required_if
        found = given.get(other)
        return found in answers if not isinstance(found, list | tuple) else bool(set(found) & set(answers))
    return field.is_required


def _value(field: Field, given: Any, today: dt.date) -> Any:
    if field.kind == CHOICES:
        chosen = [given] if isinstance(given, str) and given else list(given or [])
        if unknown := [code for code in chosen if code not in field.choices]:
            raise ValueError(f"没有“{unknown[0]}”这个选项")
        return chosen
    if field.kind == FLAG:
        return given in (True, "on", "true", "1")
    if given is None or (text := str(given).strip()) == "":
        return ""
    if field.kind == DAY:
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError("请写成 2022-07-01 的样子") from None
    if field.kind == COUNT:
        if not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError("请填整数")
        return str(int(text))
    if field.kind == NUMBER:
        try:
            number = Decimal(text.replace(",", "").replace("，", ""))
        except InvalidOperation:
            raise ValueError("请填数字") from None
        if not number.is_finite() or number < 0 or number >= 10**12:
            raise ValueError("请填不小于 0 的数")
        return f"{number:f}"
    if field.kind == CHOICE:
        if text not in field.choices:
            raise ValueError(f"没有“{text}”这个选项")
        return text
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    if len(text) > _MOST[field.kind]:
        raise ValueError(f"最多 {_MOST[field.kind]} 字，现有 {len(text)} 字")
    if field.kind == LONG_TEXT:
        for pattern, complaint in _PERSONAL:
            if pattern.search(text):
                raise ValueError(complaint)
    return text
