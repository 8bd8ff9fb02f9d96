"""Registers as files: the blank one, what a filled one would do, taking it in, the rows it gave back, and taking it out again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import UserError
from shouwang.households.registers import contracts, importing, keeping, queries
from shouwang.households.registers.declaration import Register
from shouwang.intake import refused
from shouwang.intake import template as blank
from shouwang.intake.models import Batch
from shouwang.jobs import arrivals, clock, queue, registers
from shouwang.jobs.arrivals import Arrival
from shouwang.jobs.models import Job, JobState
from shouwang.organisation import roles
from shouwang.organisation.models import Account

from ..access import account_of, needs, scope_of, seen_or_404
from ..middleware import writing
from .registers import seen_register

_MOST_SHOWN = 100
_SESSION, _ROWS = "register_arrival", "register_rows"
# More rows than this take longer than a page should wait.
AT_ONCE = 5_000
# And a file larger than this is looked at in the background too.
LOOKED_AT_ONCE = 400_000  # bytes


class UploadForm(forms.Form):
    file = forms.FileField(
        label="文件",
        help_text=".xlsx、.xls 或 .csv",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请检查是否选错了文件。"},
    )


@needs(roles.SEE_REGISTERS)
def template(request: HttpRequest, code: str) -> HttpResponseBase:
    """The blank file, with notes and drop-downs."""
    shown = seen_register(request, code)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xlsx"
        blank.write(contracts.contract(shown), path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{shown.label}-模板.xlsx")


@needs(roles.KEEP_REGISTERS)
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """A file, what it would do, and the files that came before."""
    shown = _kept_register(request, code)
    me = account_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    names = {"register": shown, "form": form, "section": "registers", "labels": importing.LABELS, "most": _MOST_SHOWN}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / (Path(given.name).name or "file")
                path.write_bytes(given.read())
                arrival = Arrival(
                    arrivals.keep(path), path.name, importing.PURPOSE, shown.code, me.region_code, period=""
                )
                if path.stat().st_size > LOOKED_AT_ONCE:
                    return redirect("job", _looked(arrival, me).pk)
                made = importing.plan(register=shown, path=path, region_code=me.region_code, by=me, today=clock.today())
            request.session[_SESSION] = arrival.arguments
            request.session[_ROWS] = made.counts["rows"]
            names["plan"] = made
            names["file_name"] = arrival.file_name
        except UserError as error:
            form.add_error(None, str(error))
    if request.method != "POST" and (job := _look(request, shown)):
        arrival = Arrival.of(job.arguments)
        request.session[_SESSION], request.session[_ROWS] = arrival.arguments, job.result["counts"]["rows"]
        names |= {"plan": job.result, "file_name": arrival.file_name}
    names["batches"] = list(queries.batches(shown, scope=scope_of(request))[:20])
    return render(request, "web/registers/upload.html", names, status=400 if form.errors else 200)


@require_POST
@needs(roles.KEEP_REGISTERS)
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """Does what was shown, with the file that was shown; the same file again does nothing."""
    shown = _kept_register(request, code)
    me = account_of(request)
    kept = request.session.get(_SESSION)
    if not kept or kept["dataset"] != shown.code:
        messages.error(request, "没有等待导入的文件，请重新选择。")
        return redirect("register_upload", shown.code)
    arrival = Arrival.of(kept)
    if request.session.get(_ROWS, 0) > AT_ONCE:
        asked = queue.ask(recipe="import_register", arguments=arrival.arguments, region_code=arrival.region_code, by=me)
        return redirect("job", asked.pk)
    try:
        with arrivals.opened(arrival) as path:
            made = importing.plan(
                register=shown, path=path, region_code=arrival.region_code, by=me, today=clock.today()
            )
            batch, is_new = importing.apply(
                made=made, path=path, file_name=arrival.file_name, by=me, today=clock.today(), now=timezone.now()
            )
    except UserError as error:
        messages.error(request, str(error))
        return redirect("register_upload", shown.code)
    if is_new:
        counts = "，".join(f"{label} {made.counts[name]:,}" for name, label in importing.LABELS.items())
        messages.info(request, f"已导入“{batch.file_name}”：{counts}。")
    else:
        messages.info(request, f"这个文件已经导入过（第 {batch.pk} 批），没有任何变化。")
    return redirect("register_upload", shown.code)


@require_POST
@needs(roles.KEEP_REGISTERS)
def revert(request: HttpRequest, code: str, batch_id: int) -> HttpResponse:
    """Takes a file's rows out again."""
    shown = _kept_register(request, code)
    batch = _batch(request, shown, batch_id)
    if batch.counts.get("rows", 0) > AT_ONCE and len(request.POST.get("reason", "").strip()) > 1:
        arguments = {"batch": batch.pk, "reason": request.POST["reason"]}
        asked = queue.ask(
            recipe="revert_register", arguments=arguments, region_code=batch.region_code, by=account_of(request)
        )
        return redirect("job", asked.pk)
    try:
        count = importing.revert(
            batch=batch,
            register=shown,
            reason=request.POST.get("reason", ""),
            by=account_of(request),
            now=timezone.now(),
        )
        messages.info(request, f"已撤销第 {batch.pk} 批，{count:,} 行复原。")
    except UserError as error:
        messages.error(request, str(error))
    return redirect("register_upload", shown.code)


@needs(roles.KEEP_REGISTERS)
def refused_file(request: HttpRequest, code: str, batch_id: int) -> HttpResponseBase:
    """The rows that were not taken, as they came, with place, reason and suggestion."""
    shown = _kept_register(request, code)
    batch = _batch(request, shown, batch_id)
    if not batch.refused_rows.exists():
        raise Http404
    with writing(), tempfile.TemporaryDirectory() as folder:
        path = refused.write(batch, Path(folder) / "refused.xlsx")
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"退回-第{batch.pk}批-{shown.label}.xlsx")


def _looked(arrival: Arrival, me: Account) -> Job:
    return queue.ask(recipe=registers.LOOK, arguments=arrival.arguments, region_code=arrival.region_code, by=me)


def _look(request: HttpRequest, shown: Register) -> Job | None:
    """What the background found in a file that this account gave it for this register."""
    number = request.GET.get("look", "")
    rows = Job.objects.filter(recipe=registers.LOOK, asked_by=account_of(request), state=JobState.DONE)
    job = rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 10 else None
    return job if job and job.result["register"] == shown.code else None


def _kept_register(request: HttpRequest, code: str) -> Register:
    shown = seen_register(request, code)
    if not keeping.may_keep(shown, account_of(request)):
        raise PermissionDenied
    return shown


def _batch(request: HttpRequest, shown: Register, batch_id: int) -> Batch:
    rows = Batch.objects.filter(purpose=importing.PURPOSE, dataset=contracts.code_of(shown))
    return seen_or_404(rows, scope_of(request), pk=batch_id)
