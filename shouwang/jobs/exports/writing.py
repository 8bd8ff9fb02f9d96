"""Writes a list to a file: at once for a page, or as background work for whoever asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress
from shouwang.intake import spreadsheet
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope
from shouwang.reporting import columns, scanner

from ..models import Job
from .catalogue import EXPORTS
from .rows import Filters

FORMATS = {"xlsx": "Excel 表格", "csv": "CSV 文本", "jsonl": "JSON 行"}

_CHUNK = 2000
_KEPT = dt.timedelta(days=7)


def is_large(name: str, scope: Scope, filters: Filters, limit: int) -> bool:
    """Whether a list has more rows than ``limit``."""
    rows = EXPORTS[name].rows(scope, filters)
    return (len(rows) if isinstance(rows, list) else rows.order_by()[: limit + 1].count()) > limit


def headings_of(name: str, scope: Scope, filters: Filters) -> Sequence[str]:
    """The columns of a list as the place sets them."""
    export = EXPORTS[name]
    return export.headings_of(scope, filters) if export.headings_of else export.headings


def write_list(
    path: Path,
    *,
    name: str,
    scope: Scope,
    filters: Filters,
    file_format: str,
    progress: Progress | None = None,
    chosen: Sequence[columns.Chosen] = (),
) -> int:
    """Writes the rows of a list as a scope and a filter leave them; returns how many.

    ``chosen`` are the asker's columns in the asker's order (reporting.queries.column_template); none: all as they are.
    Raises SensitiveContentError, and no file remains, when a row holds what may not leave.
    """
    export = EXPORTS[name]
    rows = export.rows(scope, filters)
    headings = headings_of(name, scope, filters)
    total = len(rows) if isinstance(rows, list) else rows.order_by().count() if progress else 0

    def lines() -> Iterator[Sequence[str]]:
        done = 0
        for chunk in _chunks(rows):
            yield from export.cells(chunk)
            done += len(chunk)
            if progress:
                progress("写出名单", done, total)

    vocabulary = scanner.current()
    clean = scanner.watched(
        headings, lines(), vocabulary, named=export.label, in_full=export.in_full, free_text=export.free_text
    )
    arranged = columns.Arrangement(headings, chosen)
    headings, rows_out = arranged.headings, map(arranged.row, clean)
    match file_format:
        case "xlsx":
            return spreadsheet.write_texts(path, headings, rows_out, sheet_name=export.label, has_figures=True)
        case "csv":
            return spreadsheet.write_csv(path, headings, rows_out)
        case "jsonl":
            return spreadsheet.write_jsonl(path, (dict(zip(headings, line, strict=True)) for line in rows_out))
    raise UserError(f"不能导出为“{file_format}”", next_step=f"可用：{'、'.join(FORMATS)}。")


def write(job: Job, progress: Progress) -> dict[str, Any]:
    """The recipe behind a large export: for whoever asked, with what that account may see now."""
    account = job.asked_by
    name, file_format = job.arguments["list"], job.arguments["format"]
    if account is None or not EXPORTS[name].is_open_to(account):
        raise UserError("您的账号不能导出名单", next_step="请联系县级管理员。")
    _forget_old()
    path = path_of(job)
    count = write_list(
        path,
        name=name,
        scope=Scope.of(account),
        filters=job.arguments["filters"],
        file_format=file_format,
        progress=progress,
        chosen=[columns.Chosen(*one) for one in job.arguments.get("columns", ())],
    )
    audit.record(
        by=account,
        action=f"导出{EXPORTS[name].label}",
        region_code=job.region_code,
        detail={"rows": count, "format": file_format, "filters": sorted(job.arguments["filters"])},
    )
    return {"file": path.name, "rows": count}


def path_of(job: Job) -> Path:
    """Where the file of an export lies until it is forgotten."""
    return workspace.private_folder(workspace.outgoing_folder()) / f"{job.pk}.{job.arguments['format']}"


def _chunks(rows: QuerySet[Any] | list[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows if isinstance(rows, list) else rows.iterator(chunk_size=_CHUNK):
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _forget_old() -> None:
    """Handed-out files are not kept: they hold names."""
    oldest = (timezone.now() - _KEPT).timestamp()
    for path in workspace.private_folder(workspace.outgoing_folder()).glob("*.*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
