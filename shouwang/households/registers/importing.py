"""A register from a file: first what it would do, then all of it in one transaction; refused rows go back; a batch can be taken out again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from django.db import connections, router, transaction

from shouwang.foundation import bulk
from shouwang.foundation.errors import UserError
from shouwang.intake import receiving, refused, staging
from shouwang.intake.headings import Heading
from shouwang.intake.models import Batch, BatchState
from shouwang.intake.reasons import Refusal
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope
from shouwang.reporting import scanner

from ..models import RegisterChange, RegisterRow
from ..models.registers import ADDED, CHANGED, RESTORED
from . import contracts, keeping, recognising
from .actions import differing
from .declaration import Register
from .subjects import key_from
from .values import all_kept, mirrored, shown

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

PURPOSE = "register"
NEW, CHANGES, SAME = "new", "changed", "same"
LABELS = {"rows": "行数", NEW: "新登记", CHANGES: "变更", SAME: "没有变化", "refused": "退回"}
_BULK = 500


@dataclass
class Line:
    """One sound row of a file: whom it is about, its values, and the row of the register that it would change."""

    number: int
    kind: str
    key: str
    found: recognising.Found
    values: dict[str, Any]
    period: str
    there: RegisterRow | None = None


@dataclass
class Plan:
    """What a file would do."""

    register: Register
    region_code: str
    headings: list[str]
    lines: list[Line] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Its parts add up to ``rows``."""
        found = {kind: sum(line.kind == kind for line in self.lines) for kind in (NEW, CHANGES, SAME)}
        return {"rows": len(self.lines) + len(self.refusals), **found, "refused": len(self.refusals)}


def plan(
    *, register: Register, path: Path, region_code: str, period: str = "", by: Account | None, today: dt.date
) -> Plan:
    """Reads a file; nothing is kept. Raises UserError where the file as a whole cannot be used."""
    keeping.require(register, by)
    scope = Scope.of_region(region_code) if by is None else Scope.of(by).narrowed(region_code)
    contract = contracts.contract(register)
    with duckdb.connect() as connection:
        staged = staging.stage(connection, path, contract)
        made = Plan(
            register, region_code, staged.headings, refusals=list(staged.refusals), notices=list(staged.notices)
        )
        cursor = connection.execute("SELECT * FROM staged ORDER BY row")
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, cells, strict=True)) for cells in cursor.fetchall()]
    recognised = recognising.recognise(register, rows, scope=scope, period=period, region_code=region_code)
    seen: dict[str, int] = {}
    vocabulary = scanner.current()
    for cells, found in zip(rows, recognised, strict=True):
        number = int(cells["row"])
        try:
            if isinstance(found, recognising.Fault):
                raise _RowError(found.column, found.reason, found.suggestion)
            values = _values(register, cells, vocabulary)
        except _RowError as error:
            made.refusals.append(_refusal(staged.heading, cells, error))
            continue
        key = key_from(register, values=values, **found.keys)
        if key in seen:
            reason = f"与第 {seen[key]} 行是同一项"
            made.refusals.append(_refusal(staged.heading, cells, _RowError("", reason, "请只保留一行")))
            continue
        seen[key] = number
        made.lines.append(Line(number, NEW, key, found, values, found.keys["period"]))
    _compare(made, staged.heading, rows)
    made.refusals.sort(key=lambda one: one.row_number)
    return made


