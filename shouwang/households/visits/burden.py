"""What visits cost those who make them: fields typed, requests received, seconds for a confirmation. Shown to whoever asks for more."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from shouwang.casework.models import CollectionTask, Task
from shouwang.casework.procedure import VILLAGE
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums

from .. import watched
from ..models import NaturalChange, SentRecord, Visit
from ..models.changes import FROM_FEED
from ..models.visits import CONFIRMATION

# What the product promises (S0-C-62): nothing typed where nothing changed, few fields where something did. Targets of our own,
# not values of a document.
MOST_FIELDS = 6
MOST_SECONDS = 2
# A longer pause between two confirmations is the way to the next house.
_TOWNSHIP = 9  # digits
_PAUSE = dt.timedelta(minutes=2)

REQUESTS = {
    "lead": "线索核实",
    "case": "个案步骤",
    "collection": "补采收入",
    "change": "核对人口变动",
    "visit": "走访登记（有变化）",
}


@dataclass
class Burden:
    """One place and month. ``request_counts`` by kind; ``seconds`` None where nobody confirmed two households in a row."""

    code: str
    village_count: int = 1
    visit_count: int = 0
    confirmed_count: int = 0
    typed_count: int = 0
    most_typed: int = 0
    over_count: int = 0
    request_counts: Counter[str] = field(default_factory=Counter)

    @property
    def changed_count(self) -> int:
        return self.visit_count - self.confirmed_count

    @property
    def typed_per_change(self) -> str:
        """2.6; empty where nothing changed."""
        if not self.changed_count:
            return ""
        tenths = (self.typed_count * 10 + self.changed_count // 2) // self.changed_count
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def request_count(self) -> int:
        return sum(self.request_counts.values())


# hengshui-2022-1#C.4.4.2
def by_village(*, scope: Scope, month: Month) -> dict[str, Burden]:
    """Village → what was typed and asked in a month. Five queries."""
    found: dict[str, Burden] = {}

    def of(code: str) -> Burden:
        return found.setdefault(code, Burden(code))

    rows = _visits(scope, month).values("region_code").order_by()
    plain = Q(kind=CONFIRMATION)
    for row in rows.annotate(
        n=Count("pk"),
        confirmed=Count("pk", filter=plain),
        typed=Sum("typed_count"),
        most=Max("typed_count"),
        over=Count("pk", filter=Q(typed_count__gt=MOST_FIELDS)),
    ):
        one = of(row["region_code"])
        one.visit_count, one.confirmed_count, one.typed_count = row["n"], row["confirmed"], row["typed"] or 0
        one.most_typed, one.over_count = row["most"] or 0, row["over"]
        one.request_counts["visit"] = row["n"] - row["confirmed"]
    for kind, requests in _requests(scope, month):
        for code, count in requests.values_list("region_code").annotate(n=Count("pk")).order_by():
            of(code).request_counts[kind] += count
    return found


def by_township(*, scope: Scope, month: Month) -> dict[str, Burden]:
    """The same by township: added up from what is kept."""
    found = kept_sums.read(BURDENS, ranges=scope.ranges, key={"month": str(month)})
    return {
        f"{township}000": Burden(f"{township}000", **figures | {"request_counts": Counter(figures["request_counts"])})
        for township, figures in found.items()
    }


def _count(*, ranges: kept_sums.Ranges, month: str) -> dict[str, dict[str, Any]]:
    villages: dict[str, list[Burden]] = defaultdict(list)
    for one in by_village(scope=Scope(ranges), month=Month.parse(month)).values():
        villages[one.code[:_TOWNSHIP]].append(one)
    return {township: _plain(total(mine, township)) for township, mine in villages.items()}


def _plain(one: Burden) -> dict[str, Any]:
    figures = {**vars(one), "request_counts": {kind: count for kind, count in one.request_counts.items() if count}}
    return {name: value for name, value in figures.items() if name != "code"}


BURDENS = kept_sums.Sum(
    name="burdens",
    sources=(watched.HOUSEHOLD, watched.VISIT, watched.TASK, watched.COLLECTION_TASK, watched.NATURAL_CHANGE),
    compute=_count,
    wanted=lambda today, policies: [({"month": str(Month.of(today))}, Scope.everything().ranges)],
)


def total(places: Iterable[Burden], code: str) -> Burden:
    """Several places as one."""
    found = Burden(code, village_count=0)
    for one in places:
        found.village_count += one.village_count
        found.visit_count += one.visit_count
        found.confirmed_count += one.confirmed_count
        found.typed_count += one.typed_count
        found.most_typed = max(found.most_typed, one.most_typed)
        found.over_count += one.over_count
        found.request_counts.update(one.request_counts)
    return found


def seconds_per_confirmation(*, scope: Scope, month: Month) -> float | None:
    """The middle of the time between one confirmation and the next by the same person; households that one tap confirmed together
    share its time. None where there is nothing to measure."""
    rows = SentRecord.objects.filter(
        kind=CONFIRMATION, visit__month=str(month), visit__undone_at=None, device__isnull=False
    )
    moments = scope.filter(rows, "visit__region_code").order_by("by", "made_at").values_list("by_id", "made_at")
    gaps: list[float] = []
    last: tuple[int, dt.datetime] | None = None
    together = 1
    account: int
    made_at: dt.datetime
    for account, made_at in moments.iterator(chunk_size=20_000):
        if last is not None and last[0] == account:
            gap = made_at - last[1]
            if not gap:
                together += 1
                continue
            if gap <= _PAUSE:
                gaps += [gap.total_seconds() / together] * together
        last, together = (account, made_at), 1
    return round(median(gaps), 1) if gaps else None


def _visits(scope: Scope, month: Month) -> QuerySet[Visit]:
    return scope.filter(Visit.objects.filter(month=str(month), undone_at=None))


def _requests(scope: Scope, month: Month) -> list[tuple[str, QuerySet]]:
    days = (month.first_day, month.last_day)
    tasks = scope.filter(Task.objects.filter(level=VILLAGE, opened_on__range=days))
    return [
        ("lead", tasks.filter(lead__isnull=False)),
        ("case", tasks.filter(case__isnull=False)),
        ("collection", scope.filter(CollectionTask.objects.filter(opened_on__range=days))),
        ("change", scope.filter(NaturalChange.objects.filter(month=str(month), source=FROM_FEED))),
    ]
