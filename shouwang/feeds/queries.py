"""What pages ask about departments' files: batches, rows that wait for a person, what was pushed to which county."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from shouwang.foundation import identity, secrets
from shouwang.intake import cells
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Person

from . import evidence
from .dataset import Dataset
from .datasets import DATASETS
from .evidence import EvidenceRow, Value, evidence_row, evidence_rows
from .models import PendingRow

__all__ = [
    "COUNT_LABELS",
    "BatchView",
    "Candidate",
    "EvidenceRow",
    "Part",
    "PendingView",
    "batch",
    "batches",
    "evidence_row",
    "evidence_rows",
    "pending_row",
    "pending_rows",
    "pushed",
]

# The parts of a batch's rows, in the order in which they are shown; they always add up to ``rows``.
COUNT_LABELS = {
    "taken": "已入库",
    "known": "此前已有",
    "pushed": "已推送到县",
    "withdrawn": "已由县撤销",
    "doubtful": "存疑待认定",
    "unmatched": "未匹配",
    "other_county": "属于其他县",
    "refused": "退回",
}
DETAIL_LABELS = {
    "repeated": "同一文件内重复",
    "replaced_in_file": "被同一文件内后面的行取代",
    "replaced": "取代往期的行",
    "outdated": "已被更新月份的数据取代",
    "decided": "按认定或此前的认定匹配",
}


@dataclass(frozen=True)
class Part:
    """A number on the page of a batch: what it counts, how many, and the key to list its rows by."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class BatchView:
    """One file with everything that became of it."""

    batch: Batch
    dataset: Dataset
    parts: tuple[Part, ...]
    details: tuple[Part, ...]
    counties: tuple[Batch, ...]  # the shares of a file that was split
    corrections: tuple[Batch, ...]  # batches that correct what was decided about its rows
    lake_files: tuple[LakeFile, ...]

    @property
    def row_count(self) -> int:
        return int(self.batch.counts.get("rows", 0))


@dataclass(frozen=True)
class Candidate:
    """A registered person who might be meant, with the score and the reasons; what is shown stays inside the region."""

    person: Person
    score: int
    reasons: tuple[str, ...]
    village: str

    @property
    def household_no(self) -> str:
        return self.person.household.household_no


@dataclass(frozen=True)
class PendingView:
    """One row that waits for a person: the incoming identity (masked), what the row says, and who might be meant."""

    row: PendingRow
    dataset: Dataset
    name: str
    masked_number: str
    values: tuple[Value, ...]
    candidates: tuple[Candidate, ...]


def batches(*, scope: Scope, region_code: str = "", dataset: str = "", state: str = "") -> QuerySet[Batch]:
    """Departments' files that the scope covers, the newest first."""
    rows = scope.filter(Batch.objects.filter(purpose="feed"))
    rows = rows.exclude(state=BatchState.RECEIVED, split_from__isnull=False)
    if region_code:
        rows = rows.filter(Scope.of_region(region_code).where())
    if dataset:
        rows = rows.filter(dataset=dataset)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("received_by", "split_from").order_by("-received_at", "-id")


def batch(*, scope: Scope, batch_id: int) -> BatchView | None:
    """One batch, or None when there is none in the scope."""
    found = scope.filter(Batch.objects.filter(purpose="feed", pk=batch_id)).select_related("split_from").first()
    if found is None:
        return None
    detail = found.counts.get("detail", {})
    below = list(found.parts.exclude(state=BatchState.RECEIVED).order_by("region_code", "pk"))
    return BatchView(
        batch=found,
        dataset=DATASETS[found.dataset],
        parts=tuple(Part(key, label, found.counts[key]) for key, label in COUNT_LABELS.items() if key in found.counts),
        details=tuple(Part(key, label, detail[key]) for key, label in DETAIL_LABELS.items() if detail.get(key)),
        counties=tuple(part for part in below if part.region_code != found.region_code),
        corrections=tuple(part for part in below if part.region_code == found.region_code),
        lake_files=tuple(found.lake_files.order_by("dataset", "id")),
    )


def pending_rows(
    *, scope: Scope, region_code: str = "", dataset: str = "", kind: str = "", batch_id: int | None = None
) -> QuerySet[PendingRow]:
    """Rows of files in force that nobody has decided, those with candidates first."""
    rows = scope.filter(PendingRow.objects.filter(is_decided=False, batch__state=BatchState.APPLIED))
    if region_code:
        rows = rows.filter(Scope.of_region(region_code).where())
    if dataset:
        rows = rows.filter(batch__dataset=dataset)
    if kind:
        rows = rows.filter(kind=kind)
    if batch_id is not None:
        rows = rows.filter(batch_id=batch_id)
    return rows.select_related("batch").order_by("kind", "batch_id", "row_number")


def pending_row(*, scope: Scope, row_id: int) -> PendingView | None:
    """One such row as a person decides on it, decided or not; None when the scope does not cover it."""
    found = scope.filter(PendingRow.objects.filter(pk=row_id)).select_related("batch", "decided_person").first()
    return described([found], scope=scope)[0] if found else None


def described(rows: Iterable[PendingRow], *, scope: Scope) -> list[PendingView]:
    """Rows with what they say and their candidates, for one page of a list."""
    rows = list(rows)
    keys = secrets.load()
    wanted = {candidate["person"] for row in rows for candidate in row.candidates}
    people = Person.objects.select_related("household").in_bulk(wanted)
    villages = regions.names_of({person.region_code for person in people.values()})
    views = []
    for row in rows:
        dataset = DATASETS[row.batch.dataset]
        fact = keys.decrypt_values(bytes(row.fact))
        candidates = [
            Candidate(
                people[one["person"]],
                one["score"],
                tuple(one["reasons"]),
                villages.get(people[one["person"]].region_code, ""),
            )
            for one in row.candidates
            if one["person"] in people and scope.covers(people[one["person"]].region_code)
        ]
        number = fact.get("identity_number") or fact.get("identity_text") or ""
        views.append(
            PendingView(
                row, dataset, fact.get("name", ""), identity.masked(number), _values(dataset, fact), tuple(candidates)
            )
        )
    return views


def pushed(*, scope: Scope, batch_id: int) -> list[Part]:
    """hengshui-2022-1#C.2.1.2: how the rows of one file were split over counties; the counts add up to the file's rows.

    Counties that the scope does not cover are left out, and so is the rest that stayed with the file.
    """
    found = Batch.objects.filter(pk=batch_id, purpose="feed").first()
    if found is None:
        return []
    shares = [
        Part(share.region_code, regions.name(share.region_code), int(share.counts.get("rows", 0)))
        for share in found.parts.filter(state=BatchState.APPLIED).order_by("region_code")
        if share.region_code != found.region_code and scope.covers(share.region_code)
    ]
    if not scope.covers(found.region_code):
        return shares
    rest = [
        Part(key, label, int(found.counts[key]))
        for key, label in COUNT_LABELS.items()
        if key != "pushed" and found.counts.get(key)
    ]
    return shares + rest


def _values(dataset: Dataset, fact: dict[str, str]) -> tuple[Value, ...]:
    return tuple(
        Value(column, evidence.shown(column, _typed(column, fact.get(column.name)))) for column in dataset.lake_columns
    )


def _typed(column: Any, text: str | None) -> Any:
    if text is None:
        return None
    kind = cells.sql_type(column)
    if kind == "BOOLEAN":
        return text == "true"
    return int(text) if kind in ("BIGINT", "INTEGER") else text
