"""Forms of the registers, made from their declarations: the filter of the list, the fields of a row, finding whom a row is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import compress
from typing import Any

from django import forms
from django.http import QueryDict

from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.households.models import RegisterRow
from shouwang.households.registers import queries
from shouwang.households.registers.catalogue import BY_CODE, REGISTERS
from shouwang.households.registers.declaration import (
    GROUPS,
    MONTHLY,
    NO_PERIOD,
    PERSON,
    Register,
)
from shouwang.households.registers.values import shown
from shouwang.intake.contract import Column, Kind
from shouwang.jobs import clock
from shouwang.jobs.exports.registers import name_of
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.registry import queries as registry
from shouwang.registry.models import Household, Person

from . import lists

_CLASSES = {
    Kind.MONEY: "n",
    Kind.WHOLE: "n",
    Kind.DECIMAL: "n",
    Kind.DAY: "date",
    Kind.MONTH: "date",
    Kind.CODE: "date",
}
_EVERY_PERIOD = "all"
_MOST_FOUND = 20
_YES_NO = [("", "全部"), ("是", "是"), ("否", "否")]


class RegisterListForm(lists.ListForm):
    """The filter of one register's list; ``register`` is set by the class made for it."""

    register: Register
    state = forms.ChoiceField(
        label="登记状态", required=False, choices=[*queries.STATES.items()], initial=queries.CURRENT
    )

    def __init__(self, asked: QueryDict, *, scope: Scope, home: str, **names: Any) -> None:
        super().__init__(asked, scope=scope, home=home, **names)
        self.kept_filters = {
            name: asked.get(name, "") for name in ("part_of", "batch") if asked.get(name, "").isdecimal()
        }
        if self.register.due:
            lists.offer(self, "state", [*queries.STATES.items(), *queries.DUE_STATES.items()])
        self.period = ""
        if self.register.period != NO_PERIOD:
            known = queries.periods(self.register, scope=self.within)
            default = known[0] if known else newest_period(self.register)
            lists.offer(
                self, "period", [*((one, period_label(one)) for one in known or [default]), (_EVERY_PERIOD, "全部")]
            )
            asked_for = asked.get("period", "")
            self.period = "" if asked_for == _EVERY_PERIOD else asked_for if asked_for in known else default

    @property
    def filters(self) -> dict[str, str]:
        """What the list, its figures' links and its file are narrowed by."""
        found = {name: self.chosen(name) for name in self.fields if name.startswith("c_") or name in ("state", "group")}
        if found.get("state") == queries.CURRENT:
            del found["state"]
        return self.kept({**found, "text": str(self.chosen("q")).strip(), "period": self.period, **self.kept_filters})


@cache
def _list_form(code: str) -> type[RegisterListForm]:
    register = BY_CODE[code]
    names: dict[str, Any] = {"register": register}
    if register.period != NO_PERIOD:
        names["period"] = forms.ChoiceField(label="时期", required=False)
    for column in register.filters:
        choices = [("", "全部"), *((one, one) for one in column.codes.values)] if column.codes else _YES_NO
        names[f"c_{column.name}"] = forms.ChoiceField(label=column.heading, required=False, choices=choices)
    if register.is_of_people:
        names["group"] = forms.ChoiceField(label="农户", required=False, choices=[("", "全部"), *GROUPS.items()])
        names["q"] = forms.CharField(label="查找", required=False, widget=forms.HiddenInput, max_length=60)
    else:
        names["q"] = forms.CharField(label=register.name_label, required=False, max_length=60)
    return type(f"{register.code}ListForm", (RegisterListForm,), names)


def list_form(register: Register) -> type[RegisterListForm]:
    """The class of a register's filter."""
    return _list_form(register.code)


# The lists of jobs.exports with the form that narrows each.
LIST_FORMS: dict[str, type[lists.ListForm]] = {name_of(one): list_form(one) for one in REGISTERS}


def newest_period(register: Register) -> str:
    """The month or year that is being written down now."""
    today = clock.today()
    return str(Month.of(today)) if register.period == MONTHLY else str(today.year) if register.period else ""


def period_label(text: str) -> str:
    """2022年6月, 2022年."""
    return f"{text[:4]}年{int(text[5:])}月" if len(text) == 7 else f"{text}年"


