"""What the pages of visits show: a village's households this month, one household with what is known, and the change-only form."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from shouwang.casework.models import Case, Event, Lead
from shouwang.casework.procedure import CHOICE, CHOICES, DAY, FLAG, LONG_TEXT, NUMBER
from shouwang.foundation import secrets
from shouwang.foundation.periods import Month
from shouwang.households.kinds import ALLEVIATED
from shouwang.households.models import Visit, VisitChange
from shouwang.households.models.visits import METHODS, ONSITE, OPEN, RESULTS
from shouwang.households.visits import coverage, lanes, merging, photos, population, village_tasks
from shouwang.households.visits import forms as visit_forms
from shouwang.households.visits import known as knowledge
from shouwang.households.visits.asked import MEMBER
from shouwang.households.visits.coverage import HOME_STEPS
from shouwang.households.visits.village_tasks import VillageTask
from shouwang.jobs import masking
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Monitoring, Person

_MOST_VISITS = 30


@dataclass
class Row:
    """One household of the village's list."""

    household: Household
    size: int
    group: str
    tags: list[str]
    is_in_scope: bool
    seen_on: dt.date | None
    last_on: dt.date | None
    visit: Visit | None
    tasks: list[VillageTask]


@dataclass
class VillagePage:
    rows: list[Row]
    groups: list[str]
    demand: population.Demand
    wanted_count: int
    seen_count: int
    tasks: list[VillageTask]

    @property
    def missed_count(self) -> int:
        return self.wanted_count - self.seen_count


@dataclass
class HouseholdPage:
    """One household: people masked, everything known with its source, what waits, who came when."""

    household: Household
    village: str
    persons: list[tuple[Person, dict[str, str]]]
    tags: list[str]
    known: list[knowledge.Known]
    said: list[knowledge.Known]
    entries: Sequence[visit_forms.Entry]
    tasks: list[VillageTask]
    visits: list[dict[str, Any]]
    seen_on: dt.date | None
    base: dict[str, Any] = field(default_factory=dict)


def village(code: str, *, by: Account, today: dt.date, policies: Policies) -> VillagePage:
    """A village's households those still to be seen first, by group and number, with what the month asks."""
    scope, month = Scope.of(by).narrowed(code), Month.of(today)
    demand = population.demand(county=regions.county_of(code), month=month, policies=policies)
    wanted = set(population.households(scope=scope, groups=demand.groups).values_list("pk", flat=True))
    last, seen = coverage.last_seen(scope=scope, month=month)
    tasks: dict[int, list[VillageTask]] = defaultdict(list)
    everything = village_tasks.of_village(scope=scope, by=by, today=today, policies=policies)
    for task in everything:
        tasks[task.household.pk].append(task)
    mine: dict[int, Visit] = {}
    for one in scope.filter(Visit.objects.filter(month=str(month), undone_at=None)).order_by("on", "pk"):
        mine[one.household_id] = one
    monitored = _monitored(scope)
    homes = scope.filter(Household.objects.filter(is_withdrawn=False)).only(
        "id", "household_no", "head_name", "household_type", "registered_size", "region_code", "columns"
    )
    sheets = _people(scope)
    rows = [
        Row(
            household=home,
            size=len(sheets[home.pk]) or home.registered_size or 0,
            group=lanes.of([*sheets[home.pk], home.columns]).group,
            tags=tags(home, home.pk in monitored),
            is_in_scope=home.pk in wanted,
            seen_on=seen.get(home.pk),
            last_on=last.get(home.pk),
            visit=mine.get(home.pk),
            tasks=tasks.get(home.pk, []),
        )
        for home in homes.order_by("household_no")
    ]
    rows.sort(key=lambda row: (row.seen_on is not None, not row.is_in_scope, row.group, row.household.household_no))
    return VillagePage(
        rows=rows,
        groups=sorted({row.group for row in rows if row.group}),
        demand=demand,
        wanted_count=len(wanted),
        seen_count=sum(row.is_in_scope and row.seen_on is not None for row in rows),
        tasks=everything,
    )


