"""The push and collection cycle: a month's lists, what became of their rows county by county, and the file for whoever sent them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.foundation.periods import Month
from shouwang.households import push_figures
from shouwang.households import pushes as actions
from shouwang.households.models import Push
from shouwang.intake.models import Batch, BatchState
from shouwang.intake.spreadsheet import FormattedSheet, SheetColumn
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.reporting import scanner

from .. import handing_out, lists, sheets
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (lists.Order("row", ("row_number", "id")),)


class MonthForm(lists.ListForm):
    month = forms.RegexField(
        r"^\d{4}-\d{2}$", label="推送月份", required=False, widget=forms.TextInput(attrs={"type": "month"})
    )

    @property
    def wanted(self) -> Month | None:
        text = self.chosen("month")
        return Month.parse(text) if text else None


class RowsForm(lists.ListForm):
    part = forms.ChoiceField(label="去向", required=False)

    def __init__(self, *arguments, **names) -> None:
        super().__init__(*arguments, **names)
        matched = [(code, label) for code, label in push_figures.PARTS.items() if code not in push_figures.NOT_MATCHED]
        sums = [("verified", "已核实"), ("confirmed", "属实"), ("not_included", "未纳入")]
        lists.offer(self, "part", [("", "全部匹配到的"), *sums, *matched])


@needs(roles.SEE_LEADS)
def pushes(request: HttpRequest) -> HttpResponse:
    """Every list of a month with its sums; files in force that could still be pushed."""
    scope, today = scope_of(request), clock.today()
    form = MonthForm(request.GET, scope=scope, home=account_of(request).region_code)
    found = list(push_figures.pushes(scope=form.within, month=form.wanted)[:50])
    answers = push_figures.roll_ups(pushes=found, scope=form.within)
    files = _could_be_pushed(request)
    names = {
        "form": form,
        "answers": [(one, one.total, actions.label_of(one.push), one.is_late(today)) for one in answers],
        "today": today,
        "waiting": [one for one in files if actions.is_warning(one[0])],
        "others": [one for one in files if not actions.is_warning(one[0])],
        "section": "pushes",
    }
    return render(request, "web/loop/pushes.html", names)


def _could_be_pushed(request: HttpRequest) -> list[tuple[Batch, str]]:
    """Files of the last two months that nobody has pushed, for whoever may."""
    if not account_of(request).may(roles.DISPATCH_LEADS):
        return []
    first = Month.of(clock.today()).plus(-1)
    rows = Batch.objects.filter(purpose="feed", state=BatchState.APPLIED, split_from=None, push=None)
    rows = scope_of(request).filter(rows.filter(period__gte=str(first))).order_by("-received_at")
    return [(one, sheets.LABELS.get(one.dataset, one.dataset)) for one in rows[:30] if actions.may_push(one)]


def _shown(request: HttpRequest, push_id: int) -> Push:
    """A list that reached the account's region: its own, or a share of one from above. Others are not there."""
    found = push_figures.pushes(scope=scope_of(request)).filter(pk=push_id).first()
    if found is None:
        raise Http404
    return found


@needs(roles.DISPATCH_LEADS)
def push(request: HttpRequest, batch_id: int) -> HttpResponse:
    """First what a push would bring about; sent, it makes leads of a file's rows, or brings them in line with what was decided since."""
    batch = seen_or_404(Batch.objects.filter(purpose="feed"), scope_of(request), pk=batch_id)
    if request.method != "POST":
        if not actions.may_push(batch) or batch.state != BatchState.APPLIED or hasattr(batch, "push"):
            raise Http404
        names = {
            "batch": batch,
            "label": sheets.LABELS.get(batch.dataset, batch.dataset),
            "foreseen": actions.foresee(batch=batch),
            "is_warning": actions.is_warning(batch),
            "section": "pushes",
        }
        return render(request, "web/loop/push_new.html", names)
    pushed, taken = actions.push(
        batch=batch, by=account_of(request), today=clock.today(), now=timezone.now(), policies=policy.load()
    )
    said = [
        ("并入线索", taken.lead_count),
        ("由记录回答", taken.answered_count),
        ("已在监测", taken.monitored_count),
        ("撤出", taken.withdrawn_count),
    ]
    text = "，".join(f"{label} {count:,} 行" for label, count in said if count)
    messages.info(request, f"已推送：{text}。" if text else "没有新的变化。")
    return redirect("push", pushed.pk)


