"""Natural changes of a month: by place, by household, confirmed in the village, entered and handed out in the national layout."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households import change_lists, natural_changes
from shouwang.households.models import NaturalChange
from shouwang.households.models.changes import CONFIRMED, STATES, TO_CONFIRM
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import handing_out, lists
from ..access import account_of, needs, scope_of, seen_or_404
from ..middleware import writing

ORDERS = (lists.Order("village", ("region_code", "household_id", "changed_on", "id")),)
_DIGITS_BELOW = {Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12}


class ChangesForm(lists.ListForm):
    month = forms.RegexField(
        r"^\d{4}-\d{2}$", label="月份", required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES])

    @property
    def wanted(self) -> Month:
        """The month asked for; else last month where it has a list, else the newest that has one."""
        if text := self.chosen("month"):
            return Month.parse(text)
        months = self.scope.filter(NaturalChange.objects.all()).order_by("-month").values_list("month", flat=True)
        last = Month.of(clock.today()).plus(-1)
        newest = months.first()
        return last if newest is None or months.filter(month=str(last)).exists() else Month.parse(newest)


class ConfirmForm(forms.Form):
    """Of a newcomer the name; of others nothing that is known already."""

    name = forms.CharField(label="姓名", max_length=60, required=False)
    relation = forms.CharField(label="与户主关系", max_length=20, required=False)
    number = forms.CharField(label="证件号码", max_length=30, required=False, help_text="加密保存；没有可留空")
    reason = forms.CharField(label="不属实的理由", max_length=200, required=False)


@needs(roles.SEE_HOUSEHOLDS)
def changes(request: HttpRequest) -> HttpResponse:
    """The month's list; sums of the places below."""
    scope, me = scope_of(request), account_of(request)
    form = ChangesForm(request.GET, scope=scope, home=me.region_code)
    month, place = form.wanted, form.place or me.region_code
    found = change_lists.changes(scope=form.within, month=month, state=form.chosen("state"))
    page = lists.page(found, orders=ORDERS, asked=request.GET, unit="项")
    digits = _DIGITS_BELOW.get(Level(regions.region(place).level)) if place else None
    places = change_lists.by_division(scope=form.within, month=month, digits=digits) if digits else []
    page.names = regions.names_of({row.region_code for row in page.rows} | {line.region_code for line in places})
    cases = change_lists.affected_cases(scope=form.within, month=month)
    names = {
        "form": form,
        "month": month,
        "page": page,
        "households": change_lists.of_households(page.rows),
        "places": places,
        "cases": cases[:20],
        "to_confirm": TO_CONFIRM,
        "confirmed": CONFIRMED,
        "may_confirm": me.may(roles.VERIFY) or me.may(roles.DISPATCH_LEADS),
        "may_generate": me.may(roles.DISPATCH_LEADS),
        "may_hand_out": me.may(roles.EXPORT) and me.may(roles.UNMASK),
        "section": "changes",
    }
    return render(request, "web/loop/changes.html", names)


@needs(roles.DISPATCH_LEADS)
@require_POST
def generate(request: HttpRequest) -> HttpResponse:
    """Brings the month in line with the files; or writes down that chosen lines were entered in the national system."""
    me, month = account_of(request), Month.parse(request.POST.get("month", ""))
    if "entered" in request.POST:
        chosen = [int(text) for text in request.POST.getlist("change") if text.isdecimal()]
        count = natural_changes.mark_entered(
            scope=scope_of(request), month=month, by=me, now=timezone.now(), changes=chosen
        )
        messages.info(request, f"{count} 项已登记为录入全国系统。")
    else:
        done = natural_changes.generate(region_code=me.region_code, month=month, by=me, now=timezone.now())
        messages.info(request, f"新增 {done.new_count} 项，撤去 {done.taken_away_count} 项。")
    return redirect(f"{request.path.removesuffix('/generate')}?month={month}")


@needs(roles.VERIFY, roles.DISPATCH_LEADS)
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """One line: true or not, and of a newcomer who it is."""
    me = account_of(request)
    rows = NaturalChange.objects.select_related("household", "person", "evidence_batch", "by")
    shown = seen_or_404(rows, scope_of(request), pk=change_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            if "reject" in request.POST:
                natural_changes.reject(change=shown, reason=told["reason"], by=me, now=timezone.now())
            else:
                natural_changes.confirm(
                    change=shown,
                    by=me,
                    now=timezone.now(),
                    name=told["name"],
                    relation=told["relation"],
                    number=told["number"],
                )
            return redirect(f"{reverse('changes')}?month={shown.month}")
        except UserError as error:
            form.add_error(None, str(error))
    names = {
        "change": shown,
        "form": form,
        "is_newcomer": shown.effect > 0 and shown.person_id is None,
        "village": regions.full_name(shown.region_code),
        "is_waiting": shown.state == TO_CONFIRM,
        "section": "changes",
    }
    return render(request, "web/loop/change.html", names)


@needs(roles.EXPORT)
def file(request: HttpRequest) -> HttpResponseBase:
    """Confirmed lines as rows of the national person sheet, numbers as text."""
    me = account_of(request)
    form = ChangesForm(request.GET, scope=scope_of(request), home=me.region_code)
    place = form.place or me.region_code
    with writing():
        headings, rows = change_lists.national_rows(region_code=place, month=form.wanted, by=me)
    label = f"自然变更-{form.wanted}"
    return handing_out.texts(request, label=label, headings=headings, rows=rows, is_official=True)