def apply(
    *, made: Plan, path: Path, file_name: str, by: Account | None, today: dt.date, now: dt.datetime
) -> tuple[Batch, bool]:
    """Takes a planned file in, whole or not at all. (the batch, whether it did anything): the same file again does nothing."""
    register = made.register
    keeping.require(register, by, *{line.found.keys["region_code"] for line in made.lines})
    batch, is_new = receiving.receive(
        path=path,
        purpose=PURPOSE,
        dataset=contracts.code_of(register),
        region_code=made.region_code,
        period="",
        by=by,
        now=now,
        file_name=file_name,
    )
    if not is_new:
        return batch, False
    with transaction.atomic():
        _write(made, batch, by, today, now)
        refused.save(batch=batch, refusals=made.refusals)
        Batch.objects.filter(pk=batch.pk).update(
            state=BatchState.APPLIED, applied_at=now, counts=made.counts, notices=made.notices, headings=made.headings
        )
        audit.record(
            by=by,
            action="导入台账",
            region_code=made.region_code,
            target=f"{register.label} 第 {batch.pk} 批",
            detail=made.counts,
        )
    batch.refresh_from_db()
    return batch, True


def revert(*, batch: Batch, register: Register, reason: str, by: Account | None, now: dt.datetime) -> int:
    """Takes a file's rows out again and gives changed rows their former values; returns how many rows.

    Raises UserError while later changes stand on them.
    """
    keeping.require(register, by)
    if by is not None and not Scope.of(by).contains(batch.region_code):
        raise UserError("您的账号看不到这个区域")
    if len(reason.strip()) < 2:
        raise UserError("请写明撤销原因")
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, purpose=PURPOSE, state=BatchState.APPLIED).update(
            state=BatchState.REVERTED, reverted_at=now, reverted_by=by, reverted_reason=reason.strip()[:200]
        ):
            raise UserError("这份文件已经撤销，或没有生效", next_step="请刷新页面。")
        changes = list(RegisterChange.objects.filter(batch=batch).select_related("row"))
        rows = {change.row_id for change in changes}
        newest = max((change.pk for change in changes), default=0)
        later = sum(
            RegisterChange.objects.filter(row_id__in=chunk, pk__gt=newest).values("row_id").distinct().count()
            for chunk in bulk.chunks(rows)
        )
        if later:
            raise UserError(
                f"这份文件登记的行里有 {later} 行后来又改过，不能整批撤销", next_step="请逐行更正，或先撤销后来的文件。"
            )
        _undo(changes, register, batch, reason, by, now)
        audit.record(
            by=by,
            action="撤销台账批次",
            region_code=batch.region_code,
            target=f"{register.label} 第 {batch.pk} 批",
            reason=reason,
        )
    return len(rows)


class _RowError(Exception):
    """A row that cannot be taken: column, reason, what to do."""

    def __init__(self, column: str, reason: str, suggestion: str) -> None:
        super().__init__(reason)
        self.column, self.reason, self.suggestion = column, reason, suggestion


def _values(register: Register, cells: dict[str, Any], vocabulary: scanner.Vocabulary) -> dict[str, Any]:
    try:
        return all_kept(register, {column.name: cells.get(column.name) for column in register.columns}, vocabulary)
    except UserError as error:
        raise _RowError("", error.message, error.next_step) from None


def _refusal(heading: Heading, cells: dict[str, Any], error: _RowError) -> Refusal:
    """The row in the columns in which it came."""
    came = []
    for position in range(len(heading.texts)):
        column = heading.columns.get(position)
        value = cells.get(staging.staged_name(column)) if column else None
        came.append(shown(column, value) if column and column.name else str(value or ""))
    return Refusal(int(cells["row"]), came, [error.column], [error.reason], [error.suggestion])


def _compare(made: Plan, heading: Heading, rows: Sequence[dict[str, Any]]) -> None:
    """Marks what is there already as the same or as a change; an ended row is not revived by a file."""
    by_key: dict[str, RegisterRow] = {}
    keys = [line.key for line in made.lines]
    for start in range(0, len(keys), _BULK):
        found = RegisterRow.objects.filter(
            register=made.register.code, key__in=keys[start : start + _BULK], is_taken_back=False
        )
        by_key |= {one.key: one for one in found}
    cells_of = {int(cells["row"]): cells for cells in rows}
    kept = []
    for line in made.lines:
        line.there = by_key.get(line.key)
        if line.there is not None and line.there.ended_on is not None:
            error = _RowError("", f"台账里的这一行已于 {line.there.ended_on} 结束", "要恢复请在页面上打开那一行")
            made.refusals.append(_refusal(heading, cells_of[line.number], error))
            continue
        if line.there is not None:
            line.kind = SAME if line.there.values == line.values else CHANGES
        kept.append(line)
    made.lines = kept


