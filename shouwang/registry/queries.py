"""What pages ask of the register: lists of households, one household with its people, and where every field comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from shouwang.foundation import identity, secrets
from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from . import history, known
from .models import Change, Household, Monitoring, Person, SheetRecord

# The order of every list of households; pages go on after the last row that was shown.
ORDER = ("region_code", "household_no")


@dataclass(frozen=True)
class HouseholdFilter:
    """What a list of households is narrowed to; empty means everything. ``text`` is a number or the beginning of a name."""

    region_code: str = ""
    household_type: str = ""
    is_monitored: bool | None = None
    object_category: str = ""
    is_missing: bool = False  # the newest file does not name it
    text: str = ""


@dataclass(frozen=True)
class Previous:
    """A value that stood before: until which batch, and what it was."""

    value: str
    batch: Batch
    row_number: int | None


@dataclass(frozen=True)
class FieldSource:
    """A field of a record with the file, month and row that it comes from, and what stood there before (newest first)."""

    heading: str
    value: str
    is_secret: bool
    batch: Batch | None
    row_number: int | None
    previous: tuple[Previous, ...]

    @property
    def period(self) -> str:
        return self.batch.period if self.batch else ""


@dataclass(frozen=True)
class Event:
    """One batch in the life of a household: what it did to the household or to a member."""

    at: dt.datetime
    batch: Batch
    label: str
    subject: str
    headings: tuple[str, ...]


def households(*, scope: Scope, wanted: HouseholdFilter | None = None) -> QuerySet[Household]:
    """Households in force that the scope sees, in the order of ``ORDER``. Slice it, or take ``page``."""
    wanted = wanted or HouseholdFilter()
    if wanted.region_code:
        scope = scope.narrowed(wanted.region_code)
    rows = scope.filter(Household.objects.filter(is_withdrawn=False))
    if wanted.household_type:
        rows = rows.filter(household_type=wanted.household_type)
    if wanted.is_missing:
        rows = rows.filter(missing_since__gt="")
    if wanted.is_monitored is not None or wanted.object_category:
        watched = Monitoring.objects.filter(household=OuterRef("pk"), is_withdrawn=False, is_cleared=False)
        if wanted.object_category:
            watched = watched.filter(object_category=wanted.object_category)
        if wanted.is_monitored is False:
            rows = rows.filter(~Exists(watched))
        else:
            # Few are watched: begin with them.
            some = scope.filter(Monitoring.objects.filter(is_withdrawn=False, is_cleared=False))
            if wanted.object_category:
                some = some.filter(object_category=wanted.object_category)
            rows = rows.filter(pk__in=some.values("household"))
    if wanted.text.strip():
        rows = rows.filter(_matches(wanted.text.strip(), scope))
    return rows.order_by(*ORDER)


def page(rows: QuerySet[Household], *, after: Sequence[str] = (), limit: int = 50) -> list[Household]:
    """The next rows after the one whose (region_code, household_no) is ``after``: equally fast on every page."""
    if after:
        region_code, household_no = after
        rows = rows.filter(
            Q(region_code__gt=region_code) | Q(region_code=region_code, household_no__gt=household_no),
            region_code__gte=region_code,
        )
    return list(rows[:limit])


def named(text: str) -> QuerySet[Household, Any]:
    """Every household, withdrawn or not, that has a text as its number or as the beginning of its head's name: for conditions on
    what hangs on households. Both are found in an index of their own."""
    heads = Household.objects.filter(begins("head_name", text))
    return heads.values("pk").union(Household.objects.filter(household_no=text).values("pk"))


def household(*, scope: Scope, household_no: str) -> Household | None:
    """One household, or None when there is none or the scope does not see it."""
    rows = Household.objects.filter(household_no=household_no, is_withdrawn=False).select_related(
        "batch", "first_batch"
    )
    return scope.filter(rows).first()


def members(*, household: Household) -> QuerySet[Person]:
    """The people of a household, as the national system numbers them."""
    return household.persons.filter(is_withdrawn=False).select_related("batch", "first_batch").order_by("person_no")


def field_sources(*, record: SheetRecord) -> list[FieldSource]:
    """Every field of a household, person, monitored or out-work record: value, file, row, and what stood there before.

    Secret values are in full: the caller masks them, or has logged who looks.
    """
    kind = next(kind for kind, model in known.MODELS.items() if isinstance(record, model))
    keys = secrets.load()
    hidden = keys.decrypt_values(bytes(record.secrets) if record.secrets else None)
    changes = (
        Change.objects.filter(sheet=kind, record_id=record.pk, batch__state=BatchState.APPLIED)
        .select_related("batch")
        .order_by("-id")
    )
    touched: dict[str, list[tuple[Change, str]]] = {}
    for change in changes:
        for heading, (before, _) in history.fields_of(change, keys).items():
            touched.setdefault(heading, []).append((change, before))
    found = []
    for heading in dict.fromkeys([*record.columns, *hidden, *touched]):
        lines = touched.get(heading, [])
        batch, row = (lines[0][0].batch, lines[0][0].row_number) if lines else (record.first_batch, record.first_row)
        previous = tuple(Previous(before, change.batch, change.row_number) for change, before in lines)
        value = record.columns.get(heading, hidden.get(heading, ""))
        found.append(FieldSource(heading, value, heading in hidden, batch, row, previous))
    return found


def timeline(*, household: Household) -> list[Event]:
    """What batches did to a household, its people, its monitoring and their work, newest first."""
    keys = secrets.load()
    records: dict[tuple[str, int], str] = {("household", household.pk): "农户"}
    for person in household.persons.all():
        records["person", person.pk] = person.name
        if work := getattr(person, "out_work", None):
            records["outwork", work.pk] = f"{person.name}（务工）"
    if watch := getattr(household, "monitoring", None):
        records["monitored", watch.pk] = "监测对象"
    events = []
    for (kind, key), subject in records.items():
        record = known.MODELS[kind].objects.select_related("first_batch").get(pk=key)
        if record.first_batch and record.first_batch.applied_at and record.first_batch.state == BatchState.APPLIED:
            events.append(Event(record.first_batch.applied_at, record.first_batch, "首次登记", subject, ()))
        changes = Change.objects.filter(sheet=kind, record_id=key, batch__state=BatchState.APPLIED).select_related(
            "batch"
        )
        for change in changes:
            headings = tuple(history.fields_of(change, keys))
            at = change.batch.applied_at or change.batch.received_at
            events.append(Event(at, change.batch, change.get_operation_display(), subject, headings))
    return sorted(events, key=lambda event: (event.at, event.batch.pk), reverse=True)


def newest_day() -> dt.date | None:
    """The last day of the newest month that a person's record is of; None while the register is empty."""
    period = Person.objects.filter(is_withdrawn=False).order_by("-period").values_list("period", flat=True).first()
    return Month.parse(period).last_day if period else None


