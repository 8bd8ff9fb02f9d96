"""Who owes which return, who has sent it, and whom it reminds today; late is derived from the due day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from shouwang.casework import reminders
from shouwang.casework.clocks import Due
from shouwang.organisation import departments, roles
from shouwang.organisation.models import Account as Accounts
from shouwang.organisation.models import Unit
from shouwang.organisation.roles import DepartmentLiaison
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from ..catalogue import CATALOGUE
from ..models import GrowthMeasure, Measure, Return
from . import actions
from .kinds import KINDS, Kind

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


@dataclass(frozen=True)
class Owed:
    """One unit's return of a period: sent or not. ``rung``: the reminder that an unsent one has reached."""

    kind: Kind
    period: str
    region_code: str
    department: str
    name: str
    due: Due
    sent: Return | None = None
    rung: str = ""

    def is_late(self, today: dt.date) -> bool:
        until = self.sent.sent_on if self.sent else today
        return self.due.on is not None and until > self.due.on


def visible(*, account: Account) -> QuerySet[Return]:
    """A place sees those of its region and below; a liaison those of the own department."""
    rows = Scope.of(account).filter(Return.objects.select_related("sent_by", "signed_by", "returned_by"))
    if account.duties.is_of_department:
        return rows.filter(department=actions.department_of(account) or "—", region_code=account.region_code)
    return rows


def standing(*, kind: Kind, period: str, to_region: str, today: dt.date, policies: Policies) -> list[Owed]:
    """Every unit directly below a place that owes a period's return, by code; with departments where the document asks them too.

    Empty where no document asks for it there: whoever sends one nevertheless is listed all the same.
    """
    due = kind.due(to_region, period, today, policies)
    asked = kind.resolution(region_code=to_region, on=today, policies=policies).value is not None
    below = [child for child in regions.children(to_region) if Level(child.level) in kind.levels]
    sent = {
        (one.region_code, one.department): one
        for one in Return.objects.defer("figures").filter(
            kind=kind.code, period=period, to_region=to_region, returned_on=None
        )
    }
    units = [(one.code, "", one.name) for one in below] if asked else []
    if asked and kind.with_departments and Level(regions.region(to_region).level) == Level.COUNTY:
        units += [(to_region, code, departments.label_of(code)) for code in taking_part(to_region)]
    known = {(code, department) for code, department, _ in units}
    names = regions.names_of({code for code, department in sent if (code, department) not in known})
    units += [
        (code, department, departments.label_of(department) if department else names.get(code, code))
        for code, department in sorted(sent)
        if (code, department) not in known
    ]
    steps = reminders.ladder(region_code=to_region, today=today, policies=policies)
    return [
        Owed(kind, period, code, department, name, due, found, "" if found else steps.rung(due.on, today))
        for code, department, name in units
        for found in [sent.get((code, department))]
    ]  # fmt: skip


def taking_part(county: str) -> list[str]:
    """相关部门 of a county: those with a liaison's account or a measure of their own in the ledgers, in the order of departments."""
    scope = Scope.of_region(county)
    liaisons = scope.filter(Accounts.objects.filter(is_active=True, role=DepartmentLiaison.code, unit__isnull=False))
    found = set(liaisons.filter(region_code=county).values_list("unit__department", flat=True))
    found |= set(
        scope.filter(Measure.objects.filter(cancelled_on=None))
        .order_by()
        .values_list("department", flat=True)
        .distinct()
    )
    kinds = scope.filter(GrowthMeasure.objects.all()).order_by().values_list("kind", flat=True).distinct()
    found |= {CATALOGUE[kind].department for kind in kinds if kind in CATALOGUE}
    return [code for code in departments.BY_CODE if code in found]  # fmt: skip


def office(*, kind: Kind, region_code: str, on: dt.date, policies: Policies) -> str:
    """The receiving office: as the document names it, else the unit that the place registered; empty where neither says."""
    if kind.office:
        found = policies.resolve(kind.office, region_code=region_code, on=on)
        if found.value:
            return str(found.value)
    own = Unit.objects.filter(region_code=region_code, closed_on=None, department="").exclude(kind="village")
    unit = own.order_by("pk").first()
    return unit.name if unit else ""


def own(*, account: Account, today: dt.date, policies: Policies) -> list[Owed]:
    """The account's own returns of the periods that run now and are not sent, the nearest day first."""
    found: list[Owed] = []
    for kind in KINDS.values() if account.region_code else ():
        period = _current(kind, account.region_code, today, policies)
        due = kind.due(account.region_code, period, today, policies)
        steps = reminders.ladder(region_code=account.region_code, today=today, policies=policies)
        found += [one for one in _own(kind, period, account, due, today, steps) if one.sent is None]
    return sorted(found, key=lambda one: (one.due.on is None, one.due.on or today))


# S2-C-04, hengshui-2022-1#C.2.1.4
def reminding(*, account: Account, today: dt.date, policies: Policies) -> list[Owed]:
    """Unsent returns of which an account is reminded today: its own from the first rung on, those below it once they are late."""
    if not account.region_code or not account.is_active:
        return []
    found: list[Owed] = []
    for kind in KINDS.values():
        period = _current(kind, account.region_code, today, policies)
        due = kind.due(account.region_code, period, today, policies)
        steps = reminders.ladder(region_code=account.region_code, today=today, policies=policies)
        if not steps.rung(due.on, today):
            continue
        found += [one for one in _own(kind, period, account, due, today, steps) if one.sent is None]
        if account.may(roles.DISPATCH_LEADS) and steps.rung(due.on, today) in (reminders.ABOVE, reminders.LEADER):
            rows = standing(kind=kind, period=period, to_region=account.region_code, today=today, policies=policies)
            found += [one for one in rows if one.sent is None]
    return found


def _own(kind: Kind, period: str, account: Account, due: Due, today: dt.date, steps: reminders.Ladder) -> list[Owed]:
    if not actions.may_send(kind=kind.code, by=account):
        return []
    department = actions.department_of(account)
    sent = Return.objects.filter(
        Q(kind=kind.code, period=period, region_code=account.region_code, department=department, returned_on=None)
    ).first()
    name = departments.label_of(department) if department else regions.name(account.region_code)
    return [Owed(kind, period, account.region_code, department, name, due, sent, steps.rung(due.on, today))]


def _current(kind: Kind, region_code: str, today: dt.date, policies: Policies) -> str:
    found = kind.resolution(region_code=region_code, on=today, policies=policies)
    return kind.periods(today, found)[0][0]
