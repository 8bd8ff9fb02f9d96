"""Events that reach many households at once: registered, screened household by household, measures, closure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import event_triggers, large_scale
from shouwang.households.models import LargeScaleEvent
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions

from .. import handing_out, lists
from ..access import account_of, needs, scope_of
from .event_triggers import counties_of, rows_address

ORDERS = (lists.Order("village", ("region_code", "household_id", "id")),)
_ANSWERS = {"yes": "受影响", "no": "不受影响"}


class EventForm(forms.Form):
    """What happened, where, since when, and how the households are estimated."""

    kind = forms.ChoiceField(label="种类")
    title = forms.CharField(label="事件", max_length=80, help_text="如：7月10日暴雨洪涝")
    areas = forms.MultipleChoiceField(
        label="受影响的地方", required=False, widget=forms.CheckboxSelectMultiple, help_text="不选是整个辖区"
    )
    happened_on = forms.DateField(label="发生日", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(label="信息来源", max_length=80, help_text="如：县应急管理局报告")
    basis = forms.ChoiceField(label="排查哪些户", choices=[*large_scale.BASES.items()])

    def __init__(self, *arguments: Any, home: str, **names: Any) -> None:
        super().__init__(*arguments, **names)
        kinds = large_scale.kinds(region_code=home, on=clock.today(), policies=policy.load())
        lists.offer(self, "kind", kinds.items())
        lists.offer(self, "areas", [(child.code, child.name) for child in regions.children(home)])


@needs(roles.SEE_LEADS)
def events(request: HttpRequest) -> HttpResponse:
    """Every event that reaches the account's region, open ones first."""
    scope = scope_of(request)
    found = list(large_scale.events(scope=scope)[:50])
    counties, policies = counties_of(request), policy.load()
    told = (
        event_triggers.triggers(county=counties[0], on=clock.today(), policies=policies) if len(counties) == 1 else []
    )
    progress = large_scale.progress_of(events=found, scope=scope)
    names = {
        "events": [(one, progress[one.pk]) for one in found],
        "kinds": _labels(),
        "names": regions.names_of({one.region_code for one in found}),
        "reached": [(one, rows_address(one.kind, counties[0])) for one in told if one.is_reached],
        "today": clock.today(),
        "may_register": account_of(request).may(roles.DISPATCH_LEADS),
        "section": "events",
    }
    return render(request, "web/loop/events.html", names)


@needs(roles.DISPATCH_LEADS)
def new(request: HttpRequest) -> HttpResponse:
    """Registers an event: its screening list is made at once."""
    me = account_of(request)
    start = {name: request.GET[name] for name in ("kind", "basis", "title") if name in request.GET}
    form = EventForm(request.POST or None, home=me.region_code, initial={"happened_on": clock.today(), **start})
    if form.is_valid():
        try:
            event = large_scale.register(
                **form.cleaned_data,
                region_code=me.region_code,
                by=me,
                today=clock.today(),
                now=timezone.now(),
                policies=policy.load(),
            )
            return redirect("event", event.pk)
        except UserError as error:
            form.add_error(None, str(error))
    return render(request, "web/loop/event_new.html", {"form": form, "section": "events"})


