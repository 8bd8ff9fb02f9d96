"""Papers from pages: those of a case, the county's decision and letters, the monthly roll-up, the sheet for the village's wall."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.casework.models import Case
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.jobs import clock, papers, queue
from shouwang.jobs.papers.writing import AT_ONCE, DECISION
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.reporting.drafts import Matter
from shouwang.reporting.papers import FORMATS

from .. import handing_papers, lists
from ..access import account_of, needs, scope_of, seen_or_404

INCLUSION, CLEARANCE = "inclusion", "clearance"
MATTERS = {INCLUSION: Matter.INCLUSION, CLEARANCE: Matter.CLEARANCE}
_REPLY_DAYS = 5  # offered, not required: the officer writes the day
_MOST_SHOWN = 200


@needs(roles.SEE_CASES)
def case_paper(request: HttpRequest, case_no: str, paper: str, file_format: str) -> HttpResponseBase:
    """One paper of a case as Word or PDF."""
    case = seen_or_404(Case.objects.select_related("household", "lead"), scope_of(request), case_no=case_no)
    wanted = papers.CASE_PAPERS.get(paper)
    if wanted is None or file_format not in wanted.formats:
        raise Http404
    if not wanted.is_open_to(account_of(request)):
        raise PermissionDenied
    made = wanted.draft(case, clock.today())
    return handing_papers.hand_out(
        request,
        made,
        file_format,
        label=wanted.label,
        region_code=case.region_code,
        target=case.case_no,
        instead=reverse("case_paper", args=[case_no, paper, "docx"]),
    )


class DecidedForm(lists.ListForm):
    """Which decisions: of what, of which day, in which township."""

    matter = forms.ChoiceField(label="事项", required=False, choices=[("", "纳入"), (CLEARANCE, "风险消除")])
    on = forms.DateField(label="确定日", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def wanted(self) -> Matter:
        return MATTERS.get(self.chosen("matter") or INCLUSION, Matter.INCLUSION)

    @property
    def day(self) -> dt.date:
        return self.chosen("on") or clock.today()


@needs(roles.APPROVE, roles.EXPORT)
def county_papers(request: HttpRequest) -> HttpResponse:
    """What the account may have made here: decisions of a day, letters to townships, the month."""
    me, scope, today = account_of(request), scope_of(request), clock.today()
    form = DecidedForm(request.GET, scope=scope, home=me.region_code)
    may_decide = me.may(roles.APPROVE)
    days = _days(scope, form.wanted) if may_decide else []
    day = form.chosen("on") or (days[0] if days else today)
    rows = papers.decided(scope=form.within, matter=form.wanted, on=day)
    names: dict[str, Any] = {"section": "papers", "form": form, "today": today, "may_decide": may_decide}
    names |= {"formats": FORMATS, "month": str(Month.of(today)), "home": me.region_code}
    if may_decide:
        count = rows.order_by().count()
        shown = list(rows[:_MOST_SHOWN])
        names |= {
            "cases": shown,
            "count": count,
            "days": days,
            "day": day,
            "unit": f"{regions.name(regions.county_of(me.region_code))}防贫中心",
            "number": _number(shown),
            "villages": regions.names_of({case.region_code for case in shown}),
            "late": _late_by_township(request, today),
            "reply_by": today + dt.timedelta(days=_REPLY_DAYS),
        }
    return render(request, "web/papers/papers.html", names)


@require_POST
@needs(roles.APPROVE)
def county_decision(request: HttpRequest) -> HttpResponseBase:
    """县级确定批复 over the marked cases of a day, or over all of them; a long one is written in the background."""
    me, today = account_of(request), clock.today()
    form = DecidedForm(request.POST, scope=scope_of(request), home=me.region_code)
    file_format = _format(request)
    unit, number = request.POST.get("unit", "").strip()[:60], request.POST.get("number", "").strip()[:40]
    rows = papers.decided(scope=form.within, matter=form.wanted, on=form.day)
    if "all" not in request.POST:
        rows = rows.filter(case_no__in=request.POST.getlist("case"))
    elif rows.order_by().count() > AT_ONCE:
        arguments: dict[str, Any] = {
            "matter": form.wanted.name,
            "on": form.day.isoformat(),
            "region": form.place or me.region_code,
        }
        arguments |= {"unit": unit, "number": number, "format": file_format, "account": me.pk}
        return redirect("job", queue.ask(recipe=DECISION, arguments=arguments, region_code=me.region_code, by=me).pk)
    try:
        made = papers.decision(cases=list(rows), matter=form.wanted, on=form.day, unit=unit, number=number, today=today)
    except UserError as error:
        return _back(request, error)
    return handing_papers.hand_out(
        request, made, file_format, label="县级确定批复", region_code=me.region_code, target=form.day.isoformat()
    )


@require_POST
@needs(roles.APPROVE)
def supervision(request: HttpRequest) -> HttpResponseBase:
    """督办函 over what is late in one township."""
    scope, today = scope_of(request), clock.today()
    township = request.POST.get("township", "")
    if not (township.isascii() and township.isdigit() and len(township) == 12 and scope.contains(township)):
        raise Http404
    try:
        made = papers.note(
            tasks=list(papers.late_tasks(scope=scope.narrowed(township), today=today)),
            region_code=township,
            reply_by=_day(request.POST.get("reply_by", "")),
            phone=request.POST.get("phone", "")[:40],
            number=request.POST.get("number", "").strip()[:40],
            today=today,
            policies=policy.load(),
        )
    except UserError as error:
        return _back(request, error)
    return handing_papers.hand_out(
        request, made, _format(request), label="督办函", region_code=township, target=regions.name(township)
    )


@needs(roles.EXPORT)
def monthly(request: HttpRequest) -> HttpResponseBase:
    """月度汇总 of the account's place for a month."""
    me = account_of(request)
    try:
        month = Month.parse(request.GET.get("month", ""))
    except ValueError as error:
        raise UserError("没有选择月份", next_step="请选择要汇总的月份。") from error
    made = papers.monthly(
        region_code=me.region_code, scope=scope_of(request), month=month, unit=_office(me.region_code), today=clock.today()
    )  # fmt: skip
    return handing_papers.hand_out(
        request,
        made,
        _format(request),
        label="月度汇总",
        region_code=me.region_code,
        target=str(month),
        instead=f"{reverse('paper_monthly')}?month={month}&format=docx",
    )


