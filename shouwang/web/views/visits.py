"""走访 for those without the app: a village's list with one tap for “no change”, the change-only form, taking back, the printed sheet."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.foundation.periods import Month
from shouwang.households.models import Visit
from shouwang.households.models.visits import UNDO, VISIT
from shouwang.households.visits import burden, receiving
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household

from .. import lists, visit_page
from ..access import account_of, needs, scope_of, seen_or_404

LAST = "visits_last"


class VisitsForm(lists.ListForm):
    show = forms.ChoiceField(
        label="本月",
        required=False,
        choices=[
            ("", "全部"),
            ("missed", "还没走访"),
            ("seen", "已走访"),
            ("scope", "须走访的"),
            ("tasks", "有待办的"),
        ],
    )
    group = forms.ChoiceField(label="村组", required=False)
    q = forms.CharField(label="户主", required=False, max_length=40)


@never_cache
@needs(roles.SEE_HOUSEHOLDS)
def visits(request: HttpRequest) -> HttpResponse:
    """A village's households: who was seen this month, who not, what waits. In a township or county its villages to choose from;
    places above go to the figures."""
    by, scope = account_of(request), scope_of(request)
    form = VisitsForm(request.GET, scope=scope, home=by.region_code)
    place = form.place or form.home
    level = Level(regions.region(place).level) if place else Level.NATION
    if level in (Level.COUNTY, Level.TOWNSHIP):
        return _villages(request, form, place, level)
    if level != Level.VILLAGE:
        return redirect(f"{reverse('coverage')}?{urlencode({'region': place})}" if place else reverse("coverage"))
    today = clock.today()
    page = visit_page.village(place, by=by, today=today, policies=policy.load())
    lists.offer(form, "group", [("", "全部"), *((group, group) for group in page.groups)])
    rows = [row for row in page.rows if _is_wanted(row, form)]
    names = {
        "form": form,
        "page": page,
        "rows": rows,
        "place": place,
        "month": Month.of(today),
        "today": today,
        "token": uuid.uuid4(),
        "confirmable": [row for row in rows if row.seen_on is None],
        "last": request.session.get(LAST),
        "most_seconds": burden.MOST_SECONDS,
    }
    return render(request, "web/visits/visits.html", names)


def _villages(request: HttpRequest, form: VisitsForm, place: str, level: Level) -> HttpResponse:
    """The villages (in a county the townships) with how many households are to be seen from house to house there."""
    digits = 12 if level == Level.TOWNSHIP else 9
    rows = form.within.filter(Household.objects.filter(is_withdrawn=False)).order_by()
    counts = dict(rows.values_list(Substr("region_code", 1, digits)).annotate(count=Count("pk")))
    names = {
        "form": form,
        "place": place,
        "month": Month.of(clock.today()),
        "below": [(one, counts.get(one.code[:digits], 0)) for one in regions.children(place)],
        "is_township": level == Level.TOWNSHIP,
        "section": "visits",
    }
    return render(request, "web/visits/villages.html", names)


def _is_wanted(row: visit_page.Row, form: VisitsForm) -> bool:
    show, text = form.chosen("show"), form.chosen("q").strip()
    if (show == "missed" and (row.seen_on or not row.is_in_scope)) or (show == "seen" and not row.seen_on):
        return False
    if (show == "scope" and not row.is_in_scope) or (show == "tasks" and not row.tasks):
        return False
    if form.chosen("group") and row.group != form.chosen("group"):
        return False
    return not text or row.household.head_name.startswith(text)


@require_POST
@needs(roles.VISIT)
def confirm(request: HttpRequest) -> HttpResponse:
    """No change: one household, those that were marked, or a whole street. The same form sent twice is one confirmation."""
    numbers = request.POST.getlist("household")[: receiving.MOST]
    token = _token(request.POST.get("token"))
    homes = {number: uuid.uuid5(token, number) for number in numbers}
    # what a retry sends again keeps the moment of the first time
    known = set(Visit.objects.filter(pk__in=homes.values()).values_list("pk", flat=True))
    now = timezone.now()
    results = receiving.confirm_together(
        homes={number: key for number, key in homes.items() if key not in known},
        on=clock.today(),
        made_at=now,
        by=account_of(request),
        now=now,
        today=clock.today(),
        policies=policy.load(),
    )
    refused = [one for one in results if not one.is_done]
    done = [one.id for one in results if one.is_done]
    if done:
        request.session[LAST] = {"ids": done, "count": len(done)}
        messages.success(request, f"已登记 {len(done)} 户无变化。")
    for one in refused[:5]:
        messages.error(request, f"{one.message}。{one.next_step}")
    if not numbers:
        messages.error(request, "没有选中农户。")
    return _back(request)


@require_POST
@needs(roles.VISIT)
def undo(request: HttpRequest) -> HttpResponse:
    """Takes back what was just confirmed, or one visit."""
    last = request.session.pop(LAST, None) or {}
    asked = request.POST.get("record")
    targets = [asked] if asked else last.get("ids", [])
    now, day = timezone.now().isoformat(), clock.today().isoformat()
    results = _take(
        request,
        [
            {
                "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"undo:{target}")),
                "kind": UNDO,
                "of": target,
                "made_at": now,
                "on": day,
            }
            for target in targets
        ],
    )
    done = sum(one.is_done for one in results)
    if done:
        messages.success(request, f"已撤回 {done} 户的登记。")
    for one in [one for one in results if not one.is_done][:5]:
        messages.error(request, f"{one.message}。{one.next_step}")
    return _back(request)


@never_cache
@needs(roles.SEE_HOUSEHOLDS)
def visit(request: HttpRequest, household_no: str) -> HttpResponse:
    """One household: what is known, what is waited for, and a form for what changed; nothing known is asked."""
    household = seen_or_404(Household.objects.filter(is_withdrawn=False), scope_of(request), household_no=household_no)
    by, today, policies = account_of(request), clock.today(), policy.load()
    page = visit_page.household(household, by=by, today=today, policies=policies)
    if request.method != "POST":
        form = visit_page.VisitForm(page, today=today, now=timezone.now())
        return render(request, "web/visits/visit.html", _names(page, form, today))
    if not by.may(roles.VISIT):
        raise Http404
    form = visit_page.VisitForm(page, today=today, now=timezone.now(), data=request.POST)
    if form.is_valid():
        (result,) = _take(request, [form.record(VISIT)])
        if result.is_done:
            say = messages.warning if result.settling else messages.success
            say(request, result.message or "走访已登记。")
            return redirect("visit", household_no)
        form.add_error(None, f"{result.message}。{result.next_step}")
    return render(request, "web/visits/visit.html", _names(page, form, today), status=400)


@never_cache
@needs(roles.SEE_HOUSEHOLDS)
def sheet(request: HttpRequest, household_no: str) -> HttpResponse:
    """走访服务信息采集表: printed with everything that is known already; only what changed is left to write."""
    household = seen_or_404(Household.objects.filter(is_withdrawn=False), scope_of(request), household_no=household_no)
    today = clock.today()
    page = visit_page.household(household, by=account_of(request), today=today, policies=policy.load())
    return render(request, "web/visits/sheet.html", _names(page, None, today))


def _names(page: visit_page.HouseholdPage, form: visit_page.VisitForm | None, today: Any) -> dict[str, Any]:
    return {"page": page, "form": form, "today": today, "section": "visits", "month": Month.of(today)}


def _take(request: HttpRequest, records: Iterable[dict[str, Any]]) -> list[receiving.Result]:
    return receiving.take(
        records=list(records),
        by=account_of(request),
        device=None,
        now=timezone.now(),
        today=clock.today(),
        policies=policy.load(),
    )


def _token(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return uuid.uuid4()


def _back(request: HttpRequest) -> HttpResponse:
    """To where the form stood, never to another site."""
    query = request.POST.get("back", "")
    if number := request.POST.get("household_page"):
        return redirect("visit", number)
    return redirect(f"{reverse('visits')}?{query}" if query else reverse("visits"))
