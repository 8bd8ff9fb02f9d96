"""One household's sheet of the income ledger: figures with their formulas, months by items, the lines behind each cell, and the work done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.foundation import money
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households.catalogue import CATALOGUE
from shouwang.households.income import figures, in_force, items, ledger, loans, recording, risk_points
from shouwang.households.models import GrowthMeasure, IncomeLine, LoanSurvey, RiskPoint
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.registry.models import Household

from ..access import account_of, needs, scope_of, seen_or_404
from .ledger import LedgerForm


def household_or_404(request: HttpRequest, household_no: str) -> Household:
    rows = Household.objects.filter(is_withdrawn=False)
    return seen_or_404(rows, scope_of(request), household_no=household_no)


@never_cache
@needs(roles.SEE_HOUSEHOLDS)
def sheet(request: HttpRequest, household_no: str) -> HttpResponse:
    """Figures, comparison, months by items, and what changed since the day that was asked for."""
    shown = household_or_404(request, household_no)
    form = LedgerForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    as_of, known_at = form.as_of, form.known_at
    found = ledger.page(
        village_code=shown.region_code,
        scope=scope_of(request),
        as_of=as_of,
        policies=policy.load(),
        known_at=known_at,
        households=[shown],
    )
    (row,) = found.rows
    first = min(str(as_of.year - 1), *(found.span.months if found.span else ("9",)))
    last = str(Month.of(as_of))
    grid = _grid(shown, row, found, first=first, last=last, known_at=known_at)
    changed = []
    if known_at is not None:
        changed = ledger.changed_since(households=[shown.pk], known_at=known_at, first=first, last="9999")
    account = account_of(request)
    names: dict[str, Any] = {
        "household": shown,
        "form": form,
        "page": found,
        "row": row,
        "known_on": form.chosen("known") or None,
        "grid": grid,
        "changed": changed,
        "figures": list(row.figures.figures.values()),
        "points": [(point, risk_points.KINDS.get(point.kind, point.kind)) for point in row.points],
        "measures": GrowthMeasure.objects.filter(household=shown).select_related("risk_point").order_by("-pk"),
        "loan": LoanSurvey.objects.filter(household=shown).order_by("-asked_on", "-pk").first(),
        "barriers": loans.BARRIERS,
        "forms": forms_for(account),
        "offered": [
            (verb, forms_for(account)[verb], label) for verb, label in _OFFERED.items() if verb in forms_for(account)
        ],
        "section": "ledger",
        "item_labels": {code: item.label for code, item in items.ITEMS.items()},
        "today": clock.today(),
    }
    return render(request, "web/ledger/sheet.html", names)


def _grid(
    household: Household, row: ledger.Row, page: ledger.Page, *, first: str, last: str, known_at: dt.datetime | None
) -> dict[str, Any]:
    """Items down, months across; None: nobody said anything; a dispute carries a mark."""
    places = in_force.lines(household.pk, first=first, last=last, known_at=known_at)
    lines = IncomeLine.objects.in_bulk([line for line, _ in places])
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for key, place in places:
        line = lines[key]
        cell = cells.setdefault(line.item, {}).setdefault(line.period, {"fen": 0, "other": False})
        if place == 1:
            cell["fen"] += line.amount_fen or 0
        elif line.item == line.part and line.amount_fen != cell["fen"]:
            cell["other"] = True
    for part in items.PARTS:  # what single payments add up to may not be more than the whole
        for period, whole in cells.get(part, {}).items():
            details = [
                one[period]["fen"] for code, one in cells.items() if code.startswith(f"{part}.") and period in one
            ]
            whole["other"] = whole["other"] or sum(details) > whole["fen"]
    columns = (
        list(page.span.months)
        if page.span
        else sorted({line.period for line in lines.values() if len(line.period) == 7})
    )
    year = page.span.last_year if page.span else ""
    parts = []
    for part, label in items.PART_LABELS.items():
        listed = [item for item in items.of_part(part) if item.is_whole or item.code in cells]
        if part != items.MEMO or listed:
            parts.append(
                (
                    label,
                    [
                        (
                            item,
                            cells.get(item.code, {}).get(year),
                            [(month, cells.get(item.code, {}).get(month)) for month in columns],
                        )
                        for item in listed
                    ],
                )
            )
    months = row.figures.months
    net = [(month, months.get(month, {}).get("net_fen")) for month in columns]
    amounts = {code: {period: cell["fen"] for period, cell in mine.items()} for code, mine in cells.items()}
    below = figures.compare_items(amounts, row.figures.months, page.span) if page.span else []
    return {
        "comparison": [
            (part, [item for item in below if items.ITEMS[item.part].part == part.part])
            for part in row.figures.comparison
        ],
        "columns": columns,
        "year": year,
        "parts": parts,
        "net": net,
        "year_net": months.get(year, {}).get("net_fen"),
    }


@never_cache
@needs(roles.SEE_HOUSEHOLDS)
def cell(request: HttpRequest, household_no: str, period: str, item: str) -> HttpResponse:
    """Every line that was ever said about one item of one month: which counts, which stands beside it, which was replaced by what."""
    shown = household_or_404(request, household_no)
    if item not in items.ITEMS:
        raise Http404
    known_at = LedgerForm(request.GET, scope=scope_of(request), home="").known_at
    counting = dict(in_force.lines(shown.pk, first=period, last=period, known_at=known_at))
    rows = IncomeLine.objects.filter(household=shown, period=period, item=item)
    lines = rows.select_related("batch", "person", "recorded_by", "superseded_by").order_by("-recorded_at", "-pk")
    names = {
        "household": shown,
        "period": period,
        "item": items.ITEMS[item],
        "lines": [(line, _standing(line, counting)) for line in lines],
        "section": "ledger",
        "known_on": request.GET.get("known", ""),
        "may_correct": _may_correct(account_of(request)) and len(period) == 7,
        "form": CorrectionForm(initial={"item": item, "month": period}),
    }
    return render(request, "web/ledger/cell.html", names)


def _standing(line: IncomeLine, counting: dict[int, int]) -> str:
    if line.pk in counting:
        return "计入" if counting[line.pk] == 1 else "另一来源所说，未计入"
    if line.amount_fen is None:
        return "撤出"
    return "已被取代" if getattr(line, "superseded_by", None) else "当时还没有记入"


def _may_correct(account: Account) -> bool:
    return account.may(roles.PLAN_SUPPORT) or account.may(roles.APPROVE)


# ── forms ────────────────────────────────────────────────────────────────────
def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=clock.today
    )


def _yuan(label: str, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=11, decimal_places=2, min_value=0, **more)


class CorrectionForm(forms.Form):
    """An officer's word about one item of one month."""

    month = forms.CharField(label="月份", max_length=10)
    item = forms.ChoiceField(
        label="项目",
        choices=[(code, f"{items.PART_LABELS[item.part]} · {item.label}") for code, item in items.ITEMS.items()],
    )
    amount = _yuan("金额（元）")
    reason = forms.CharField(label="依据", max_length=200)

    def act(self, household: Household, account: Account, today: dt.date, now: dt.datetime) -> str:
        chosen = self.cleaned_data
        recording.correct(
            household=household,
            month=Month.parse(chosen["month"]),
            item=chosen["item"],
            amount_fen=money.fen(chosen["amount"]),
            reason=chosen["reason"],
            on=today,
            by=account,
            now=now,
        )
        return "已登记更正，原来的数仍可查看。"