def household(home: Household, *, by: Account, today: dt.date, policies: Policies) -> HouseholdPage:
    """One household, whatever the account may see of it."""
    scope = Scope.of(by).narrowed(home.region_code)
    persons = list(home.persons.filter(is_withdrawn=False).order_by("person_no"))
    keys = secrets.load()
    month = Month.of(today)
    shown = knowledge.of_households([home], {home.pk: persons}, on=today)[home.pk]
    standing = merging.known(home, period=str(month))
    codes = {change.field for change in standing.values()}
    here = coverage.last_seen(scope=scope, month=month)[1]
    return HouseholdPage(
        household=home,
        village=regions.full_name(home.region_code),
        persons=[
            (one, masking.columns(keys.decrypt_values(bytes(one.secrets) if one.secrets else None))) for one in persons
        ],
        tags=tags(home, home.pk in _monitored(scope)),
        known=[one for one in shown if one.field not in codes],
        said=[one for one in shown if one.field in codes],
        entries=visit_forms.fields_of(region_code=home.region_code, on=month.last_day, policies=policies),
        tasks=[
            task
            for task in village_tasks.of_village(scope=scope, by=by, today=today, policies=policies)
            if task.household.pk == home.pk
        ],
        visits=_visits(home, {str(one.pk): one.name for one in persons}),
        seen_on=here.get(home.pk),
        base={field: change.value for (field, _), change in standing.items()},
    )


def tags(home: Household, is_monitored: bool) -> list[str]:
    return ([ALLEVIATED] if home.household_type == ALLEVIATED else []) + (["监测对象"] if is_monitored else [])


def _monitored(scope: Scope) -> set[int]:
    rows = scope.filter(Monitoring.objects.filter(is_cleared=False, is_withdrawn=False))
    return set(rows.values_list("household_id", flat=True))


def _people(scope: Scope) -> dict[int, list[dict[str, str]]]:
    """Household → the columns of its members."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = scope.filter(Person.objects.filter(is_withdrawn=False)).order_by("person_no")
    for household, columns in rows.values_list("household_id", "columns"):
        found[household].append(columns)
    return found


def _visits(home: Household, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who came when, for what it counts, and what was said; one visit counts once for all of it."""
    rows = Visit.objects.filter(household=home).select_related("record").order_by("-on", "-record__received_at")
    visits = list(rows[:_MOST_VISITS])
    changes: dict[Any, list[VisitChange]] = defaultdict(list)
    for change in VisitChange.objects.filter(visit__in=visits).order_by("pk"):
        changes[change.visit_id].append(change)
    steps = Event.objects.filter(step__in=HOME_STEPS, lead__household=home).values_list("on", "by_id")
    verified: set[tuple[dt.date, int | None]] = set(steps)
    was_case = list(
        Case.objects.filter(household=home, included_on__isnull=False).values_list("included_on", "closed_on")
    )
    leads = list(Lead.objects.filter(household=home).values_list("opened_on", "closed_on"))
    pictures = photos.of_visits(visits)
    return [
        {
            "visit": one,
            "photos": pictures.get(one.pk, []),
            "says": [
                (*knowledge.words(change.field, change.value, names), change.get_state_display(), change.state == OPEN)
                for change in changes[one.pk]
            ],
            "serves": _serves(one, verified, leads, was_case),
        }
        for one in visits
    ]


def _serves(
    one: Visit,
    verified: Collection[tuple[dt.date, int | None]],
    leads: Sequence[tuple[dt.date, dt.date | None]],
    cases: Sequence[tuple[dt.date | None, dt.date | None]],
) -> list[str]:
    """The duties that one visit serves at once (hebei-xiangzhenfa-2022-14#3.1): nobody goes or writes twice."""
    if one.undone_at or one.method != ONSITE:
        return []
    found = [f"{Month.parse(one.month).label}走访", f"{one.by_name}的走访记录"]
    if (one.on, one.by_id) in verified or any(opened <= one.on <= (closed or one.on) for opened, closed in leads):
        found.append("线索核实")
    if any(included and included <= one.on <= (closed or one.on) for included, closed in cases):
        found.append("帮扶跟踪")
    return found


