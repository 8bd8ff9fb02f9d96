"""Files and batches: what was received, what became of every row, and taking a whole file back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang.casework import queries as casework
from shouwang.feeds import histories
from shouwang.feeds import queries as feeds
from shouwang.intake.models import Batch, BatchState
from shouwang.jobs import exports, queue
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.screening.models import RuleResult

from .. import evidence, lists, sheets
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (
    lists.Order("received", ("received_at", "id"), is_descending=True),
    lists.Order("period", ("period", "id")),
)
_IMPORTERS = (roles.IMPORT_REGISTRY, roles.IMPORT_FEEDS)


class FilesForm(lists.ListForm):
    dataset = forms.ChoiceField(label="数据", required=False)
    period = forms.RegexField(
        r"^\d{4}-\d{2}$", label="所属月份", required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *BatchState.choices])

    q = forms.CharField(label="文件名或报送单位", required=False, max_length=60)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer(self, "dataset", [("", "全部"), *sheets.LABELS.items()])

    @property
    def filters(self) -> dict[str, str]:
        chosen = {name: self.chosen(name) for name in ("dataset", "period", "state")}
        return self.kept(chosen | {"text": self.chosen("q").strip()})


@needs(*_IMPORTERS)
def files(request: HttpRequest) -> HttpResponse:
    """Every file, the newest first."""
    scope = scope_of(request)
    form = FilesForm(request.GET, scope=scope, home=account_of(request).region_code)
    page = lists.page(exports.batches(scope, form.filters), orders=ORDERS, asked=request.GET, unit="份")
    page.names = regions.names_of({row.region_code for row in page.rows})
    return render(request, "web/files/files.html", {"form": form, "page": page, "labels": sheets.LABELS})


class RevertForm(forms.Form):
    reason = forms.CharField(
        label="撤销原因",
        min_length=4,
        max_length=200,
        error_messages={"required": "请写明为什么撤销。", "min_length": "原因太短，请写清楚。"},
    )


@needs(*_IMPORTERS)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One file: sums that add up, its rows by what became of them, what it led to."""
    scope = scope_of(request)
    shown = seen_or_404(Batch.objects.select_related("received_by", "reverted_by", "split_from"), scope, pk=batch_id)
    form = RevertForm()
    if request.method == "POST":
        form = RevertForm(request.POST)
        if form.is_valid():
            arguments = {"batch": shown.pk, "reason": form.cleaned_data["reason"]}
            job = queue.ask(
                recipe=f"revert_{shown.purpose}",
                arguments=arguments,
                region_code=shown.region_code,
                by=account_of(request),
            )
            return redirect("job", job.pk)
    view = feeds.batch(scope=scope, batch_id=shown.pk) if shown.purpose == "feed" else None
    names = {
        "batch": shown,
        "view": view,
        "parts": sheets.parts(shown),
        "records": sheets.records_of(shown.counts),
        "label": sheets.LABELS.get(shown.dataset, shown.dataset),
        "shares": feeds.pushed(scope=scope, batch_id=shown.pk) if view and view.counties else [],
        "refused": shown.refused_rows.order_by("row_number", "pk")[:20],
        "led_to": casework.filtered(casework.leads(scope=scope), batch_id=shown.pk).order_by().count(),
        "runs": _runs_on(shown),
        "form": form,
        "may_revert": account_of(request).may(roles.IMPORT_FEEDS if shown.purpose == "feed" else roles.IMPORT_REGISTRY)
        and scope.contains(shown.region_code),
        "section": "files",
    }
    return render(request, "web/files/batch.html", names)


def _runs_on(batch: Batch) -> list[Any]:
    """The newest runs that read this file."""
    results = RuleResult.objects.filter(county_code=batch.region_code).prefetch_related("runs")
    found = {
        run.pk: run
        for result in results.order_by("-pk")[:200]
        if any(entry["batch"] == batch.pk for entry in result.inputs)
        for run in result.runs.all()
    }
    return sorted(found.values(), key=lambda run: -run.pk)[:5]


@needs(*_IMPORTERS)
def rows(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The rows of a department's file that count, as they stand in the lake, a screenful at a time."""
    scope = scope_of(request)
    shown = seen_or_404(Batch.objects.filter(purpose="feed"), scope, pk=batch_id)
    start = int(text) if (text := request.GET.get("after", "")).isdecimal() else 0
    numbers = histories.row_numbers(batch=shown, after=start, limit=lists.PAGE_SIZE + 1)
    points = [{"dataset": shown.dataset, "batch": shown.pk, "row": number} for number in numbers[: lists.PAGE_SIZE]]
    groups = evidence.grouped(points, evidence.open_rows(scope, points), set())
    names = {
        "batch": shown,
        "label": sheets.LABELS.get(shown.dataset, shown.dataset),
        "group": groups[0] if groups else None,
        "count": shown.counts.get("taken", 0),
        "start": start,
        "next": numbers[lists.PAGE_SIZE - 1] if len(numbers) > lists.PAGE_SIZE else None,
        "section": "files",
    }
    return render(request, "web/files/rows.html", names)
