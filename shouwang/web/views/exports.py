"""Lists handed out as files: small ones at once, large ones as background work. Each is one line in the log."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from shouwang.jobs import clock, exports, queue
from shouwang.jobs.models import Job, JobState
from shouwang.jobs.papers.writing import DECISION, DECISION_LABEL
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope
from shouwang.regions.codes import NATION

from .. import lists
from ..access import account_of, scope_of, seen_or_404
from ..middleware import writing
from .audit import AuditForm
from .cases import CasesForm
from .decisions import PendingForm
from .entitlements import EntitlementsForm
from .files import FilesForm
from .households import HouseholdsForm
from .institutions import GapsForm
from .leads import LeadsForm, NotIncludedForm
from .ledger import LedgerForm
from .outlook import OutlookForm
from .reports import ReportsForm
from .screening import FindingsForm
from .staff import StaffForm

# More rows than this take longer than a page should wait.
AT_ONCE = 10_000

_FORMS: dict[str, type[lists.ListForm]] = {
    "leads": LeadsForm,
    "not_included": NotIncludedForm,
    "cases": CasesForm,
    "households": HouseholdsForm,
    "reports": ReportsForm,
    "collection": lists.ListForm,
    "batches": FilesForm,
    "findings": FindingsForm,
    "pending": PendingForm,
    "gaps": lists.ListForm,
    "staff": StaffForm,
    "institution_gaps": GapsForm,
    "audit": AuditForm,
    "income_outlook": lists.ListForm,
    "outlook": OutlookForm,
    "ledger": LedgerForm,
    "entitlements": EntitlementsForm,
    "focus_people": lists.ListForm,
}
# Lists that belong to one rule or table of one run; the address says which.
_OF_A_RUN = ("findings", "gaps", "income_outlook", "focus_people")


def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The list as it is filtered, in the format that was asked for."""
    me, scope, file_format = account_of(request), scope_of(request), request.GET.get("format", "xlsx")
    found = exports.EXPORTS.get(name)
    if found is None or file_format not in exports.FORMATS:
        raise Http404
    if not found.is_open_to(me):
        raise PermissionDenied
    filters = _filters(request, name, scope)
    with writing():
        if exports.is_large(name, scope, filters, AT_ONCE):
            arguments = {"list": name, "filters": filters, "format": file_format, "account": me.pk}
            return redirect(
                "job", queue.ask(recipe="export", arguments=arguments, region_code=me.region_code, by=me).pk
            )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"export.{file_format}"
            count = exports.write_list(path, name=name, scope=scope, filters=filters, file_format=file_format)
            audit.record(
                by=me,
                action=f"导出{found.label}",
                region_code=me.region_code or NATION,
                detail={"rows": count, "format": file_format, "filters": sorted(filters)},
            )
            return FileResponse(path.open("rb"), as_attachment=True, filename=_file_name(found.label, file_format))


def outgoing(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file of a large export, for whoever asked for it."""
    me = account_of(request)
    job = seen_or_404(
        Job.objects.filter(recipe__in=["export", DECISION], asked_by=me, state=JobState.DONE),
        scope_of(request),
        pk=job_id,
    )
    path = exports.path_of(job)
    if not path.exists():
        raise Http404
    label = DECISION_LABEL if job.recipe == DECISION else exports.EXPORTS[job.arguments["list"]].label
    return FileResponse(path.open("rb"), as_attachment=True, filename=_file_name(label, job.arguments["format"]))


def _filters(request: HttpRequest, name: str, scope: Scope) -> dict[str, str]:
    form = _FORMS[name](request.GET, scope=scope, home=account_of(request).region_code)
    filters: dict[str, Any] = form.filters
    if name in _OF_A_RUN:
        run = request.GET.get("run", "")
        filters |= {"run": run if run.isdecimal() else "0", "rule": request.GET.get("of", "")}
    if reason := request.GET.get("reason", ""):
        filters["reason"] = reason
    return filters


def _file_name(label: str, file_format: str) -> str:
    return f"{label}-{clock.today():%Y%m%d}.{file_format}"
