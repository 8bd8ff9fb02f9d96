"""Words that several papers share: what an event says, who the offices are, how an income reads."""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.casework import case_queries, procedure, queries
from shouwang.casework.models import Case, Event, Task
from shouwang.casework.procedure import TOWNSHIP, VILLAGE
from shouwang.casework.risks import RISKS
from shouwang.regions import queries as regions

from .offices import village_of

NOT_COMPUTED = "未计算"


def label_of(event: Event) -> str:
    """The step in the words of its procedure."""
    step = _step(event)
    return step.label if step else event.step


def said(event: Event, *, leave_out: Iterable[str] = ()) -> str:
    """What was filled in: 地点：村委会；应到人数：35；…"""
    step = _step(event)
    told = queries.event_words(step, event, leave_out=leave_out) if step else []
    return "；".join(f"{label}：{words}" for label, words in told)


def last(events: Iterable[Event], *steps: str) -> Event | None:
    """The latest event of some steps."""
    return next((event for event in reversed(list(events)) if event.step in steps), None)


def risks(case: Case) -> list[str]:
    return [RISKS.get(risk, risk) for risk in case.risks]


def centre(region_code: str) -> str:
    return f"{regions.name(regions.county_of(region_code))}防贫中心"


def township(region_code: str) -> str:
    return regions.name(f"{region_code[:9]}000")


def committee(region_code: str) -> str:
    """南关村村民委员会; 东关社区 keeps its own word."""
    return village_of(region_code)


def task_label(task: Task) -> str:
    """The matter that is waited for."""
    step = case_queries.step_of(task)
    return (step.task_label or step.label) if step else task.step


def office_of(task: Task) -> str:
    """Who has to move it: the village, the township's or the county's centre."""
    if task.level == VILLAGE:
        return regions.name(task.region_code)
    return f"{township(task.region_code)}防贫工作站" if task.level == TOWNSHIP else centre(task.region_code)


def size(case: Case) -> int:
    return case.household.registered_size or case.household.persons.filter(is_withdrawn=False).count()


def _step(event: Event) -> procedure.Step | None:
    return next((step for table in procedure.all_procedures() if (step := table.step(event.step)) is not None), None)