class TakeBackForm(forms.Form):
    line = forms.IntegerField()
    reason = forms.CharField(label="撤回理由", max_length=200)

    def act(self, household: Household, account: Account, today: dt.date, now: dt.datetime) -> str:
        line = IncomeLine.objects.filter(household=household, pk=self.cleaned_data["line"]).first()
        if line is None:
            raise UserError("没有这一行")
        recording.take_back(line=line, reason=self.cleaned_data["reason"], by=account, now=now)
        return "已撤回，其他来源所说的数重新计入。"


class PointForm(forms.Form):
    """A new 减收风险点."""

    kind = forms.ChoiceField(label="种类", choices=list(risk_points.KINDS.items()))
    text = forms.CharField(label="情况", max_length=200, required=False)
    on = _day("发现日")

    def act(self, household: Household, account: Account, today: dt.date, now: dt.datetime) -> str:
        risk_points.open_point(household=household, today=today, by=account, now=now, **self.cleaned_data)
        return "已登记减收风险点，消除时须写明依据。"


class ClosePointForm(forms.Form):
    point = forms.IntegerField(widget=forms.HiddenInput)
    evidence = forms.CharField(label="消除依据", max_length=200)
    on = _day("消除日")

    def act(self, household: Household, account: Account, today: dt.date, now: dt.datetime) -> str:
        point = RiskPoint.objects.filter(household=household, pk=self.cleaned_data["point"]).first()
        if point is None:
            raise UserError("没有这个风险点")
        risk_points.close_point(
            point=point,
            evidence=self.cleaned_data["evidence"],
            on=self.cleaned_data["on"],
            today=today,
            by=account,
            now=now,
        )
        return "已消除，依据留在台账。"


