"""What will be late if the work goes on as in the last four weeks: the open tasks by due day against what was done per working day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count
from django.db.models.functions import Substr

from shouwang.foundation import working_days
from shouwang.organisation.scope import Scope

from . import case_queries
from .models import Task
from .procedure import LEVEL_LABELS

# Four weeks before today: long enough for a rate, short enough to be this season's.
WINDOW_DAYS = 28
FORMULA = (
    "预计办结＝近四周办结数÷近四周工作日数×从今天到应办结日的工作日数（取整）；"
    "按应办结日先后排队，排在预计办结数之后的，预计超期。已超期的仍排在最前，占用办理力量。"
)


@dataclass(frozen=True)
class Outlook:
    """A place and a level of work: ``place`` is a code of 12 digits, ``per_day`` in tasks a working day.

    ``will_be_late`` counts open tasks not yet late, from ``from_on``, the first due day that is missed; None with ``why`` where
    there is nothing to reckon with.
    """

    place: str
    level: str
    open: int
    late: int
    undated: int
    done: int
    working_days: int
    will_be_late: int | None
    from_on: dt.date | None
    why: str = ""

    @property
    def level_label(self) -> str:
        return LEVEL_LABELS.get(self.level, self.level)

    @property
    def per_day(self) -> str:
        return f"{self.done / self.working_days:.1f}" if self.working_days else ""


def by_place(*, scope: Scope, digits: int, today: dt.date) -> list[Outlook]:
    """Each division of the first ``digits`` digits by level of work, those with most to come first. Two queries."""
    first, last = today - dt.timedelta(days=WINDOW_DAYS), today - dt.timedelta(days=1)
    worked = working_days.between(first, last)
    waiting: dict[tuple[str, str], dict[dt.date | None, int]] = defaultdict(dict)
    place = Substr("region_code", 1, digits)
    rows = case_queries.tasks(scope=scope).order_by().annotate(place=place).values_list("place", "level", "due_on")
    for code, level, due_on, number in rows.annotate(number=Count("pk")):
        waiting[code, level][due_on] = number
    done_rows = scope.filter(Task.objects.filter(is_open=False, done_on__gte=first, done_on__lte=last)).order_by()
    counted = done_rows.annotate(place=place).values_list("place", "level").annotate(number=Count("pk"))
    done = {(code, level): number for code, level, number in counted}
    found = [
        _outlook(code.ljust(12, "0"), level, queue, done.get((code, level), 0), worked, today)
        for (code, level), queue in waiting.items()
    ]
    return sorted(found, key=lambda one: (-(one.will_be_late or 0), -one.late, one.place, one.level))


def _outlook(
    place: str, level: str, queue: dict[dt.date | None, int], done: int, worked: int, today: dt.date
) -> Outlook:
    undated = queue.get(None, 0)
    dated = sorted((due_on, number) for due_on, number in queue.items() if due_on is not None)
    late = sum(number for due_on, number in dated if due_on < today)
    counts = (place, level, sum(queue.values()), late, undated, done, worked)
    if not done or not worked:
        return Outlook(*counts, None, None, "近四周没有办结记录，无法估计快慢")
    before, missed, from_on = late, 0, None
    for due_on, number in dated:
        if due_on < today:
            continue
        # whole numbers throughout: what can be done until the end of the due day, today included
        finished = done * _between(today, due_on) // worked
        short = max(0, min(number, before + number - finished))
        if short and from_on is None:
            from_on = due_on
        missed, before = missed + short, before + number
    return Outlook(*counts, missed, from_on)


@lru_cache(maxsize=4096)
def _between(first: dt.date, last: dt.date) -> int:
    return working_days.between(first, last)
