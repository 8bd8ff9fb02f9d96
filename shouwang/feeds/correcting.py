"""Takes back a wrong decision: the facts that stood on it no longer count, and those of the right person take their place.

Nothing is edited: each batch concerned gets a batch of corrections, which names what it corrects and can itself be reverted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
from django.db import transaction

from shouwang.foundation.errors import UserError
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.lake import store
from shouwang.organisation import audit
from shouwang.regions import queries as regions
from shouwang.registry.models import Person

from . import deciding, facts, pending
from .datasets import DATASETS
from .models import PendingRow
from .turns import turn

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


def correct(
    *, pending_row: PendingRow, person: Person | None, by: Account | None, reason: str, now: dt.datetime
) -> int:
    """See ``actions.correct``."""
    if not reason.strip():
        raise UserError("没有写更正原因", next_step="请写明为什么更正，原因会留在记录里。")
    deciding.check(pending_row, person, by)
    wrong = pending_row.decided_person
    if not pending_row.is_decided or wrong is None:
        raise UserError("这一行没有认定到人，不需要更正", next_step="请直接认定。")
    if person == wrong:
        return 0
    county = regions.county_of(wrong.region_code)
    if person is not None and regions.county_of(person.region_code) != county:
        raise UserError("更正不能跨县", next_step="请撤销该批次后重新导入。")
    standing = {"is_decided": True, "decided_person": wrong}
    datasets = {row.batch.dataset for row in deciding.alike(pending_row, **standing)}
    with turn(datasets, [county]), transaction.atomic():
        rows = deciding.alike(pending_row, **standing)
        for mine in deciding.by_batch(rows).values():
            _correct_batch(mine, person, county, by, reason, now)
        deciding.mark(rows, person, by, now)
        deciding.remember(pending_row, person, by, now)
        audit.record(
            by=by,
            action="更正认定",
            region_code=pending_row.region_code,
            target=f"待认定行 {pending_row.pk}",
            reason=reason,
            detail={"rows": len(rows), "from": wrong.pk, "to": person.pk if person else None},
        )
    return len(rows)


def _correct_batch(
    rows: Sequence[PendingRow], person: Person | None, county: str, by: Account | None, reason: str, now: dt.datetime
) -> None:
    """A batch of its own: the rows of the old one that no longer count, and their facts for the right person."""
    whole = rows[0].batch
    told = whole if whole.region_code == county else whole.parts.get(region_code=county)
    correction = _correction_of(told, rows, by, reason, now)
    dataset = DATASETS[whole.dataset]
    target = facts.Target(dataset, county, told.period, correction.pk)
    gone = pa.table(
        {
            "dataset": pa.array([dataset.code] * len(rows), pa.string()),
            "batch": pa.array([told.pk] * len(rows), pa.int64()),
            "row": pa.array([row.row_number for row in rows], pa.int32()),
            "period": pa.array([told.period] * len(rows), pa.string()),
        }
    )
    path = store.path_of(facts.SUPERSEDED, county, told.period, f"batch-{correction.pk}-corrected")
    files = [
        LakeFile(
            batch=correction,
            dataset=facts.SUPERSEDED,
            region_code=county,
            period=told.period,
            path=store.relative(path),
            content_hash=store.write_table(gone, path),
            row_count=len(rows),
        )
    ]
    LakeFile.objects.bulk_create(files)
    taken = known = 0
    if person is not None:
        with store.connect() as connection:
            pending.open_facts(connection, dataset, [(row, person.pk, person.household_id, county) for row in rows])
            weighed = facts.weigh(connection, target)
            LakeFile.objects.bulk_create(facts.write(connection, target, weighed))
            taken, known = weighed.taken, weighed.known + weighed.repeated
    correction.counts = {"rows": len(rows), "taken": taken, "known": known, "unmatched": len(rows) - taken - known}
    correction.save(update_fields=["counts"])


def _correction_of(told: Batch, rows: Sequence[PendingRow], by: Account | None, reason: str, now: dt.datetime) -> Batch:
    numbers = "、".join(str(row.row_number) for row in rows[:5]) + ("等" if len(rows) > 5 else "")
    mark = f"{told.pk}:{rows[0].pk}:{now.isoformat()}"
    return Batch.objects.create(
        purpose=told.purpose,
        dataset=told.dataset,
        region_code=told.region_code,
        period=told.period,
        sender=told.sender,
        file_name=f"更正第 {told.pk} 批第 {numbers} 行的认定",
        file_hash=hashlib.sha256(mark.encode()).hexdigest(),
        file_size=0,
        state=BatchState.APPLIED,
        notices=[f"更正原因：{reason}"],
        received_at=now,
        received_by=by,
        applied_at=now,
        split_from=told,  # goes with it when it is reverted
    )
