"""Gives the register back in the layout of its last import: the same columns in the same order, numbers as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.foundation.progress import Progress, silent
from shouwang.intake import spreadsheet
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from . import known
from .models import Coverage
from .sheets import SHEETS

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_CHUNK = 5_000
_ORDER = {
    "household": ("region_code", "household_no"),
    "person": ("region_code", "person_no"),
    "monitored": ("region_code", "household__household_no"),
    "outwork": ("region_code", "person__person_no"),
}


def export(
    *,
    kind: str,
    region_code: str,
    path: Path,
    by: Account | None,
    reason: str = "",
    progress: Progress = silent,
) -> int:
    """Writes the records of a region to ``path`` (.xlsx or .csv) and returns how many; goes into the log.

    Identity numbers stand in full, so the account needs both permissions: to export and to see numbers. Raises UserError when
    no sheet of this kind was ever imported for the region.
    """
    if kind not in SHEETS:
        raise UserError(f"没有“{kind}”这种表", next_step=f"可选：{'、'.join(SHEETS)}。")
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise UserError(
            f"不能写成 {path.suffix or '没有扩展名'} 的文件", place=str(path), next_step="请用 .xlsx 或 .csv。"
        )
    region_code = regions.full_code(region_code)
    scope = _scope(by, region_code)
    layout = last_layout(kind=kind, region_code=region_code)
    if layout is None:
        raise UserError(
            f"{regions.name(region_code)}还没有导入过{SHEETS[kind].label}",
            next_step="导出沿用最近一次导入的列，请先导入。",
        )
    rows = _records(kind, scope)
    total = rows.count()
    lines = _lines(rows, layout.columns, total, progress)
    if path.suffix.lower() == ".csv":
        count = spreadsheet.write_csv(path, layout.headings, lines)
    else:
        count = spreadsheet.write_texts(path, layout.headings, lines, sheet_name=SHEETS[kind].label)
    audit.record(
        by=by,
        action="导出农户档案",
        region_code=region_code,
        target=SHEETS[kind].label,
        reason=reason,
        detail={"rows": count, "layout_of_batch": layout.pk, "format": path.suffix.lower()},
    )
    return count


def last_layout(*, kind: str, region_code: str) -> Batch | None:
    """The newest batch in force of a sheet that covered a village of the region; its columns are the layout."""
    covered = Scope.of_region(region_code).filter(Coverage.objects.filter(sheet=kind)).values("batch")
    return (
        Batch.objects.filter(purpose="registry", dataset=kind, state=BatchState.APPLIED, pk__in=covered)
        .order_by("-applied_at", "-pk")
        .first()
    )


def _scope(by: Account | None, region_code: str) -> Scope:
    if by is None:  # the command line on the server itself
        return Scope.of_region(region_code)
    if not (by.may(roles.EXPORT) and by.may(roles.UNMASK)):
        raise NotPermittedError("您的账号不能导出带完整号码的档案", next_step="请联系县级数据员。")
    return Scope.of(by).narrowed(region_code)


def _records(kind: str, scope: Scope) -> QuerySet[Any]:
    rows = scope.filter(known.MODELS[kind].objects.filter(is_withdrawn=False))
    if kind == "household":
        rows = rows.filter(is_stub=False)
    return rows.order_by(*_ORDER[kind]).only("columns", "secrets")


def _lines(rows: QuerySet[Any], headings: Sequence[str], total: int, progress: Progress) -> Iterator[list[str]]:
    keys = secrets.load()
    for number, record in enumerate(rows.iterator(chunk_size=_CHUNK), start=1):
        values = {**record.columns, **keys.decrypt_values(bytes(record.secrets) if record.secrets else None)}
        yield [values.get(heading, "") for heading in headings]
        if number % _CHUNK == 0:
            progress("导出", number, total)
