"""帮扶日: the days of a month that a document sets aside for helping, and who was at households on them (xuchang-2022-1#3.1.3.4)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies, Resolution

from ..models import Visit
from ..models.visits import ONSITE

HELP_DAY, DOUBLE_TEN = "staff.help_day", "staff.double_ten"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")  # as parameters name them


@dataclass(frozen=True)
class HelpDay:
    """One day: the households where somebody was, and by whom, the names in order; nobody is ranked."""

    on: dt.date
    household_count: int
    visitors: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Calendar:
    """A county's month; no days where no document names a weekday. ``double_ten``: what the monthly method consists of."""

    days: tuple[HelpDay, ...]
    resolution: Resolution
    double_ten: Resolution


# S4-C-10
def calendar(*, county: str, month: Month, scope: Scope, policies: Policies) -> Calendar:
    """Visits at home count, telephone calls do not; nobody checks in."""
    on = month.last_day
    named = policies.resolve(HELP_DAY, region_code=county, on=on)
    double_ten = policies.resolve(DOUBLE_TEN, region_code=county, on=on)
    if named.value is None:
        return Calendar((), named, double_ten)
    first, last = month.first_day, month.last_day
    every = (first + dt.timedelta(days=step) for step in range((last - first).days + 1))
    days = [day for day in every if day.weekday() == _WEEKDAYS.index(named.value)]
    visits = scope.filter(Visit.objects.filter(month=str(month), undone_at=None, method=ONSITE, on__in=days))
    seen = set(visits.values_list("on", "by_id", "by_name", "household_id"))
    found = []
    for day in days:
        names = Counter((by, name) for on_, by, name, _ in seen if on_ == day)
        homes = {household for on_, _, _, household in seen if on_ == day}
        visitors = sorted((name, count) for (_, name), count in names.items())
        found.append(HelpDay(day, len(homes), tuple(visitors)))
    return Calendar(tuple(found), named, double_ten)