def whole_region() -> str:
    """The smallest division that holds every household of the register; empty while there is none."""
    codes = Household.objects.filter(is_withdrawn=False).aggregate(low=Min("region_code"), high=Max("region_code"))
    if not codes["low"]:
        return ""
    above = set(regions.ancestors(codes["high"]))
    return next(code for code in regions.ancestors(codes["low"]) if code in above)


def _matches(text: str, scope: Scope) -> Q:
    """A household number, an identity number (through its blind index), or the beginning of a name in the household."""
    number = _identity_number(text)
    if number:
        people = Person.objects.filter(identity_index=secrets.load().blind_index(number), is_withdrawn=False)
        return Q(pk__in=people.values("household"))
    if text.isascii():
        return begins("household_no", text)
    # Two questions, each over its own index: a single one with OR would read every household.
    members = scope.filter(Person.objects.filter(begins("name", text), is_withdrawn=False))
    heads = scope.filter(Household.objects.filter(begins("head_name", text), is_withdrawn=False))
    return Q(pk__in=heads.values("pk").union(members.values("household")))


def begins(name: str, text: str) -> Q:
    """Begins with a text; SQLite finds it in an index only when it is also given as a range."""
    condition = Q(**{f"{name}__startswith": text})
    if connections["default"].vendor == "sqlite":
        condition &= Q(**{f"{name}__gte": text, f"{name}__lt": text + "\U0010ffff"})
    return condition


def _identity_number(text: str) -> str:
    try:
        return identity.parse(text).text
    except identity.IdentityNumberError:
        return ""
