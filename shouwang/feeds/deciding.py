"""What a person decides about a row: its fact goes to the lake as a further file of its batch, and the pair is remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.lake import store
from shouwang.organisation import audit
from shouwang.organisation.roles import DECIDE_MATCHES
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Person

from . import facts, pending
from .datasets import DATASETS
from .models import MatchDecision, PendingRow
from .pairs import DECIDED_NOBODY
from .turns import turn

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_BARE = frozenset({"stated_birth", "stated_township", "stated_village", "identity_text", "identity_number"})


def decide(*, pending_row: PendingRow, person: Person | None, by: Account | None, now: dt.datetime) -> int:
    """See ``actions.decide``."""
    check(pending_row, person, by)
    counties = [regions.county_of(person.region_code)] if person else []
    datasets = {row.batch.dataset for row in alike(pending_row, is_decided=False)}
    with turn(datasets, counties):
        rows = alike(pending_row, is_decided=False)
        if not rows:
            _refuse_second_decision(pending_row, person)
            return 0
        with transaction.atomic():
            batches = lock([row.batch_id for row in rows])
            for batch_id, mine in by_batch(rows).items():
                batch = batches[batch_id]
                if person is None:
                    _count(batch, moved=mine, to="unmatched")
                else:
                    found = [(row, person.pk, person.household_id) for row in mine]
                    put_in_force(batch, found, counties[0], f"-decided-{pending_row.pk}", now)
            mark(rows, person, by, now)
            remember(pending_row, person, by, now)
            audit.record(
                by=by,
                action="认定匹配",
                region_code=pending_row.region_code,
                target=f"待认定行 {pending_row.pk}",
                detail={"rows": len(rows), "person": person.pk if person else None, "batch": pending_row.batch_id},
            )
    return len(rows)


def is_bare(fact: Mapping[str, str]) -> bool:
    """Whether a row has nothing but a name: two such rows may speak of two people."""
    return not any(fact.get(name) for name in _BARE)


def alike(row: PendingRow, **wanted: Any) -> list[PendingRow]:
    """The rows in force of the same incoming identity in the same region; of a bare name only the row itself."""
    rows = PendingRow.objects.filter(region_code=row.region_code, batch__state=BatchState.APPLIED, **wanted)
    fact = secrets.load().decrypt_values(bytes(row.fact))
    rows = rows.filter(pk=row.pk) if not row.pair_index or is_bare(fact) else rows.filter(pair_index=row.pair_index)
    return list(rows.select_related("batch").order_by("batch_id", "row_number"))


def check(row: PendingRow, person: Person | None, by: Account | None) -> None:
    """Whether this account may say that the row speaks of this person."""
    if by is not None and not (by.may(DECIDE_MATCHES) and Scope.of(by).covers(row.region_code)):
        raise NotPermittedError("您的账号不能认定这一行", next_step="请由所在县的数据员认定。")
    if row.batch.state != BatchState.APPLIED:
        raise UserError(f"{row.batch} 已不在生效中", next_step="请刷新待认定清单。")
    if person is None:
        return
    if not Scope.of_region(row.region_code).covers(person.region_code) or person.is_withdrawn:
        raise UserError(f"{person.name}不在这份文件所属区域的档案里", next_step="请从候选人中选择，或选“都不是”。")


def _refuse_second_decision(row: PendingRow, person: Person | None) -> None:
    """The same decision twice is harmless; another one is not taken silently."""
    row.refresh_from_db()
    if row.decided_person_id != (person.pk if person else None):
        raise UserError("这一行已经认定过", next_step="请刷新待认定清单。")


def by_batch(rows: Sequence[PendingRow]) -> dict[int, list[PendingRow]]:
    """Batch → its rows."""
    found: dict[int, list[PendingRow]] = {}
    for row in rows:
        found.setdefault(row.batch_id, []).append(row)
    return found


def lock(ids: Sequence[int]) -> dict[int, Batch]:
    """The batches, held until the transaction ends, so that nobody else moves their counts."""
    return {batch.pk: batch for batch in Batch.objects.select_for_update().filter(pk__in=ids)}


def put_in_force(
    batch: Batch,
    found: Sequence[tuple[PendingRow, int | None, int | None]],
    county_code: str,
    suffix: str,
    now: dt.datetime,
) -> None:
    """Writes the facts of rows that found their (person, household), as further files of the batch, and moves its counts.

    Of a file that was split they belong to the share of the person's county. Inside the caller's transaction and turn.
    """
    rows = [row for row, _, _ in found]
    target_batch = batch
    if batch.region_code != county_code:
        target_batch = _share_of(batch, county_code, now)
        _count(batch, moved=rows, to="pushed")
        target_batch.counts["rows"] = target_batch.counts.get("rows", 0) + len(rows)
    dataset = DATASETS[batch.dataset]
    target = facts.Target(dataset, county_code, batch.period, target_batch.pk, suffix)
    with store.connect() as connection:
        pending.open_facts(connection, dataset, [(*one, county_code) for one in found])
        weighed = facts.weigh(connection, target)
        LakeFile.objects.bulk_create(facts.write(connection, target, weighed))
    moved = rows if target_batch is batch else ()
    _count(target_batch, moved=moved, to="taken", count=weighed.taken)
    _count(target_batch, moved=(), to="known", count=weighed.known + weighed.repeated)


def _share_of(batch: Batch, county_code: str, now: dt.datetime) -> Batch:
    counts: dict[str, Any] = {"rows": 0, "taken": 0, "known": 0, "doubtful": 0, "unmatched": 0, "other_county": 0}
    share = batch.parts.filter(region_code=county_code, state=BatchState.APPLIED).first()
    return share or batch.parts.create(
        region_code=county_code,
        state=BatchState.APPLIED,
        applied_at=now,
        counts=counts,
        **of_same_file(batch),
    )


def of_same_file(batch: Batch) -> dict[str, Any]:
    """What a share or a correction has in common with the file that it comes from."""
    return {
        "purpose": batch.purpose,
        "dataset": batch.dataset,
        "period": batch.period,
        "sender": batch.sender,
        "file_name": batch.file_name,
        "file_hash": batch.file_hash,
        "file_size": batch.file_size,
        "received_at": batch.received_at,
        "received_by": batch.received_by,
    }


def _count(batch: Batch, *, moved: Sequence[PendingRow], to: str, count: int | None = None) -> None:
    """Moves rows from where they were listed to ``to``, so that the parts still add up to the rows."""
    counts = batch.counts
    for row in moved:
        counts[listed_as(row, counts)] -= 1
    counts[to] = counts.get(to, 0) + (len(moved) if count is None else count)
    batch.save(update_fields=["counts"])


def listed_as(row: PendingRow, counts: Mapping[str, Any]) -> str:
    """The count that a waiting row is part of."""
    if row.kind == pending.UNMATCHED and row.reason in pending.ELSEWHERE_REASONS and counts.get("other_county"):
        return "other_county"
    return row.kind


def mark(rows: Sequence[PendingRow], person: Person | None, by: Account | None, now: dt.datetime) -> None:
    """Writes down on the rows who was decided on, by whom and when."""
    for row in rows:
        row.is_decided, row.decided_person, row.decided_by, row.decided_at = True, person, by, now
        if person is None:
            row.kind, row.reason = pending.UNMATCHED, DECIDED_NOBODY
    PendingRow.objects.bulk_update(
        rows, ["is_decided", "decided_person", "decided_by", "decided_at", "kind", "reason"], batch_size=500
    )


def remember(row: PendingRow, person: Person | None, by: Account | None, now: dt.datetime) -> None:
    """Keeps the decision for later files."""
    if row.pair_index:
        MatchDecision.objects.update_or_create(
            pair_index=row.pair_index,
            region_code=row.region_code,
            defaults={"person": person, "decided_by": by, "decided_at": now},
        )
