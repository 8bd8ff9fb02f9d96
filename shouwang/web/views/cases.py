"""Cases: the list, and 一户一案 on one page with everything that may be done now."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.casework import case_queries, procedure
from shouwang.casework.models import Case
from shouwang.casework.risks import RISKS
from shouwang.foundation.errors import ConflictError
from shouwang.households import categories, states
from shouwang.jobs import clock, exports
from shouwang.organisation import roles
from shouwang.regions import queries as regions

from .. import case_page, lists, steps, stopping
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (
    lists.Order("due", ("due_on", "case_no"), frozenset({"due_on"})),
    lists.Order("number", ("case_no",)),
    lists.Order("opened", ("opened_on", "case_no")),
    lists.Order("village", ("region_code", "case_no")),
)
STATE_LABELS = {state.code: state.label for state in states.STATES}
IDENTIFYING, CLEARING = "identifying", "clearing"
SPECIAL = {
    "late": "有超期事项",
    "green": "绿色通道，程序未完",
    "unmet": "有风险没有措施",
    "idle": "有劳动力没有开发式措施",
}


class CasesForm(lists.ListForm):
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("", "未了结"),
            (IDENTIFYING, "认定中（各步）"),
            (CLEARING, "消除中（各步）"),
            *STATE_LABELS.items(),
        ],
    )
    special = forms.ChoiceField(label="只看", required=False, choices=[("", "全部"), *SPECIAL.items()])
    risk = forms.ChoiceField(label="风险", required=False, choices=[("", "全部"), *RISKS.items()])
    category = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *((name, name) for name in categories.ALL)]
    )
    q = forms.CharField(label="户主、户编号或个案编号", required=False, max_length=60)

    @property
    def filters(self) -> dict[str, str]:
        special = self.chosen("special")
        found = {name: self.chosen(name) for name in ("status", "risk", "category")}
        found |= {"text": self.chosen("q").strip(), "special": special}
        if special == "late":
            found["late_on"] = clock.today().isoformat()
        return self.kept(found)


@needs(roles.SEE_CASES)
def cases(request: HttpRequest) -> HttpResponse:
    """The list: filter, sort, search, page."""
    scope, today = scope_of(request), clock.today()
    form = CasesForm(request.GET, scope=scope, home=account_of(request).region_code)
    filters = form.filters
    is_searched = any(filters.get(name) for name in ("text", "risk", "special"))
    page = lists.page(
        exports.cases(scope, filters), orders=ORDERS, asked=request.GET, unit="件", is_searched=is_searched
    )
    page.names = regions.names_of(
        {code for row in page.rows for code in (row.region_code, row.region_code[:9] + "000")}
    )
    waiting = case_queries.open_tasks(page.rows)
    names = {
        "form": form,
        "page": page,
        "today": today,
        "states": STATE_LABELS,
        "risk_words": RISKS,
        "waiting": {key: case_page.waiting(task) for key, task in waiting.items()},
    }
    return render(request, "web/cases/cases.html", names)


@needs(roles.SEE_CASES)
def case(request: HttpRequest, case_no: str) -> HttpResponse:
    """One household, one case."""
    return _page(request, _case_or_404(request, case_no))


@require_POST
@needs(roles.SEE_CASES)
def step(request: HttpRequest, case_no: str, code: str) -> HttpResponse:
    """Takes a step; its form comes back with what is wrong, at the field."""
    shown = _case_or_404(request, case_no)
    try:
        refused = steps.take(request, shown, code)
    except ConflictError as error:
        messages.error(request, str(error))
        return redirect("case", case_no)
    if refused is not None:
        return _page(request, shown, refused=refused, status=400)
    taken = procedure.get(shown.procedure).step(code)
    assert taken is not None  # the step was just taken
    messages.success(request, f"已办：{taken.label}。现在是“{STATE_LABELS.get(shown.state, shown.state)}”。")
    return redirect("case", case_no)


@require_POST
@needs(roles.APPROVE)
def clock_of(request: HttpRequest, case_no: str) -> HttpResponse:
    """Lets the clock stand still with a legal reason, or go on."""
    stopping.turn(request, _case_or_404(request, case_no), name="个案")
    return redirect("case", case_no)


def _case_or_404(request: HttpRequest, case_no: str) -> Case:
    return seen_or_404(Case.objects.select_related("household", "lead"), scope_of(request), case_no=case_no)


def _page(
    request: HttpRequest, shown: Case, *, refused: steps.StepForm | None = None, status: int = 200
) -> HttpResponse:
    names = case_page.names(request, shown, today=clock.today(), policies=policy.load(), refused=refused)
    return render(request, "web/cases/case.html", names | {"section": "cases"}, status=status)
