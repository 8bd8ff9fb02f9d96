"""定期检查: the day by which an object has to be looked at again, where a document gives the interval (S3-B-05)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max

from shouwang.casework.models import Case
from shouwang.policy import Policies, Resolution

from .models import Visit
from .models.visits import ONSITE

INTERVAL = "household.review_interval"


@dataclass(frozen=True)
class Review:
    """``due_on`` None: no interval is given. ``since``: the last day on which somebody looked, and ``what`` that was."""

    due_on: dt.date | None
    since: dt.date
    what: str
    resolution: Resolution

    @property
    def parameter(self) -> str:
        return INTERVAL


# hebei-opinion-2021#2.2.3
def next_review(*, case: Case, policies: Policies) -> Review:
    """Counted from the last visit at the home since the object was taken in, else from that day; a call does not count."""
    assert case.included_on is not None  # nobody is an object before
    visits = Visit.objects.filter(household=case.household_id, undone_at=None, method=ONSITE, on__gte=case.included_on)
    last = visits.aggregate(last=Max("on"))["last"]
    since, what = (last, "入户走访") if last else (case.included_on, "纳入")
    answer = policies.resolve(INTERVAL, region_code=case.region_code, on=since)
    return Review(answer.value.due_on(since) if answer.value else None, since, what, answer)
