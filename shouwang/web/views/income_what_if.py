"""试算 for one household: a hospital bill, a worker home, a new post or any change; the projection and the rules answer at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shouwang import policy
from shouwang.foundation import money
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households.income import what_if
from shouwang.households.income.items import OWN_MEDICAL, PARTS
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.screening import catalogue
from shouwang.screening.models import Finding

from .. import lists, sentences
from ..access import needs
from .income_sheet import household_or_404

_KINDS = {**PARTS, OWN_MEDICAL: "自付医疗费"}
# Examples to begin with, not values of any document: (address, label, what, yuan, once).
_PRESETS = (
    ("bill", "住院自付 30,000 元", OWN_MEDICAL, 30_000, True),
    ("home", "一人返乡，务工收入没有了", "wage", 0, False),
    ("post", "新上公益岗，每月 500 元", "wage", 500, False),
)


class EffectForm(forms.Form):
    """One supposed change. Less is a minus."""

    what = forms.ChoiceField(label="哪一项", choices=[("", "（不改）"), *_KINDS.items()], required=False)
    yuan = forms.DecimalField(label="增减（元，减少填负数）", max_digits=9, decimal_places=2, required=False)
    month = forms.ChoiceField(label="从哪个月起", required=False)
    once = forms.BooleanField(label="只有一次", required=False)


@never_cache
@needs(roles.SEE_HOUSEHOLDS)
def ask(request: HttpRequest, household_no: str) -> HttpResponse:
    """The form and the answer; nothing is kept."""
    shown = household_or_404(request, household_no)
    as_of = Month.of(clock.today()).plus(-1).last_day
    names: dict[str, Any] = {"household": shown, "presets": _PRESETS, "section": "ledger", "as_of": as_of}
    chosen = next((one for one in _PRESETS if one[0] == request.GET.get("preset")), None)
    try:
        blank = what_if.ask(household=shown, effects=[], as_of=as_of, policies=policy.load())
        months = [month for month in blank.span.year_months if month >= str(Month.of(as_of).plus(1))] or [
            blank.span.year_months[-1]
        ]
        given: Any = request.GET if "form-TOTAL_FORMS" in request.GET else None
        formset = forms.formset_factory(EffectForm, extra=3)(given, initial=None)
        for form in formset:
            lists.offer(form, "month", [(month, Month.parse(month).label) for month in blank.span.year_months])
            form.initial.setdefault("month", months[0])
        names |= {"formset": formset, "blank": blank}
        effects = _preset(chosen, blank, months[0]) if chosen else _effects(formset) if given else []
        if effects:
            answer = what_if.ask(household=shown, effects=effects, as_of=as_of, policies=policy.load())
            names |= _answer(answer, effects)
    except UserError as error:
        names["error"] = str(error)
    return render(request, "web/ledger/what_if.html", names)


def _preset(chosen: tuple[str, str, str, int, bool], blank: what_if.Answer, month: str) -> list[what_if.Effect]:
    code, label, what, yuan, is_once = chosen
    fen = yuan * 100
    if code == "home":  # what the household earns by wages in an average month is gone
        wages = [one["wage"] for key, one in blank.before.months.items() if key in blank.span.months]
        fen = -(sum(wages) // len(wages)) if wages else 0
    return [what_if.Effect(what, fen, Month.parse(month), is_once, label=label)]


def _effects(formset: Any) -> list[what_if.Effect]:
    if not formset.is_valid():
        raise UserError("有的数填得不对", next_step="金额填数字，减少的填负数。")
    found = []
    for form in formset:
        row = form.cleaned_data
        if row.get("what") and row.get("yuan") is not None and row.get("month"):
            label = f"{_KINDS[row['what']]} {row['yuan']:+,.2f} 元{'（一次）' if row['once'] else '／月'}"
            found.append(
                what_if.Effect(row["what"], money.fen(row["yuan"]), Month.parse(row["month"]), row["once"], label=label)
            )
    return found


def _answer(answer: what_if.Answer, effects: list[what_if.Effect]) -> dict[str, Any]:
    def per_head(outcome: what_if.Outcome) -> Any:
        return None if outcome.year_fen is None else money.yuan(outcome.year_fen, outcome.divisor)

    before, after = per_head(answer.before), per_head(answer.after)
    changed = [
        (month, answer.before.months[month]["net"], one["net"])
        for month, one in answer.after.months.items()
        if one != answer.before.months.get(month)
    ]
    return {
        "answer": answer,
        "effects": effects,
        "before": before,
        "after": after,
        "difference": None if before is None or after is None else after - before,
        "entering": [_said(one) for one in answer.entering],
        "leaving": [_said(one) for one in answer.leaving],
        "staying": [_said(one) for one in answer.after.findings if one not in answer.entering],
        "stopped": [(catalogue.rules()[code].rule, why) for code, why in answer.after.not_computed],
        "changed": changed,
    }


def _said(finding: Finding) -> tuple[Any, str, Finding]:
    return catalogue.rules()[finding.rule].rule, sentences.of_finding(finding), finding
