"""Hands a table out as a file at once, looked through and with one line in the log: for sheets that belong to one page."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from django.http import FileResponse, HttpRequest

from shouwang.intake import spreadsheet
from shouwang.jobs import clock
from shouwang.organisation import audit
from shouwang.regions.codes import NATION
from shouwang.reporting import scanner
from shouwang.reporting.scanner import PaperClass

from .access import account_of
from .middleware import writing


def texts(
    request: HttpRequest,
    *,
    label: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    free_text: Collection[str] = (),
    is_official: bool = False,
) -> FileResponse:
    """One sheet, figures as numbers and numbers used as names as text; columns of ``free_text`` come masked.

    ``is_official``: everything is text and in full because the receiver must match on it (the national layout); whoever made the
    rows checked the permission and wrote the line of the log. Raises SensitiveContentError when anything else may not leave.
    """
    paper_class = PaperClass.OFFICIAL if is_official else PaperClass.INTERNAL
    me = account_of(request)
    with writing(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        clean = scanner.watched(
            headings, rows, scanner.current(), paper_class=paper_class, named=label, free_text=free_text
        )
        count = spreadsheet.write_texts(path, headings, clean, sheet_name=label[:31], has_figures=not is_official)
        if not is_official:
            audit.record(by=me, action=f"导出{label}", region_code=me.region_code or NATION, detail={"rows": count})
        return _file(path, label)


def sheets(request: HttpRequest, *, label: str, content: Sequence[spreadsheet.FormattedSheet]) -> FileResponse:
    """A formatted workbook of several sheets. Raises SensitiveContentError when it holds what may not leave."""
    me = account_of(request)
    with writing(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        spreadsheet.write_sheets(path, content)
        scanner.require_clean(path, paper_class=PaperClass.INTERNAL, named=label)
        audit.record(by=me, action=f"导出{label}", region_code=me.region_code or NATION)
        return _file(path, label)


def _file(path: Path, label: str) -> FileResponse:
    # the open file outlives its folder
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{label}-{clock.today():%Y%m%d}.xlsx")
