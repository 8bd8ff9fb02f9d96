"""One report: what was said, whose it is, how far the lead is, and the answer to the family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.door import actions, answering, leads, promise, queries, receipts
from shouwang.door.models import Outcome, RefusalReason, SelfReport
from shouwang.foundation import identity
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.organisation import audit, roles
from shouwang.regions import queries as regions
from shouwang.registry import queries as registry

from ..access import account_of, needs, scope_of, seen_or_404
from .households import UnmaskForm


class AnswerForm(forms.Form):
    """The answer as the family reads it."""

    outcome = forms.ChoiceField(label="结果", choices=[("", "请选择"), *Outcome.choices])
    refusal = forms.ChoiceField(
        label="不纳入的原因", choices=[("", "（结果为不纳入时必选）"), *RefusalReason.choices], required=False
    )
    text = forms.CharField(
        label="给申报人的话", widget=forms.Textarea(attrs={"rows": 3}), max_length=answering.TEXT_LENGTH
    )
    reason = forms.CharField(
        label="原因说明", widget=forms.Textarea(attrs={"rows": 2}), max_length=answering.TEXT_LENGTH, required=False,
        help_text="用大白话写，不写姓名、证件号码、电话和病名。",
    )  # fmt: skip
    how_to_object = forms.CharField(
        label="有不同意见怎么办", widget=forms.Textarea(attrs={"rows": 2}), max_length=answering.TEXT_LENGTH
    )


@never_cache
@needs(roles.TAKE_REPORTS)
def report(request: HttpRequest, receipt_no: str) -> HttpResponse:
    """What was said, masked; candidates while nobody knows whose it is; the answer when there is a result."""
    return _page(request, _seen(request, receipt_no))


def _seen(request: HttpRequest, receipt_no: str) -> SelfReport:
    rows = SelfReport.objects.select_related(
        "household", "merged_into", "objects_to", "taken_by", "matched_by", "answered_by"
    )
    return seen_or_404(rows, scope_of(request), receipt_no=receipt_no)


def _page(request: HttpRequest, shown: SelfReport, *, status: int = 200, **more: Any) -> HttpResponse:
    scope, kept = scope_of(request), queries.content(shown)
    first = shown.merged_into or shown
    standing = leads.standing(report=first) if first.household_id else None
    stage = queries.stage_of(shown, is_decided=bool(standing and standing.is_decided))
    may_answer = account_of(request).may(roles.REVIEW) or account_of(request).may(roles.APPROVE)
    names: dict[str, Any] = {
        "report": shown,
        "receipt": receipts.spoken(shown.receipt_no),
        "place": regions.full_name(shown.region_code),
        "phone": identity.masked_phone(kept.get("phone", "")),
        "number": identity.masked(kept.get("identity_number", "")),
        "description": kept.get("description", ""),
        "reporter": kept.get("reporter_name", ""),
        "stage": queries.STAGES[stage],
        "is_open": not shown.merged_into_id and not shown.answered_at,
        "standing": standing,
        "promise": promise.of(shown, policies=policy.load()),
        "followers": list(shown.followers.order_by("pk")),
        "objection": getattr(shown, "objection", None),
        "answer": answering.read(shown) if shown.answered_at else None,
        "may_answer": may_answer,
        "section": "reports",
    }
    if names["is_open"] and not shown.household_id:
        names["candidates"] = queries.candidates(report=shown, scope=scope)
        names["villages"] = regions.names_of({one.household.region_code for one in names["candidates"]})
    if names["is_open"] and may_answer:
        names["form"] = AnswerForm(initial=_initial(shown))
    return render(request, "web/reports/report.html", names | more, status=status)


def _initial(shown: SelfReport) -> dict[str, str]:
    proposed = answering.proposed(report=shown)
    if proposed is None:
        # only one answer is possible while nobody knows the household
        if shown.household_id:
            return {"how_to_object": answering.HOW_TO_OBJECT}
        return {
            "outcome": Outcome.NOT_HERE,
            "text": answering.text_of(Outcome.NOT_HERE),
            "how_to_object": answering.HOW_TO_OBJECT,
        }
    return {
        "outcome": proposed.outcome,
        "refusal": proposed.refusal,
        "text": proposed.text,
        "reason": proposed.reason,
        "how_to_object": proposed.how_to_object,
    }


@never_cache
@require_POST
@needs(roles.TAKE_REPORTS)
def match(request: HttpRequest, receipt_no: str) -> HttpResponse:
    """A person says which household it is: a candidate, or the one with a number."""
    shown = _seen(request, receipt_no)
    chosen = request.POST.get("household", "").strip()[:40]
    found = registry.household(scope=scope_of(request), household_no=chosen) if chosen else None
    if found is None:
        messages.error(request, "本辖区的档案里没有这个户编号，请核对后再试。")
        return redirect("report", shown.receipt_no)
    try:
        actions.match(report=shown, household=found, by=account_of(request), now=timezone.now(), policies=policy.load())
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, f"已认定为 {found.head_name} 户，并入这一户的线索。")
    return redirect("report", shown.receipt_no)


@never_cache
@require_POST
@needs(roles.REVIEW, roles.APPROVE)
def answer(request: HttpRequest, receipt_no: str) -> HttpResponse:
    """The answer goes to the family; it can be read with the receipt from then on."""
    shown = _seen(request, receipt_no)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=400, form=form)
    try:
        answering.answer(
            report=shown, by=account_of(request), now=timezone.now(), today=clock.today(), **form.cleaned_data
        )
    except UserError as error:
        form.add_error(None, str(error))
        return _page(request, shown, status=400, form=form)
    messages.info(request, "已答复，申报人凭编号可以查到。")
    return redirect("report", shown.receipt_no)


@never_cache
@require_POST
@needs(roles.UNMASK)
def reveal(request: HttpRequest, receipt_no: str) -> HttpResponse:
    """Phone and identity number once, with a reason that goes into the log."""
    shown = _seen(request, receipt_no)
    if not account_of(request).may(roles.TAKE_REPORTS):
        raise Http404
    form = UnmaskForm({"person": 0, "reason": request.POST.get("reason", "")})
    if not form.is_valid():
        return _page(request, shown, status=400, reveal_error=form.errors["reason"][0])
    audit.record(
        by=account_of(request), action="查看申报人电话", region_code=shown.region_code, target=shown.receipt_no,
        reason=form.cleaned_data["reason"], detail={"columns": ["电话", "身份证号"]},
    )  # fmt: skip
    kept = queries.content(shown)
    return _page(request, shown, revealed={"phone": kept.get("phone", ""), "number": kept.get("identity_number", "")})
