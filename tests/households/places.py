"""Cases and leads as other steps leave them behind, for tests of what surrounds them."""

from __future__ import annotations

import datetime as dt
import itertools

from shouwang.casework.models import Case, Lead
from tests import factories

_running = itertools.count(1)
VILLAGE, NEXT_VILLAGE, OTHER_TOWNSHIP = "130630100201", "130630100202", "130630101201"


def lead(
    *,
    region_code: str = VILLAGE,
    opened_on: dt.date = dt.date(2022, 6, 1),
    state: str = "at_village",
    closed_on: dt.date | None = None,
    household=None,
    rules: tuple[str, ...] = (),
) -> Lead:
    home = household or factories.make_household(region_code=region_code)
    return Lead.objects.create(
        lead_no=f"L-{next(_running):06d}",
        household=home,
        region_code=home.region_code,
        opened_on=opened_on,
        procedure="verification",
        state=state,
        is_open=closed_on is None,
        closed_on=closed_on,
        responsible_unit="村",
        rules=list(rules),
        channels=["screening"],
    )


def case(
    *,
    region_code: str = VILLAGE,
    state: str = "supported",
    included_on: dt.date | None = dt.date(2022, 6, 20),
    cleared_on: dt.date | None = None,
    risks: tuple[str, ...] = ("illness",),
    household=None,
    from_lead: Lead | None = None,
) -> Case:
    home = household or (from_lead.household if from_lead else factories.make_household(region_code=region_code))
    return Case.objects.create(
        case_no=f"G-{next(_running):06d}",
        household=home,
        lead=from_lead,
        region_code=home.region_code,
        opened_on=dt.date(2022, 6, 1),
        procedure="case",
        state=state,
        is_open=cleared_on is None,
        closed_on=cleared_on,
        included_on=included_on,
        cleared_on=cleared_on,
        risks=list(risks),
        object_category="边缘易致贫户",
    )
