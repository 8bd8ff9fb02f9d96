"""Hands a table out as a file at once, with one line in the log: for sheets that belong to one page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.http import FileResponse, HttpRequest

from shouwang.intake import spreadsheet
from shouwang.jobs import clock
from shouwang.organisation import audit
from shouwang.regions.codes import NATION

from .access import account_of
from .middleware import writing


def texts(
    request: HttpRequest, *, label: str, headings: Sequence[str], rows: Iterable[Sequence[str]], is_logged: bool = True
) -> FileResponse:
    """One sheet of text, numbers kept as they are written. ``is_logged`` false: whoever made the rows wrote the line."""
    me = account_of(request)
    with writing(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        count = spreadsheet.write_texts(path, headings, rows, sheet_name=label[:31])
        if is_logged:
            audit.record(by=me, action=f"导出{label}", region_code=me.region_code or NATION, detail={"rows": count})
        return _file(path, label)


def sheets(request: HttpRequest, *, label: str, content: Sequence[spreadsheet.FormattedSheet]) -> FileResponse:
    """A formatted workbook of several sheets."""
    me = account_of(request)
    with writing(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        spreadsheet.write_sheets(path, content)
        audit.record(by=me, action=f"导出{label}", region_code=me.region_code or NATION)
        return _file(path, label)


def _file(path: Path, label: str) -> FileResponse:
    # the open file outlives its folder
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{label}-{clock.today():%Y%m%d}.xlsx")
