"""The values of a register's row: how they are kept, read from a cell or a form, and shown to people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shouwang.foundation import money
from shouwang.foundation.errors import UserError
from shouwang.intake.contract import Column, Kind
from shouwang.reporting import scanner

from .. import wording
from .declaration import Register

_MOST_FEN = 10**12
_MOST_WHOLE = 10**9
_LONGEST = 300


def kept(column: Column, value: Any, vocabulary: scanner.Vocabulary | None = None) -> Any:
    """A value as it is kept: money in fen, days as ISO text, numbers with a point as text. Raises UserError, named by the column.

    ``value`` is what a form or the reading of a file gives: yuan as Decimal from forms, whole fen from files. Free text that no
    list could carry on (numbers of persons, names of diseases) is sent back at once.
    """
    if value is None or value == "":
        if not column.may_be_empty:
            raise UserError(f"“{column.heading}”不能为空", next_step="请补填。")
        return None
    if column.codes and value not in column.codes.values:
        raise UserError(f"“{column.heading}”不能是“{value}”", next_step=f"可填：{'、'.join(column.codes.values)}。")
    match column.kind:
        case Kind.MONEY:
            amount = value if isinstance(value, int) else money.fen(value)
            if not 0 <= amount < _MOST_FEN:
                raise UserError(f"“{column.heading}”的金额不对", next_step="请以元为单位填写，不填负数。")
            return amount
        case Kind.WHOLE | Kind.YEAR:
            if not 0 <= int(value) < _MOST_WHOLE:
                raise UserError(f"“{column.heading}”不能是 {value}", next_step="请填不小于 0 的整数。")
            return int(value)
        case Kind.DECIMAL:
            return str(Decimal(str(value)))
        case Kind.DAY:
            return value.isoformat() if isinstance(value, dt.date) else str(dt.date.fromisoformat(str(value)))
        case Kind.YES_NO:
            return bool(value)
    text = str(value).strip()[:_LONGEST]
    if column.kind is Kind.TEXT and not column.codes and (fault := wording.faults_of(text, vocabulary)):
        raise UserError(f"“{column.heading}”{fault}", next_step="请改写后再登记。")
    return text


def all_kept(
    register: Register, given: Mapping[str, Any], vocabulary: scanner.Vocabulary | None = None
) -> dict[str, Any]:
    """Every declared column; those that say nothing are left out. Raises UserError with the first thing that is wrong.

    ``vocabulary``: of the scanner, for many rows at once.
    """
    unknown = set(given) - {column.name for column in register.columns}
    if unknown:
        raise UserError(f"“{register.label}”没有“{'、'.join(sorted(unknown))}”这些列")
    found = {column.name: kept(column, given.get(column.name), vocabulary) for column in register.columns}
    values = {name: value for name, value in found.items() if value is not None}
    start, end = values.get(register.starts), values.get(register.ends)
    if start and end and end < start:
        raise UserError(
            f"{register.column(register.ends).heading} {end} 早于{register.column(register.starts).heading} {start}",
            next_step="请核对两个日期。",
        )
    return values


def shown(column: Column, value: Any) -> str:
    """As people read it; empty for nothing."""
    if value is None or value == "":
        return ""
    match column.kind:
        case Kind.MONEY:
            return money.grouped(money.yuan(int(value)))
        case Kind.WHOLE:
            return f"{int(value):,}"
        case Kind.YES_NO:
            return "是" if value else "否"
    return str(value)


def mirrored(register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    """What of the values stands in columns of its own, so that lists are narrowed by an index."""
    return {
        "from_on": _day(values.get(register.starts)),
        "until_on": _day(values.get(register.ends)),
        "due_on": _day(values.get(register.due)),
        "status": str(values.get(register.status) or "")[:20],
        "amount_fen": values.get(register.amount),
    }


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
