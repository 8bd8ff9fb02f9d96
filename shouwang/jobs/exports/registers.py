"""Every declared register as a list that can be handed out: whom it is about, the looked-up fields, the declared columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db.models import QuerySet

from shouwang.households.models import RegisterRow
from shouwang.households.registers import catalogue, queries
from shouwang.households.registers.declaration import HOUSEHOLD, NO_PERIOD, PERSON, Register
from shouwang.households.registers.values import shown
from shouwang.intake.contract import Kind, Privacy
from shouwang.organisation.scope import Scope

from .. import clock
from .cells import _places_of
from .rows import Filters, _within


def name_of(register: Register) -> str:
    """The name of its list in addresses and column templates."""
    return f"register_{register.code}"


def headings(register: Register) -> tuple[str, ...]:
    return (
        *_subject_headings(register),
        "县",
        "乡镇",
        "村",
        *queries.known_labels(register),
        *((catalogue.BY_CODE[register.part_of].name_label,) if register.part_of else ()),
        *(("时期",) if register.period != NO_PERIOD else ()),
        *(f"{column.heading}（{column.unit}）" if column.unit else column.heading for column in register.columns),
        "登记状态",
        "最近变更",
    )


def rows_of(register: Register) -> Callable[[Scope, Filters], QuerySet[RegisterRow]]:
    """The rows under the filter of the page."""

    def rows(scope: Scope, filters: Filters) -> QuerySet[RegisterRow]:
        found = queries.rows(register, scope=_within(scope, filters), wanted=filters, on=clock.today())
        return queries.with_subjects(found).order_by("region_code", "pk")

    return rows


def cells_of(register: Register) -> Callable[[Sequence[RegisterRow]], Iterator[list[str]]]:
    """The texts of a chunk of rows, in the order of the headings."""

    def cells(rows: Sequence[RegisterRow]) -> Iterator[list[str]]:
        places = _places_of({one.region_code for one in rows})
        known = queries.known(register, rows)
        today = clock.today()
        for one in rows:
            is_over = (one.ended_on and one.ended_on <= today) or (one.until_on and one.until_on < today)
            yield [
                *_subject(register, one),
                *places[one.region_code],
                *known[one.pk],
                *((one.part_of.name if one.part_of else "",) if register.part_of else ()),
                *((one.period,) if register.period != NO_PERIOD else ()),
                *(shown(column, one.values.get(column.name)) for column in register.columns),
                "已结束" if is_over else "有效",
                one.changed_at.date().isoformat(),
            ]

    return cells


def free_text(register: Register) -> tuple[str, ...]:
    """What people wrote freely, and what tells of health: masked on its way out."""
    return tuple(
        column.heading
        for column in register.columns
        if column.kind in (Kind.TEXT, Kind.KEY) or column.privacy is Privacy.SENSITIVE
    )


def _subject_headings(register: Register) -> tuple[str, ...]:
    if register.about == PERSON:
        return ("姓名", "人口编号", "户编号")
    return ("户主", "户编号") if register.about == HOUSEHOLD else (register.name_label,)


def _subject(register: Register, one: RegisterRow) -> tuple[str, ...]:
    number = one.household.household_no if one.household else ""
    if register.about == PERSON:
        return (one.person.name, one.person.person_no, number) if one.person else ("", "", number)
    return (one.household.head_name if one.household else "", number) if register.about == HOUSEHOLD else (one.name,)
