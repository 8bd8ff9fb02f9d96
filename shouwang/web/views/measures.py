"""Measures of a case: planned (a proposal is taken by one press), begun, done, cancelled."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang.casework.models import Case
from shouwang.foundation import money
from shouwang.foundation.errors import UserError
from shouwang.households import measures
from shouwang.households.models import Measure
from shouwang.jobs import clock
from shouwang.organisation import audit, roles

from ..access import account_of, needs, scope_of, seen_or_404


class PlanForm(forms.Form):
    kind = forms.CharField()
    risk = forms.CharField()
    title = forms.CharField(required=False, max_length=200)
    due_on = forms.DateField(required=False)


class ChangeForm(forms.Form):
    on = forms.DateField(required=False)
    result = forms.CharField(required=False, max_length=200)
    reason = forms.CharField(required=False, max_length=200)
    amount = forms.DecimalField(required=False, min_value=0, max_digits=12, decimal_places=2)


@require_POST
@needs(roles.PLAN_SUPPORT)
def plan(request: HttpRequest, case_no: str) -> HttpResponse:
    """Puts a measure on the plan."""
    case = seen_or_404(Case.objects.all(), scope_of(request), case_no=case_no)
    form, by, today = PlanForm(request.POST), account_of(request), clock.today()
    if not form.is_valid():
        messages.error(request, "请选择措施和它针对的风险；日期写成 2022-07-01 的样子。")
        return _back(case_no)
    data = form.cleaned_data
    try:
        made = measures.plan(
            case=case,
            kind=data["kind"],
            risk=data["risk"],
            title=data["title"],
            due_on=data["due_on"],
            planned_on=today,
            today=today,
            now=timezone.now(),
            by=by,
        )
    except UserError as error:
        messages.error(request, str(error))
        return _back(case_no)
    audit.record(
        by=by, action="计划帮扶措施", region_code=case.region_code, target=case.case_no, detail={"kind": made.kind}
    )
    messages.success(request, f"已列入计划：{made.title}。")
    return _back(case_no)


@require_POST
@needs(roles.PLAN_SUPPORT)
def change(request: HttpRequest, case_no: str, measure_id: int, what: str) -> HttpResponse:
    """Begins, finishes or cancels a measure."""
    rows = Measure.objects.select_related("case").filter(case__case_no=case_no)
    measure = seen_or_404(rows, scope_of(request), pk=measure_id)
    form, by, today = ChangeForm(request.POST), account_of(request), clock.today()
    if not form.is_valid():
        messages.error(request, "；".join(str(error) for errors in form.errors.values() for error in errors))
        return _back(case_no)
    data = form.cleaned_data
    on = data["on"] or today
    try:
        if what == "start":
            measures.start(measure=measure, on=on, today=today, by=by)
        elif what == "finish":
            amount = data["amount"]
            measures.finish(
                measure=measure,
                on=on,
                result=data["result"],
                amount_fen=None if amount is None else money.fen(amount),
                today=today,
                by=by,
            )
        elif what == "cancel":
            measures.cancel(measure=measure, reason=data["reason"], on=today, by=by)
        else:
            raise UserError("没有这一步")
    except UserError as error:
        messages.error(request, str(error))
        return _back(case_no)
    labels = {"start": "开始", "finish": "完成", "cancel": "取消"}
    audit.record(
        by=by,
        action=f"帮扶措施{labels[what]}",
        region_code=measure.region_code,
        target=case_no,
        detail={"kind": measure.kind},
    )
    messages.success(request, f"已登记{labels[what]}：{measure.title}。")
    return _back(case_no)


def _back(case_no: str) -> HttpResponse:
    answer = redirect("case", case_no)
    answer["Location"] += "#measures"
    return answer
