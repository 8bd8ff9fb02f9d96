"""What is known of a household and therefore shown, never asked: each value with where it comes from and as of when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.registry.models import Household, Person

from ..models import IncomeMonth, VisitChange
from . import merging
from .asked import BY_NAME, MEMBER_CHANGE, WORK_CHANGE

_MONEY = "元"
# What a visitor looks at, from the household sheet, with the unit that its heading does not say.
_SHOWN = {
    "人均纯收入": _MONEY,
    "家庭人口数": "人",
    "主要致贫原因": "",
    "危房级别": "",
    "是否解决安全饮用水": "",
    "耕地面积（亩）": "",
    "是否加入农民专业合作组织": "",
}
_OF_MEMBERS = ("文化程度", "在校生状况", "健康状况", "务工所在地", "是否享受低保", "是否特困供养人员")
_PARTS = {
    "wage_fen": "工资性收入",
    "business_fen": "生产经营性收入",
    "property_fen": "财产性收入",
    "transfer_fen": "转移性收入",
    "business_cost_fen": "生产经营性支出",
}


@dataclass(frozen=True)
class Known:
    """``value`` goes back as base where the visit may change it; ``text`` is what people read."""

    field: str
    label: str
    value: Any
    text: str
    source: str
    as_of: str

    def plain(self) -> dict[str, Any]:
        return {**self.__dict__}


def of_households(
    households: Sequence[Household], members: Mapping[int, Sequence[Person]], *, on: dt.date
) -> dict[int, list[Known]]:
    """Per household what is known on a day; three queries whatever their number."""
    month = Month.of(on)
    keys = [household.pk for household in households]
    said = merging.known_of_many(keys, period=str(month))
    incomes = _newest_months(keys, month)
    found = {}
    for household in households:
        names = {str(person.pk): person.name for person in members.get(household.pk, ())}
        found[household.pk] = [
            *_of_register(household),
            *_of_members(members.get(household.pk, ())),
            *_of_ledger(incomes.get(household.pk)),
            *(_said(change, names) for change in said.get(household.pk, {}).values()),
        ]
    return found


def words(change_field: str, value: Any, names: Mapping[str, str]) -> tuple[str, str]:
    """(label, text) of what a visit said."""
    group = change_field.partition(":")[0]
    if group == MEMBER_CHANGE:
        who = names.get(str(value.get("change_member", "")), "") or value.get("change_name", "")
        return "家里人变动", f"{who} {value['change_kind']}（{value.get('change_on', '')}）"
    if group == WORK_CHANGE:
        who = names.get(str(value.get("work_member", "")), "")
        label = BY_NAME["work_kind"].choices.get(value["work_kind"], value["work_kind"])
        return "务工", " ".join(filter(None, [who, label, value.get("work_place", "")]))
    one = BY_NAME.get(change_field)
    if one is None:
        return change_field, str(value)
    if isinstance(value, list):
        return one.label, "、".join(one.choices.get(code, code) for code in value)
    return one.label, _with_unit(value, one.unit) if not one.choices else one.choices.get(value, str(value))


def _with_unit(value: Any, unit: str) -> str:
    """12679.5 元 → 12,679.50 元; what is no number stands as it came."""
    if unit == _MONEY:
        try:
            value = money.grouped(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    return f"{value} {unit}".strip()


def _of_register(household: Household) -> Iterable[Known]:
    for heading, unit in _SHOWN.items():
        if value := household.columns.get(heading, ""):
            text = _with_unit(value, unit)
            yield Known(f"household.{heading}", heading, value, text, "全国系统·农户信息", household.period)


def _of_members(members: Sequence[Person]) -> Iterable[Known]:
    for person in members:
        texts = [f"{heading} {text}" for heading in _OF_MEMBERS if (text := person.columns.get(heading, ""))]
        if texts:
            yield Known(f"person:{person.pk}", person.name, "", "；".join(texts), "全国系统·人员信息", person.period)


def _of_ledger(month: IncomeMonth | None) -> Iterable[Known]:
    """The newest month of the income ledger: what departments and earlier visits told."""
    if month is None:
        return
    for name, label in _PARTS.items():
        amount = getattr(month, name)
        if amount is not None:
            text = f"{money.grouped(money.yuan(amount))} 元"
            yield Known(f"income.{name[:-4]}", label, "", text, "增收台账", month.period)


def _said(change: VisitChange, names: Mapping[str, str]) -> Known:
    label, text = words(change.field, change.value, names)
    return Known(change.field, label, change.value, text, "走访登记", change.at.date().isoformat())


def _newest_months(households: list[int], until: Month) -> dict[int, IncomeMonth]:
    rows = IncomeMonth.objects.filter(household__in=households, period__gte=str(until.plus(-3)), period__lte=str(until))
    return {row.household_id: row for row in rows.order_by("period") if len(row.period) == 7}