def _write(made: Plan, batch: Batch, by: Account | None, today: dt.date, now: dt.datetime) -> None:
    register = made.register
    added = [
        RegisterRow(
            register=register.code,
            key=line.key,
            values=line.values,
            **line.found.keys_of_row,
            **_begun(register, line.values, line.period, today),
            changed_at=now,
            changed_by=by,
        )
        for line in made.lines
        if line.kind == NEW
    ]
    RegisterRow.objects.bulk_create(added, batch_size=_BULK)
    changes = [
        RegisterChange(row=row, operation=ADDED, after=row.values, batch=batch, row_number=line.number, at=now, by=by)
        for row, line in zip(added, (line for line in made.lines if line.kind == NEW), strict=True)
    ]
    altered = []
    for line in made.lines:
        if line.kind != CHANGES or line.there is None:
            continue
        row = line.there
        before, after = differing(row.values, line.values)
        changes.append(
            RegisterChange(
                row=row,
                operation=CHANGED,
                before=before,
                after=after,
                batch=batch,
                row_number=line.number,
                at=now,
                by=by,
            )
        )
        _put(row, register, line.values, by, now)
        altered.append(row)
    _update(altered)
    RegisterChange.objects.bulk_create(changes, batch_size=_BULK)


_WRITTEN = ["values", "from_on", "until_on", "due_on", "status", "amount_fen", "version", "is_taken_back", "changed_at"]


def _update(rows: Iterable[RegisterRow]) -> None:
    """Writes rows as they are now, in sets."""
    lines = ([row.pk, *(_ready(row, name) for name in _WRITTEN), row.changed_by_id] for row in rows)
    bulk.update(RegisterRow, "id", [*_WRITTEN, "changed_by"], lines)


def _ready(row: RegisterRow, name: str) -> Any:
    """A value as the database takes it."""
    if name == "values":
        return json.dumps(row.values, ensure_ascii=False)
    connection = connections[router.db_for_write(RegisterRow)]
    return RegisterRow._meta.get_field(name).get_db_prep_save(getattr(row, name), connection)  # type: ignore[union-attr]


def _begun(register: Register, values: dict[str, Any], period: str, today: dt.date) -> dict[str, Any]:
    mirror = mirrored(register, values)
    if mirror["from_on"] is None and not period:
        mirror["from_on"] = min(today, mirror["until_on"] or today)
    return mirror


def _put(row: RegisterRow, register: Register, values: dict[str, Any], by: Account | None, now: dt.datetime) -> None:
    mirror = mirrored(register, values)
    mirror["from_on"] = mirror["from_on"] or row.from_on
    row.values = values
    for name, value in mirror.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at, row.changed_by = now, by


def _undo(
    changes: Iterable[RegisterChange],
    register: Register,
    batch: Batch,
    reason: str,
    by: Account | None,
    now: dt.datetime,
) -> None:
    rows, undone = [], []
    for change in changes:
        row, before = change.row, dict(change.row.values)
        if change.operation == ADDED:
            row.is_taken_back = True
            row.version += 1
            row.changed_at, row.changed_by = now, by
            after: dict[str, Any] = {}
        else:
            after = {name: value for name, value in {**before, **change.before}.items() if value is not None}
            _put(row, register, after, by, now)
        rows.append(row)
        was, is_now = differing(before, after)
        undone.append(
            RegisterChange(
                row=row,
                operation=RESTORED,
                before=was,
                after=is_now,
                reason=reason.strip()[:200],
                batch=batch,
                at=now,
                by=by,
            )
        )
    _update(rows)
    RegisterChange.objects.bulk_create(undone, batch_size=_BULK)
