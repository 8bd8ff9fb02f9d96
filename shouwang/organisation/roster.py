"""Takes a roster of units, posts and people in one go: what is known stays, what is new is added, what differs is changed.

The same roster taken again changes nothing. Everything is looked up and written in sets.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from . import audit, permits
from .models import Appointment, Post, StaffMember, Unit
from .roles import MANAGE_STAFF
from .scope import Scope
from .staffing import keep_phone, phone_index

if TYPE_CHECKING:
    from .models import Account


@dataclass(frozen=True)
class RosterRow:
    """One line: a unit with a post of it, and who holds it since when. Without a name the post stands vacant."""

    region_code: str
    unit: str
    unit_kind: str
    department: str
    post: str
    post_kind: str
    responsibility: str = ""
    name: str = ""
    sex: str = ""
    phone: str = ""
    from_on: dt.date | None = None
    until_on: dt.date | None = None


@dataclass
class Outcome:
    """What a roster brought. ``new``, ``changed``, ``same``, ``vacant`` count its lines and add up to all of them."""

    units: int = 0
    posts: int = 0
    people: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    vacant: int = 0
    ended: int = 0
    left: list[str] = field(default_factory=list)  # who is not in the roster any more: 单位 岗位 姓名


def take_roster(
    *,
    rows: Sequence[RosterRow],
    region_code: str,
    today: dt.date,
    by: Account | None,
    ends_missing: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Brings units, posts and terms of a region in step with a roster.

    A line without a day begins its term today. ``ends_missing``: whoever holds a post of a unit that the roster names and
    is not in it leaves today. ``dry_run`` counts and writes nothing. Raises NotPermittedError when a line lies elsewhere.
    """
    permits.require(by, MANAGE_STAFF, region_code)
    scope = Scope.of_region(region_code)
    for code in {row.region_code for row in rows}:
        if not scope.covers(code):
            permits.require(by, MANAGE_STAFF, code)
    with transaction.atomic():
        outcome = _Taking(rows, today, ends_missing).done()
        if dry_run:
            transaction.set_rollback(True)
        else:
            counts = {name: number for name, number in vars(outcome).items() if isinstance(number, int)}
            audit.record(by=by, action="导入机构人员名册", region_code=region_code, detail=counts)
    return outcome


