"""月报和通报: a place's month with every figure opening its rows, the papers upward and downward, and sending the report on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households import month_figures
from shouwang.households.models import Return
from shouwang.households.returns import actions, queries
from shouwang.households.returns.kinds import KINDS, MONTHLY
from shouwang.jobs import clock, papers
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.reporting.papers import FORMATS

from .. import handing_papers, lists
from ..access import account_of, needs, scope_of

_MONTHS_SHOWN = 12
_MOST_ROWS = 500
REPORT, BULLETIN = "report", "bulletin"
PAPERS = {REPORT: "月报", BULLETIN: "月通报"}


class MonthForm(lists.ListForm):
    month = forms.ChoiceField(label="月份", required=False)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        now = Month.of(clock.today())
        self.newest = now.plus(-1)
        shown = [now.plus(-back) for back in range(_MONTHS_SHOWN)]
        order = [shown[1], shown[0], *shown[2:]]  # the month that is over comes first
        if self.data.get("month") == str(self.newest):
            self.data = {**self.data, "month": ""}
        lists.offer(self, "month", [("" if month == self.newest else str(month), month.label) for month in order])

    @property
    def chosen_month(self) -> Month:
        text = self.chosen("month")
        return Month.parse(text) if text else self.newest


@needs(roles.SEE_FIGURES)
def monthly(request: HttpRequest) -> HttpResponse:
    """The month of a place by the places below it; its papers; what was sent to the place above."""
    me = account_of(request)
    form = MonthForm(request.GET, scope=scope_of(request), home=me.region_code)
    month, place = form.chosen_month, form.place or form.home
    names: dict[str, Any] = {"form": form, "place": place, "month": month, "section": "monthly"}
    if not place or regions.region(place).level < Level.CITY:
        return render(request, "web/visits/monthly.html", names | {"is_above_city": bool(place)})
    figures = _figures(request, place, month)
    policies, today = policy.load(), clock.today()
    asked = KINDS[MONTHLY].resolution(region_code=place, on=min(month.last_day, today), policies=policies)
    level = Level(regions.region(place).level)
    sent = Return.objects.filter(kind=MONTHLY, period=str(month), region_code=place, returned_on=None).first()
    names |= {
        "figures": figures,
        "parts": month_figures.PARTS,
        "of_visits": month_figures.OF_VISITS,
        "ranked": figures.ranked(),
        "below": {Level.CITY: "县", Level.COUNTY: "乡镇", Level.TOWNSHIP: "村"}.get(level, ""),
        "place_names": regions.names_of({one.code for one in figures.lines}),
        "asked": asked,
        "papers": {code: label for code, label in PAPERS.items() if code == REPORT or level < Level.VILLAGE},
        "formats": FORMATS,
        "may_see_rows": me.may(roles.SEE_CASES),
        "sent": sent,
        "may_send": sent is None and place == me.region_code and today > month.last_day and actions.may_send(kind=MONTHLY, by=me),
        "is_over": today > month.last_day,
        "owes": asked.value is not None and level in KINDS[MONTHLY].levels,
        "owed": queries.standing(kind=KINDS[MONTHLY], period=str(month), to_region=place, today=today, policies=policies)
        if level < Level.VILLAGE
        else [],
        "today": today,
    }  # fmt: skip
    return render(request, "web/visits/monthly.html", names)


@needs(roles.SEE_CASES)
def rows(request: HttpRequest) -> HttpResponse:
    """The leads, cases or measures behind one figure."""
    me = account_of(request)
    form = MonthForm(request.GET, scope=scope_of(request), home=me.region_code)
    part = request.GET.get("part", "")
    try:
        found = month_figures.rows(part=part, scope=form.within, month=form.chosen_month)
    except UserError as error:
        raise Http404 from error
    return listed(request, found, place=form.place or form.home, month=form.chosen_month, part=part)


def listed(
    request: HttpRequest, found: QuerySet[Any], *, place: str, month: Month, part: str, made: Return | None = None
) -> HttpResponse:
    """The page of the rows behind one figure; ``made``: of the return that was sent with it."""
    count = found.order_by().distinct().count()
    shown = list(found.order_by("region_code", "pk").distinct()[:_MOST_ROWS])
    names = {
        "place": place,
        "month": month,
        "part": month_figures.PARTS[part],
        "rows": [_row(one) for one in shown],
        "count": count,
        "made": made,
        "names": regions.names_of({code for one in shown for code in (one.region_code, one.region_code[:9] + "000")}),
        "section": "returns" if made else "monthly",
    }
    return render(request, "web/visits/monthly_rows.html", names)


def _row(one: Any) -> dict[str, Any]:
    """A lead, a case or a measure as a line: whose, where it opens, and since when."""
    if hasattr(one, "lead_no"):
        return {
            "head": one.household.head_name,
            "number": one.lead_no,
            "address": reverse("lead", args=[one.lead_no]),
            "on": one.opened_on,
            "code": one.region_code,
            "text": "",
        }
    case = one.case if hasattr(one, "kind") else one
    text = one.title if hasattr(one, "kind") else case.object_category
    on = (one.done_on or one.planned_on) if hasattr(one, "kind") else (case.cleared_on or case.included_on)
    return {"head": case.household.head_name, "number": case.case_no, "address": reverse("case", args=[case.case_no]), "on": on, "code": one.region_code, "text": text}  # fmt: skip


@needs(roles.SEE_FIGURES)
def paper(request: HttpRequest, paper: str, file_format: str) -> HttpResponseBase:
    """月报 or 月通报 of a place as it stands now."""
    me = account_of(request)
    form = MonthForm(request.GET, scope=scope_of(request), home=me.region_code)
    place, month, today = form.place or form.home, form.chosen_month, clock.today()
    if paper not in PAPERS or file_format not in FORMATS or not place:
        raise Http404
    figures = _figures(request, place, month)
    if paper == REPORT:
        above = regions.ancestors(place)[1]
        office = queries.office(kind=KINDS[MONTHLY], region_code=above, on=today, policies=policy.load())
        made = papers.month_report(figures, recipients=office, today=today)
    elif regions.region(place).level == Level.VILLAGE:
        raise Http404
    else:
        made = papers.month_bulletin(figures, today=today)
    address = f"{reverse('monthly_paper', args=[paper, 'docx'])}?region={place}&month={month}"
    return handing_papers.hand_out(
        request, made, file_format, label=PAPERS[paper], region_code=place, target=f"{regions.name(place)}{month}", instead=address
    )  # fmt: skip


@require_POST
@needs(roles.SEE_FIGURES)
def send(request: HttpRequest) -> HttpResponse:
    """Sends the own place's report to the place above, its figures frozen."""
    month = request.POST.get("month", "")
    try:
        made = actions.send(
            kind=MONTHLY,
            period=month,
            note=request.POST.get("note", ""),
            by=account_of(request),
            today=clock.today(),
            now=timezone.now(),
            policies=policy.load(),
        )
    except UserError as error:
        messages.error(request, str(error))
        return redirect("monthly")
    messages.success(request, "已上报，数字按上报时留存。")
    return redirect("return", made.pk)


def _figures(request: HttpRequest, place: str, month: Month) -> month_figures.MonthFigures:
    if not scope_of(request).contains(place):
        raise PermissionDenied
    return month_figures.of_place(
        region_code=place, scope=scope_of(request), month=month, today=clock.today(), policies=policy.load()
    )
