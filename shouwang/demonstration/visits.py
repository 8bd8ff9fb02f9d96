"""Visits of the demonstration county in June and July, made by its people through the doors that phones and pages use.

What is said is invented; households are those of the demonstration's own register. Doing it again adds nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from shouwang.households.models import Visit, VisitMonth
from shouwang.households.visits import closing, population, receiving
from shouwang.organisation.models import Account
from shouwang.organisation.roles import TownshipClerk
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.regions.models import Region
from shouwang.registry.models import Household

from .calibration import COUNTY, DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE, SCREENED_MONTH

_MARK = uuid.UUID("5d3a51c2-0b7c-4a55-9f6e-2f1f4b0f6a01")
_DAY = dt.date(2022, 7, 18)
_JULY = SCREENED_MONTH.plus(1)
# Of the township's list every so many households nobody had seen by the end of June; in July the round is not over.
_MISSED_IN_JUNE, _SEEN_IN_JULY = 23, 3
# What changed in the demonstration village: the n-th household of its list says this.
_SAID: tuple[tuple[int, dict[str, Any]], ...] = (
    (2, {"data": {"income_wage": "2600"}}),
    (4, {"data": {"income_wage": "3200", "income_alimony": "300"}}),
    (5, {"data": {"income_business": "1800", "cost_business": "450"}}),
    (7, {"data": {"policies_missing": ["disability"]}}),
    (9, {"result": "moved"}),
    (11, {"result": "wrong_data", "note": "档案上写 4 人，实际常住 2 人"}),
    (13, {"data": {"problems": ["work"], "problem_note": "厂子停工，一个月没活"}}),
    (14, {"method": "phone"}),
)
_SAID_AGAIN = (2, {"data": {"income_wage": "2000"}})


def make(*, policies: Policies) -> int:
    """Returns how many visits were made. June is closed by the county; July goes on."""
    zhao, qian, sun = (Account.objects.get(login=login) for login in ("zhao", "qian", "sun"))
    count = 0
    for township in regions.children(COUNTY):
        everybody = _homes(township.code, policies)
        mine = [home for home in everybody if home.region_code == DEMONSTRATION_VILLAGE]
        others = [home for home in everybody if home.region_code != DEMONSTRATION_VILLAGE]
        by = qian if township.code == DEMONSTRATION_TOWNSHIP else _visitor(township)
        missed = _MISSED_IN_JUNE + int(township.code[7:9])  # another few in every township
        for account, homes in ((zhao, mine), (by, others)):
            june = [home for place, home in enumerate(homes, 1) if place % missed]
            count += _confirm(account, june, dt.date(2022, 6, 24), policies)
            july = [home for place, home in enumerate(homes) if place % _SEEN_IN_JULY]
            count += _confirm(account, july, dt.date(2022, 7, 14), policies)
    homes = _homes(DEMONSTRATION_VILLAGE, policies)
    said = [(homes[place], content) for place, content in _SAID if place < len(homes)]
    count += _send(zhao, [_record(home, _DAY, **content) for home, content in said], policies)
    place, content = _SAID_AGAIN
    if place < len(homes):
        count += _send(qian, [_record(homes[place], _DAY, mark="again", **content)], policies)
    if not VisitMonth.objects.filter(region_code=COUNTY, month=str(SCREENED_MONTH)).exists():
        closed_on = dt.date(2022, 7, 5)
        closing.close(
            county=COUNTY, month=SCREENED_MONTH, by=sun, today=closed_on, now=_moment(closed_on), policies=policies
        )
    return count


def _homes(place: str, policies: Policies) -> list[Household]:
    demand = population.demand(county=COUNTY, month=_JULY, policies=policies)
    rows = population.households(scope=Scope.of_region(place), groups=demand.groups)
    return list(rows.only("id", "household_no", "region_code").order_by("household_no"))


def _visitor(township: Region) -> Account:
    """Who visits in a township of which the demonstration shows nothing else; nobody signs in as them."""
    login = f"visitor-{township.code[:9]}"
    known = Account.objects.filter(login=login).first()
    return known or Account.objects.create_account(
        login=login, password=None, name=f"{township.name}包村干部", role=TownshipClerk.code, region_code=township.code
    )


def _confirm(by: Account, homes: list[Household], on: dt.date, policies: Policies) -> int:
    """A township's confirmations of a month, as if its evening's list came in one go."""
    keys = {home.household_no: uuid.uuid5(_MARK, f"{home.household_no} {on}") for home in homes}
    known: set[uuid.UUID] = set()
    for start in range(0, len(homes), 500):
        chunk = list(keys.values())[start : start + 500]
        known |= set(Visit.objects.filter(pk__in=chunk).values_list("pk", flat=True))
    new = {number: key for number, key in keys.items() if key not in known}
    count = 0
    for start in range(0, len(new), 500):
        results = receiving.confirm_together(
            homes=dict(list(new.items())[start : start + 500]),
            on=on,
            made_at=_moment(on),
            by=by,
            now=_moment(on, hour=19),
            today=on,
            policies=policies,
        )
        count += sum(one.is_done for one in results)
    return count


def _record(home: Household, on: dt.date, *, mark: str = "", **content: Any) -> dict[str, Any]:
    kind = "visit" if content else "confirmation"
    return {
        "id": str(uuid.uuid5(_MARK, f"{home.household_no} {on} {kind} {mark}")),
        "kind": kind,
        "household_no": home.household_no,
        "made_at": _moment(on).isoformat(),
        "on": on.isoformat(),
        **content,
    }


def _send(by: Account, records: list[dict[str, Any]], policies: Policies) -> int:
    """Each day's records in the evening of that day."""
    known = {
        str(key)
        for key in Visit.objects.filter(pk__in=[uuid.UUID(one["id"]) for one in records]).values_list("pk", flat=True)
    }
    new = [one for one in records if one["id"] not in known]
    count = 0
    for day in sorted({one["on"] for one in new}):
        on = dt.date.fromisoformat(day)
        today = [one for one in new if one["on"] == day]
        results = receiving.take(
            records=today, by=by, device=None, now=_moment(on, hour=19), today=on, policies=policies
        )
        count += sum(one.is_done for one in results)
    return count


def _moment(day: dt.date, hour: int = 10) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 20)))