class MeasureForm(forms.Form):
    """A measure to raise the income."""

    kind = forms.ChoiceField(label="措施", choices=[(kind.code, kind.label) for kind in CATALOGUE.values()])
    title = forms.CharField(label="内容", max_length=200, required=False)
    owner = forms.CharField(label="责任人", max_length=60)
    point = forms.IntegerField(label="针对的风险点", required=False, widget=forms.HiddenInput)

    def act(self, household: Household, account: Account, today: dt.date, now: dt.datetime) -> str:
        chosen = dict(self.cleaned_data)
        number = chosen.pop("point")
        point = RiskPoint.objects.filter(household=household, pk=number).first() if number else None
        risk_points.plan(household=household, on=today, by=account, now=now, point=point, **chosen)
        return "措施已记入台账。"


class FinishForm(forms.Form):
    measure = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.CharField(label="结果", max_length=200)
    on = _day("落实日")

    def act(self, household: Household, account: Account, today: dt.date, now: dt.datetime) -> str:
        measure = GrowthMeasure.objects.filter(household=household, pk=self.cleaned_data["measure"]).first()
        if measure is None:
            raise UserError("没有这项措施")
        risk_points.finish(
            measure=measure,
            result=self.cleaned_data["result"],
            on=self.cleaned_data["on"],
            today=today,
            by=account,
            now=now,
        )
        return "已登记落实。"


class LoanForm(forms.Form):
    """What a household said about a small loan."""

    wants = forms.TypedChoiceField(
        label="有没有贷款意愿", choices=[("yes", "有"), ("no", "没有")], coerce=lambda text: text == "yes"
    )
    barrier = forms.ChoiceField(label="障碍", required=False, choices=[("", "没有"), *loans.BARRIERS.items()])
    lent_on = forms.DateField(label="放款日", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    lent = _yuan("放款金额（元）", required=False)

    def act(self, household: Household, account: Account, today: dt.date, now: dt.datetime) -> str:
        chosen = dict(self.cleaned_data)
        lent = chosen.pop("lent")
        loans.ask(
            household=household,
            asked_on=today,
            lent_fen=None if lent is None else money.fen(lent),
            today=today,
            by=account,
            now=now,
            **chosen,
        )
        return "已登记信贷需求。"


_FORMS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "correct": (CorrectionForm, (roles.PLAN_SUPPORT, roles.APPROVE)),
    "take-back": (TakeBackForm, (roles.PLAN_SUPPORT, roles.APPROVE)),
    "point": (PointForm, (roles.TAKE_REPORTS,)),
    "close-point": (ClosePointForm, (roles.PLAN_SUPPORT,)),
    "plan": (MeasureForm, (roles.PLAN_SUPPORT,)),
    "finish": (FinishForm, (roles.PLAN_SUPPORT,)),
    "loan": (LoanForm, (roles.TAKE_REPORTS,)),
}


# What stands below the list as a form of its own; the others belong to a line.
_OFFERED = {"point": "登记减收风险点", "plan": "登记增收措施", "loan": "登记信贷需求", "correct": "更正一个月的数"}


def forms_for(account: Account) -> dict[str, forms.Form]:
    """The blank forms of what an account may do here."""
    return {
        verb.replace("-", "_"): form(auto_id=f"{verb}_%s")
        for verb, (form, allowed) in _FORMS.items()
        if any(map(account.may, allowed))
    }


@require_POST
@needs(*{permission for _, allowed in _FORMS.values() for permission in allowed})
def act(request: HttpRequest, household_no: str, verb: str) -> HttpResponse:
    """One thing done for a household's ledger; what is wrong with it is said on the sheet."""
    shown = household_or_404(request, household_no)
    account = account_of(request)
    if verb not in _FORMS:
        raise Http404
    make: Callable[..., Any] = _FORMS[verb][0]
    form = make(request.POST)
    try:
        if not any(map(account.may, _FORMS[verb][1])):
            raise UserError("您的角色不能办理这一项", next_step="请联系乡镇防贫工作站。")
        if not form.is_valid():
            faults = [
                f"{form.fields[name].label or name}：{' '.join(map(str, errors))}"
                for name, errors in form.errors.items()
            ]
            raise UserError("；".join(faults))
        messages.success(request, form.act(shown, account, clock.today(), timezone.now()))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('income_sheet', args=[household_no])}#work")
