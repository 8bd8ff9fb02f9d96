"""Who has to be seen: the visit scope of a region as a query over the register, and how often (X09)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.casework.models import Case, Lead
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies, Resolution
from shouwang.policy.quantities import Frequency
from shouwang.registry.models import Household, Monitoring, Person

from ..kinds import ALLEVIATED

SCOPE, FREQUENCY = "household.visit_scope", "household.visit_frequency"
RURAL, ALLEVIATED_HOUSEHOLD, OBJECT, DIBAO, TEKUN = (
    "rural_population",
    "alleviated_household",
    "monitored_object",
    "dibao",
    "tekun",
)
# Groups that campaigns look at besides: households at which somebody has to look, or whose income is low.
WARNED = "warned"
LOW_INCOME = "low_income"  # from the newest screening, see campaigns
LABELS = {
    RURAL: "全部农村人口",
    ALLEVIATED_HOUSEHOLD: "脱贫户",
    OBJECT: "监测对象",
    DIBAO: "低保户",
    TEKUN: "特困供养户",
    WARNED: "有未了结线索的户",
    LOW_INCOME: "低收入户",
}
YES = ("是", "享受", "已享受", "1")
_PERIODS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Demand:
    """What a county has to see in a month: which groups, how many times, between which days, and the values behind."""

    groups: tuple[str, ...]
    times: int
    first_on: dt.date
    last_on: dt.date
    scope: Resolution
    frequency: Resolution

    @property
    def label(self) -> str:
        return "、".join(LABELS.get(group, group) for group in self.groups)

    @property
    def is_everybody(self) -> bool:
        """Whether a household without change is confirmed once and no form is filled in."""
        return RURAL in self.groups

    def plain(self) -> dict[str, Any]:
        """As it is frozen with a closed month."""
        return {
            "groups": list(self.groups),
            "times": self.times,
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "why": [self.scope.why, self.frequency.why],
            "cites": [*(self.scope.source.cites if self.scope.source else ())],
        }


# X09, hengshui-2022-1#C.2.2.1, hebei-xiangzhenfa-2022-14#3.1, laiyuan-2022-9#2.1.1, xuchang-2022-1#3.1.1.2
def demand(*, county: str, month: Month, policies: Policies) -> Demand:
    """What the values in force on the last day of the month ask for; no groups where no document asks for visits."""
    on = month.last_day
    scope = policies.resolve(SCOPE, region_code=county, on=on)
    frequency = policies.resolve(FREQUENCY, region_code=county, on=on)
    times, first = _rhythm(frequency.value, month)
    return Demand(tuple(scope.value or ()), times, first, on, scope, frequency)


def members_of(groups: Iterable[str]) -> Q:
    """The condition on households of belonging to any of some groups; nobody without groups."""
    return reduce(or_, (_GROUPS[group]() for group in groups if group in _GROUPS), Q(pk__in=[]))


def households(*, scope: Scope, groups: Iterable[str]) -> QuerySet[Household]:
    """The households of a place that belong to any of some groups."""
    rows = scope.filter(Household.objects.filter(is_withdrawn=False))
    chosen = tuple(groups)
    return rows if RURAL in chosen else rows.filter(members_of(chosen))


def _rhythm(frequency: Frequency | None, month: Month) -> tuple[int, dt.date]:
    """How many times, and from which day on, a household has to be seen by the end of a month; a quarter's rhythm looks at the quarter."""
    if frequency is None:
        return 1, month.first_day
    length = _PERIODS.get(frequency.period)
    if length is None:  # several times a month
        return math.ceil(frequency.times_a_year / 12), month.first_day
    first = Month(month.year, (month.month - 1) // length * length + 1)
    return frequency.count, first.first_day


def _objects() -> Q:
    """In the register's list and not cleared, or taken in by a case that is open."""
    listed = Monitoring.objects.filter(household=OuterRef("pk"), is_cleared=False, is_withdrawn=False)
    taken_in = Case.objects.filter(household=OuterRef("pk"), is_open=True, included_on__isnull=False)
    return Q(Exists(listed)) | Q(Exists(taken_in))


def _any_member(*headings: str) -> Q:
    """As the person sheet says; its columns are kept as text under their headings."""
    said = reduce(or_, (Q(**{f"columns__{heading}__in": YES}) for heading in headings))
    return Q(Exists(Person.objects.filter(said, household=OuterRef("pk"), is_withdrawn=False)))


_GROUPS = {
    RURAL: lambda: Q(),
    ALLEVIATED_HOUSEHOLD: lambda: Q(household_type=ALLEVIATED),
    OBJECT: _objects,
    DIBAO: lambda: _any_member("是否享受低保"),
    TEKUN: lambda: _any_member("是否特困供养人员"),
    WARNED: lambda: Q(Exists(Lead.objects.filter(household=OuterRef("pk"), is_open=True))),
}
