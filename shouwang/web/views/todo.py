"""What waits for an account, by due day, and what is late below with the unit that has to move it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.casework import case_queries, procedure
from shouwang.casework.procedure import CITY, COUNTY, TOWNSHIP, VILLAGE
from shouwang.households import ownership
from shouwang.jobs import clock, exports, papers
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import lists
from ..access import account_of, needs, scope_of

ORDERS = (lists.Order("due", ("due_on", "id"), frozenset({"due_on"})), lists.Order("village", ("region_code", "id")))
LEVELS = {Level.VILLAGE: VILLAGE, Level.TOWNSHIP: TOWNSHIP, Level.COUNTY: COUNTY}
MINE, BELOW, ALL = "", "below", "all"


def level_of(account: Account) -> str:
    """At which level an account works."""
    if not account.region_code:
        return CITY
    return LEVELS.get(Level(regions.region(account.region_code).level), CITY)


def step_choices() -> list[tuple[str, str]]:
    return [
        (step.code, step.task_label or step.label)
        for table in procedure.all_procedures()
        for step in table.steps
        if step.is_task and not step.is_by_program
    ]


class TodoForm(lists.ListForm):
    whose = forms.ChoiceField(
        label="由谁办", required=False, choices=[(MINE, "我这一级"), (BELOW, "下级超期"), (ALL, "各级全部")]
    )
    step = forms.ChoiceField(label="事项", required=False)
    late = forms.ChoiceField(label="期限", required=False, choices=[("", "全部"), ("1", "已超期")])

    def __init__(self, *arguments: Any, account: Account, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.account = account
        lists.offer(self, "step", [("", "全部"), *step_choices()])

    @property
    def filters(self) -> dict[str, str]:
        found = {"step": self.chosen("step"), "whose": self.chosen("whose"), "level": level_of(self.account)}
        if self.chosen("late"):
            found["late_on"] = clock.today().isoformat()
        if found["whose"] == BELOW:
            found["late_on"] = clock.today().isoformat()
        if found["whose"] == MINE:
            found["role"] = self.account.role
        return self.kept(found)


@needs(roles.SEE_CASES)
def todo(request: HttpRequest) -> HttpResponse:
    """One list: what my level has to do, or what is late below, by due day."""
    account, scope, today = account_of(request), scope_of(request), clock.today()
    form = TodoForm(request.GET, scope=scope, home=account.region_code, account=account)
    page = lists.page(exports.todo(scope, form.filters), orders=ORDERS, asked=request.GET, unit="项")
    names = {
        "form": form,
        "page": page,
        "today": today,
        "rows": rows(page.rows),
        "below_count": below_count(scope, account),
        "level": level_of(account),
        "section": "todo",
    }
    return render(request, "web/cases/todo.html", names)


def below_count(scope: Any, account: Account) -> int:
    """How much is late and has to be moved by a level below."""
    tasks = case_queries.tasks(scope=scope)
    return case_queries.late_below(tasks, level=level_of(account), today=clock.today()).order_by().count()


def rows(tasks: list[Any]) -> list[dict[str, Any]]:
    """Tasks in words; division names are looked up once for all of them."""
    codes = {code for task in tasks for code in (task.region_code, f"{task.region_code[:9]}000")}
    places = regions.names_of(codes)
    owned = ownership.of_tasks(tasks)
    found, units = [], dict[tuple[str, str], str]()
    for task in tasks:
        step = case_queries.step_of(task)
        # a centre is the same for everybody of a township
        whose = task.level, task.region_code if task.level == VILLAGE else task.region_code[:9]
        if whose not in units:
            units[whose] = unit(task, places)
        found.append(
            {
                "task": task,
                "label": (step.task_label or step.label) if step else task.step,
                "township": places.get(f"{task.region_code[:9]}000", ""),
                "village": places.get(task.region_code, task.region_code),
                "unit": units[whose],
                "owned": owned[task.pk],
            }
        )
    return found


def unit(task: Any, places: dict[str, str]) -> str:
    """Who has to move it."""
    if task.level == VILLAGE:
        return places.get(task.region_code, task.region_code)
    if task.level == TOWNSHIP:
        return places.get(f"{task.region_code[:9]}000", "") + "防贫工作站"
    return papers.words.office_of(task)
