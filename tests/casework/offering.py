"""What a page asks the runner before it offers a step."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from shouwang import policy
from shouwang.casework import procedure, runner
from shouwang.casework.models import Proceeding

DAY = dt.date(2022, 7, 30)


def in_the_way(proceeding: Proceeding, step: str, day: dt.date = DAY) -> list[str]:
    chosen = procedure.get(proceeding.procedure).step(step)
    assert chosen
    now = dt.datetime.combine(day, dt.time(10), ZoneInfo("Asia/Shanghai"))
    return runner.in_the_way(proceeding=proceeding, step=chosen, today=day, now=now, policies=policy.load())