class _Taking:
    """One roster on its way in: units, then posts, then people, then terms."""

    def __init__(self, rows: Sequence[RosterRow], today: dt.date, ends_missing: bool) -> None:
        self.rows, self.today, self.ends_missing = rows, today, ends_missing
        self.outcome = Outcome()

    def done(self) -> Outcome:
        self._units()
        self._posts()
        self._people()
        self._terms()
        return self.outcome

    def _units(self) -> None:
        codes = {row.region_code for row in self.rows}
        known = Unit.objects.filter(region_code__in=codes, closed_on__isnull=True)
        self.units = {(unit.region_code, unit.name): unit for unit in known}
        wanted = dict[tuple[str, str], RosterRow]()
        for row in self.rows:
            wanted.setdefault((row.region_code, row.unit), row)
        fresh = [
            Unit(name=row.unit, kind=row.unit_kind, department=row.department, region_code=row.region_code)
            for key, row in wanted.items()
            if key not in self.units
        ]
        Unit.objects.bulk_create(fresh)
        self.units |= {(unit.region_code, unit.name): unit for unit in fresh}
        self.outcome.units = len(fresh)

    def _posts(self) -> None:
        named = {self._unit(row).pk for row in self.rows}
        known = Post.objects.filter(unit__in=named, closed_on__isnull=True)
        self.posts = {(post.unit_id, post.title): post for post in known}
        wanted = dict[tuple[int, str], RosterRow]()
        for row in self.rows:
            wanted.setdefault((self._unit(row).pk, row.post), row)
        fresh = []
        for (unit, title), row in wanted.items():
            if (unit, title) not in self.posts:
                fresh.append(Post(unit_id=unit, title=title, kind=row.post_kind, responsibility=row.responsibility))
        Post.objects.bulk_create(fresh)
        self.posts |= {(post.unit_id, post.title): post for post in fresh}
        self.outcome.posts = len(fresh)

    def _people(self) -> None:
        """Who a line means: the same name and number anywhere in the roster's units, else the same name in the unit."""
        named = {self._unit(row).pk for row in self.rows}
        rows = Appointment.objects.filter(post__unit__in=named).select_related("staff", "post").order_by("-from_on")
        self.terms = list(rows)
        by_number, by_unit = dict[tuple[str, str], StaffMember](), defaultdict[tuple[int, str], list[StaffMember]](list)
        for term in self.terms:
            if term.staff.phone_index:
                by_number.setdefault((term.staff.name, term.staff.phone_index), term.staff)
            if term.staff not in by_unit[term.post.unit_id, term.staff.name]:
                by_unit[term.post.unit_id, term.staff.name].append(term.staff)
        indexes = {row.phone: phone_index(row.phone) for row in self.rows}
        numbers = {(row.name, indexes[row.phone]) for row in self.rows if row.phone}
        self.people: list[StaffMember | None] = []
        fresh, renumbered = list[StaffMember](), list[StaffMember]()
        for row in self.rows:
            if not row.name:
                self.people.append(None)
                continue
            index = indexes[row.phone]
            namesakes = by_unit[self._unit(row).pk, row.name]
            found = by_number.get((row.name, index)) if index else None
            found = found or next((one for one in namesakes if not one.phone_index or not index), None)
            # one namesake whose number stands nowhere in the roster: the same person with another number
            found = found or next((one for one in namesakes if (one.name, one.phone_index) not in numbers), None)
            if found is None:
                found = StaffMember(name=row.name, sex=row.sex)
                keep_phone(found, row.phone)
                fresh.append(found)
                namesakes.append(found)
            elif index and found.phone_index != index:
                keep_phone(found, row.phone)
                if found not in fresh:
                    renumbered.append(found)
            if index:
                by_number.setdefault((row.name, index), found)
            self.people.append(found)
        StaffMember.objects.bulk_create(fresh)
        StaffMember.objects.bulk_update(renumbered, ["secrets", "phone_index"])
        self.outcome.people = len(fresh)

    def _terms(self) -> None:
        open_terms = {(term.post_id, term.staff_id): term for term in self.terms if term.until_on is None}
        past = {(term.post_id, term.staff_id, term.from_on): term for term in self.terms}
        fresh, changed, seen = list[Appointment](), list[Appointment](), set[tuple[int, int]]()
        for row, person in zip(self.rows, self.people, strict=True):
            if person is None:
                self.outcome.vacant += 1
                continue
            key = (self._post(row).pk, person.pk)
            seen.add(key)
            term = past.get((*key, row.from_on)) if row.from_on else None
            term = term or open_terms.get(key)
            if term is None:
                term = Appointment(
                    post_id=key[0], staff=person, from_on=row.from_on or self.today, until_on=row.until_on
                )
                fresh.append(term)
                past[*key, term.from_on] = term
                if term.until_on is None:
                    open_terms[key] = term
                self.outcome.new += 1
            elif self._differs(term, row):
                term.from_on = row.from_on or term.from_on
                term.until_on = row.until_on or term.until_on
                if term not in fresh:
                    changed.append(term)
                self.outcome.changed += 1
            else:
                self.outcome.same += 1
        self._leave(seen, changed)
        Appointment.objects.bulk_create(fresh)
        Appointment.objects.bulk_update(changed, ["from_on", "until_on"])

    def _differs(self, term: Appointment, row: RosterRow) -> bool:
        is_moved = row.from_on is not None and row.from_on != term.from_on
        return is_moved or (row.until_on is not None and row.until_on != term.until_on)

    def _leave(self, seen: set[tuple[int, int]], changed: list[Appointment]) -> None:
        """Whoever holds a post of these units and is not in the roster: named, and gone if that is asked for."""
        for term in self.terms:
            is_gone = (term.post_id, term.staff_id) not in seen and term.until_on is None
            if not is_gone or term.from_on >= self.today:
                continue
            self.outcome.left.append(f"{term.post.title} {term.staff.name}")
            if self.ends_missing:
                term.until_on = self.today
                changed.append(term)
                self.outcome.ended += 1

    def _unit(self, row: RosterRow) -> Unit:
        return self.units[row.region_code, row.unit]

    def _post(self, row: RosterRow) -> Post:
        return self.posts[self._unit(row).pk, row.post]
