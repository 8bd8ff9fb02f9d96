"""Takes a batch back as a whole: every record as it was before, field by field; what the batch brought is withdrawn."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shouwang.foundation import bulk, secrets
from shouwang.foundation.errors import UserError
from shouwang.foundation.secrets import Keys
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation import audit

from . import history, holding, known
from .models import Change, Coverage

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_CHUNK = 5_000


def revert(*, batch: Batch, by: Account | None, reason: str, now: dt.datetime) -> None:
    """Everything or nothing. Raises UserError when the batch is not in force or later ones stand on it."""
    if not reason.strip():
        raise UserError("没有写撤销原因", next_step="请写明为什么撤销。")
    with transaction.atomic():
        holding.hold()
        later = _standing_on(batch)
        if later:
            listed = "、".join(f"第 {other.pk} 批（{other.file_name}）" for other in later[:5])
            more = f"等 {len(later)} 批" if len(later) > 5 else ""
            raise UserError(
                f"第 {batch.pk} 批之后同一区域又导入了{listed}{more}，不能单独撤销",
                next_step="请从最近的一批开始依次撤销。",
            )
        changed = Batch.objects.filter(pk=batch.pk, purpose="registry", state=BatchState.APPLIED).update(
            state=BatchState.REVERTED, reverted_at=now, reverted_by=by, reverted_reason=reason.strip()[:200]
        )
        if not changed:
            raise UserError(f"第 {batch.pk} 批不是正在生效的农户档案批次", next_step="请核对批次号。")
        _restore(batch, secrets.load())
        _withdraw(batch)
        audit.record(
            by=by,
            action="撤销农户档案批次",
            region_code=batch.region_code,
            target=f"批次 {batch.pk}",
            reason=reason.strip(),
            detail={"sheet": batch.dataset, "period": batch.period},
        )
    batch.refresh_from_db()


def _standing_on(batch: Batch) -> list[Batch]:
    """Later registry batches in force that touch a village, or a record, of this one."""
    villages = Coverage.objects.filter(batch=batch).values("region_code")
    later = Batch.objects.filter(purpose="registry", state=BatchState.APPLIED, pk__gt=batch.pk)
    counties = {code[:6] for code in villages.values_list("region_code", flat=True)}
    found = []
    for other in later.order_by("-pk"):
        covered = Coverage.objects.filter(batch=other).values_list("region_code", flat=True)
        if counties & {code[:6] for code in covered}:
            found.append(other)
    return found


def _restore(batch: Batch, keys: Keys) -> None:
    """The newest change first, so that a record that was changed twice ends as it began."""
    changes = Change.objects.filter(batch=batch).order_by("-id")
    part: list[Change] = []
    for change in changes.iterator(chunk_size=_CHUNK):
        if part and (len(part) == _CHUNK or change.sheet != part[0].sheet):
            _restore_part(part, keys)
            part = []
        part.append(change)
    _restore_part(part, keys)


def _restore_part(changes: Sequence[Change], keys: Keys) -> None:
    """Changes of one sheet."""
    if not changes:
        return
    kind = changes[0].sheet
    records = {record.pk: record for record in known.records(kind, list({change.record_id for change in changes}))}
    names: set[str] = set()
    for change in changes:
        record: Any = records[change.record_id]
        for name, value in change.before_state.items():
            setattr(record, name, value)
            names.add(name.removesuffix("_id"))
        fields = history.fields_of(change, keys)
        if fields:
            _put_back(record, fields, keys)
            names |= {"columns", "secrets"}
    ordered = sorted(names)
    bulk.update(
        known.MODELS[kind],
        "id",
        ordered,
        (
            (pk, *(_ready(getattr(record, _attribute(record, name))) for name in ordered))
            for pk, record in records.items()
        ),
    )


def _attribute(record: Any, name: str) -> str:
    return str(record._meta.get_field(name).attname)


def _ready(value: Any) -> Any:
    """As the database takes it."""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, memoryview):
        return bytes(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _put_back(record: Any, fields: history.Fields, keys: Keys) -> None:
    """A value goes back to where it was kept: among the open columns, or encrypted."""
    hidden = keys.decrypt_values(bytes(record.secrets) if record.secrets else None)
    columns = dict(record.columns)
    secret = history.is_secret_of(type(record))
    for heading, (before, _) in fields.items():
        place = hidden if heading in hidden or (heading not in columns and secret(heading)) else columns
        place.pop(heading, None)
        if before:
            place[heading] = before
    record.columns = columns
    record.secrets = keys.encrypt_values(hidden) if hidden else None


def _withdraw(batch: Batch) -> None:
    """What the batch brought into the register leaves it; other rooms may still point to it."""
    for model in known.MODELS.values():
        model.objects.filter(first_batch=batch).update(is_withdrawn=True)
