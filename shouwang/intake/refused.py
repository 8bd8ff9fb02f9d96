"""Rows that were not taken go back to their sender: kept encrypted, written as a spreadsheet with place, reason, suggestion."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shouwang.foundation import bulk, secrets, workspace

from . import spreadsheet
from .models import Batch, RefusedRow
from .reasons import Refusal

ADDED = ("行号", "列", "原因", "建议")
_LONGEST_COLUMN, _LONGEST_TEXT = 60, 300


def save(*, batch: Batch, refusals: Iterable[Refusal]) -> int:
    """Keeps the refused rows of a batch, in the caller's transaction; what was kept before is replaced. Returns how many."""
    keys = secrets.load()
    RefusedRow.objects.filter(batch=batch).delete()
    return bulk.insert(
        RefusedRow,
        ["batch", "row_number", "column", "reason", "suggestion", "cells"],
        (
            (
                batch.pk,
                refusal.row_number,
                refusal.column[:_LONGEST_COLUMN],
                _shortened(refusal.reason),
                _shortened(refusal.suggestion),
                keys.encrypt(json.dumps(refusal.cells, ensure_ascii=False).encode()),
            )
            for refusal in refusals
        ),
    )


def write(batch: Batch, path: Path | None = None) -> Path:
    """The refused rows of a batch as they came, with the columns 行号 列 原因 建议; returns where the file lies."""
    return _write(batch.headings, _kept(batch), path or path_of(batch))


def write_refusals(headings: Sequence[str], refusals: Iterable[Refusal], path: Path) -> Path:
    """The same for rows that were only tried."""
    rows = (
        [*refusal.cells, str(refusal.row_number), refusal.column, refusal.reason, refusal.suggestion]
        for refusal in refusals
    )
    return _write(headings, ((row[:-4], row[-4:]) for row in rows), path)


def path_of(batch: Batch) -> Path:
    """Where the spreadsheet of a batch's refused rows lies."""
    return workspace.refused_folder() / f"退回-第{batch.pk}批-{Path(batch.file_name).stem}.xlsx"


def _kept(batch: Batch) -> Iterator[tuple[list[str], list[str]]]:
    keys = secrets.load()
    for row in RefusedRow.objects.filter(batch=batch).order_by("row_number", "id").iterator():
        yield json.loads(keys.decrypt(bytes(row.cells))), [str(row.row_number), row.column, row.reason, row.suggestion]


def _write(headings: Sequence[str], rows: Iterable[tuple[list[str], list[str]]], path: Path) -> Path:
    workspace.private_folder(path.parent)
    width = len(headings)

    def whole() -> Iterator[list[str]]:
        for cells, added in rows:
            # A row with more cells than the heading keeps them: the last heading stands over all of them.
            fitted = [*cells[:width], *[""] * (width - len(cells))]
            if len(cells) > width and any(cells[width:]):
                fitted[-1:] = [" ".join(cell for cell in [*fitted[-1:], *cells[width:]] if cell)]
            yield [*fitted, *added]

    spreadsheet.write_texts(path, [*headings, *ADDED], whole(), sheet_name="退回行")
    return path


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
