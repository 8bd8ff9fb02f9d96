"""What is done about leads: sent down many at once, and answered one by one in the village."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang.casework.models import Case, Lead
from shouwang.foundation.errors import ConflictError
from shouwang.jobs import clock, dispatching
from shouwang.organisation import roles

from .. import steps, stopping
from ..access import account_of, needs, scope_of, seen_or_404
from .leads import STATE_LABELS, LeadsForm, page


@require_POST
@needs(roles.SEE_LEADS)
def step(request: HttpRequest, lead_no: str, code: str) -> HttpResponse:
    """Takes a step of one lead; a confirmed risk goes on to its case."""
    shown = seen_or_404(Lead.objects.select_related("household"), scope_of(request), lead_no=lead_no)
    try:
        refused = steps.take(request, shown, code)
    except ConflictError as error:
        messages.error(request, str(error))
        return redirect("lead", lead_no)
    if refused is not None:
        return page(request, shown, refused=refused, status=400)
    case = Case.objects.filter(lead=shown).first()
    if case is not None:
        messages.success(request, "已核实：风险属实。个案已建立，接着按步骤办。")
        return redirect("case", case.case_no)
    messages.success(request, f"已办，现在是“{STATE_LABELS.get(shown.state, shown.state)}”。")
    return redirect("lead", lead_no)


@require_POST
@needs(roles.DISPATCH_LEADS)
def clock_of(request: HttpRequest, lead_no: str) -> HttpResponse:
    """Lets the clock of a lead stand still with a legal reason, or go on."""
    stopping.turn(request, seen_or_404(Lead.objects.all(), scope_of(request), lead_no=lead_no), name="线索")
    return redirect("lead", lead_no)


# hengshui-2022-1#C.2.1.3, xuchang-2022-1#3.1.2.2
@require_POST
@needs(roles.DISPATCH_LEADS)
def dispatch(request: HttpRequest) -> HttpResponse:
    """Sends leads down to their villages: those that were marked, or all that the list's filter shows."""
    scope, by, today = scope_of(request), account_of(request), clock.today()
    asked = QueryDict(request.POST.get("query", ""))
    back = redirect(f"{reverse('leads')}?{asked.urlencode()}" if asked else reverse("leads"))
    if request.POST.get("all") == "1":
        filters = LeadsForm(asked, scope=scope, home=by.region_code).filters
        rows = dispatching.waiting(scope, filters)
        if rows.count() > dispatching.AT_ONCE:
            return redirect("job", dispatching.ask(filters=filters, by=by, today=today).pk)
    else:
        chosen = [int(key) for key in request.POST.getlist("lead") if key.isascii() and key.isdigit()]
        rows = scope.filter(Lead.objects.filter(pk__in=chosen[:1000]))
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        messages.error(request, "没有选中可以下派的线索。请勾选，或用“下派筛选出的全部”。")
        return back
    done = dispatching.send(rows=keys, by=by, today=today, now=timezone.now())
    rest = f"；其余 {len(keys) - done:,} 条已下派、已办结或中止，没有变动" if done < len(keys) else ""
    messages.success(request, f"已下派到村 {done:,} 条{rest}。")
    return back
