"""One thing of each kind that lies in an account's region, to open its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shouwang.casework.models import Case, Lead, Supervision
from shouwang.door.models import SelfReport
from shouwang.feeds.models import PendingRow
from shouwang.households.models import (
    DepartmentList,
    InspectedItem,
    Inspection,
    LargeScaleEvent,
    NaturalChange,
    Push,
    SampleDraw,
    Visit,
)
from shouwang.intake.models import Batch
from shouwang.organisation.models import Account, Unit
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household
from shouwang.screening.models import Run

# What stands for it in an address → what stands there for something of a scope; nothing where there is none.
_THINGS: dict[str, Callable[[Scope], Any]] = {
    "lead": lambda scope: _first(scope, Lead.objects.filter(is_open=True), "lead_no"),
    "case": lambda scope: _first(scope, Case.objects.filter(state="supported"), "case_no"),
    "household": lambda scope: _first(scope, Household.objects.filter(is_withdrawn=False), "household_no"),
    "report": lambda scope: _first(scope, SelfReport.objects.all(), "receipt_no"),
    "change": lambda scope: _first(scope, NaturalChange.objects.all(), "pk"),
    "push": lambda scope: _first(scope, Push.objects.all(), "pk", order="-pk"),
    "batch": lambda scope: _first(scope, Batch.objects.filter(purpose="feed"), "pk", order="-pk"),
    "pending": lambda scope: _first(scope, PendingRow.objects.filter(is_decided=False), "pk"),
    "event": lambda scope: _first(scope, LargeScaleEvent.objects.all(), "pk"),
    "list": lambda scope: _first(scope, DepartmentList.objects.all(), "pk"),
    "sample": lambda scope: _first(scope, SampleDraw.objects.all(), "pk"),
    "inspection": lambda scope: _first(scope, Inspection.objects.all(), "pk"),
    "sheet": lambda scope: _first(scope, InspectedItem.objects.all(), "pk"),
    "supervision": lambda scope: _first(scope, Supervision.objects.all(), "pk"),
    "visit": lambda scope: _first(scope, Visit.objects.all(), "household__household_no"),
    "unit": lambda scope: _first(scope, Unit.objects.all(), "pk"),
    "staff": lambda scope: _first(scope, Unit.objects.all(), "posts__appointments__staff"),
    "account": lambda scope: _first(scope, Account.objects.all(), "pk"),
    "county": lambda scope: _first(scope, Run.objects.all(), "region_code"),
    "run": lambda scope: _first(scope, Run.objects.all(), "pk"),
}


def of(account: Account) -> dict[str, str]:
    """What there is of each kind, as text."""
    scope = Scope.of(account)
    found = {name: thing(scope) for name, thing in _THINGS.items()}
    return {name: str(value) for name, value in found.items() if value not in (None, "")}


def _first(scope: Scope, rows: Any, name: str, order: str = "pk") -> Any:
    return scope.filter(rows).order_by(order).values_list(name, flat=True).first()
