"""Background work: how far it is, how it ended, where its result stands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shouwang.jobs import archive_check, dispatching, registers
from shouwang.jobs.models import Job, JobState

from ..access import scope_of, seen_or_404

LABELS = {
    "screen": "筛查",
    "plan_feed": "试读部门数据",
    "plan_registry": "试读农户档案",
    "import_feed": "导入部门数据",
    "import_registry": "导入农户档案",
    "revert_feed": "撤销批次",
    "revert_registry": "撤销批次",
    registers.LOOK: "试读台账",
    "import_register": "导入台账",
    "revert_register": "撤销批次",
    "collect_income": "记入增收台账",
    "check": "档案检查",
    "export": "导出名单",
    "follow_push": "核对推送名单",
    "write_decision": "县级确定批复",
    dispatching.RECIPE: "下派线索",
    archive_check.RECIPE: "三方比对",
}


def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One piece of work; the page asks again by itself until the work has ended."""
    shown = seen_or_404(Job.objects.all(), scope_of(request), pk=job_id)
    names = {
        "job": shown,
        "label": LABELS.get(shown.recipe, shown.recipe),
        "is_over": shown.state in (JobState.DONE, JobState.FAILED),
        "is_failed": shown.state == JobState.FAILED,
        "result_address": _result_address(shown),
        **_dispatched(shown),
        **_compared(shown),
    }
    return render(request, "web/jobs/job.html", names)


def _dispatched(job: Job) -> dict[str, Any]:
    """What came of a list that was sent down: sentences, and the leads that stayed with the reason of each."""
    if job.recipe != dispatching.RECIPE or job.state != JobState.DONE:
        return {}
    address = reverse("leads")
    return {
        "result_lines": dispatching.sentences(job.result),
        "left": job.result["named"],
        "result_address": f"{address}?{urlencode(job.arguments['filters'])}" if job.arguments["filters"] else address,
        "result_action": "回到线索",
    }


def _compared(job: Job) -> dict[str, Any]:
    """What a comparison of the archive looked through, and the way to the differences."""
    if job.recipe != archive_check.RECIPE or job.state != JobState.DONE:
        return {}
    address = f"{reverse('archive')}?{urlencode({'region': job.region_code})}"
    return {"result_lines": [f"比对了 {job.result['households']:,} 户。"], "result_address": address}


def _result_address(job: Job) -> str:
    """The page on which the result of a finished job is looked at."""
    if job.state != JobState.DONE:
        return ""
    if "run" in job.result:
        return reverse("run", args=[job.result["run"]])
    if "check" in job.result:
        return reverse("check", args=[job.result["check"]])
    if "register" in job.result:
        looked = f"?look={job.pk}" if job.recipe == registers.LOOK else ""
        return reverse("register_upload", args=[job.result["register"]]) + looked
    if "batch" in job.result:
        return reverse("batch", args=[job.result["batch"]])
    if "file" in job.result:
        return reverse("outgoing", args=[job.pk])
    return ""
