"""督办: which units were asked in writing to move what is late, what they answered, and what is still open."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.casework import supervision as supervising
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock, papers
from shouwang.organisation import roles
from shouwang.regions import queries as regions

from .. import handing_papers, lists
from ..access import account_of, needs, scope_of, seen_or_404
from .todo import ORDERS as TASK_ORDERS
from .todo import rows

FORMATS = ("docx", "pdf")
# A week to answer in is what offices give; it stands in the form and can be changed there.
_REPLY_DAYS = 7
ORDERS = (lists.Order("open", ("is_standing", "asked_on", "id"), is_descending=True),)


class AskForm(forms.Form):
    """Which unit, and until when it shall answer."""

    region_code = forms.ChoiceField(label="被督办的单位")
    reply_by = forms.DateField(label="反馈期限", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    phone = forms.CharField(label="本单位办公电话", max_length=40)
    number = forms.CharField(label="文号", max_length=40, required=False)

    def __init__(self, *arguments: Any, home: str, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer(self, "region_code", [(child.code, child.name) for child in regions.children(home)])


@needs(roles.SEE_CASES)
def supervisions(request: HttpRequest) -> HttpResponse:
    """Every one that reaches the account's region; the form for a new one."""
    me, scope, today = account_of(request), scope_of(request), clock.today()
    may_ask = me.may(roles.DISPATCH_LEADS) and bool(me.region_code)
    start = {"reply_by": today + dt.timedelta(days=_REPLY_DAYS), "region_code": request.GET.get("unit", "")}
    form = AskForm(request.POST or None, home=me.region_code, initial=start) if may_ask else None
    if request.method == "POST" and form is None:
        raise Http404
    if form is not None and form.is_valid():
        try:
            made = supervising.ask(**form.cleaned_data, by=me, today=today, now=timezone.now())
            return redirect("supervision", made.pk)
        except UserError as error:
            form.add_error(None, str(error))
    page = lists.page(supervising.supervisions(scope=scope), orders=ORDERS, asked=request.GET, unit="次")
    page.names = regions.names_of({code for one in page.rows for code in (one.region_code, one.asked_by_region)})
    names = {
        "form": form,
        "is_open": request.method == "POST" or bool(request.GET.get("unit")),
        "page": page,
        "counts": supervising.counted(page.rows),
        "today": today,
        "section": "supervisions",
    }
    return render(request, "web/cases/supervisions.html", names)


@needs(roles.SEE_CASES)
def supervision(request: HttpRequest, supervision_id: int) -> HttpResponse:
    """One: what it names as it stands now; the unit answers here, whoever asked closes here."""
    me, scope, today = account_of(request), scope_of(request), clock.today()
    shown = seen_or_404(supervising.supervisions(scope=scope), scope, pk=supervision_id)
    if request.method == "POST":
        try:
            if "close" in request.POST:
                supervising.close(supervision=shown, by=me, today=today)
            else:
                supervising.answer(supervision=shown, text=request.POST.get("text", ""), by=me, today=today)
            return redirect("supervision", shown.pk)
        except UserError as error:
            messages.error(request, str(error))
    page = lists.page(supervising.items(shown), orders=TASK_ORDERS, asked=request.GET, unit="项")
    names = {
        "supervision": shown,
        "counts": supervising.counted([shown])[shown.pk],
        "place": regions.full_name(shown.region_code),
        "asked_by": regions.name(shown.asked_by_region),
        "page": page,
        "rows": rows(page.rows),
        "today": today,
        "may_answer": supervising.may_answer(shown, by=me),
        "may_close": supervising.may_close(shown, by=me),
        "has_paper": me.may(roles.DISPATCH_LEADS),
        "formats": FORMATS,
        "section": "supervisions",
    }
    return render(request, "web/cases/supervision.html", names)


@needs(roles.DISPATCH_LEADS)
def paper(request: HttpRequest, supervision_id: int, file_format: str) -> HttpResponseBase:
    """The 督办函 as it was asked: what was late on that day."""
    scope = scope_of(request)
    shown = seen_or_404(supervising.supervisions(scope=scope), scope, pk=supervision_id)
    if file_format not in FORMATS:
        raise Http404
    made = papers.note(
        tasks=list(supervising.items(shown)),
        region_code=shown.region_code,
        reply_by=shown.reply_by,
        phone=shown.phone,
        number=shown.number,
        today=shown.asked_on,
        policies=policy.load(),
        asked_by=shown.asked_by_region,
    )
    return handing_papers.hand_out(
        request,
        made,
        file_format,
        label="督办函",
        region_code=shown.region_code,
        target=regions.name(shown.region_code),
    )
