"""Reads of the registers: rows under a filter, one row with its history, what stands about a household, the looked-up fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shouwang.foundation.periods import Month
from shouwang.intake.contract import Kind
from shouwang.intake.models import Batch
from shouwang.organisation.scope import Scope
from shouwang.registry import queries as registry
from shouwang.registry.models import Household, Monitoring, OutWork, Person

from .. import fields
from ..kinds import ALLEVIATED as ALLEVIATED_TYPE
from ..kinds import LABOURING
from ..models import RegisterChange, RegisterRow
from .declaration import (
    ALLEVIATED,
    MONITORED,
    NO_LABOUR,
    NO_PERIOD,
    PERSON,
    WITH_LABOUR,
    Register,
)
from .values import shown

CURRENT, OVER, ALL, SOON, LATE = "current", "over", "all", "soon", "late"
STATES = {CURRENT: "有效", OVER: "已结束", ALL: "全部"}
# For registers with a day on which something falls due. Soon is until the end of next month: no document says how many days.
DUE_STATES = {SOON: "下月底前到期", LATE: "已到期未结束"}
_MOST_PERIODS = 60
# What the register of households keeps in columns of its own.
_ATTRIBUTES = {
    "person.劳动技能": "labour_capacity",
    "person.与户主关系": "relation",
    "person.性别": "sex",
    "person.户类型": "household_type",
    "household.家庭人口数": "registered_size",
    "monitored.监测对象类别": "object_category",
    "monitored.识别监测时间": "identified_month",
}
# In the person sheet and the out-work sheet; the latter says it more exactly.
WORK_PLACE = "person.务工所在地"
# A heading of several sheets is listed once, under the first; these are facts about the household.
_OF_THE_HOUSEHOLD = {
    "person.户类型",
    "person.户主姓名",
    "person.危房户",
    "person.人均纯收入",
    "person.是否解决安全饮用水",
}


def rows(register: Register, *, scope: Scope, wanted: Mapping[str, str], on: dt.date) -> QuerySet[RegisterRow]:
    """The rows of a scope under a filter of texts: state, period, group, text, part_of, batch, c_<column>."""
    found = scope.filter(RegisterRow.objects.filter(register=register.code, is_taken_back=False))
    found = found.filter(standing(wanted.get("state", CURRENT) or CURRENT, on))
    if register.period != NO_PERIOD and wanted.get("period"):
        found = found.filter(period=wanted["period"])
    if wanted.get("group"):
        found = found.filter(in_group(wanted["group"]))
    if wanted.get("part_of", "").isdecimal():
        found = found.filter(part_of_id=int(wanted["part_of"]))
    if wanted.get("batch", "").isdecimal():
        found = found.filter(changes__batch_id=int(wanted["batch"])).distinct()
    for column in register.filters:
        if chosen := wanted.get(f"c_{column.name}"):
            found = found.filter(column_is(register, column.name, chosen))
    if text := wanted.get("text", "").strip():
        found = found.filter(_matches(register, text, scope))
    return found


def standing(state: str, on: dt.date) -> Q:
    """Which rows count in a state on a day."""
    if state == ALL:
        return Q()
    is_over = Q(ended_on__lte=on) | Q(until_on__lt=on)
    if state == LATE:
        return Q(due_on__lt=on, ended_on=None)
    if state == SOON:
        return Q(due_on__gte=on, due_on__lte=Month.of(on).plus(1).last_day, ended_on=None)
    if state == OVER:
        return is_over
    # not ~is_over: with columns that may be empty a negation is neither true nor false
    return (Q(ended_on=None) | Q(ended_on__gt=on)) & (Q(until_on=None) | Q(until_on__gte=on))


def in_force(on: dt.date) -> Q:
    """Rows that had begun and were not over on a day: what figures count."""
    return standing(CURRENT, on) & (Q(from_on=None) | Q(from_on__lte=on))


def column_is(register: Register, name: str, chosen: str) -> Q:
    """Rows whose column has a value, as the filter writes it (是 or 否 for yes and no)."""
    if name == register.status:
        return Q(status=chosen)
    if register.column(name).kind is Kind.YES_NO:
        return Q(**{f"values__{name}": chosen == "是"})
    return Q(**{f"values__{name}": chosen})


def in_group(group: str) -> Q:
    """Rows of the households of a group, by what the register of households says now; asked row by row, so that a screenful is quick."""
    home = OuterRef("household_id")
    able = Exists(Person.objects.filter(household=home, is_withdrawn=False, labour_capacity__in=LABOURING))
    match group:
        case "monitored":
            return Q(Exists(Monitoring.objects.filter(household=home, is_withdrawn=False, is_cleared=False)))
        case "alleviated":
            return Q(household__household_type=ALLEVIATED_TYPE, household__is_withdrawn=False)
        case "labour":
            return Q(able)
        case "no_labour":
            return Q(household__isnull=False) & ~Q(able)
    return Q(pk__in=[])


def row(register: Register, *, scope: Scope, pk: int) -> RegisterRow | None:
    """One row with whom it is about; None where the scope does not see it."""
    found = RegisterRow.objects.filter(register=register.code, pk=pk)
    return scope.filter(found).select_related("household", "person", "part_of", "measure", "changed_by").first()


def with_subjects(found: QuerySet[RegisterRow]) -> QuerySet[RegisterRow]:
    return found.select_related("household", "person", "part_of")


@dataclass(frozen=True)
class Step:
    """One line of a row's history: who, when, and each column before and after."""

    change: RegisterChange
    lines: list[tuple[str, str, str]]


