"""The inspectors' questions about the register: what they will ask, by check and by village, row by row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from shouwang.jobs import checking, clock, queue
from shouwang.jobs.models import Job, JobState
from shouwang.organisation import audit, roles
from shouwang.regions import queries as regions
from shouwang.registry.checks import ERROR, SEVERITIES

from .. import lists
from ..access import account_of, needs, scope_of, seen_or_404
from ..middleware import writing

_SHOWN = 10


@needs(roles.SEE_HOUSEHOLDS)
def checks(request: HttpRequest) -> HttpResponse:
    """Where to ask, and what was asked before."""
    me, scope = account_of(request), scope_of(request)
    form = lists.ListForm(request.POST or request.GET, scope=scope, home=me.region_code)
    if request.method == "POST":
        place = form.place or me.region_code
        if not place or not scope.contains(place):
            raise Http404
        return redirect("job", queue.ask(recipe="check", arguments={}, region_code=place, by=me).pk)
    done = scope.filter(Job.objects.filter(recipe="check", state=JobState.DONE)).order_by("-id")
    recent = [
        job for job in done[: 4 * _SHOWN] if scope.contains(job.region_code) and checking.questions_of(job).exists()
    ]
    names = {
        "form": form,
        "recent": recent[:_SHOWN],
        "places": {job.region_code: regions.full_name(job.region_code) for job in recent[:_SHOWN]},
    }
    return render(request, "web/households/checks.html", names)


@needs(roles.SEE_HOUSEHOLDS)
def answer(request: HttpRequest, job_id: int) -> HttpResponse:
    """What the checks found: sums by check and by village, and the rows of what is chosen."""
    job = _done_or_404(request, job_id)
    chosen, start = request.GET.get("check", ""), request.GET.get("from", "")
    form = lists.ListForm(request.GET, scope=scope_of(request), home=job.region_code)
    first = int(start) if start.isdecimal() else 0
    found = checking.rows(job, check=chosen, within=form.within, start=first, size=lists.PAGE_SIZE)
    by_village = checking.by_village(job)
    asked: list[dict[str, Any]] = job.result["checks"]
    names = {
        "job": job,
        "asked": sorted(asked, key=lambda one: (one["severity"] != ERROR, -one["count"])),
        "severities": SEVERITIES,
        "labels": {one["code"]: one for one in asked},
        "villages": [(code, counts[ERROR], counts.total() - counts[ERROR]) for code, counts in by_village.items()],
        "names": regions.names_of({code for village in by_village for code in (village, f"{village[:9]}000")}),
        "rows": found.rows,
        "count": found.count,
        "check": chosen,
        "region": form.place,
        "previous": max(0, first - lists.PAGE_SIZE) if first else None,
        "next": first + lists.PAGE_SIZE if first + lists.PAGE_SIZE < found.count else None,
        "section": "checks",
    }
    return render(request, "web/households/check.html", names)


@needs(roles.SEE_HOUSEHOLDS)
def spreadsheet(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The whole question pack to work through offline; one line in the log."""
    me = account_of(request)
    if not me.may(roles.EXPORT):
        messages.error(request, "您的账号不能导出名单。")
        return redirect("check", job_id)
    job = _done_or_404(request, job_id)
    with writing():
        audit.record(
            by=me,
            action="导出档案检查问题",
            region_code=job.region_code,
            detail={"rows": job.result["questions"]},
        )
    name = f"档案检查-{regions.name(job.region_code)}-{clock.today():%Y%m%d}.xlsx"
    return FileResponse(checking.spreadsheet_of(job).open("rb"), as_attachment=True, filename=name)


def _done_or_404(request: HttpRequest, job_id: int) -> Job:
    """A finished check of a region that is wholly seen, whose files are still there."""
    scope = scope_of(request)
    job = seen_or_404(Job.objects.filter(recipe="check", state=JobState.DONE), scope, pk=job_id)
    if not scope.contains(job.region_code) or not checking.questions_of(job).exists():
        raise Http404
    return job