@needs(roles.SEE_LEADS)
def one(request: HttpRequest, push_id: int) -> HttpResponse:
    """One list county by county; every figure opens its rows."""
    scope = scope_of(request)
    shown = _shown(request, push_id)
    answer = push_figures.roll_up(push=shown, scope=scope)
    me = account_of(request)
    names = {
        "push": shown,
        "label": actions.label_of(shown),
        "answer": answer,
        "lines": [*answer.lines, answer.total] if len(answer.lines) > 1 else answer.lines,
        "parts": [(code, label, answer.total.parts[code]) for code, label in push_figures.PARTS.items()],
        "not_matched": push_figures.NOT_MATCHED,
        "is_late": answer.is_late(clock.today()),
        "may_push": me.may(roles.DISPATCH_LEADS) and scope.contains(shown.region_code),
        "section": "pushes",
    }
    return render(request, "web/loop/push.html", names)


@needs(roles.SEE_LEADS)
def rows(request: HttpRequest, push_id: int) -> HttpResponse:
    """The matched rows behind a figure."""
    scope = scope_of(request)
    shown = _shown(request, push_id)
    form = RowsForm(request.GET, scope=scope, home=account_of(request).region_code)
    found = push_figures.rows(push=shown, scope=form.within, part=form.chosen("part"))
    page = lists.page(found, orders=ORDERS, asked=request.GET, unit="行")
    page.names = regions.names_of({code for row in page.rows for code in (row.region_code, row.county_code)})
    for row in page.rows:
        case = getattr(row.lead, "case", None) if row.lead else None
        part = push_figures.standing_of(
            row.standing,
            row.lead.state if row.lead else None,
            case.state if case else None,
            bool(case and case.included_on),
        )
        row.part_label = push_figures.PARTS[part]  # type: ignore[attr-defined]
        row.reason = push_figures.reason_of(row)  # type: ignore[attr-defined]
    names = {"push": shown, "label": actions.label_of(shown), "form": form, "page": page, "section": "pushes"}
    return render(request, "web/loop/push_rows.html", names)


@needs(roles.EXPORT)
def file(request: HttpRequest, push_id: int) -> HttpResponseBase:
    """What was found, for whoever sent the list: the sums by county, and every row by its number."""
    scope = scope_of(request)
    shown = _shown(request, push_id)
    answer = push_figures.roll_up(push=shown, scope=scope)
    parts = list(push_figures.PARTS.items())
    sums = [
        [line.name, line.row_count, *(line.parts[code] for code, _ in parts)] for line in [*answer.lines, answer.total]
    ]
    vocabulary = scanner.current()
    numbers = [SheetColumn(label, "number") for label in ("收到行数", *(label for _, label in parts))]
    content = [
        FormattedSheet("汇总", [SheetColumn("县"), *numbers], sums, title=f"{actions.label_of(shown)}核查结果汇总"),
        FormattedSheet(
            "逐行结果",
            [SheetColumn(heading) for heading in push_figures.HEADINGS],
            [_without_diseases(row, vocabulary) for row in push_figures.file_rows(push=shown, scope=scope)],
        ),
    ]
    return handing_out.sheets(request, label="核查结果", content=content)


def _without_diseases(row: list[str], vocabulary: scanner.Vocabulary) -> list[str]:
    """Reasons are in the words of whoever was there."""
    return [
        scanner.masked(cell, vocabulary=vocabulary) if heading == "理由" else cell
        for heading, cell in zip(push_figures.HEADINGS, row, strict=True)
    ]
