"""Takes a batch out of force: its rows no longer count, those it had replaced count again, and the record stays.

A later file may have said the same as the batch: its rows were not written, because they were known. They are written now, so
that what another file vouches for does not disappear with this one.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import duckdb
from django.db import transaction

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.lake import store
from shouwang.organisation import audit
from shouwang.organisation.roles import IMPORT_FEEDS
from shouwang.organisation.scope import Scope

from . import facts, register
from .datasets import DATASETS
from .turns import turn

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


def revert(*, batch: Batch, by: Account | None, reason: str, now: dt.datetime) -> None:
    """See ``actions.revert``."""
    _check(batch, by, reason)
    shares = _with_corrections(list(batch.parts.filter(state=BatchState.APPLIED)))
    counties = register.counties_within(batch.region_code)
    with turn([batch.dataset], counties), transaction.atomic():
        everything = [batch, *shares]
        for one in everything:
            changed = Batch.objects.filter(pk=one.pk, state=BatchState.APPLIED).update(
                state=BatchState.REVERTED, reverted_at=now, reverted_by=by, reverted_reason=reason
            )
            if not changed:
                raise UserError(f"{one} 不在生效中，无法撤销", next_step="请刷新批次列表。")
        for one in everything:
            _hand_on(one)
        if batch.split_from_id:
            _take_from_whole(batch)
        audit.record(
            by=by,
            action="撤销部门数据",
            region_code=batch.region_code,
            target=f"批次 {batch.pk}",
            reason=reason,
            detail={"dataset": batch.dataset, "period": batch.period, "counts": batch.counts},
        )
    batch.refresh_from_db()


def _check(batch: Batch, by: Account | None, reason: str) -> None:
    if batch.purpose != "feed":
        raise UserError(f"{batch} 不是部门数据", next_step="农户档案请用 shouwang registry revert 撤销。")
    if by is not None and not (by.may(IMPORT_FEEDS) and Scope.of(by).contains(batch.region_code)):
        raise NotPermittedError("您的账号不能撤销这个批次", next_step="请由所在县的数据员撤销。")
    if not reason.strip():
        raise UserError("没有写撤销原因", next_step="请写明为什么撤销，原因会留在记录里。")
    if batch.state != BatchState.APPLIED:
        raise UserError(f"{batch} 是“{batch.get_state_display()}”，不能撤销", next_step="只能撤销已生效的批次。")


def _with_corrections(parts: list[Batch]) -> list[Batch]:
    """The shares of a file or its corrections, and the corrections of its shares."""
    below = Batch.objects.filter(split_from__in=parts, state=BatchState.APPLIED)
    return [*parts, *below]


def _take_from_whole(share: Batch) -> None:
    """A county's share that was reverted alone no longer counts as pushed."""
    whole = Batch.objects.select_for_update().get(parts=share)
    if whole.region_code == share.region_code:  # a correction, no share
        return
    rows = share.counts.get("rows", 0)
    whole.counts["pushed"] = whole.counts.get("pushed", 0) - rows
    whole.counts["withdrawn"] = whole.counts.get("withdrawn", 0) + rows
    whole.save(update_fields=["counts"])


def _hand_on(reverted: Batch) -> None:
    """Gives the reverted batch's facts to the later files that said the same, in the order in which those came."""
    told = list(reverted.lake_files.filter(dataset=reverted.dataset).order_by("id"))
    if not told:
        return
    pointers = LakeFile.objects.filter(
        dataset=facts.KNOWN,
        region_code=reverted.region_code,
        batch__dataset=reverted.dataset,
        batch__state=BatchState.APPLIED,
    )
    heirs: dict[int, list[LakeFile]] = {}
    for pointer in pointers.order_by("period", "batch_id", "id"):
        heirs.setdefault(pointer.batch_id, []).append(pointer)
    with store.connect() as connection:
        facts.open_files(connection, "told", told)
        for batch_id, files in heirs.items():
            _inherit(connection, reverted, Batch.objects.get(pk=batch_id), files)


def _inherit(connection: duckdb.DuckDBPyConnection, reverted: Batch, heir: Batch, pointers: list[LakeFile]) -> None:
    dataset = DATASETS[reverted.dataset]
    facts.open_files(connection, "pointers", pointers)
    columns = ", ".join(f"told.{column.name}" for column in dataset.lake_columns)
    connection.execute(f"""CREATE OR REPLACE TEMP VIEW facts AS
        SELECT pointers.row, '{reverted.region_code}' AS county_code, told.person_key, told.household_key, {columns}
        FROM pointers JOIN told ON told.batch = pointers.known_batch AND told.row = pointers.known_row
        WHERE pointers.dataset = '{dataset.code}' AND pointers.known_batch = {reverted.pk}""")
    target = facts.Target(dataset, reverted.region_code, heir.period, heir.pk, f"-after-{reverted.pk}")
    weighed = facts.weigh(connection, target)
    LakeFile.objects.bulk_create(facts.write(connection, target, weighed))
    heir.counts["taken"] += weighed.taken
    heir.counts["known"] -= weighed.taken
    heir.save(update_fields=["counts"])
