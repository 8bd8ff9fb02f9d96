"""A village with families, its people, and the ways in which rows get into a register."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shouwang.households.models import RegisterRow
from shouwang.households.registers import actions, contracts
from shouwang.households.registers.catalogue import BY_CODE
from shouwang.households.registers.declaration import (
    HOUSEHOLD,
    MONTHLY,
    NO_PERIOD,
    PERSON,
    Register,
)
from shouwang.households.registers.subjects import Subject
from shouwang.households.registers.values import shown
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Person
from tests import factories
from tests.factories import LAIYUAN, NOW, YIXIAN

VILLAGE, FAR_VILLAGE = "130630100201", "130633100001"
TODAY = dt.date(2022, 7, 7)
NAMES = ("甲建国", "乙秀英", "丙海生", "丁玉兰", "戊长河", "己春花")


@dataclass
class Office:
    """Families of one village, and who may write there."""

    homes: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return Scope.of_region(LAIYUAN)

    def subject(self, register: Register, place: int = 0) -> Subject:
        """The place-th family, person, or named thing."""
        if register.about == PERSON:
            return Subject.of_person(self.people[place])
        if register.about == HOUSEHOLD:
            return Subject.of_household(self.homes[place])
        villages = (VILLAGE, "130630100202", "130630100203", "130630100204")
        return Subject(villages[place] if register.about == "village" else VILLAGE, name=f"第{place + 1}项")

    def whole(self, register: Register) -> RegisterRow | None:
        """A row of the register that this one is a part of."""
        if not register.part_of:
            return None
        other = BY_CODE[register.part_of]
        there = RegisterRow.objects.filter(register=other.code, is_taken_back=False).first()
        return there or self.add(other, dict(good_case(other).rows[0]))

    def add(self, register: Register, values: Mapping[str, Any], place: int = 0, **names: Any) -> RegisterRow:
        told = dict(values)
        period = told.pop("period", this_period(register))
        return actions.add(
            register=register,
            subject=names.pop("subject", None) or self.subject(register, place),
            values=told,
            period=period,
            part_of=self.whole(register),
            by=names.pop("by", None),
            today=TODAY,
            now=NOW,
            **names,
        )


def office() -> Office:
    made = Office()
    for name in NAMES:
        home = factories.make_household(region_code=VILLAGE, head_name=name)
        person = factories.make_person(household=home, name=name, number=factories.identity_number())
        person.labour_capacity = "普通劳动力"
        person.save()
        made.homes.append(home)
        made.people.append(person)
    made.accounts = {
        "sun": factories.county_officer_sun(),
        "qian": factories.township_clerk_qian("130630100000"),
        "zhao": factories.grid_worker_zhao(VILLAGE),
        "li": factories.neighbour_li(YIXIAN),
    }
    return made


def good_case(register: Register):
    """The first example that is taken."""
    return next(case for case in register.cases if not case.refused)


def this_period(register: Register) -> str:
    return "" if register.period == NO_PERIOD else "2022-07" if register.period == MONTHLY else "2022"


def file(folder: Path, register: Register, made: Office, rows: list[Mapping[str, Any]], name: str = "台账.csv") -> Path:
    """The register's own template, filled in with one row for each family (or thing) in turn."""
    columns = contracts.contract(register).columns
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.heading for column in columns])
        for place, values in enumerate(rows):
            subject = made.subject(register, place)
            told = {**_subject_cells(subject), contracts.PERIOD: str(values.get("period", this_period(register)))}
            whole = made.whole(register)
            told[contracts.WHOLE_NAME] = whole.name if whole else ""
            told |= {column.name: shown(column, values.get(column.name)) for column in register.columns}
            person = subject.person
            name_cell = person.name if person else subject.household.head_name if subject.household else ""
            writer.writerow(
                [told.get(column.name, "") if column.name else _secret(column.heading, name_cell) for column in columns]
            )
    return path


def _subject_cells(subject: Subject) -> dict[str, str]:
    return {
        "household_no": subject.household.household_no if subject.household else "",
        "person_no": subject.person.person_no if subject.person else "",
        contracts.PLACE: subject.region_code,
        contracts.NAME: subject.name,
    }


def _secret(heading: str, name: str) -> str:
    return "" if heading == "证件号码" else name
