"""Which returns there are: who owes them, for which period, until when, to whom, and what figures they carry; the documents say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from shouwang.casework.clocks import Due
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies, Resolution
from shouwang.regions.models import Level

from .. import month_figures
from . import measure_figures

MONTHLY, MEASURES = "monthly", "measures"


@dataclass(frozen=True)
class Kind:
    """A return. ``levels`` of the places that owe it to the one above; ``asked_by``: the parameters through which documents ask."""

    code: str
    label: str
    levels: tuple[Level, ...]
    asked_by: tuple[str, ...]
    figures: Callable[[str, str, str, dt.date, Policies], dict[str, Any]]  # region, department, period, today
    due: Callable[[str, str, dt.date, Policies], Due]  # region, period, today
    periods: Callable[[dt.date, Resolution], list[tuple[str, str]]]
    with_departments: bool = False
    office: str = ""  # the parameter that names the receiving office

    def resolution(self, *, region_code: str, on: dt.date, policies: Policies) -> Resolution:
        """What asks for it in a place: the first parameter with a value, else the first."""
        found = [policies.resolve(name, region_code=region_code, on=on) for name in self.asked_by]
        return next((one for one in found if one.value is not None), found[0])


def kind_named(code: str) -> Kind:
    if code not in KINDS:
        raise UserError(f"没有“{code}”这种报表")
    return KINDS[code]


def _note(found: Resolution) -> dict[str, Any]:
    source = found.source
    return {
        "parameter": found.parameter.name,
        "text": found.text if found.value is not None else "",
        "cites": list(source.cites) if source else list(found.parameter.cites),
        "note": source.note if source else "",
        "why": found.why,
    }


# ── 月报 ─────────────────────────────────────────────────────────────────────
def _month_figures(
    region_code: str, department: str, period: str, today: dt.date, policies: Policies
) -> dict[str, Any]:
    month = Month.parse(period)
    if today <= month.last_day:
        raise UserError(f"{month.label}还没有过完，不能上报", next_step=f"{month.last_day} 以后再报。")
    scope = Scope.of_region(region_code)
    found = month_figures.of_place(region_code=region_code, scope=scope, month=month, today=today, policies=policies)
    rows = month_figures.keys(region_code=region_code, scope=scope, month=month)
    return month_figures.plain(found) | {"rows": rows}


def _month_due(region_code: str, period: str, today: dt.date, policies: Policies) -> Due:
    after = Month.parse(period).plus(1)
    found = policies.resolve("household.monthly_report_day", region_code=region_code, on=today)
    on = None if found.value is None else after.first_day + dt.timedelta(days=int(found.value) - 1)
    return Due(on, _note(found))


def _months(today: dt.date, found: Resolution) -> list[tuple[str, str]]:
    last = Month.of(today).plus(-1)
    return [(str(one), one.label) for one in (last.plus(-back) for back in range(12))]


# ── 增收帮扶落实情况 ─────────────────────────────────────────────────────────
def _measure_figures(
    region_code: str, department: str, period: str, today: dt.date, policies: Policies
) -> dict[str, Any]:
    scope = Scope.of_region(region_code)
    rows = measure_figures.keys(scope=scope, department=department)
    return asdict(measure_figures.figures(scope=scope, department=department)) | {"rows": rows}


# X20: 9月中旬前 — which day is meant is the parameter's, with the words of the text beside it
def _measure_due(region_code: str, period: str, today: dt.date, policies: Policies) -> Due:
    found = policies.resolve("income.response_report_by", region_code=region_code, on=today)
    on = found.value if found.value is not None and str(found.value.year) == period else None
    return Due(on, _note(found))


def _years(today: dt.date, found: Resolution) -> list[tuple[str, str]]:
    year = found.value.year if isinstance(found.value, dt.date) else today.year
    return [(str(year), f"{year}年")]


KINDS: Mapping[str, Kind] = {
    MONTHLY: Kind(
        MONTHLY,
        "防止返贫监测帮扶工作月报",
        (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY),
        ("household.screening_report_frequency", "supervision.report_frequency"),
        _month_figures,
        _month_due,
        _months,
    ),
    MEASURES: Kind(
        MEASURES,
        "增收帮扶落实情况",
        (Level.TOWNSHIP,),
        ("income.response_report_by",),
        _measure_figures,
        _measure_due,
        _years,
        with_departments=True,
        office="income.response_report_to",
    ),
}
