"""The closed list of units: how a value of each is written, what Python gets, and how an officer reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .quantities import Duration, Frequency, MonthDay, Window, read_day

CHOICE, LIST, NAMES, STRUCTURE, RECORDS = "choice", "list", "names", "structure", "records"

_WEEKDAYS = {
    "monday": "星期一",
    "tuesday": "星期二",
    "wednesday": "星期三",
    "thursday": "星期四",
    "friday": "星期五",
    "saturday": "星期六",
    "sunday": "星期日",
}
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_REGION = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}")


@dataclass(frozen=True)
class Unit:
    """One unit. ``read`` raises ValueError; ``order`` gives what strictness is compared by, where there is an order."""

    code: str
    label: str
    written: str
    read: Callable[[str], Any]
    text: Callable[[Any], str]
    order: Callable[[Any], Any] | None = None


def _amount(places: int) -> Callable[[str], Decimal]:
    def read(text: str) -> Decimal:
        if not _NUMBER.fullmatch(text) or len(text.partition(".")[2]) > places:
            raise ValueError(text)
        return Decimal(text)

    return read


def _share(text: str) -> Decimal:
    share = _amount(4)(text[:-1]) / 100 if text.endswith("%") else _amount(6)(text)
    if share > 1:
        raise ValueError(text)
    return share


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError(text)
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _weekday(text: str) -> str:
    if text not in _WEEKDAYS:
        raise ValueError(text)
    return text


def _region(text: str) -> str:
    if not _REGION.fullmatch(text):
        raise ValueError(text)
    return text


def _text(text: str) -> str:
    return text


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(text)
    return text


def _same(value: Any) -> Any:
    return value


def _with(word: str) -> Callable[[Any], str]:
    return lambda amount: f"{_plain(amount)} {word}".rstrip()


def _plain(amount: Decimal | int) -> str:
    """1082.50 → 1,082.5"""
    if isinstance(amount, int):
        return f"{amount:,}"
    return f"{amount:,f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:,f}"


def _percent(share: Decimal) -> str:
    return f"{_plain(share * 100)}%"


def _units() -> list[Unit]:
    def amount(code: str, word: str, places: int, written: str) -> Unit:
        return Unit(code, word, written, _amount(places), _with(word), _same)

    def whole(code: str, label: str, word: str, written: str) -> Unit:
        return Unit(code, label, written, _count, _with(word), _same)

    return [
        amount("yuan", "元", 2, "7300 或 9089.50"),
        amount("wan_yuan", "万元", 4, "29700"),
        amount("mu", "亩", 4, "100"),
        amount("wan_mu", "万亩", 6, "1082.5"),
        amount("metre", "米", 3, "3"),
        amount("kilometre", "公里", 3, "20"),
        Unit("share", "比例", "0.55 或 55%", _share, _percent, _same),
        whole("count", "个数", "", "5000"),
        whole("age", "周岁", "周岁", "6"),
        whole("month", "月数", "个月", "12"),
        Unit(
            "day",
            "期限",
            "15 day、1 month、5 workday 或 24 hour",
            Duration.parse,
            lambda limit: limit.text,
            lambda limit: limit.length,
        ),
        Unit(
            "frequency",
            "频次",
            "1 per month 或 3 per week",
            Frequency.parse,
            lambda rhythm: rhythm.text,
            lambda rhythm: rhythm.times_a_year,
        ),
        Unit("date", "日期", "2022-06-30", read_day, str, _same),
        Unit("month_day", "每年某日", "09-01", MonthDay.parse, lambda day: day.text),
        Unit("window", "起止日期", "2022-03-01..2022-03-31 或 ..2022-06-30", Window.parse, lambda window: window.text),
        Unit("weekday", "星期几", "tuesday", _weekday, _WEEKDAYS.__getitem__),
        Unit("flag", "是否", "true 或 false", _flag, lambda flag: "是" if flag else "否"),
        Unit("region", "地区", '"1306" 等区划代码', _region, str),
        Unit("text", "文字", "一句话", _text, str),
        Unit(
            "code", "编码", "income_stable 的样子（小写英文字母开头，只用字母、数字、下划线，最多 40 个）", _code, str
        ),
    ]


UNITS: dict[str, Unit] = {unit.code: unit for unit in _units()}
COMPOSED = {CHOICE: "选项", LIST: "列表", NAMES: "名称表", STRUCTURE: "组合", RECORDS: "项目表"}
LABELS: dict[str, str] = {code: unit.label for code, unit in UNITS.items()} | COMPOSED
# an officer may write the Chinese name of the unit
BY_LABEL: dict[str, str] = {label: code for code, label in LABELS.items()} | {"天": "day", "日": "day"}
