"""Until when a family may expect somebody: the limits in force on the day its report came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shouwang.casework import clocks
from shouwang.policy import Policies

from .models import SelfReport

VERIFICATION_LIMIT = "household.days_to_verify"


@dataclass(frozen=True)
class Promise:
    """The last day of the visit where a document sets one, else of the whole procedure; None while no document sets either."""

    on: dt.date | None
    is_visit: bool


# hengshui-2022-1#C.2.4.1, hebei-xiangzhenfa-2022-14#1.8
def of(report: SelfReport, *, policies: Policies) -> Promise:
    """Counted from the day the first report came: a report that was merged does not start the clock again."""
    first = report.merged_into or report
    place, day = first.region_code, first.received_on
    visit = clocks.due(start_on=day, region_code=place, policies=policies, parameter=VERIFICATION_LIMIT).on
    if visit:
        return Promise(visit, True)
    return Promise(clocks.due(start_on=day, region_code=place, policies=policies).on, False)