def _office(region_code: str) -> str:
    level = regions.region(region_code).level
    ending = "防贫工作站" if level == Level.TOWNSHIP else "防贫中心" if level == Level.COUNTY else "乡村振兴局"
    return f"{regions.name(region_code)}{ending}"


def _format(request: HttpRequest) -> str:
    found = (request.POST if request.method == "POST" else request.GET).get("format", "docx")
    if found not in FORMATS:
        raise Http404
    return found


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UserError("没有填写日期", next_step="请填写反馈日期。") from error


def _back(request: HttpRequest, error: UserError) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("papers")


def _days(scope: Any, matter: Matter) -> list[dt.date]:
    """The last days on which something was decided, to jump to."""
    field = "included_on" if matter is Matter.INCLUSION else "cleared_on"
    rows = scope.filter(Case.objects.filter(**{f"{field}__isnull": False})).order_by(f"-{field}")
    return list(rows.values_list(field, flat=True).distinct()[:6])


def _number(cases: list[Case]) -> str:
    """The number that the decisions were given, where it is one and the same."""
    events = ("county_decision", "out_county_decision")
    found = {
        event.data.get("decision_no", "")
        for case in cases
        for event in case.events.filter(step__in=events).order_by("-sequence")[:1]
    }
    return found.pop() if len(found) == 1 else ""


def _late_by_township(request: HttpRequest, today: dt.date) -> list[tuple[str, str, int]]:
    counts: dict[str, int] = {}
    rows = papers.late_tasks(scope=scope_of(request), today=today)
    for code in rows.order_by().values_list("region_code", flat=True):
        township = f"{code[:9]}000"
        counts[township] = counts.get(township, 0) + 1
    known = regions.names_of(set(counts))
    return sorted(((code, known.get(code, code), count) for code, count in counts.items()), key=lambda row: (-row[2], row[0]))  # fmt: skip
