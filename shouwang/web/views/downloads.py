"""Files that the program hands out: blank templates, and the rows that go back to their sender."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from shouwang.feeds import templates
from shouwang.feeds.datasets import DATASETS
from shouwang.intake import refused as refused_rows
from shouwang.intake.models import Batch
from shouwang.organisation import audit, roles

from ..access import account_of, needs, scope_of, seen_or_404
from ..middleware import writing

_IMPORTERS = (roles.IMPORT_REGISTRY, roles.IMPORT_FEEDS)


@needs(*_IMPORTERS)
def template_list(request: HttpRequest) -> HttpResponseBase:
    """The blank files that departments fill in."""
    return render(request, "web/files/templates.html", {"datasets": DATASETS.values(), "section": "files"})


@needs(*_IMPORTERS)
def template(request: HttpRequest, code: str) -> HttpResponseBase:
    """One blank file: headings, notes, code lists."""
    if code not in DATASETS:
        raise Http404
    return _handed_out(lambda path: templates.write(DATASETS[code], path), f"{DATASETS[code].label}-模板.xlsx")


@needs(*_IMPORTERS)
def refused(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """The refused rows as they came, numbers included, for their sender to mend; one line in the log."""
    batch = seen_or_404(Batch.objects.all(), scope_of(request), pk=batch_id)
    count = batch.refused_rows.count()
    if not count:
        raise Http404
    with writing():
        audit.record(
            by=account_of(request),
            action="下载退回文件",
            region_code=batch.region_code,
            target=f"批次 {batch.pk}",
            detail={"rows": count},
        )
    return _handed_out(lambda path: refused_rows.write(batch, path), f"退回-{Path(batch.file_name).stem}.xlsx")


def _handed_out(write: Callable[[Path], object], name: str) -> FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xlsx"
        write(path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
