"""Due days: from a parameter in force, with the value and clause that set them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shouwang.policy import Policies

IDENTIFICATION_LIMIT = "household.identification_limit"


@dataclass(frozen=True)
class Due:
    """A due day and why: parameter, value, region and clause. ``on`` is None while no document sets a limit there."""

    on: dt.date | None
    because: dict[str, Any]


# hengshui-2022-1#C.2.4, hebei-xiangzhenfa-2022-14#1
def due(*, start_on: dt.date, region_code: str, policies: Policies, parameter: str = IDENTIFICATION_LIMIT) -> Due:
    """The last day of the limit in force on ``start_on``; the day of discovery does not count."""
    resolution = policies.resolve(parameter, region_code=region_code, on=start_on)
    if resolution.value is None or resolution.source is None:
        return Due(None, {"parameter": parameter, "why": resolution.why})
    source = resolution.source
    return Due(
        resolution.value.due_on(start_on),
        {
            "parameter": parameter,
            "value": str(resolution.value),
            "text": resolution.value.text,
            "region": source.region,
            "cites": list(source.cites),
            "policy_version": policies.version,
        },
    )
