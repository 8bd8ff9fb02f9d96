"""挂牌督办: which counties the figures point at, which are listed, their progress, and taking them off with evidence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import listings as listing_actions
from shouwang.households.models import Listing
from shouwang.jobs import clock, papers
from shouwang.organisation import roles
from shouwang.regions import queries as regions

from .. import handing_papers, lists
from ..access import account_of, needs, scope_of, seen_or_404

FORMATS = ("docx", "pdf")
NOTICE, RELEASE = "notice", "release"


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PutOnForm(forms.Form):
    """Which place, why, until when, and why that day."""

    region_code = forms.ChoiceField(label="挂牌的地方")
    reason = forms.CharField(label="事由", max_length=200)
    due_on = forms.DateField(label="整改期限", widget=_day())
    due_reason = forms.CharField(
        label="期限的理由", max_length=200, required=False, help_text="文件没有规定期限，或与规定不同的，须写明"
    )
    phone = forms.CharField(label="本单位办公电话", max_length=40)
    number = forms.CharField(label="文号", max_length=40, required=False)


class PeriodForm(lists.ListForm):
    period = forms.ChoiceField(label="时期", required=False)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        year = clock.today().year
        offered = [*(f"{year}-Q{quarter}" for quarter in range(1, 5)), str(year - 1)]
        lists.offer(self, "period", [("", f"{year} 年"), *((one, one) for one in offered)])

    @property
    def chosen_period(self) -> str:
        return str(self.chosen("period") or clock.today().year)


@needs(roles.SEE_FIGURES)
def listings(request: HttpRequest) -> HttpResponse:
    """Counties that the figures point at, and every listing of the scope; the form for a new one."""
    me, scope, today, policies = account_of(request), scope_of(request), clock.today(), policy.load()
    may_list = me.may(roles.LIST_PLACES) and bool(me.region_code)
    period_form = PeriodForm(request.GET, scope=scope, home=me.region_code)
    period = period_form.chosen_period
    form = None
    if may_list:
        asked = request.GET.get("place", "")
        set_by = listing_actions.limit(region_code=asked or me.region_code, today=today, policies=policies)
        start = {"region_code": asked, "due_on": set_by.on, "reason": request.GET.get("reason", "")}
        form = PutOnForm(request.POST or None, initial=start)
        lists.offer(form, "region_code", listing_actions.places_below(me))
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                made = listing_actions.put_on(
                    **form.cleaned_data, period=period, by=me, today=today, now=timezone.now(), policies=policies
                )
                return redirect("listing", made.pk)
            except UserError as error:
                form.add_error(None, str(error))
    found = list(listing_actions.listings(scope=scope)[:100])
    candidates = listing_actions.candidates(scope=period_form.within, period=period, on=today, policies=policies)
    codes = {code for one in found for code in (one.region_code, one.by_region)} | {
        one.region_code for one in candidates
    }
    names = {
        "form": form,
        "period_form": period_form,
        "is_open": request.method == "POST" or bool(request.GET.get("place")),
        "period": period,
        "candidates": candidates,
        "listings": found,
        "names": regions.names_of(codes),
        "cite_": listing_actions.CITE,
        "limit_parameter": listing_actions.LIMIT,
        "today": today,
        "section": "listings",
    }
    return render(request, "web/cases/listings.html", names)


@needs(roles.SEE_FIGURES)
def listing(request: HttpRequest, listing_id: int) -> HttpResponse:
    """One: its notice, its figures, what was done since; the place tells, whoever listed it moves the day or takes it off."""
    me, scope, today = account_of(request), scope_of(request), clock.today()
    shown = seen_or_404(listing_actions.listings(scope=scope), scope, pk=listing_id)
    if request.method == "POST":
        try:
            _take(request, shown, today)
            return redirect("listing", shown.pk)
        except UserError as error:
            messages.error(request, str(error))
    names = {
        "listing": shown,
        "place": regions.full_name(shown.region_code),
        "by_place": regions.name(shown.by_region),
        "answers": _answers(shown),
        "entries": listing_actions.entries(shown),
        "may_report": listing_actions.may_report(shown, by=me),
        "may_decide": listing_actions.may_decide(shown, by=me),
        "formats": FORMATS,
        "today": today,
        "limit_parameter": listing_actions.LIMIT,
        "section": "listings",
    }
    return render(request, "web/cases/listing.html", names)


def _answers(shown: Listing) -> list[dict[str, Any]]:
    """The comparison that was kept, its shares as numbers again."""
    return [
        {
            **answer,
            "margin": None if answer["margin"] is None else Decimal(answer["margin"]),
            "sides": [
                {**side, "growth": None if side["growth"] is None else Decimal(side["growth"])}
                for side in answer["sides"]
            ],
        }
        for answer in shown.trigger.get("answers", ())
    ]


def _take(request: HttpRequest, shown: Listing, today: dt.date) -> None:
    me, now, text = account_of(request), timezone.now(), request.POST.get("text", "")
    if "release" in request.POST:
        listing_actions.release(listing=shown, evidence=text, by=me, today=today)
    elif "move" in request.POST:
        try:
            due_on = dt.date.fromisoformat(request.POST.get("due_on", ""))
        except ValueError as error:
            raise UserError("没有填写新的期限") from error
        listing_actions.move(listing=shown, due_on=due_on, reason=text, by=me, today=today, now=now)
    else:
        listing_actions.report(listing=shown, text=text, by=me, today=today, now=now)


@needs(roles.SEE_FIGURES)
def paper(request: HttpRequest, listing_id: int, paper: str, file_format: str) -> HttpResponseBase:
    """挂牌督办通知, or 摘牌通知 once it was taken off."""
    scope = scope_of(request)
    shown = seen_or_404(listing_actions.listings(scope=scope), scope, pk=listing_id)
    if file_format not in FORMATS or paper not in (NOTICE, RELEASE) or (paper == RELEASE and not shown.released_on):
        raise Http404
    made = papers.release_notice(shown) if paper == RELEASE else papers.listing_notice(shown, policies=policy.load())
    label = "摘牌通知" if paper == RELEASE else "挂牌督办通知"
    return handing_papers.hand_out(
        request, made, file_format, label=label, region_code=shown.region_code, target=regions.name(shown.region_code)
    )
