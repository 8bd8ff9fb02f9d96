"""提醒: what is soon due or late and by now concerns whoever looks; and what will be late if the work goes on as it did."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.casework import forecast as forecasts
from shouwang.casework import reminders as ladders
from shouwang.casework.models import Task
from shouwang.households import pressing
from shouwang.households.returns import queries as returns
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import lists
from ..access import account_of, needs, scope_of
from .todo import level_of, rows

ORDERS = (lists.Order("due", ("due_on", "id"), frozenset({"due_on"})), lists.Order("village", ("region_code", "id")))
_DIGITS_BELOW = {
    Level.NATION: 2,
    Level.PROVINCE: 4,
    Level.CITY: 6,
    Level.COUNTY: 9,
    Level.TOWNSHIP: 12,
    Level.VILLAGE: 12,
}
NEW, ALL = "", "all"


class ReminderForm(lists.ListForm):
    part = forms.ChoiceField(label="知悉", required=False, choices=[(NEW, "未知悉"), (ALL, "全部")])


@needs(roles.SEE_CASES)
def reminders(request: HttpRequest) -> HttpResponse:
    """What reminds me today by the rung on which it stands; marked lines are taken note of."""
    me, today = account_of(request), clock.today()
    steps = ladder_of(me)
    if request.method == "POST":
        wanted = [int(one) for one in request.POST.getlist("task") if one.isascii() and one.isdigit() and len(one) < 18]
        noted = ladders.take_note(tasks=wanted, by=me, level=level_of(me), today=today, now=timezone.now(), steps=steps)
        messages.info(request, f"已知悉 {noted} 项。事情没有办完的，到下一级提醒时还会再提。")
        return redirect(request.get_full_path())
    form = ReminderForm(request.GET, scope=scope_of(request), home=me.region_code)
    told = form.within.filter(_told(me, steps))
    if form.chosen("part") != ALL:
        told = ladders.unseen(told, account=me, today=today, steps=steps)
    page: lists.Page[Task] = lists.page(told, orders=ORDERS, asked=request.GET, unit="项")
    noted_by = ladders.seen_by(page.rows, today=today, steps=steps)
    found = rows(page.rows)
    for row in found:
        row["rung"] = steps.rung(row["task"].due_on, today)
        row["rung_label"] = ladders.LABELS.get(row["rung"], "")
        row["noted_by"] = noted_by.get(row["task"].pk, [])
    names = {
        "form": form,
        "page": page,
        "rows": found,
        "today": today,
        "me": me,
        "days": steps.days,
        "owed": _owed(me),
        "asked": (asked := _asked(me)),
        "places": regions.names_of({one.region_code for one in asked}),
        "labels": ladders.LABELS,
        "section": "reminders",
    }
    return render(request, "web/cases/reminders.html", names)


@needs(roles.SEE_CASES)
def forecast(request: HttpRequest) -> HttpResponse:
    """By place and level of work: how many will be late and from which day, with the formula."""
    me, scope, today = account_of(request), scope_of(request), clock.today()
    level = Level(regions.region(me.region_code).level) if me.region_code else Level.NATION
    found = forecasts.by_place(scope=scope, digits=_DIGITS_BELOW[level], today=today)
    names: dict[str, Any] = {
        "outlooks": found,
        "names": regions.names_of({one.place for one in found}),
        "formula": forecasts.FORMULA,
        "today": today,
        "section": "reminders",
    }
    return render(request, "web/cases/forecast.html", names)


def new_count(me: Account) -> int:
    """How many reminders somebody has not taken note of, unsent returns, papers to answer; at most ``casework.reminders.MOST_COUNTED``."""
    if not me.region_code or not me.may(roles.SEE_CASES):
        return 0
    new = ladders.count_new(account=me, level=level_of(me), today=clock.today(), steps=ladder_of(me))
    most = ladders.MOST_COUNTED
    asked = pressing.count(account=me, today=clock.today(), policies=policy.load(), most=most)
    return min(new + len(_owed(me)) + asked, most)


def _owed(me: Account) -> list[returns.Owed]:
    """Returns that are due or late and not sent; they remind until they are."""
    return returns.reminding(account=me, today=clock.today(), policies=policy.load())


def _asked(me: Account) -> list[pressing.Asked]:
    """督办 and 挂牌督办 to be answered, and those of ours whose day has come."""
    return pressing.reminding(account=me, today=clock.today(), policies=policy.load())


def ladder_of(me: Account) -> ladders.Ladder:
    return ladders.ladder(region_code=me.region_code, today=clock.today(), policies=policy.load())


def _told(me: Account, steps: ladders.Ladder) -> Any:
    return ladders.told(account=me, level=level_of(me), today=clock.today(), steps=steps)
