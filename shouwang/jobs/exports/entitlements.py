"""Who is missing which policy, as a list for the department: name, household, place and why it fits; no numbers, no diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shouwang import policy
from shouwang.foundation.periods import Month
from shouwang.households.income import entitlements
from shouwang.households.income.entitlements import Entry
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person

from .. import clock
from .cells import _places_of
from .rows import Filters, _within

HEADINGS = ("政策", "部门", "情形", "姓名", "户编号", "户主", "县", "乡镇", "村", "依据", "说明")


def rows(scope: Scope, filters: Filters) -> list[dict[str, Any]]:
    """region, policy, state (missing where none is given)."""
    within = _within(scope, filters)
    if not within.ranges:
        return []
    county = regions.county_of(within.ranges[0][0])
    as_of = Month.of(clock.today()).plus(-1).last_day
    entries = entitlements.matrix(scope=within, county_code=county, as_of=as_of, policies=policy.load())
    return [{"entry": entry} for entry in chosen(entries, filters)]


def chosen(entries: Sequence[Entry], filters: Filters) -> list[Entry]:
    """The entries of one policy (of all) and one state (missing)."""
    state, wanted = filters.get("state") or entitlements.MISSING, filters.get("policy", "")
    return [one for one in entries if one.state == state and (not wanted or one.policy == wanted)]


def described(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """With names: of the person, the household, the place and the policy."""
    people = dict(Person.objects.filter(pk__in={one.person_id for one in entries}).values_list("pk", "name"))
    homes = Household.objects.in_bulk({one.household_id for one in entries})
    places = _places_of({one.region_code for one in entries})
    return [
        {
            "entry": one,
            "policy": entitlements.BY_CODE[one.policy],
            "name": people.get(one.person_id, ""),
            "household": homes[one.household_id],
            "place": places[one.region_code],
            "state": entitlements.STATES[one.state],
        }
        for one in entries
    ]


def cells_of(found: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    for row in described([one["entry"] for one in found]):
        one = row["policy"]
        household = row["household"]
        yield [
            one.label, one.department, row["state"], row["name"], household.household_no, household.head_name,
            *row["place"], one.why, row["entry"].reason,
        ]  # fmt: skip
