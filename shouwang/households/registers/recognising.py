"""Whom the rows of a file are about: numbers to households and persons of the scope, names that have to agree, places, wholes; in sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from shouwang.foundation import secrets
from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household, Person

from ..models import RegisterRow
from .contracts import NAME, PERIOD, PLACE, WHOLE_NAME
from .declaration import HOUSEHOLD, PERSON, VILLAGE, Register

_AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """Whom a row is about, as the parts of its key."""

    keys: dict[str, Any]

    @property
    def keys_of_row(self) -> dict[str, Any]:
        """The same as fields of a row."""
        return self.keys


@dataclass(frozen=True)
class Fault:
    """Why a row is about nobody."""

    column: str
    reason: str
    suggestion: str


def recognise(
    register: Register, rows: Sequence[Mapping[str, Any]], *, scope: Scope, period: str, region_code: str
) -> list[Found | Fault]:
    """One answer for each row, in order."""
    if register.about == HOUSEHOLD:
        found = _households(rows, scope)
    elif register.about == PERSON:
        found = _persons(rows, scope)
    else:
        found = _places(register, rows, scope)
    answers: list[Found | Fault] = []
    wholes = _wholes(register, rows, scope) if register.part_of else {}
    for cells, one in zip(rows, found, strict=True):
        if isinstance(one, Found):
            keys = one.keys | {"period": str(cells.get(PERIOD) or period or ""), "part_of_id": None}
            if register.part_of:
                whole = _whole_of(wholes, str(cells.get(WHOLE_NAME) or ""), keys["region_code"])
                if isinstance(whole, Fault):
                    answers.append(whole)
                    continue
                keys["part_of_id"] = whole
            one = Found(keys)
        answers.append(one)
    return answers


def _keys(
    region_code: str, household_id: int | None = None, person_id: int | None = None, name: str = ""
) -> dict[str, Any]:
    return {"region_code": region_code, "household_id": household_id, "person_id": person_id, "name": name}


def _households(rows: Sequence[Mapping[str, Any]], scope: Scope) -> list[Found | Fault]:
    known = _in_sets(
        scope.filter(Household.objects.filter(is_withdrawn=False)),
        "household_no",
        (row["household_no"] for row in rows),
    )
    answers: list[Found | Fault] = []
    for row in rows:
        home = known.get(row["household_no"])
        if home is None:
            answers.append(Fault("户编号", f"本辖区没有户编号 {row['household_no']}", "请核对户编号"))
        elif home.head_name != row["name"]:
            answers.append(Fault("户主姓名", "与档案里这一户的户主姓名不一致", "请核对户编号和户主姓名"))
        else:
            answers.append(Found(_keys(home.region_code, home.pk)))
    return answers


def _persons(rows: Sequence[Mapping[str, Any]], scope: Scope) -> list[Found | Fault]:
    people = scope.filter(Person.objects.filter(is_withdrawn=False))
    known = _in_sets(people, "person_no", (row["person_no"] for row in rows if row["person_no"]))
    keys = secrets.load()
    indexes = {
        row["row"]: keys.blind_index(row["identity_number"])
        for row in rows
        if not row["person_no"] and row.get("identity_number")
    }
    by_index = _in_sets(people, "identity_index", indexes.values())
    answers: list[Found | Fault] = []
    for row in rows:
        if row["person_no"]:
            person, column = known.get(row["person_no"]), "人口编号"
        elif row["row"] in indexes:
            person, column = by_index.get(indexes[row["row"]]), "证件号码"
        else:
            answers.append(Fault("人口编号", "人口编号和证件号码都没有填", "请填其中一项"))
            continue
        if person is None:
            answers.append(Fault(column, f"本辖区的档案里没有这个{column}", "请核对，或先导入农户档案"))
        elif person.name != row["name"]:
            answers.append(Fault("姓名", f"与档案里这个{column}的姓名不一致", "请核对姓名"))
        else:
            answers.append(Found(_keys(person.region_code, person.household_id, person.pk)))
    return answers


def _places(register: Register, rows: Sequence[Mapping[str, Any]], scope: Scope) -> list[Found | Fault]:
    codes: dict[str, str | Fault] = {}
    for text in {str(row[PLACE]) for row in rows}:
        codes[text] = _place(register, text, scope)
    answers: list[Found | Fault] = []
    for row in rows:
        place = codes[str(row[PLACE])]
        answers.append(
            place
            if isinstance(place, Fault)
            else Found(_keys(place, name="".join(str(row.get(NAME) or "").split())[:120]))
        )
    return answers


def _place(register: Register, text: str, scope: Scope) -> str | Fault:
    try:
        code = regions.full_code(text)
    except UserError:
        return Fault("区划代码", f"区划代码“{text}”不存在", "请按区划代码表填写")
    if not scope.covers(code):
        return Fault("区划代码", f"{regions.name(code)}不在您的辖区", "请由所在地的人员导入")
    if register.about == VILLAGE and regions.region(code).level != Level.VILLAGE:
        return Fault("区划代码", f"{regions.name(code)}不是行政村", "请填写 12 位行政村代码")
    return code


def _wholes(register: Register, rows: Sequence[Mapping[str, Any]], scope: Scope) -> dict[str, list[tuple[int, str]]]:
    names = sorted({"".join(str(row.get(WHOLE_NAME) or "").split()) for row in rows} - {""})
    found: dict[str, list[tuple[int, str]]] = {}
    for start in range(0, len(names), _AT_ONCE):
        there = RegisterRow.objects.filter(
            register=register.part_of, is_taken_back=False, ended_on=None, name__in=names[start : start + _AT_ONCE]
        )
        for pk, name, code in scope.filter(there).values_list("pk", "name", "region_code"):
            found.setdefault(name, []).append((pk, code))
    return found


def _whole_of(wholes: Mapping[str, list[tuple[int, str]]], text: str, region_code: str) -> int | Fault:
    found = wholes.get("".join(text.split()), [])
    here = [pk for pk, code in found if code == region_code] or [pk for pk, _ in found]
    if len(here) == 1:
        return here[0]
    if here:
        return Fault("", f"“{text}”有 {len(here)} 个", "请在页面上逐条登记")
    return Fault("", f"台账里没有“{text}”", "请先登记，或核对名称")


def _in_sets(rows: QuerySet[Any], name: str, wanted: Iterable[Any]) -> dict[Any, Any]:
    found: dict[Any, Model] = {}
    values = sorted(set(wanted))
    for start in range(0, len(values), _AT_ONCE):
        there = rows.filter(**{f"{name}__in": values[start : start + _AT_ONCE]})
        found |= {getattr(one, name): one for one in there.defer("columns", "secrets")}
    return found
