"""Due days: from a parameter in force, with the value and clause that set them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shouwang.foundation import working_days
from shouwang.policy import Policies
from shouwang.policy.quantities import Duration

IDENTIFICATION_LIMIT = "household.identification_limit"
DAY_BASIS = "household.day_basis"
HOLIDAY_ROLL = "household.holiday_roll"


@dataclass(frozen=True)
class Due:
    """A due day and why: parameter, value, region and clause. ``on`` is None while no document sets a limit there."""

    on: dt.date | None
    because: dict[str, Any]


# hengshui-2022-1#C.2.4.1, hebei-xiangzhenfa-2022-14#1.8
def due(*, start_on: dt.date, region_code: str, policies: Policies, parameter: str = IDENTIFICATION_LIMIT) -> Due:
    """The last day of the limit in force on ``start_on``; that day itself does not count (X02).

    Days are natural days unless ``household.day_basis`` says working days. A last day on which nobody works stays the last
    day and is said so; it moves to the next working day only where ``household.holiday_roll`` is set. A field of a
    parameter that is a structure follows a colon.
    """
    name, _, part = parameter.partition(":")
    resolution = policies.resolve(name, region_code=region_code, on=start_on, name_of=str)
    value = resolution.value
    if part:
        value = value.get(part) if value is not None else None
    source = resolution.source
    if value is None or source is None:
        why = policies.resolve(name, region_code=region_code, on=start_on).why
        return Due(None, {"parameter": parameter, "why": why})
    basis = day_basis(region_code=region_code, on=start_on, policies=policies)
    last = last_day(start_on, value, basis=basis)
    because = {
        "parameter": parameter,
        "value": str(value),
        "text": value.text,
        "region": source.region,
        "cites": list(source.cites),
        "policy_version": policies.version,
        "start_on": start_on.isoformat(),
        "basis": basis,
    }
    if not working_days.is_working_day(last):
        rolled = working_days.next_working_day(last)
        is_rolled = bool(policies.resolve(HOLIDAY_ROLL, region_code=region_code, on=start_on, name_of=str).value)
        because |= {"weekday": working_days.weekday(last), "rolled_on": rolled.isoformat(), "is_rolled": is_rolled}
        last = rolled if is_rolled else last
    return Due(last, because)


def day_basis(*, region_code: str, on: dt.date, policies: Policies) -> str:
    """natural or working: which days a limit counts that only says days."""
    return policies.resolve(DAY_BASIS, region_code=region_code, on=on, name_of=str).value or "natural"


def last_day(start_on: dt.date, limit: Duration, *, basis: str = "natural") -> dt.date:
    """The last day of a limit; a limit written in working days is counted so whatever the basis."""
    if limit.unit == "workday" or (basis == "working" and limit.unit == "day"):
        return working_days.after(start_on, limit.count)
    return limit.due_on(start_on)


def note(because: dict[str, Any]) -> str:
    """What a page says beside a due day on which nobody works; empty otherwise."""
    if not because.get("weekday"):
        return ""
    rolled = dt.date.fromisoformat(because["rolled_on"])
    if because["is_rolled"]:
        return f"逢{because['weekday']}等休息日，顺延至{rolled.month}月{rolled.day}日"
    return f"当日是{because['weekday']}（休息日），未规定顺延；顺延则为{rolled.month}月{rolled.day}日"
