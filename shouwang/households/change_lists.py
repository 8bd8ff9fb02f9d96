"""The month's list of natural changes: by household and place, at open cases, and as rows of the national layout (S0-C-24)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from shouwang.casework.models import Case
from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError
from shouwang.foundation.periods import Month
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry import exporting
from shouwang.registry.models import Household
from shouwang.registry.sheets import SHEETS

from .models import NaturalChange
from .models.changes import CONFIRMED, ENTERED, REJECTED, TO_CONFIRM

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

# What stands before the columns of the national person sheet in the month's file.
ADDED_HEADINGS = ("变更类型", "变更原因", "变更时间", "变更前人口数", "变更后人口数")
_EFFECT = {1: "自然增加", -1: "自然减少"}


@dataclass
class HouseholdLine:
    """A household's changes of a month, in the order of their days. Sizes are empty where the register has no count."""

    household: Household
    changes: list[NaturalChange] = field(default_factory=list)

    @property
    def _standing(self) -> list[NaturalChange]:
        return [change for change in self.changes if change.state != REJECTED]

    @property
    def added(self) -> int:
        return sum(change.effect > 0 for change in self._standing)

    @property
    def removed(self) -> int:
        return sum(change.effect < 0 for change in self._standing)

    @property
    def size_before(self) -> int | None:
        return self.changes[0].size_before

    @property
    def size_after(self) -> int | None:
        return None if self.size_before is None else self.size_before + self.added - self.removed


@dataclass(frozen=True)
class PlaceLine:
    """A division's sums: what is told and not denied, and how far it is."""

    region_code: str
    added: int
    removed: int
    to_confirm: int
    confirmed: int
    entered: int
    rejected: int


def changes(*, scope: Scope, month: Month, state: str = "", effect: int = 0) -> QuerySet[NaturalChange]:
    """The rows of a month's list, village by village."""
    rows = scope.filter(NaturalChange.objects.filter(month=str(month))).select_related("household", "person")
    if state:
        rows = rows.filter(state=state)
    if effect:
        rows = rows.filter(effect=effect)
    return rows.order_by("region_code", "household_id", "changed_on", "pk")


def of_households(rows: Iterable[NaturalChange]) -> list[HouseholdLine]:
    """Rows in the order of the list, gathered by household."""
    found: dict[int, HouseholdLine] = {}
    for change in rows:
        found.setdefault(change.household_id, HouseholdLine(change.household)).changes.append(change)
    return list(found.values())


def households(*, scope: Scope, month: Month) -> list[HouseholdLine]:
    return of_households(changes(scope=scope, month=month))


def by_division(*, scope: Scope, month: Month, digits: int) -> list[PlaceLine]:
    """By division of the first ``digits`` digits, in the order of their codes."""
    rows = scope.filter(NaturalChange.objects.filter(month=str(month))).order_by()
    standing = ~Q(state=REJECTED)
    parts = {"added": standing & Q(effect=1), "removed": standing & Q(effect=-1)}
    parts |= {state: Q(state=state) for state in (TO_CONFIRM, CONFIRMED, ENTERED, REJECTED)}
    counts = {name: Count("pk", filter=condition) for name, condition in parts.items()}
    counted = rows.annotate(area=Substr("region_code", 1, digits)).values_list("area").annotate(**counts)
    lines = [PlaceLine(area.ljust(12, "0"), *found) for area, *found in counted]
    return sorted(lines, key=lambda line: line.region_code)


def of_case(case: Case) -> list[NaturalChange]:
    """What changed in a case's household since the case was opened and was not denied."""
    rows = NaturalChange.objects.filter(household_id=case.household_id, changed_on__gte=case.opened_on)
    return list(rows.exclude(state=REJECTED).select_related("person").order_by("changed_on", "pk"))


def affected_cases(*, scope: Scope, month: Month) -> list[Case]:
    """Open cases in whose household somebody died or left: whoever works on them has to know."""
    gone = NaturalChange.objects.filter(month=str(month), effect=-1).exclude(state=REJECTED)
    rows = scope.filter(Case.objects.filter(is_open=True, household__in=gone.values("household")))
    return list(rows.select_related("household").order_by("region_code", "case_no"))


def national_rows(*, region_code: str, month: Month, by: Account | None) -> tuple[list[str], list[list[str]]]:
    """Headings and rows for the national system: confirmed changes in the columns of the last imported person sheet, every
    cell text. Numbers stand in full, so the account needs to export and to see numbers; it goes into the log."""
    region_code = regions.full_code(region_code)
    scope = Scope.of_region(region_code)
    if by is not None:
        if not (by.may(roles.EXPORT) and by.may(roles.UNMASK)):
            raise NotPermittedError("您的账号不能导出带完整号码的清单", next_step="请联系县级数据员。")
        scope = Scope.of(by).narrowed(region_code)
    layout = exporting.last_layout(kind="person", region_code=region_code)
    columns = (
        list(layout.columns) if layout and layout.columns else [column.heading for column in SHEETS["person"].columns]
    )
    headings = list(layout.headings) if layout and layout.headings else columns
    keys, rows = secrets.load(), []
    for line in of_households(changes(scope=scope, month=month, state=CONFIRMED)):
        for change in line.changes:
            values = _values(change, keys)
            size = change.size_before
            sizes = ["", ""] if size is None else [str(size), str(size + change.effect)]
            first = [_EFFECT[change.effect], change.kind, change.changed_on.isoformat(), *sizes]
            rows.append(first + [values.get(column, "") for column in columns])
    audit.record(
        by=by, action="导出自然变更清单", region_code=region_code, target=str(month), detail={"rows": len(rows)}
    )
    return [*ADDED_HEADINGS, *headings], rows


def _values(change: NaturalChange, keys: secrets.Keys) -> dict[str, str]:
    """What stands under the headings of the person sheet: the register's own words, or what is known of a newcomer."""
    person = change.person
    if person is not None:
        hidden = keys.decrypt_values(bytes(person.secrets)) if person.secrets else {}
        known = {"人口编号": person.person_no, "姓名": person.name, "户编号": change.household.household_no}
        return {**known, **person.columns, **hidden}
    place = regions.names_of({change.region_code, f"{change.region_code[:9]}000", f"{change.region_code[:6]}000000"})
    hidden = keys.decrypt_values(bytes(change.secrets)) if change.secrets else {}
    return {
        "县": place.get(f"{change.region_code[:6]}000000", ""),
        "乡": place.get(f"{change.region_code[:9]}000", ""),
        "村": place.get(change.region_code, ""),
        "户编号": change.household.household_no,
        "户主姓名": change.household.head_name,
        "姓名": change.name,
        "与户主关系": change.relation,
        **hidden,
    }