class VisitForm(forms.Form):
    """What changed, and nothing else; every field may stay empty."""

    method = forms.ChoiceField(label="方式", choices=METHODS, widget=forms.RadioSelect, initial=ONSITE)
    on = forms.DateField(label="走访日", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    result = forms.ChoiceField(
        label="人不在了或档案不对", choices=[("", "没有"), *RESULTS], widget=forms.RadioSelect, required=False
    )
    note = forms.CharField(label="哪里不对", required=False, max_length=200)
    record_id = forms.UUIDField(widget=forms.HiddenInput)
    # When the page was opened, and what it showed then: another's change since must not be overwritten unseen.
    made_at = forms.CharField(widget=forms.HiddenInput, max_length=40)
    base = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, page: HouseholdPage, *, today: dt.date, now: dt.datetime, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="visit_%s")
        self.page = page
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["record_id"].initial = uuid.uuid4()
        self.fields["made_at"].initial = now.isoformat()
        self.fields["base"].initial = page.base
        members = [(str(person.pk), f"{person.name}（{person.relation}）") for person, _ in page.persons]
        for entry in page.entries:
            self.fields[entry.asked.name] = _form_field(entry, members)

    @property
    def asked(self) -> list[list[forms.BoundField]]:
        """The fields of the place's form; what belongs together stands together."""
        blocks: dict[str, list[forms.BoundField]] = {}
        for entry in self.page.entries:
            block = entry.asked.group or ("income" if entry.asked.item else "other")
            blocks.setdefault(block, []).append(self[entry.asked.name])
        return list(blocks.values())

    def record(self, kind: str) -> dict[str, Any]:
        """What the page sends, in the shape in which a phone would."""
        data = {}
        for entry in self.page.entries:
            value = self.cleaned_data.get(entry.asked.name)
            if value not in (None, "", [], False):
                data[entry.asked.name] = value
        return {
            "id": str(self.cleaned_data["record_id"]),
            "kind": kind,
            "household_no": self.page.household.household_no,
            "made_at": self.cleaned_data["made_at"],
            "on": self.cleaned_data["on"].isoformat(),
            "method": self.cleaned_data["method"],
            "result": self.cleaned_data["result"],
            "note": self.cleaned_data["note"],
            "data": data,
            "base": self.cleaned_data["base"] or {},
        }


class _Anything(forms.Field):
    """Takes what comes: whoever receives the record reads it."""

    def clean(self, value: Any) -> Any:
        return value or ""


class _Several(forms.Field):
    def clean(self, value: Any) -> Any:
        return list(value or [])


def _form_field(entry: visit_forms.Entry, members: list[tuple[str, str]]) -> forms.Field:
    one = entry.asked
    names: dict[str, Any] = {
        "label": f"{one.label}（{one.unit}）" if one.unit else one.label,
        "required": False,
        "help_text": one.help,
    }
    if one.kind == CHOICES:
        return _Several(widget=forms.CheckboxSelectMultiple(choices=list(one.choices.items())), **names)
    if one.kind == CHOICE:
        return _Anything(widget=forms.Select(choices=[("", "没有变化"), *one.choices.items()]), **names)
    if one.kind == MEMBER:
        return _Anything(widget=forms.Select(choices=[("", ""), *members]), **names)
    if one.kind == FLAG:
        return forms.BooleanField(**names)
    if one.kind == DAY:
        return _Anything(widget=forms.DateInput(attrs={"type": "date"}), **names)
    if one.kind == LONG_TEXT:
        return _Anything(widget=forms.Textarea(attrs={"rows": 2}), **names)
    if one.kind == NUMBER:
        return _Anything(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **names)
    return _Anything(widget=forms.TextInput(), **names)