def history(register: Register, one: RegisterRow) -> list[Step]:
    """What was done to a row, newest first."""
    columns = {column.name: column for column in register.columns}
    steps = []
    for change in one.changes.select_related("by", "batch").order_by("-pk"):
        names = [name for name in columns if change.before.get(name) != change.after.get(name)]
        lines = [
            (
                columns[name].heading,
                shown(columns[name], change.before.get(name)),
                shown(columns[name], change.after.get(name)),
            )
            for name in names
        ]
        steps.append(Step(change, lines))
    return steps


def subject_name(one: RegisterRow) -> str:
    """Whom or what a row is about, in a few words."""
    if one.person is not None:
        return one.person.name
    return one.household.head_name if one.household is not None else one.name


def known_labels(register: Register) -> list[str]:
    """The headings of the looked-up fields."""
    found = fields.register()
    return [found[code].label for code in register.known]


def known(register: Register, found: Sequence[RegisterRow]) -> dict[int, list[str]]:
    """Row → the looked-up fields as the register of households has them now; nothing of this is ever typed."""
    if not register.known:
        return {one.pk: [] for one in found}
    return {
        one.pk: values
        for one, values in zip(found, known_of(register, [(one.household, one.person) for one in found]), strict=True)
    }


def known_of(register: Register, subjects: Sequence[tuple[Household | None, Person | None]]) -> list[list[str]]:
    """The same for subjects that have no row yet."""
    homes = {home.pk for home, _ in subjects if home is not None}
    people = {person.pk for _, person in subjects if person is not None}
    watches = {one.household_id: one for one in Monitoring.objects.filter(household_id__in=homes, is_withdrawn=False)}
    works: dict[int, OutWork] = {}
    if WORK_PLACE in register.known:
        works = {one.person_id: one for one in OutWork.objects.filter(person_id__in=people, is_withdrawn=False)}
    lines = []
    for home, person in subjects:
        records = {
            "person": person,
            "household": home,
            "monitored": watches.get(home.pk) if home else None,
            "outwork": works.get(person.pk) if person else None,
        }
        lines.append([_known(code, records) for code in register.known])
    return lines


def _known(code: str, records: Mapping[str, Any]) -> str:
    if code == WORK_PLACE and records["outwork"] is not None and records["outwork"].place:
        return str(records["outwork"].place)
    source, _, heading = code.partition(".")
    record = records["household"] if code in _OF_THE_HOUSEHOLD else records[source]
    if record is None:
        return ""
    value = getattr(record, _ATTRIBUTES[code], "") if code in _ATTRIBUTES else ""
    return str(value or record.columns.get(heading, "") or "")


def of_household(household: Household, *, scope: Scope) -> QuerySet[RegisterRow]:
    """Every row about a household or one of its people, of whatever register."""
    found = scope.filter(RegisterRow.objects.filter(household=household, is_taken_back=False))
    return found.select_related("person", "household").order_by("register", "period", "pk")


def counts(codes: Iterable[str], *, scope: Scope, on: dt.date) -> dict[str, int]:
    """Register → how many rows count today."""
    found = scope.filter(RegisterRow.objects.filter(register__in=list(codes), is_taken_back=False))
    return dict(found.filter(standing(CURRENT, on)).values_list("register").annotate(Count("pk")).order_by())


def due_counts(codes: Iterable[str], *, scope: Scope, on: dt.date) -> dict[str, tuple[int, int]]:
    """Register → (fallen due and not ended, due by the end of next month)."""
    found = scope.filter(RegisterRow.objects.filter(register__in=list(codes), is_taken_back=False, ended_on=None))
    found = found.filter(due_on__lte=Month.of(on).plus(1).last_day)
    counted = found.order_by().values("register").annotate(every=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)))
    return {one["register"]: (one["late"], one["every"] - one["late"]) for one in counted}


def periods(register: Register, *, scope: Scope) -> list[str]:
    """The periods that have rows, newest first."""
    rows = scope.filter(RegisterRow.objects.filter(register=register.code, is_taken_back=False)).order_by("-period")
    rows = rows.exclude(period="")
    found: list[str] = []
    # one step down the index for each: a DISTINCT would read every row
    while len(found) < _MOST_PERIODS and (one := (rows.filter(period__lt=found[-1]) if found else rows).first()):
        found.append(one.period)
    return found


def wholes(register: Register, *, scope: Scope) -> QuerySet[RegisterRow]:
    """The rows of the register that this one is a part of, for choosing one."""
    found = scope.filter(RegisterRow.objects.filter(register=register.part_of, is_taken_back=False, ended_on=None))
    return found.order_by("region_code", "name")


def batches(register: Register, *, scope: Scope) -> QuerySet[Batch]:
    """The files that were taken in, newest first."""
    found = scope.filter(Batch.objects.filter(purpose="register", dataset=f"register_{register.code}"))
    return found.select_related("received_by", "reverted_by").order_by("-pk")


def _matches(register: Register, text: str, scope: Scope) -> Q:
    if not register.is_of_people:
        return Q(name__contains=text)
    homes = registry.households(scope=scope, wanted=registry.HouseholdFilter(text=text)).order_by().values("pk")
    if register.about == PERSON and not text.isascii():
        people = scope.filter(Person.objects.filter(name__startswith=text, is_withdrawn=False)).values("pk")
        return Q(person__in=people)
    return Q(household__in=homes)


__all__ = [
    "ALL",
    "ALLEVIATED",
    "CURRENT",
    "DUE_STATES",
    "LATE",
    "MONITORED",
    "NO_LABOUR",
    "OVER",
    "SOON",
    "STATES",
    "WITH_LABOUR",
    "Step",
    "batches",
    "column_is",
    "counts",
    "due_counts",
    "history",
    "in_force",
    "in_group",
    "known",
    "known_labels",
    "known_of",
    "of_household",
    "periods",
    "row",
    "rows",
    "standing",
    "subject_name",
    "wholes",
    "with_subjects",
]