class RowForm(forms.Form):
    """The declared columns of one row; and where it is a new one, period, place, name or the whole that it belongs to."""

    def __init__(
        self, data: Any = None, *, register: Register, is_new: bool, scope: Scope, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.register = register
        if is_new:
            self._identifying(scope)
        for column in register.columns:
            self.fields[column.name] = _field(column)

    def _identifying(self, scope: Scope) -> None:
        register = self.register
        if register.part_of:
            wholes = queries.wholes(register, scope=scope)[:500]
            choices = [("", "请选择"), *((str(one.pk), one.name) for one in wholes)]
            label = BY_CODE[register.part_of].name_label
            self.fields["part_of"] = forms.ChoiceField(label=label, choices=choices)
        if not register.is_of_people and register.about != "village":
            self.fields["name"] = forms.CharField(label=register.name_label, max_length=60)
        if register.period == MONTHLY:
            self.fields["period"] = forms.RegexField(
                r"^\d{4}-(0[1-9]|1[0-2])$",
                label="所属月份",
                widget=forms.TextInput(attrs={"type": "month", "placeholder": "2022-06"}),
                error_messages={"invalid": "请写成 2022-06 的形式。"},
            )
        elif register.period != NO_PERIOD:
            self.fields["period"] = forms.RegexField(
                r"^\d{4}$", label="所属年度", error_messages={"invalid": "请写成 2022 的形式。"}
            )

    @property
    def values(self) -> dict[str, Any]:
        """What ``registers.actions`` takes."""
        found = {column.name: self.cleaned_data.get(column.name) for column in self.register.columns}
        for column in self.register.columns:
            if column.kind is Kind.YES_NO:
                found[column.name] = {"是": True, "否": False}.get(str(found[column.name]))
        return found


def initial_of(register: Register, values: dict[str, Any]) -> dict[str, Any]:
    """Kept values as a form shows them."""
    found = dict(values)
    for column in register.columns:
        value = found.get(column.name)
        if value is None:
            continue
        if column.kind is Kind.MONEY:
            found[column.name] = money.yuan(int(value))
        elif column.kind is Kind.YES_NO:
            found[column.name] = "是" if value else "否"
    return found


def _field(column: Column) -> forms.Field:
    names: dict[str, Any] = {
        "label": f"{column.heading}（{column.unit}）" if column.unit else column.heading,
        "required": not column.may_be_empty,
        "help_text": column.description,
    }
    if column.codes:
        return forms.ChoiceField(choices=[("", "—"), *((one, one) for one in column.codes.values)], **names)
    match column.kind:
        case Kind.DAY:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **names)
        case Kind.MONTH:
            return forms.RegexField(
                r"^\d{4}-(0[1-9]|1[0-2])$",
                widget=forms.TextInput(attrs={"type": "month", "placeholder": "2022-06"}),
                error_messages={"invalid": "请写成 2022-06 的形式。"},
                **names,
            )
        case Kind.MONEY:
            return forms.DecimalField(min_value=Decimal(0), max_digits=14, decimal_places=2, **names)
        case Kind.DECIMAL:
            return forms.DecimalField(min_value=Decimal(0), max_digits=14, decimal_places=2, **names)
        case Kind.WHOLE | Kind.YEAR:
            return forms.IntegerField(min_value=0, max_value=10**8, **names)
        case Kind.YES_NO:
            return forms.ChoiceField(choices=[("", "—"), ("是", "是"), ("否", "否")], **names)
    return forms.CharField(max_length=200, **names)


class ReasonForm(forms.Form):
    """Why a row is ended, revived or taken back, and from which day."""

    on = forms.DateField(
        label="从哪一天起不再计入", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="原因",
        min_length=2,
        max_length=180,
        error_messages={"required": "请写明原因。", "min_length": "原因太短。"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@dataclass(frozen=True)
class Hit:
    """Somebody whom a search found."""

    household: Household
    person: Person | None = None

    @property
    def number(self) -> str:
        return self.person.person_no if self.person else self.household.household_no

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.household.head_name


def found(register: Register, text: str, *, scope: Scope, account: Account) -> list[Hit]:
    """Whom a name or number means inside the scope; who sees no households finds by whole numbers only, and cannot browse names."""
    text = text.strip()
    if not text:
        return []
    if not account.may(roles.SEE_HOUSEHOLDS) and not (text.isascii() and len(text) >= 10):
        return []
    homes = scope.filter(Household.objects.filter(is_withdrawn=False))
    people = scope.filter(Person.objects.filter(is_withdrawn=False)).select_related("household")
    if not account.may(roles.SEE_HOUSEHOLDS):
        exact: Iterable[Person] = people.filter(person_no=text)[:1]
        if register.about == PERSON:
            return [Hit(one.household, one) for one in exact]
        return [Hit(one) for one in homes.filter(household_no=text)[:1]]
    if register.about == PERSON:
        own = people.filter(person_no=text) if text.isascii() else people.filter(name__startswith=text)
        hits = [Hit(one.household, one) for one in own.order_by("region_code", "person_no")[:_MOST_FOUND]]
        if hits or not text.isascii():
            return hits
        some = registry.households(scope=scope, wanted=registry.HouseholdFilter(text=text))[:5]
        members = people.filter(household__in=[one.pk for one in some]).order_by("person_no")[:_MOST_FOUND]
        return [Hit(one.household, one) for one in members]
    return [
        Hit(one) for one in registry.households(scope=scope, wanted=registry.HouseholdFilter(text=text))[:_MOST_FOUND]
    ]


def cells(
    register: Register, rows: list[RegisterRow]
) -> list[tuple[RegisterRow, list[tuple[str, str]], list[tuple[str, str, str]]]]:
    """(row, (heading, text) of each looked-up field, (heading, text, class of the cell) of each column) for a table."""
    known, labels = queries.known(register, rows), queries.known_labels(register)
    return [
        (
            one,
            list(zip(labels, known[one.pk], strict=True)),
            [
                (column.heading, shown(column, one.values.get(column.name)), _CLASSES.get(column.kind, ""))
                for column in register.columns
            ],
        )
        for one in rows
    ]


def filled(
    lines: list[Any], known_labels: list[str], found: list[tuple[str, bool]]
) -> tuple[list[Any], list[str], list[tuple[str, bool]]]:
    """The lines of one page, its looked-up headings and its headings, without the columns that no line fills.

    A wide register is read across; the empty columns stay in the row's own page and in the file.
    """
    keeps_known = [any(known[place][1] for _, known, _ in lines) for place in range(len(known_labels))]
    keeps = [any(values[place][1] for _, _, values in lines) for place in range(len(found))]
    return (
        [(one, list(compress(known, keeps_known)), list(compress(values, keeps))) for one, known, values in lines],
        list(compress(known_labels, keeps_known)),
        list(compress(found, keeps)),
    )


def headings(register: Register) -> list[tuple[str, bool]]:
    """(heading with its unit, is a number) of each declared column."""
    return [
        (f"{column.heading}（{column.unit}）" if column.unit else column.heading, _CLASSES.get(column.kind) == "n")
        for column in register.columns
    ]