@needs(roles.SEE_LEADS)
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event: how far the screening is, what was done; measures and closure from here."""
    scope, me, shown = scope_of(request), account_of(request), _shown(request, event_id)
    now, today = timezone.now(), clock.today()
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            if "close" in request.POST:
                large_scale.close(event=shown, report=text, by=me, today=today, now=now)
            else:
                large_scale.note(event=shown, text=text, by=me, today=today, now=now)
            return redirect("event", shown.pk)
        except UserError as error:
            messages.error(request, str(error))
    villages = large_scale.by_village(event=shown, scope=scope)
    names = {
        "event": shown,
        "kind": _labels().get(shown.kind, shown.kind),
        "basis": large_scale.BASES.get(shown.basis, shown.basis),
        "progress": large_scale.progress(event=shown, scope=scope),
        "villages": villages,
        "names": regions.names_of({*shown.areas, *(code for code, _, _ in villages)}),
        "place": regions.full_name(shown.region_code),
        "entries": shown.entries.select_related("by").order_by("-at", "-pk"),
        "today": today,
        "may_work": me.may(roles.DISPATCH_LEADS) and scope.contains(shown.region_code) and not shown.closed_on,
        "section": "events",
    }
    return render(request, "web/loop/event.html", names)


class ScreeningForm(lists.ListForm):
    part = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[("", "未排查"), ("affected", "受影响"), ("not", "不受影响"), ("all", "全部")],
    )


@needs(roles.SEE_LEADS)
def screening(request: HttpRequest, event_id: int) -> HttpResponse:
    """The list of households: tick who is affected and who is not; the affected get a lead."""
    scope, me, shown = scope_of(request), account_of(request), _shown(request, event_id)
    if request.method == "POST":
        if not (me.may(roles.VERIFY) or me.may(roles.TAKE_REPORTS)):
            raise Http404
        answers = {
            int(name.removeprefix("h-")): value
            for name, value in request.POST.items()
            if name.startswith("h-") and name[2:].isdecimal() and value in _ANSWERS
        }
        given = large_scale.screen(
            event=shown,
            affected=[pk for pk, value in answers.items() if value == "yes"],
            not_affected=[pk for pk, value in answers.items() if value == "no"],
            by=me,
            today=clock.today(),
            now=timezone.now(),
            policies=policy.load(),
        )
        messages.info(request, f"已登记 {len(answers)} 户，其中 {given} 户受影响，已并入线索。")
        return redirect(request.get_full_path())
    form = ScreeningForm(request.GET, scope=scope, home=me.region_code)
    rows = large_scale.screened(event=shown, scope=form.within)
    wanted = {"": None, "affected": True, "not": False}
    if form.chosen("part") != "all":
        rows = rows.filter(is_affected=wanted[form.chosen("part")])
    page = lists.page(rows, orders=ORDERS, asked=request.GET, unit="户")
    page.names = regions.names_of({row.region_code for row in page.rows})
    names = {
        "event": shown,
        "form": form,
        "page": page,
        "answers": _ANSWERS,
        "may_answer": (me.may(roles.VERIFY) or me.may(roles.TAKE_REPORTS)) and not shown.closed_on,
        "section": "events",
    }
    return render(request, "web/loop/event_screening.html", names)


@needs(roles.EXPORT)
def file(request: HttpRequest, event_id: int) -> HttpResponseBase:
    """The screening list with what was found."""
    shown = _shown(request, event_id)
    rows = list(large_scale.screened(event=shown, scope=scope_of(request)))
    places = regions.names_of({code for row in rows for code in (row.region_code, row.region_code[:9] + "000")})
    words = {None: "", True: "受影响", False: "不受影响"}
    lines = (
        [
            row.household.household_no,
            row.household.head_name,
            places.get(row.region_code[:9] + "000", ""),
            places.get(row.region_code, ""),
            row.fact,
            words[row.is_affected],
            str(row.checked_on or ""),
            row.by.name if row.by else "",
        ]
        for row in rows
    )
    headings = ["户编号", "户主", "乡镇", "村", "依据", "排查结果", "排查日", "排查人"]
    return handing_out.texts(request, label="专项排查清单", headings=headings, rows=lines, free_text=("依据",))


def _shown(request: HttpRequest, event_id: int) -> LargeScaleEvent:
    found = large_scale.events(scope=scope_of(request)).filter(pk=event_id).first()
    if found is None:
        raise Http404
    return found


def _labels() -> dict[str, str]:
    parameter = policy.load().parameters[large_scale.KINDS_PARAMETER]
    return dict(getattr(parameter.shape, "choices", None) or {})
