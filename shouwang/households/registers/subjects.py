"""Whom or what a row is about, and the key that makes two rows the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household, Person

from ..models import RegisterRow
from .declaration import HOUSEHOLD, PERSON, VILLAGE, Register


@dataclass(frozen=True)
class Subject:
    """A household, one of its persons, or a place with the name of a unit or thing there."""

    region_code: str
    household: Household | None = None
    person: Person | None = None
    name: str = ""

    @classmethod
    def of_household(cls, household: Household) -> Subject:
        return cls(household.region_code, household)

    @classmethod
    def of_person(cls, person: Person) -> Subject:
        return cls(person.region_code, person.household, person)

    def lacks(self, register: Register) -> str:
        """Why it cannot be the subject of a row of this register; empty when it can."""
        if register.about == PERSON and self.person is None:
            return "没有指明是哪一个人"
        if register.about == HOUSEHOLD and self.household is None:
            return "没有指明是哪一户"
        if register.about == VILLAGE and regions.region(self.region_code).level != Level.VILLAGE:
            return "没有指明是哪一个行政村"
        if not register.is_of_people and register.about != VILLAGE and not self.name.strip():
            return f"没有填写{register.name_label}"
        return ""


def key_of(
    register: Register, subject: Subject, period: str, values: Mapping[str, Any], part_of: RegisterRow | None = None
) -> str:
    """The same for the same subject, period and key columns, however the row came."""
    return key_from(
        register,
        household_id=subject.household.pk if subject.household else None,
        person_id=subject.person.pk if subject.person else None,
        region_code=subject.region_code,
        name=subject.name,
        period=period,
        values=values,
        part_of_id=part_of.pk if part_of else None,
    )


def key_from(
    register: Register,
    *,
    household_id: int | None,
    person_id: int | None,
    region_code: str,
    name: str,
    period: str,
    values: Mapping[str, Any],
    part_of_id: int | None,
) -> str:
    if register.about == PERSON:
        start = f"p{person_id}"
    elif register.about == HOUSEHOLD:
        start = f"h{household_id}"
    else:
        start = f"{region_code}|{''.join(name.split())}"
    parts = [start, period, str(part_of_id or ""), *(str(values.get(column, "")) for column in register.key)]
    return "|".join(parts)[:200]
