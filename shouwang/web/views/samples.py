"""Sample checks of clearance marks: drawings, check sheets, and the accuracy that opens the rows behind it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import categories, sampling
from shouwang.households.models import SampledCase
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions

from .. import handing_out, lists
from ..access import account_of, needs, scope_of, seen_or_404

_DAY = {"type": "date"}
PARTS = {"": "全部", "open": "未核对", "correct": "准确", "wrong": "不准确", "reopened": "已恢复监测"}


class DrawForm(forms.Form):
    """Where, of which days, how many."""

    region = forms.ChoiceField(label="区域", required=False)
    from_on = forms.DateField(label="消除日自", widget=forms.DateInput(attrs=_DAY))
    until_on = forms.DateField(label="至（不含）", widget=forms.DateInput(attrs=_DAY))
    object_category = forms.ChoiceField(
        label="对象类别", required=False, choices=[("", "全部"), *((name, name) for name in categories.ALL)]
    )
    size = forms.IntegerField(label="抽取件数", min_value=1, max_value=2000)
    seed = forms.CharField(label="随机种子", max_length=40, required=False, help_text="留空自动生成；记录在案，可重抽")

    def __init__(self, *arguments: Any, request: HttpRequest, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer_places(self, "region", request)


class CheckForm(forms.Form):
    """One field of the sheet after the other."""

    note = forms.CharField(
        label="说明", required=False, max_length=200, help_text="有不一致的须写明实际情况，不写病名和证件号码"
    )

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        choices = [(sampling.AGREE, "一致"), (sampling.DIFFER, "不一致")]
        fields = {
            code: forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
            for code, label in sampling.FIELDS.items()
        }
        self.fields = {**fields, **self.fields}


@needs(roles.SEE_CASES)
def samples(request: HttpRequest) -> HttpResponse:
    """Every drawing with its accuracy; the form for a new one."""
    scope, me = scope_of(request), account_of(request)
    may_draw = me.may(roles.APPROVE) or me.may(roles.EXPORT)
    form = DrawForm(request.POST or None, request=request)
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("from_on", "until_on", "object_category", "size", "seed")}
        place = form.cleaned_data["region"] or me.region_code
        try:
            made = sampling.draw(region_code=place, by=me, today=clock.today(), now=timezone.now(), **wanted)
            return redirect("sample", made.pk)
        except UserError as error:
            form.add_error(None, str(error))
    drawn = list(sampling.draws(scope=scope)[:50])
    names = {
        "form": form,
        "is_sent": request.method == "POST",
        "draws": [(one, sampling.accuracy(made=one, scope=scope)) for one in drawn],
        "names": regions.names_of({one.region_code for one in drawn}),
        "may_draw": may_draw,
        "section": "samples",
    }
    return render(request, "web/loop/samples.html", names)


@needs(roles.SEE_CASES)
def sample(request: HttpRequest, draw_id: int) -> HttpResponse:
    """One drawing: its accuracy and its cases, all or one part."""
    scope = scope_of(request)
    made = seen_or_404(sampling.draws(scope=scope), scope, pk=draw_id)
    part = request.GET.get("part", "")
    cases = list(sampling.cases(made=made, scope=scope, part=part if part in PARTS else ""))
    names = {
        "draw": made,
        "accuracy": sampling.accuracy(made=made, scope=scope),
        "is_repeatable": sampling.drawn_again(made),
        "cases": cases,
        "names": regions.names_of({code for one in cases for code in (one.region_code, one.region_code[:9] + "000")}),
        "place": regions.name(made.region_code),
        "part": part,
        "parts": PARTS,
        "section": "samples",
    }
    return render(request, "web/loop/sample.html", names)


@needs(roles.APPROVE, roles.EXPORT)
def check(request: HttpRequest, sampled_id: int) -> HttpResponse:
    """The sheet of one case: what was found on the spot; a wrong mark is taken back from here."""
    scope, me = scope_of(request), account_of(request)
    sampled = seen_or_404(SampledCase.objects.select_related("case__household", "draw"), scope, pk=sampled_id)
    form = CheckForm(initial={**sampled.findings, "note": sampled.note})
    if request.method == "POST":
        try:
            if "reopen" in request.POST:
                sampling.reopen(sampled=sampled, by=me, today=clock.today(), now=timezone.now(), policies=policy.load())
                messages.info(request, f"{sampled.case.case_no} 已恢复监测。")
                return redirect("sample", sampled.draw_id)
            form = CheckForm(request.POST)
            if form.is_valid():
                findings = {code: form.cleaned_data[code] for code in sampling.FIELDS}
                note = form.cleaned_data["note"]
                done = sampling.check(sampled=sampled, findings=findings, note=note, by=me, today=clock.today())
                if done.is_correct:
                    return redirect("sample", sampled.draw_id)
                return redirect("sample_check", sampled.pk)
        except UserError as error:
            messages.error(request, str(error))
    names = {
        "sampled": sampled,
        "form": form,
        "village": regions.full_name(sampled.region_code),
        "may_reopen": me.may(roles.APPROVE) and sampled.is_correct is False and sampled.reopened_on is None,
        "section": "samples",
    }
    return render(request, "web/loop/sample_check.html", names)


@needs(roles.EXPORT)
def file(request: HttpRequest, draw_id: int) -> HttpResponseBase:
    """The check sheets as a table: to take along, or the result for the report."""
    scope = scope_of(request)
    made = seen_or_404(sampling.draws(scope=scope), scope, pk=draw_id)
    rows = list(sampling.cases(made=made, scope=scope))
    places = regions.names_of({code for one in rows for code in (one.region_code, one.region_code[:9] + "000")})
    words = {sampling.AGREE: "一致", sampling.DIFFER: "不一致"}
    headings = ["次序", "个案编号", "户主", "乡镇", "村", "消除日", *sampling.FIELDS.values(), "标注", "说明", "核对日"]
    lines = [
        [
            str(one.place),
            one.case.case_no,
            one.case.household.head_name,
            places.get(one.region_code[:9] + "000", ""),
            places.get(one.region_code, ""),
            str(one.marked_on or ""),  # type: ignore[attr-defined]
            *(words.get(one.findings.get(code, ""), "") for code in sampling.FIELDS),
            "" if one.is_correct is None else "准确" if one.is_correct else "不准确",
            one.note,
            str(one.checked_on or ""),
        ]
        for one in rows
    ]
    return handing_out.texts(request, label="标注抽查", headings=headings, rows=lines, free_text=("说明",))
