"""会商: the monthly meetings of a county's departments. What came, what was late and what was found is filled in; the rest is written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.feeds import actions, consulting
from shouwang.feeds.datasets import DATASETS
from shouwang.feeds.models import Consultation, ConsultationDecision
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households import consultation_material
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import lists
from ..access import account_of, needs, scope_of, seen_or_404

# hengshui-2022-1#C.2.1.6
CLAUSE = "hengshui-2022-1#C.2.1.6"
DEPARTMENTS = tuple(dict.fromkeys(one.department for one in DATASETS.values() if "、" not in one.department))
ORDERS = (lists.Order("newest", ("month", "held_on", "id"), is_descending=True),)
_DAY = {"type": "date"}
_MOST_DECISIONS = 12


class ConsultationForm(forms.Form):
    """What nobody but those who were there can tell."""

    held_on = forms.DateField(label="会商日期", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    chair = forms.CharField(label="主持人", max_length=40, required=False)
    units = forms.MultipleChoiceField(
        label="参加单位",
        required=False,
        choices=[(name, name) for name in DEPARTMENTS],
        widget=forms.CheckboxSelectMultiple,
    )
    other_units = forms.CharField(label="其他参加单位", max_length=200, required=False, help_text="几个单位用顿号分开")
    topics = forms.CharField(label="议题", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    conclusions = forms.CharField(
        label="研判结论", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *arguments: Any, month: Month, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.month = month

    def clean_held_on(self) -> dt.date:
        held_on = self.cleaned_data["held_on"]
        if held_on > clock.today():
            raise forms.ValidationError("会商日期不能晚于今天。")
        if held_on < self.month.first_day:
            raise forms.ValidationError("会商日期不能早于会商的月份。")
        return held_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        others = [name.strip() for name in cleaned.get("other_units", "").replace("，", "、").split("、")]
        cleaned["all_units"] = [*cleaned.get("units", []), *(name for name in others if name)]
        if not cleaned["all_units"]:
            self.add_error("units", "请勾选或填写参加会商的单位。")
        return cleaned


class DecisionForm(forms.Form):
    """One line of what was decided; empty lines are no decisions."""

    text = forms.CharField(label="事项", max_length=300, required=False)
    responsible_unit = forms.CharField(label="责任单位", max_length=80, required=False)
    due_on = forms.DateField(label="期限", required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("text") and not cleaned.get("responsible_unit"):
            self.add_error("responsible_unit", "请写明责任单位。")
        if not cleaned.get("text") and (cleaned.get("responsible_unit") or cleaned.get("due_on")):
            self.add_error("text", "请写明事项。")
        return cleaned


DecisionForms = forms.formset_factory(DecisionForm, extra=3, max_num=_MOST_DECISIONS, absolute_max=_MOST_DECISIONS)


class FinishForm(forms.Form):
    """What came of a decision."""

    done_on = forms.DateField(label="完成日期")
    result = forms.CharField(label="落实情况", max_length=300)


@needs(roles.CONSULT, roles.SEE_FIGURES)
def consultations(request: HttpRequest) -> HttpResponse:
    """The records, newest month first, and the month that is still without one."""
    scope, me = scope_of(request), account_of(request)
    page = lists.page(consulting.consultations(scope=scope), orders=ORDERS, asked=request.GET, unit="次")
    page.names = regions.names_of({row.region_code for row in page.rows})
    may_record = me.may(roles.CONSULT) and _county(me.region_code)
    names = {"page": page, "clause": CLAUSE, "due": due_month(me.region_code) if may_record else None}
    return render(request, "web/consultations/consultations.html", names)


@needs(roles.CONSULT)
def new(request: HttpRequest) -> HttpResponse:
    """The form for a month; what the program knows of it stands beside."""
    county = _county(account_of(request).region_code)
    if not county:
        raise Http404
    return _form(request, county, _month(request.GET.get("month", "")), None)


@needs(roles.CONSULT)
def correction(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """The form with what was recorded; what is sent becomes a record of its own."""
    old = seen_or_404(Consultation.objects.filter(corrected_by=None), scope_of(request), pk=consultation_id)
    return _form(request, old.region_code, Month.parse(old.month), old)


def _form(request: HttpRequest, county: str, month: Month, old: Consultation | None) -> HttpResponse:
    today = clock.today()
    material = (
        old.material
        if old
        else consultation_material.of_month(county_code=county, month=month, today=today, policies=policy.load())
    )
    form = ConsultationForm(request.POST or None, month=month, initial=_initial(old, today))
    decisions = DecisionForms(request.POST or None, prefix="decision", initial=_decisions(old))
    if request.method == "POST" and form.is_valid() and decisions.is_valid():
        chosen = form.cleaned_data
        try:
            recorded = actions.record_consultation(
                region_code=county,
                month=month,
                held_on=chosen["held_on"],
                chair=chosen["chair"],
                units=chosen["all_units"],
                topics=chosen["topics"],
                conclusions=chosen["conclusions"],
                decisions=[actions.Decided(**one.cleaned_data) for one in decisions if one.cleaned_data.get("text")],
                material=material,
                corrects=old,
                by=account_of(request),
                now=timezone.now(),
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("consultation", recorded.pk)
    names = {
        "form": form,
        "decisions": decisions,
        "material": material,
        "month": month,
        "months": [Month.of(today).plus(-step) for step in range(6)],
        "old": old,
        "county": regions.name(county),
        "section": "consultations",
    }
    return render(request, "web/consultations/new.html", names)


@needs(roles.CONSULT, roles.SEE_FIGURES)
def consultation(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """One record; prints on a sheet with room for signatures."""
    rows = Consultation.objects.select_related("recorded_by", "corrects")
    shown = seen_or_404(rows, scope_of(request), pk=consultation_id)
    names = {
        "consultation": shown,
        "county": regions.full_name(shown.region_code),
        "decisions": shown.decisions.order_by("number"),
        "corrected_by": Consultation.objects.filter(corrects=shown).first(),
        "material": shown.material,
        "today": clock.today(),
        "clause": CLAUSE,
        "section": "consultations",
    }
    return render(request, "web/consultations/consultation.html", names)


@require_POST
@needs(roles.CONSULT)
def finish(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Writes down what came of a decision."""
    rows = ConsultationDecision.objects.filter(consultation__corrected_by=None).select_related("consultation")
    decision = seen_or_404(rows, scope_of(request), field="consultation__region_code", pk=decision_id)
    form = FinishForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明完成日期和落实情况。")
    elif form.cleaned_data["done_on"] > clock.today():
        messages.error(request, "完成日期不能晚于今天。")
    else:
        try:
            actions.finish_decision(decision=decision, by=account_of(request), **form.cleaned_data)
        except UserError as error:
            messages.error(request, str(error))
    return redirect("consultation", decision.consultation_id)


