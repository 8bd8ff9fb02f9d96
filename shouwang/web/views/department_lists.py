"""Lists to departments: what is proposed, what was sent, and the department's own page with nothing but its lists."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang.foundation.errors import UserError
from shouwang.households import department_lists, list_answers
from shouwang.households.models import DepartmentList
from shouwang.jobs import clock
from shouwang.organisation import departments, roles
from shouwang.regions import queries as regions

from ..access import account_of, needs, scope_of
from ..middleware import writing

_MOST_SHOWN = 500


class SendForm(forms.Form):
    """To whom, what for, which columns, until when."""

    department = forms.ChoiceField(label="部门", choices=[(one.code, one.label) for one in departments.DEPARTMENTS])
    title = forms.CharField(label="名单", max_length=80, initial="请落实帮扶措施")
    purpose = forms.CharField(label="用途", max_length=200, help_text="部门凭这一句知道为什么收到这些信息")
    columns = forms.MultipleChoiceField(
        label="列",
        choices=[*department_lists.COLUMNS.items()],
        initial=list(department_lists.DEFAULT_COLUMNS),
        widget=forms.CheckboxSelectMultiple,
        help_text="只给办这件事需要的列",
    )
    answer_by_on = forms.DateField(
        label="请于何日前回复", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@needs(roles.SEE_CASES, roles.ANSWER_LISTS)
def lists(request: HttpRequest) -> HttpResponse:
    """An office: what was sent and how departments answer. A liaison: the own lists and nothing else."""
    me, scope = account_of(request), scope_of(request)
    found = list(department_lists.lists(account=me)[:100])
    is_office = me.may(roles.SEE_CASES)
    counts = {one.pk: (0, 0) for one in found}
    for pk, rows, answered in department_lists.answered_counts(found):
        counts[pk] = rows, answered
    names = {
        "lists": [(one, departments.label_of(one.department), *counts[one.pk]) for one in found],
        "responses": department_lists.responses(scope=scope, today=clock.today()) if is_office else [],
        "is_office": is_office,
        "may_send": me.may(roles.EXPORT) and is_office,
        "today": clock.today(),
        "section": "lists",
    }
    return render(request, "web/loop/lists.html", names)


@needs(roles.EXPORT)
def send(request: HttpRequest) -> HttpResponse:
    """What a department would be asked now, and sending it."""
    me, scope = account_of(request), scope_of(request)
    chosen = request.GET.get("department", "")
    form = SendForm(request.POST or None, initial={"department": chosen})
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = department_lists.send(
                **told,
                region_code=me.region_code,
                subjects=department_lists.proposed(scope=scope, department=told["department"]),
                by=me,
                today=clock.today(),
                now=timezone.now(),
            )
            return redirect("department_list", made.pk)
        except UserError as error:
            form.add_error(None, str(error))
    counts = department_lists.proposed_counts(scope=scope)
    proposed = [
        (one, counts.get(one.code, 0), department_lists.risks_of(one.code))
        for one in departments.DEPARTMENTS
        if one.code in department_lists.ASKED
    ]
    return render(request, "web/loop/list_send.html", {"form": form, "proposed": proposed, "section": "lists"})


class AnswersForm(forms.Form):
    file = forms.FileField(label="填好回复的名单", help_text="按行码认行：列可以换顺序、改名，行可以重新排序")


@needs(roles.SEE_CASES, roles.ANSWER_LISTS)
def one(request: HttpRequest, list_id: int) -> HttpResponse:
    """The rows, with a reply for each; answers on the page or in a file."""
    me, made = account_of(request), _shown(request, list_id)
    may_answer = department_lists.may_answer(made, me)
    upload, refusals = AnswersForm(), []
    if request.method == "POST" and may_answer:
        try:
            if request.FILES:
                upload = AnswersForm(request.POST, request.FILES)
                if upload.is_valid():
                    done = _take_file(request, made, upload)
                    refusals = done.refusals
                    if not refusals:
                        messages.info(request, f"已登记 {done.answered_count} 行回复。")
                        return redirect("department_list", made.pk)
                    messages.info(request, f"已登记 {done.answered_count} 行；{len(refusals)} 行没有登记，见下表。")
            else:
                answers = {
                    name.removeprefix("a-"): (str(value), request.POST.get(f"r-{name.removeprefix('a-')}", ""))
                    for name, value in request.POST.items()
                    if name.startswith("a-") and value
                }
                saved = list_answers.answer(made=made, answers=answers, by=me, today=clock.today())
                messages.info(request, f"已登记 {saved.answered_count} 行回复。")
                if saved.remarks:
                    faults = "；".join(dict.fromkeys(saved.remarks.values()))
                    messages.error(request, f"{len(saved.remarks)} 行的说明没有登记：{faults}。请改写说明。")
                return redirect("department_list", made.pk)
        except UserError as error:
            messages.error(request, str(error))
    rows = list(department_lists.rows_of(made, waiting_first=True)[:_MOST_SHOWN])
    lines = list(department_lists.cells(made, rows, is_whole=False))
    headings = department_lists.headings(made)[1:-2]
    names = {
        "list": made,
        "label": departments.label_of(made.department),
        "headings": headings,
        "lines": [(row, list(zip(headings, cells[1:-2], strict=True))) for row, cells in zip(rows, lines, strict=True)],
        "row_count": made.rows.count(),
        "answered_count": made.rows.exclude(answer="").count(),
        "answers": department_lists.ANSWER_LABELS,
        "may_answer": may_answer,
        "upload": upload,
        "refusals": refusals,
        "place": regions.name(made.region_code),
        "today": clock.today(),
        "section": "lists",
    }
    return render(request, "web/loop/list.html", names)


def _take_file(request: HttpRequest, made: DepartmentList, form: AnswersForm) -> list_answers.Answered:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(form.cleaned_data["file"].name or "file").name
        path.write_bytes(form.cleaned_data["file"].read())
        return list_answers.import_answers(made=made, path=path, by=account_of(request), today=clock.today())


@needs(roles.SEE_CASES, roles.ANSWER_LISTS)
def file(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """The list as the department gets it: numbers in full where the column was chosen."""
    made, me = _shown(request, list_id), account_of(request)
    with writing(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        department_lists.write(made=made, path=path, by=me)
        name = f"{departments.label_of(made.department)}-{made.title}-{made.sent_on:%Y%m%d}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _shown(request: HttpRequest, list_id: int) -> DepartmentList:
    found = department_lists.lists(account=account_of(request)).filter(pk=list_id).first()
    if found is None:
        raise Http404
    return found
