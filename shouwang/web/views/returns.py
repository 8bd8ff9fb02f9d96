"""上报: what the own unit owes, who below has sent which return, signing for it or giving it back with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.casework.models import Case
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households import month_figures
from shouwang.households.models import Return
from shouwang.households.returns import actions, measure_figures, queries
from shouwang.households.returns.kinds import KINDS, MEASURES, MONTHLY
from shouwang.jobs import clock, papers
from shouwang.organisation import departments, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household
from shouwang.reporting.papers import FORMATS

from .. import handing_papers, lists
from ..access import account_of, needs, scope_of
from . import monthly

_MOST_ROWS = 500


class ReturnForm(lists.ListForm):
    kind = forms.ChoiceField(label="报表", required=False)
    period = forms.ChoiceField(label="时期", required=False)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        if self.data.get("kind") == MEASURES:
            self.data = {**self.data, "kind": ""}
        lists.offer(self, "kind", [("", KINDS[MEASURES].label), (MONTHLY, KINDS[MONTHLY].label)])
        lists.offer(self, "period", [("", "")])
        self.chosen_kind = KINDS[self.chosen("kind") or MEASURES]
        place = self.place or self.home
        if place:
            asked = self.chosen_kind.resolution(region_code=place, on=clock.today(), policies=policy.load())
            found = self.chosen_kind.periods(clock.today(), asked)
            self.newest = found[0][0]
            if self.data.get("period") == self.newest:
                self.data = {**self.data, "period": ""}
            lists.offer(self, "period", [("", found[0][1]), *found[1:]])
        self.full_clean()

    @property
    def chosen_period(self) -> str:
        return str(self.chosen("period") or self.newest)


@needs(roles.SEE_FIGURES, roles.ANSWER_LISTS)
def returns(request: HttpRequest) -> HttpResponse:
    """The own unit's return with the figures of the moment, and who below has sent theirs."""
    me, today, policies = account_of(request), clock.today(), policy.load()
    form = ReturnForm(request.GET, scope=scope_of(request), home=me.region_code)
    kind, place = form.chosen_kind, form.place or form.home
    names: dict[str, Any] = {"form": form, "kind": kind, "place": place, "today": today, "section": "returns"}
    if not place:
        return render(request, "web/ledger/returns.html", names)
    if request.method == "POST":
        try:
            note = request.POST.get("note", "")
            made = actions.send(kind=kind.code, period=form.chosen_period, note=note, by=me, today=today, now=timezone.now(), policies=policies)  # fmt: skip
            messages.success(request, "已上报，数字按上报时留存。")
            return redirect("return", made.pk)
        except UserError as error:
            messages.error(request, str(error))
    period, department = form.chosen_period, actions.department_of(me)
    level = Level(regions.region(place).level)
    own = Return.objects.filter(kind=kind.code, period=period, region_code=place, department=department)
    is_own = place == me.region_code and actions.may_send(kind=kind.code, by=me)
    scope = Scope.of_region(place)
    shows_figures = kind.code == MEASURES and level >= Level.COUNTY
    names |= {
        "period": period,
        "asked": kind.resolution(region_code=place, on=today, policies=policies),
        "due": kind.due(place, period, today, policies),
        "office": queries.office(kind=kind, region_code=regions.county_of(place) if level >= Level.COUNTY else place, on=today, policies=policies),
        "is_own": is_own,
        "own": own.filter(returned_on=None).first() if is_own else None,
        "returned": list(own.exclude(returned_on=None).order_by("-pk")[:5]) if is_own else [],
        "measures": measure_figures.figures(scope=scope, department=department) if shows_figures else None,
        "department": department,
        "owed": [] if department or level == Level.VILLAGE else queries.standing(kind=kind, period=period, to_region=place, today=today, policies=policies),
        "may_see_rows": me.may(roles.SEE_CASES),
    }  # fmt: skip
    names["owed_late"] = sum(one.sent is None and one.is_late(today) for one in names["owed"])
    names["owed_open"] = sum(one.sent is None for one in names["owed"])
    return render(request, "web/ledger/returns.html", names)


