"""Hands a paper out as a file: written, looked through by the scanner, one line in the log; or the sentence why it cannot be."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render

from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.organisation import audit
from shouwang.reporting import papers
from shouwang.reporting.papers import Paper

from .access import account_of
from .middleware import writing


def hand_out(
    request: HttpRequest, paper: Paper, file_format: str, *, label: str, region_code: str, target: str, instead: str = ""
) -> HttpResponseBase:  # fmt: skip
    """``instead`` is the address of the same paper as Word, offered where a PDF cannot be made."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"paper.{file_format}"
        try:
            papers.write(paper, path)
        except UserError as error:
            names = {"error": error, "instead": instead if file_format == "pdf" else ""}
            return render(request, "web/papers/stopped.html", names, status=400)
        with writing():
            audit.record(
                by=account_of(request),
                action=f"导出{label}",
                region_code=region_code,
                target=target,
                detail={"format": file_format, "class": paper.paper_class.value},
            )
        # the open file outlives its folder
        name = (
            f"{label}-{target}-{clock.today():%Y%m%d}.{file_format}"
            if target
            else f"{label}-{clock.today():%Y%m%d}.{file_format}"
        )
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)  # fmt: skip
