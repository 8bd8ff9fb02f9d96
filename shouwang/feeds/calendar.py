"""What each department owed a county when, what came, and what is late: derived from stored times and a given day, never stored.

hengshui-2022-1#C.2.1.6 monthly, xuchang-2022-1#3.1.2.1 quarterly; where no document sets a rhythm for the region, the calendar
says so and shows only what came. A dataset is due where one of its own clauses sets the rhythm, or where the county did so itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils import timezone

from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies, Resolution

from .dataset import Dataset
from .datasets import DATASETS

RECEIVED, CAME_LATE, LATE, WAITING = "已收到", "迟到", "逾期未到", "未到期"
UNDETERMINED, ON_EVENT = "未规定", "按发生报送"
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Entry:
    """One dataset in one stretch of time: when it was due, by which clause, and the batches that came for it."""

    dataset: Dataset
    county_code: str
    first_month: Month
    last_month: Month
    due_on: dt.date | None  # None: no rhythm
    status: str
    why: str  # the sentence that explains the rhythm, with its clause
    batches: tuple[Batch, ...]

    @property
    def label(self) -> str:
        """2022年6月, 2022年第2季度, 2022年1月至6月."""
        if self.first_month == self.last_month:
            return self.last_month.label
        if self.last_month == self.first_month.plus(2) and self.last_month.month % 3 == 0:
            return f"{self.last_month.year}年第{self.last_month.month // 3}季度"
        return f"{self.first_month.label}至{self.last_month.month}月"

    @property
    def is_late(self) -> bool:
        return self.status == LATE


@dataclass(frozen=True)
class Matching:
    """One county's comparison of data in one stretch of time: late when a dataset that was due has not come."""

    county_code: str
    label: str
    due_on: dt.date
    entries: tuple[Entry, ...]

    @property
    def missing(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.batches)

    @property
    def is_late(self) -> bool:
        return any(entry.is_late for entry in self.entries)


def entries(
    *,
    policies: Policies,
    county_code: str,
    scope: Scope,
    today: dt.date,
    first_month: Month,
    last_month: Month | None = None,
) -> list[Entry]:
    """The calendar of a county from ``first_month`` to ``last_month`` (that of ``today`` unless given), newest first.

    Nothing for a county that the scope does not cover. Departments in the order of the list of datasets.
    """
    if not scope.covers(county_code):
        return []
    last_month = last_month or Month.of(today)
    batches = Batch.objects.filter(
        purpose="feed", region_code=county_code, state=BatchState.APPLIED, dataset__in=list(DATASETS)
    )
    came = list(batches.filter(period__gte=str(first_month.plus(-11))).order_by("received_at", "id"))

    @cache  # most datasets share one rhythm
    def rhythm_of(parameter: str, month: Month) -> Resolution:
        return policies.resolve(parameter, region_code=county_code, on=month.last_day)

    found = []
    for dataset in DATASETS.values():
        mine = [batch for batch in came if batch.dataset == dataset.code]
        found += _of_dataset(rhythm_of, dataset, county_code, first_month.until(last_month), mine, today)
    order = {code: place for place, code in enumerate(DATASETS)}
    return sorted(found, key=lambda one: (-one.last_month.year, -one.last_month.month, order[one.dataset.code]))


def matchings(found: Iterable[Entry]) -> list[Matching]:
    """Entries of one county gathered by when they were due; those without a due day are left out."""
    groups: dict[tuple[dt.date, str], list[Entry]] = {}
    for entry in found:
        if entry.due_on is not None:
            groups.setdefault((entry.due_on, entry.label), []).append(entry)
    return [
        Matching(members[0].county_code, label, due_on, tuple(members))
        for (due_on, label), members in sorted(groups.items(), reverse=True)
    ]


def _of_dataset(
    rhythm_of: Callable[[str, Month], Resolution],
    dataset: Dataset,
    county_code: str,
    months: Sequence[Month],
    batches: Sequence[Batch],
    today: dt.date,
) -> list[Entry]:
    found: list[Entry] = []
    for month in months:
        if not dataset.frequency_parameter:
            found += _as_it_came(dataset, county_code, month, batches, ON_EVENT, "发生时报送，没有固定期限")
            continue
        rhythm = rhythm_of(dataset.frequency_parameter, month)
        span = _span(dataset, rhythm)
        if span is None:
            found += _as_it_came(dataset, county_code, month, batches, UNDETERMINED, _why_open(rhythm))
        elif month.month % span == 0:
            found.append(_owed(dataset, county_code, month.plus(1 - span), month, batches, today, rhythm))
        elif month == months[-1]:  # the stretch that still runs
            last = month.plus(-month.month % span)
            found.append(_owed(dataset, county_code, last.plus(1 - span), last, batches, today, rhythm))
    return found


def _span(dataset: Dataset, rhythm: Resolution) -> int | None:
    """How many months one stretch has; None where nothing asks for this dataset."""
    if rhythm.value is None or rhythm.source is None:
        return None
    if not rhythm.source.is_own and not set(dataset.cites) & set(rhythm.source.cites):
        return None
    return _MONTHS.get(rhythm.value.period, 1)  # files are monthly at the shortest


def _why_open(rhythm: Resolution) -> str:
    return rhythm.why if rhythm.value is None else f"{rhythm.why}；该条没有列入这项数据"


def _owed(
    dataset: Dataset,
    county_code: str,
    first: Month,
    last: Month,
    batches: Sequence[Batch],
    today: dt.date,
    rhythm: Resolution,
) -> Entry:
    came = _within(batches, first, last)
    due_on = last.last_day
    if came:
        is_in_time = timezone.localtime(came[0].received_at).date() <= due_on
        status = RECEIVED if is_in_time else CAME_LATE
    else:
        status = LATE if today > due_on else WAITING
    return Entry(dataset, county_code, first, last, due_on, status, rhythm.why, came)


def _as_it_came(
    dataset: Dataset, county_code: str, month: Month, batches: Sequence[Batch], status: str, why: str
) -> list[Entry]:
    return [Entry(dataset, county_code, month, month, None, status, why, _within(batches, month, month))]


def _within(batches: Sequence[Batch], first: Month, last: Month) -> tuple[Batch, ...]:
    return tuple(batch for batch in batches if str(first) <= batch.period <= str(last))