def due_month(region_code: str) -> Month | None:
    """Last month, while the county has no record of it; for the lists and the home page."""
    month = Month.of(clock.today()).plus(-1)
    is_recorded = Consultation.objects.filter(region_code=region_code, month=str(month)).exists()
    return None if is_recorded else month


def _county(code: str) -> str:
    """The account's county; nothing for accounts of other levels."""
    return code if code and regions.region(code).level == Level.COUNTY else ""


def _month(text: str) -> Month:
    """The month that was asked for, not later than this one; last month unless asked."""
    this = Month.of(clock.today())
    try:
        month = Month.parse(text) if text else this.plus(-1)
    except UserError:
        return this.plus(-1)
    return min(month, this)


def _initial(old: Consultation | None, today: dt.date) -> dict[str, Any]:
    if old is None:
        return {"held_on": today}
    known: Iterable[str] = [name for name in old.units if name in DEPARTMENTS]
    return {
        "held_on": old.held_on,
        "chair": old.chair,
        "units": known,
        "other_units": "、".join(name for name in old.units if name not in DEPARTMENTS),
        "topics": old.topics,
        "conclusions": old.conclusions,
    }


def _decisions(old: Consultation | None) -> list[dict[str, Any]]:
    rows = old.decisions.order_by("number").values("text", "responsible_unit", "due_on") if old else []
    return [dict(row) for row in rows]
