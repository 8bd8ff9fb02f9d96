"""专项检查: every inspection with how far it is, its sheets, what was wrong and how it was put right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import inspection_populations
from shouwang.households import inspections as inspecting
from shouwang.households.inspection_kinds import FINDINGS, KINDS, OF_INCOME, Kind
from shouwang.households.models import InspectedItem, Inspection
from shouwang.jobs import clock, papers
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.regions import queries as regions
from shouwang.reporting.papers import FORMATS

from .. import handing_out, handing_papers, lists
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (lists.Order("drawn", ("drawn_on", "id"), is_descending=True),)
SHEET_ORDERS = (lists.Order("place", ("place", "id")),)
PARTS = {"": "全部", "open": "未检查", "problems": "有问题", "waiting": "未销号"}


class DrawForm(forms.Form):
    """What, where and how many."""

    kind = forms.ChoiceField(label="检查", choices=[(one.code, one.label) for one in KINDS.values()])
    region = forms.ChoiceField(label="区域", required=False)
    size = forms.IntegerField(label="抽取数", min_value=1, max_value=2000)
    seed = forms.CharField(label="随机种子", max_length=40, required=False, help_text="留空自动生成；记录在案，可重抽")

    def __init__(self, *arguments: Any, request: HttpRequest, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer_places(self, "region", request)


class SheetForm(forms.Form):
    """One question after the other, then the problem and its due day."""

    note = forms.CharField(label="问题", required=False, max_length=200, help_text="有问题的须写明；不写病名和证件号码")
    rectify_by = forms.DateField(
        label="整改期限", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, kind: Kind, **names: Any) -> None:
        super().__init__(*arguments, **names)
        fields = {
            code: forms.ChoiceField(label=one.label, choices=list(one.choices.items()), widget=forms.RadioSelect)
            for code, one in kind.questions.items()
        }
        self.fields = {**fields, **self.fields}


@needs(roles.SEE_CASES)
def inspections(request: HttpRequest) -> HttpResponse:
    """Every inspection of the scope; the form for a new one, with the days that the documents set."""
    scope, me, today = scope_of(request), account_of(request), clock.today()
    may_draw = me.may(roles.DISPATCH_LEADS) and bool(me.region_code)
    form = DrawForm(request.POST or None, request=request)
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("kind", "size", "seed")}
        place = form.cleaned_data["region"] or me.region_code
        try:
            made = inspecting.draw(
                **wanted, region_code=place, by=me, today=today, now=timezone.now(), policies=policy.load()
            )
            return redirect("inspection", made.pk)
        except UserError as error:
            form.add_error(None, str(error))
    # what was drawn from is long and stays where it is
    found = inspecting.inspections(scope=scope).defer("population")
    page = lists.page(found, orders=ORDERS, asked=request.GET, unit="次")
    page.names = regions.names_of({one.region_code for one in page.rows})
    standings = inspecting.standings(inspections=page.rows, scope=scope, today=today)
    names = {
        "form": form,
        "is_sent": request.method == "POST",
        "page": page,
        "rows": [(one, standings[one.pk]) for one in page.rows],
        "kinds": KINDS,
        "windows": _windows(me) if me.region_code else [],
        "may_draw": may_draw,
        "section": "inspections",
    }
    return render(request, "web/loop/inspections.html", names)


@needs(roles.SEE_CASES)
def inspection(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """One inspection: how far it is, and its sheets, all or one part."""
    scope, today = scope_of(request), clock.today()
    made = _shown(request, inspection_id)
    part = request.GET.get("part", "")
    items = inspecting.items(scope=scope, made=made, part=part if part in PARTS else "")
    page = lists.page(items, orders=SHEET_ORDERS, asked=request.GET, unit="项")
    shown = page.rows
    found = inspecting.by_place(made=made, scope=scope, digits=9, today=today) if made.kind in OF_INCOME else {}
    names = {
        "inspection": made,
        "kind": KINDS[made.kind],
        "standing": inspecting.standing(made=made, scope=scope, today=today),
        "is_repeatable": inspecting.drawn_again(made),
        "page": page,
        "items": shown,
        "names": regions.names_of(
            {code for one in shown for code in (one.region_code, one.region_code[:9] + "000")} | set(found)
        ),
        "place": regions.name(made.region_code),
        "by_place": found,
        "has_bulletin": made.kind in OF_INCOME and bool(found),
        "findings": FINDINGS,
        "formats": FORMATS,
        "part": part,
        "parts": PARTS,
        "today": today,
        "section": "inspections",
    }
    return render(request, "web/loop/inspection.html", names)


@needs(roles.SEE_CASES)
def sheet(request: HttpRequest, item_id: int) -> HttpResponse:
    """One sheet: the inspector fills it in, the place says how it was put right, the inspector closes it."""
    scope, me, today = scope_of(request), account_of(request), clock.today()
    item = seen_or_404(inspecting.items(scope=scope), scope, pk=item_id)
    kind = KINDS[item.inspection.kind]
    offered = {} if item.checked_on else inspection_populations.proposed(item, policies=policy.load())
    start = {**offered, **item.findings, "note": item.note, "rectify_by": item.rectify_by}
    form = SheetForm(initial=start, kind=kind)
    if request.method == "POST":
        try:
            if "close" in request.POST:
                inspecting.close(item=item, by=me, today=today)
                return redirect("inspection_sheet", item.pk)
            if "rectify" in request.POST:
                inspecting.rectify(item=item, text=request.POST.get("text", ""), by=me, today=today)
                return redirect("inspection_sheet", item.pk)
            form = SheetForm(request.POST, kind=kind)
            if form.is_valid():
                findings = {code: form.cleaned_data[code] for code in kind.questions}
                more = {name: form.cleaned_data[name] for name in ("note", "rectify_by")}
                inspecting.check(item=item, findings=findings, by=me, today=today, **more)
                return redirect("inspection", item.inspection_id)
        except UserError as error:
            messages.error(request, str(error))
    may_inspect = inspecting.may_inspect(item.inspection, by=me)
    names = {
        "item": item,
        "kind": kind,
        "offered": [
            (kind.questions[code].label, kind.questions[code].choices[answer]) for code, answer in offered.items()
        ],
        "form": form,
        "village": regions.full_name(item.region_code),
        "today": today,
        "may_check": may_inspect and item.rectified_on is None,
        "may_rectify": inspecting.may_rectify(item, by=me),
        "may_close": may_inspect
        and item.rectified_on is not None
        and item.closed_on is None
        and item.rectified_by_id != me.pk,
        "section": "inspections",
    }
    return render(request, "web/loop/inspection_sheet.html", names)


@needs(roles.EXPORT)
def file(request: HttpRequest, inspection_id: int) -> HttpResponseBase:
    """The sheets as a table: to take along, or the result with its rectification."""
    scope = scope_of(request)
    made = _shown(request, inspection_id)
    kind = KINDS[made.kind]
    rows = list(inspecting.items(scope=scope, made=made))
    told = list(rows[0].told) if rows else []
    places = regions.names_of({code for one in rows for code in (one.region_code, one.region_code[:9] + "000")})
    headings = ["次序", "户主", "乡镇", "村", *told, *(one.label for one in kind.questions.values())]
    headings += ["问题", "整改期限", "整改情况", "整改日", "销号日"]
    lines = ([_cell(value) for value in _line(one, kind, told, places)] for one in rows)
    return handing_out.texts(request, label=kind.label, headings=headings, rows=lines)


@needs(roles.EXPORT)
def bulletin(request: HttpRequest, inspection_id: int, file_format: str) -> HttpResponseBase:
    """全县通报 of an inspection of incomes: places and findings, no household and no person."""
    made = _shown(request, inspection_id)
    if file_format not in FORMATS or made.kind not in OF_INCOME or not scope_of(request).contains(made.region_code):
        raise Http404
    address = reverse("inspection", args=[made.pk])
    try:
        paper = papers.income_bulletin(made, today=clock.today(), policies=policy.load())
    except UserError as error:
        messages.error(request, str(error))
        return redirect(address)
    return handing_papers.hand_out(
        request, paper, file_format, label="增收督查通报", region_code=made.region_code, target=str(made.drawn_on)
    )


def _line(item: InspectedItem, kind: Kind, told: list[str], places: dict[str, str]) -> list[Any]:
    head = item.household.head_name if item.household else item.measure.case.household.head_name if item.measure else ""
    answers = [question.choices.get(item.findings.get(code, ""), "") for code, question in kind.questions.items()]
    return [
        item.place,
        head,
        places.get(item.region_code[:9] + "000", ""),
        places.get(item.region_code, ""),
        *(item.told.get(name, "") for name in told),
        *answers,
        item.note,
        item.rectify_by,
        item.rectification,
        item.rectified_on,
        item.closed_on,
    ]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _windows(me: Account) -> list[tuple[Kind, inspecting.Window]]:
    today, policies = clock.today(), policy.load()
    return [
        (kind, inspecting.window(kind=code, region_code=me.region_code, on=today, policies=policies))
        for code, kind in KINDS.items()
    ]


def _shown(request: HttpRequest, inspection_id: int) -> Inspection:
    found = inspecting.inspections(scope=scope_of(request)).filter(pk=inspection_id).first()
    if found is None:
        raise Http404
    return found
