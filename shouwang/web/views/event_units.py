"""The departments that take part in an event's screening: their part, their answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import event_units as parts
from shouwang.households import large_scale
from shouwang.jobs import clock
from shouwang.organisation import departments, roles

from .. import lists
from ..access import account_of, needs, scope_of


class UnitForm(forms.Form):
    """Which department, its part, until when."""

    department = forms.ChoiceField(label="单位")
    duty = forms.CharField(label="分工", max_length=200, help_text="如：核对受灾户住房，三日内报回")
    due_on = forms.DateField(
        label="完成期限", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, first: list[str], taken: set[str], **names: Any) -> None:
        super().__init__(*arguments, **names)
        rest = [code for code in departments.BY_CODE if code not in first]
        free = [code for code in (*first, *rest) if code not in taken]
        lists.offer(self, "department", [(code, departments.label_of(code)) for code in free])


@needs(roles.SEE_LEADS)
def event_units(request: HttpRequest, event_id: int) -> HttpResponse:
    """Who takes part with what, what was answered, and whom the document names besides."""
    scope, me, today, policies = scope_of(request), account_of(request), clock.today(), policy.load()
    shown = large_scale.events(scope=scope).filter(pk=event_id).first()
    if shown is None:
        raise Http404
    may_work = me.may(roles.DISPATCH_LEADS) and scope.contains(shown.region_code) and not shown.closed_on
    assigned = list(parts.units(shown))
    missing = parts.missing(shown, policies=policies)
    is_answer = "unit" in request.POST
    start = {"department": missing[0] if missing else "", "due_on": shown.due_on}
    sent = request.POST if request.method == "POST" and not is_answer else None
    form = UnitForm(sent, initial=start, first=missing, taken={one.department for one in assigned})
    if request.method == "POST":
        try:
            if is_answer:
                unit = next((one for one in assigned if str(one.pk) == request.POST["unit"]), None)
                if unit is None:
                    raise Http404
                parts.answer(unit=unit, text=request.POST.get("text", ""), by=me, today=today)
                return redirect("event_units", shown.pk)
            if form.is_valid():
                parts.assign(event=shown, by=me, today=today, **form.cleaned_data)
                return redirect("event_units", shown.pk)
        except UserError as error:
            messages.error(request, str(error))
    names = {
        "event": shown,
        "units": [(one, departments.label_of(one.department)) for one in assigned],
        "missing": [departments.label_of(code) for code in missing],
        "form": form,
        "may_work": may_work,
        "today": today,
        "section": "events",
    }
    return render(request, "web/loop/event_units.html", names)