@needs(roles.SEE_FIGURES, roles.ANSWER_LISTS)
def one(request: HttpRequest, return_id: int) -> HttpResponse:
    """One return as it was sent; whoever received it signs for it or gives it back."""
    me, today = account_of(request), clock.today()
    made = _shown(request, return_id)
    if request.method == "POST":
        try:
            if "sign" in request.POST:
                actions.sign(made=made, by=me, today=today)
            else:
                actions.give_back(made=made, reason=request.POST.get("reason", ""), by=me, today=today)
            return redirect("return", made.pk)
        except UserError as error:
            messages.error(request, str(error))
    place = regions.name(made.region_code)
    names: dict[str, Any] = {
        "made": made,
        "opens_rows": "rows" in made.figures and me.may(roles.SEE_CASES),
        "kind": KINDS[made.kind],
        "unit": f"{place}{departments.label_of(made.department)}" if made.department else place,
        "to": queries.office(kind=KINDS[made.kind], region_code=made.to_region, on=made.sent_on, policies=policy.load())
        or regions.name(made.to_region),
        "may_receive": actions.may_receive(made, by=me) and made.signed_on is None and made.returned_on is None,
        "is_late": made.due_on is not None and made.sent_on > made.due_on,
        "formats": FORMATS,
        "section": "returns",
    }
    if made.kind == MONTHLY:
        figures = month_figures.opened(made.region_code, made.figures)
        names |= {"figures": figures, "parts": month_figures.PARTS, "of_visits": month_figures.OF_VISITS}
        names["place_names"] = regions.names_of({line.code for line in figures.lines})
    else:
        names["measures"] = made.figures
    return render(request, "web/ledger/return.html", names)


@needs(roles.SEE_FIGURES, roles.ANSWER_LISTS)
def paper(request: HttpRequest, return_id: int, file_format: str) -> HttpResponseBase:
    """The return as a paper, with the figures that were sent."""
    made = _shown(request, return_id)
    if file_format not in FORMATS:
        raise Http404
    label = KINDS[made.kind].label
    target = f"{regions.name(made.region_code)}{made.period}"
    return handing_papers.hand_out(
        request,
        papers.sent(made, policies=policy.load()),
        file_format,
        label=label,
        region_code=made.region_code,
        target=target,
    )


@needs(roles.SEE_CASES)
def measures(request: HttpRequest) -> HttpResponse:
    """The measures behind a figure of the return."""
    me = account_of(request)
    form = lists.ListForm(request.GET, scope=scope_of(request), home=me.region_code)
    kind, is_done = request.GET.get("kind", ""), request.GET.get("done") == "1"
    found = measure_figures.screenful(scope=form.within, kind=kind, is_done=is_done, size=_MOST_ROWS)
    return _measures(request, found, place=form.place or form.home, kind=kind, is_done=is_done)


@needs(roles.SEE_CASES)
def rows(request: HttpRequest, return_id: int) -> HttpResponse:
    """The rows behind a figure as it was sent: those that were counted then, shown as they are now."""
    made = _shown(request, return_id)
    kept = made.figures.get("rows")
    if kept is None:
        raise Http404
    if made.kind == MEASURES:
        kind, is_done = request.GET.get("kind", ""), request.GET.get("done") == "1"
        found = measure_figures.kept(rows=kept, kind=kind, is_done=is_done, size=_MOST_ROWS)
        return _measures(request, found, place=made.region_code, kind=kind, is_done=is_done, made=made)
    place, part = request.GET.get("region", ""), request.GET.get("part", "")
    try:
        counted = month_figures.kept_rows(part=part, kept=kept, region_code=place)
    except UserError as error:
        raise Http404 from error
    return monthly.listed(
        request, counted, place=place or made.region_code, month=Month.parse(made.period), part=part, made=made
    )


def _measures(
    request: HttpRequest,
    found: measure_figures.Screenful,
    *,
    place: str,
    kind: str,
    is_done: bool,
    made: Return | None = None,
) -> HttpResponse:
    shown = found.lines
    homes = Household.objects.in_bulk({line.household_id for line in shown})
    cases = dict(
        Case.objects.filter(pk__in={line.case_id for line in shown if line.case_id}).values_list("pk", "case_no")
    )
    names = {
        "lines": [(line, homes[line.household_id], cases.get(line.case_id or 0)) for line in shown],
        "count": found.count,
        "household_count": found.household_count,
        "place": place,
        "label": measure_figures.label_of(kind) if kind else "全部措施",
        "is_done": is_done,
        "made": made,
        "names": regions.names_of({code for line in shown for code in (line.region_code, line.region_code[:9] + "000")}),
        "section": "returns",
    }  # fmt: skip
    return render(request, "web/ledger/return_measures.html", names)


def _shown(request: HttpRequest, return_id: int) -> Return:
    found = queries.visible(account=account_of(request)).filter(pk=return_id).first()
    if found is None:
        raise Http404
    return found
