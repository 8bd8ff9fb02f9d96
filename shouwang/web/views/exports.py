"""Lists handed out as files: small ones at once, large ones as background work. Each is one line in the log."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import UserError
from shouwang.jobs import clock, exports, queue
from shouwang.jobs.models import Job, JobState
from shouwang.jobs.papers.writing import DECISION, DECISION_LABEL
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope
from shouwang.regions.codes import NATION
from shouwang.reporting import actions, queries
from shouwang.reporting.columns import Chosen
from shouwang.reporting.models import ColumnTemplate

from .. import lists
from ..access import account_of, scope_of, seen_or_404
from ..columns_form import ColumnsForm
from ..middleware import writing
from ..register_forms import LIST_FORMS as REGISTER_FORMS
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
    **REGISTER_FORMS,
}
# Lists that belong to one rule or table of one run; the address says which.
_OF_A_RUN = ("findings", "gaps", "income_outlook", "focus_people")


def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The list as it is filtered, in the format that was asked for; ``columns`` names a kept choice of columns."""
    found, file_format = _allowed(request, name, request.GET.get("format", "xlsx"))
    chosen = _kept(request, name) if request.GET.get("columns") else ()
    with writing():
        return _handed_out(request, name, found, file_format, chosen)


def columns(request: HttpRequest, name: str) -> HttpResponseBase:
    """Choose, order and rename the columns of a list; keep the choice for a unit; take the list so."""
    found, file_format = _allowed(request, name, request.POST.get("format", "xlsx"))
    scope, me = scope_of(request), account_of(request)
    headings = exports.headings_of(name, scope, _filters(request, name, scope))
    template = _template(request, name)
    form = ColumnsForm(request.POST if request.method == "POST" else None, headings=headings, kept=template)
    if request.method == "POST":
        try:
            chosen = form.chosen()
            if "keep" not in request.POST:
                return _handed_out(request, name, found, file_format, chosen)
            kept = actions.keep_columns(
                list_name=name,
                unit=request.POST.get("unit", "")[:80],
                name=request.POST.get("name", "")[:40],
                region_code=me.region_code,
                headings=headings,
                chosen=chosen,
                by=me,
                now=timezone.now(),
            )
        except UserError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"已保存“{kept}”，以后导出“{found.label}”可以直接选用。")
            return redirect(_address(request, name, kept.pk))
    names = {
        "form": form,
        "list": name,
        "label": found.label,
        "template": template,
        "templates": [
            (one, _address(request, name, one.pk), one.region_code == me.region_code)
            for one in queries.column_templates(scope=scope, list_name=name)
        ],
        "formats": exports.FORMATS,
        "unit": request.POST.get("unit", template.unit if template else ""),
        "name": request.POST.get("name", template.name if template else ""),
    }
    return render(request, "web/parts/columns.html", names)


@require_POST
def forget_columns(request: HttpRequest, name: str, template_id: int) -> HttpResponseBase:
    """A kept choice that nobody needs any more."""
    _allowed(request, name, "xlsx")
    found = seen_or_404(ColumnTemplate.objects.filter(list_name=name), scope_of(request), pk=template_id)
    actions.forget_columns(template=found, by=account_of(request))
    messages.info(request, f"已删除“{found}”。")
    return redirect(_address(request, name, None))


def _allowed(request: HttpRequest, name: str, file_format: str) -> tuple[exports.Export, str]:
    found = exports.EXPORTS.get(name)
    if found is None or file_format not in exports.FORMATS:
        raise Http404
    if not found.is_open_to(account_of(request)):
        raise PermissionDenied
    return found, file_format


def _kept(request: HttpRequest, name: str) -> Sequence[Chosen]:
    number = request.GET["columns"]
    return queries.column_template(
        scope=scope_of(request), list_name=name, pk=int(number) if number.isascii() and number.isdigit() else 0
    )


def _template(request: HttpRequest, name: str) -> ColumnTemplate | None:
    number = request.GET.get("columns", "")
    rows = queries.column_templates(scope=scope_of(request), list_name=name)
    return rows.filter(pk=int(number) if number.isascii() and number.isdigit() else 0).first()


def _address(request: HttpRequest, name: str, key: int | None) -> str:
    """The page of the columns under the same filter, with a kept choice or none."""
    asked = request.GET.copy()
    asked.pop("columns", None)
    if key is not None:
        asked["columns"] = str(key)
    query = asked.urlencode()
    return reverse("export_columns", args=[name]) + (f"?{query}" if query else "")


def _handed_out(
    request: HttpRequest, name: str, found: exports.Export, file_format: str, chosen: Sequence[Chosen]
) -> HttpResponseBase:
    me, scope = account_of(request), scope_of(request)
    filters = _filters(request, name, scope)
    if exports.is_large(name, scope, filters, AT_ONCE):
        arguments = {"list": name, "filters": filters, "format": file_format, "account": me.pk}
        if chosen:
            arguments["columns"] = [[one.column, one.heading] for one in chosen]
        return redirect("job", queue.ask(recipe="export", arguments=arguments, region_code=me.region_code, by=me).pk)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{file_format}"
        count = exports.write_list(
            path, name=name, scope=scope, filters=filters, file_format=file_format, chosen=chosen
        )
        detail: dict[str, Any] = {"rows": count, "format": file_format, "filters": sorted(filters)}
        if chosen:
            detail["columns"] = [one.shown for one in chosen]
        audit.record(by=me, action=f"导出{found.label}", region_code=me.region_code or NATION, detail=detail)
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
