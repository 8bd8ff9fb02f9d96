"""What a phone carries away: its village's households with masked numbers, open tasks, the form, and until when it may keep them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from shouwang.casework.procedure import Field
from shouwang.foundation import identity, secrets
from shouwang.foundation.periods import Month
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Monitoring, Person

from ..kinds import ALLEVIATED
from ..models import Device, VisitChange
from ..models.visits import APPLIED, METHODS, RESULTS, TAKEN
from . import coverage, forms, known, lanes, population, village_tasks

VERSION = 1


def expires_at(now: dt.datetime) -> dt.datetime:
    """Until when a phone may keep what it carries without having been heard of."""
    return now + dt.timedelta(days=settings.APP_PACKET_DAYS)


def packet(*, device: Device, by: Account, now: dt.datetime, today: dt.date, policies: Policies) -> dict[str, Any]:
    """The whole packet as plain values. Some twenty queries, however many households the village has."""
    scope = Scope.of(by).narrowed(device.region_code)
    county = regions.county_of(device.region_code)
    tasks = village_tasks.of_village(scope=scope, by=by, today=today, policies=policies)
    return {
        "packet_version": VERSION,
        "device": str(device.code),
        "account": {"login": by.login, "name": by.name, "role": by.duties.label},
        "village": {
            "code": device.region_code,
            "name": regions.name(device.region_code),
            "full_name": regions.full_name(device.region_code),
        },
        "day": today.isoformat(),
        "made_at": now.isoformat(),
        "expires_at": expires_at(now).isoformat(),
        "households": _households(scope, county, device.region_code, today, policies),
        "tasks": [_task(task, today) for task in tasks],
        "forms": {"visit": visit_form(region_code=device.region_code, on=today, policies=policies)},
    }


def visit_form(*, region_code: str, on: dt.date, policies: Policies) -> dict[str, Any]:
    """The change-only form of a place, as the phone draws it."""
    entries = forms.fields_of(region_code=region_code, on=Month.of(on).last_day, policies=policies)
    return {
        "label": "有变化的登记",
        "fields": [
            {
                "name": entry.asked.name,
                "label": entry.asked.label,
                "kind": entry.asked.kind,
                "unit": entry.asked.unit,
                "group": entry.asked.group,
                "required": False,
                "choices": [[code, label] for code, label in entry.asked.choices.items()],
                "required_if": _required_if(entry.asked.required_if),
                "help": entry.asked.help,
            }
            for entry in entries
        ],
        "results": [list(one) for one in RESULTS],
        "methods": [list(one) for one in METHODS],
    }


def _households(
    scope: Scope, county: str, region_code: str, today: dt.date, policies: Policies
) -> list[dict[str, Any]]:
    rows = list(
        scope.filter(Household.objects.filter(is_withdrawn=False))
        .only(
            "id", "household_no", "head_name", "registered_size", "household_type", "region_code", "columns", "period"
        )
        .order_by("household_no")
    )
    members: dict[int, list[Person]] = defaultdict(list)
    for person in scope.filter(Person.objects.filter(is_withdrawn=False)).order_by("person_no"):
        members[person.household_id].append(person)
    demand = population.demand(county=county, month=Month.of(today), policies=policies)
    wanted = set(population.households(scope=scope, groups=demand.groups).values_list("pk", flat=True))
    monitored = set(
        scope.filter(Monitoring.objects.filter(is_cleared=False, is_withdrawn=False)).values_list(
            "household_id", flat=True
        )
    )
    last, seen = coverage.last_seen(scope=scope, month=Month.of(today))
    versions = _versions(scope)
    shown = known.of_households(rows, members, on=today)
    village = regions.name(region_code)
    keys = secrets.load()
    found = []
    for household in rows:
        lane = lanes.of([*(person.columns for person in members[household.pk]), household.columns])
        tags = [ALLEVIATED] if household.household_type == ALLEVIATED else []
        tags += ["监测对象"] if household.pk in monitored else []
        found.append(
            {
                "no": household.household_no,
                "head": household.head_name,
                "size": len(members[household.pk]) or household.registered_size,
                "group": lane.group,
                "door": lane.door,
                "tags": tags,
                "address": f"{village}{lane.group}" + (f"{lane.door} 号" if lane.door else ""),
                "is_in_scope": household.pk in wanted,
                "version": versions.get(household.pk, 0),
                "members": [_member(person, keys, today) for person in members[household.pk]],
                "known": [one.plain() for one in shown[household.pk]],
                "last_visit_on": _text(last.get(household.pk)),
                "confirmed_on": _text(seen.get(household.pk)),
            }
        )
    return found


def _member(person: Person, keys: secrets.Keys, today: dt.date) -> dict[str, Any]:
    hidden = keys.decrypt_values(bytes(person.secrets) if person.secrets else None)
    phone = hidden.get("成员联系电话") or hidden.get("户联系电话") or ""
    return {
        "id": person.pk,
        "no": person.person_no,
        "name": person.name,
        "relation": person.relation,
        "age": _age(person.born_on, today),
        "labour": person.labour_capacity,
        "education": person.columns.get("文化程度", ""),
        "identity": identity.masked(hidden.get("证件号码", "")),
        "phone": identity.masked_phone(phone) if phone else "",
    }


def _versions(scope: Scope) -> dict[int, int]:
    """How many changes stand on each household: it grows with every one."""
    rows = scope.filter(VisitChange.objects.filter(state__in=[APPLIED, TAKEN])).order_by("pk")
    return dict(rows.values_list("household_id", "pk"))


def _task(task: village_tasks.VillageTask, today: dt.date) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "household_no": task.household.household_no,
        "title": task.title,
        "plain": task.plain,
        "reasons": task.reasons,
        "due_on": _text(task.due_on),
        "late": task.is_late(today),
        "version": task.version,
        "takes_photo": task.kind in village_tasks.WITH_PHOTO,
        "steps": [
            {"code": step.code, "label": step.label, "note": step.note, "fields": [_field(one) for one in step.fields]}
            for step in task.steps
        ],
    }


def _field(one: Field) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "kind": "number" if one.kind == "count" else one.kind,
        "required": one.is_required and one.required_if is None,
        "choices": [[code, label] for code, label in one.choices.items()],
        "required_if": _required_if(one.required_if),
        "help": one.help,
    }


def _required_if(rule: tuple[str, Sequence[str]] | None) -> list[Any] | None:
    return [rule[0], list(rule[1])] if rule else None


def _age(born_on: dt.date | None, today: dt.date) -> int | None:
    if born_on is None:
        return None
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
