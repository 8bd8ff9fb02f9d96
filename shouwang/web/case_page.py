"""What the page of a case shows: who, how far, what may be done now, what was done, what helps, and by whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from shouwang.casework import case_queries, clocks, pausing, procedure
from shouwang.casework.models import Case, Event, Notice, Task
from shouwang.casework.models.leads import CHANNELS
from shouwang.casework.risks import RISKS
from shouwang.households import change_lists, measures, ownership, responsibilities, reviews, schedules, states
from shouwang.households.catalogue import CATALOGUE
from shouwang.households.models import Responsibility
from shouwang.households.models.responsibility import KINDS
from shouwang.jobs import papers
from shouwang.organisation.departments import label_of as department_label
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Monitoring

from . import sentences, step_pictures, steps
from .access import account_of

# The boxes of the step bar, each with the states in which it is under way.
_WAY_IN = (
    ("核实", ()),
    ("授权比对", (states.AUTHORISE, states.MATCH)),
    ("民主评议", (states.REVIEW, states.NOT_CARRIED)),
    ("公示", (states.PUBLISH,)),
    ("乡级审核", (states.TOWNSHIP_REVIEW,)),
    ("县级确定", (states.COUNTY_DECISION,)),
    ("公告", (states.ANNOUNCE,)),
    ("帮扶", (states.SUPPORTED,)),
)
_WAY_OUT = (
    ("申请消除", ()),
    ("民主评议", (states.OUT_REVIEW,)),
    ("公示", (states.OUT_PUBLISH,)),
    ("乡级审核", (states.OUT_TOWNSHIP,)),
    ("县级确定", (states.OUT_COUNTY,)),
    ("风险消除", (states.CLEARED,)),
)
_OPTIONS = {states.AUTHORISE: "household_verification", states.MATCH: "data_match", states.ANNOUNCE: "announcement"}
DONE, NOW, AHEAD = "done", "now", "ahead"


@dataclass(frozen=True)
class Box:
    label: str
    stage: str
    on: dt.date | None = None


def names(
    request: HttpRequest,
    case: Case,
    *,
    today: dt.date,
    policies: Policies,
    refused: steps.StepForm | None = None,
) -> dict[str, Any]:
    """The values for the template."""
    by = account_of(request)
    events = case_queries.events(case)
    planned = list(case.measures.select_related("by").order_by("planned_on", "pk"))
    tasks = list(Task.objects.filter(case=case, is_open=True).select_related("case").order_by("due_on", "pk"))
    schedule = schedules.schedule(case=case, events=events, today=today, policies=policies)
    is_helped = case.is_open
    owned = ownership.of_tasks(tasks)
    township = f"{case.region_code[:9]}000"
    return {
        "case": case,
        "today": today,
        "state": procedure.get(case.procedure).state(case.state),
        "village": regions.full_name(case.region_code),
        "persons": list(case.household.persons.filter(is_withdrawn=False).order_by("person_no")),
        "monitoring": Monitoring.objects.filter(household=case.household, is_withdrawn=False).first(),
        "risks": [RISKS.get(risk, risk) for risk in case.risks],
        "grounds": grounds(case),
        "offers": steps.offers(request, case, refused=refused),
        "waiting": [{**waiting(task), "owned": owned[task.pk]} for task in tasks],
        "responsible_unit": ownership.responsible_units({township})[township],
        "boxes": boxes(case, events),
        "review": reviews.next_review(case=case, policies=policies) if case.included_on and case.is_open else None,
        "schedule": schedule,
        "bar": bar(schedule, today if case.is_open and case.included_on is None else None),
        "clock_note": clocks.note(case.due_parameter),
        "clock_parameter": policies.parameters.get(case.due_parameter.get("parameter", "")),
        "is_on_clock": procedure.get(case.procedure).limit_holds(case.state),
        "history": step_pictures.shown((steps.told(event) for event in reversed(events)), by=by),
        "notices": [(notice, _is_up(notice, today)) for notice in case.notices.order_by("-pk")],
        "objections": objections(events),
        "planned": [_measure(one) for one in planned],
        "proposals": _proposals(case) if is_helped else [],
        "uncovered": [RISKS.get(risk, risk) for risk in measures.uncovered(case)] if is_helped else [],
        "lacks_development": is_helped and measures.lacks_development(case),
        "may_pause": pausing.may(proceeding=case, by=by),
        "others": Scope.of(by).filter(Case.objects.filter(household=case.household).exclude(pk=case.pk)),
        "states": schedules.LABELS,
        "responsible": responsible(case.household, today),
        "changes": change_lists.of_case(case),
        "papers": [
            (key, paper) for key, paper in papers.CASE_PAPERS.items() if paper.is_open_to(by) and paper.is_there(case)
        ],
    }


def grounds(case: Case) -> list[str]:
    """Why there is a case, one sentence a reason: what was found in the files, and who said what when. Whoever decides has
    it before the eyes; the rows themselves stand on the lead's page."""
    if case.lead is None:
        return []
    channels = dict(CHANNELS)
    found = []
    rows = case.lead.reasons.filter(left_on=None).order_by("joined_on", "pk")
    for reason in rows.select_related("finding__result", "finding__person", "signal"):
        if reason.finding is not None:
            found.append(sentences.of_finding(reason.finding))
        elif reason.signal is not None:
            risk = RISKS.get(reason.signal.risk, "")
            found.append(
                f"{channels[reason.signal.channel]}：{reason.signal.told_on} 反映{f'，{risk}' if risk else ''}"
            )
    return list(dict.fromkeys(found))


def responsible(household: Household, on: dt.date) -> list[Responsibility]:
    """Who looks after a household on a day, the grid worker first."""
    lines = responsibilities.of_household(household=household)
    order = [code for code, _ in KINDS]
    return sorted(
        (one for one in lines if one.from_on <= on and (one.until_on is None or one.until_on > on)),
        key=lambda one: order.index(one.kind),
    )


def waiting(task: Task) -> dict[str, Any]:
    """A task in words: what, whose, until when."""
    label, unit = papers.words.task_label(task), papers.words.office_of(task)
    return {"task": task, "label": label, "unit": unit, "due_on": task.due_on, "why": why(task)}


def why(task: Task) -> str:
    return str(task.due_parameter.get("text", ""))


def boxes(case: Case, events: list[Event]) -> list[Box]:
    """The step bar: what is done with its day, where it stands, what lies ahead."""
    asked = [
        (label, here)
        for label, here in _WAY_IN
        if not here or any(_OPTIONS.get(state) is None or _OPTIONS[state] in case.options for state in here)
    ]
    clearing = next((event.on for event in reversed(events) if event.step == "ask_clearance"), None)
    is_out = case.state in states.CLEARING or (case.state == states.CLEARED and clearing is not None)
    way = _WAY_OUT if is_out else asked
    here = next((place for place, (_, inside) in enumerate(way) if case.state in inside), len(way))
    left = {event.from_state: event.on for event in events if event.case_id and event.to_state != event.from_state}
    confirmed = next((event.on for event in events if event.step == "confirm"), case.opened_on)
    found = []
    for place, (label, inside) in enumerate(way):
        on = (clearing if is_out else confirmed) if not inside else None
        on = on or max((left[state] for state in inside if state in left), default=None)
        if case.state == states.REFUSED:
            stage = DONE if on else AHEAD
        else:
            stage = DONE if place < here else NOW if place == here else AHEAD
        if case.state == states.CLEARED and place == here:
            stage, on = DONE, case.cleared_on
        found.append(Box(label, stage, on if stage == DONE else None))
    return found


def bar(schedule: schedules.Schedule, today: dt.date | None) -> dict[str, Any] | None:
    """The days from discovery to the last day as a drawing: x runs from 0 to 1000."""
    if schedule.due_on is None:
        return None
    last = max([schedule.due_on, schedule.ended_on, *([today] if today else [])])
    days = max((last - schedule.opened_on).days, 1)

    def x(day: dt.date) -> float:
        return round(1000 * min(max((day - schedule.opened_on).days / days, 0), 1), 1)

    stretches = [
        {
            "label": one.label,
            "x": x(one.from_on),
            "width": max(x(one.until_on) - x(one.from_on), 3),
            "number": number % 2,
        }
        for number, one in enumerate(schedule.stretches)
    ]
    return {
        "stretches": stretches,
        "due": x(schedule.due_on),
        "today": x(today) if today else None,
        "publish_by": x(schedule.publish_by) if schedule.publish_by else None,
        "is_late": schedule.ended_on > schedule.due_on,
    }


def objections(events: list[Event]) -> list[dict[str, Any]]:
    """Each objection with its answer, where it has one."""
    found: list[dict[str, Any]] = []
    for event in events:
        if event.step.endswith("answer_objection"):
            unanswered = next((one for one in found if one["answer"] is None), None)
            if unanswered is not None:
                unanswered["answer"] = event
        elif event.step.endswith("object"):
            found.append({"raised": event, "answer": None})
    return found


def _is_up(notice: Notice, today: dt.date) -> bool:
    return notice.taken_down_on is None and notice.shown_from <= today <= notice.shown_until


def _measure(measure: Any) -> dict[str, Any]:
    kind = CATALOGUE.get(measure.kind)
    if measure.cancelled_on:
        stage = "已取消"
    elif measure.done_on:
        stage = "已完成"
    else:
        stage = "进行中" if measure.started_on else "计划"
    return {
        "measure": measure,
        "kind": kind,
        "risk": RISKS.get(measure.risk, measure.risk),
        "department": department_label(measure.department),
        "stage": stage,
    }


def _proposals(case: Case) -> list[dict[str, Any]]:
    """For each risk without a measure, what may be done against it, the fitting first."""
    found: dict[str, list[Any]] = {}
    for risk, kind in measures.proposed(case):
        found.setdefault(risk, []).append((kind, department_label(kind.department)))
    return [{"risk": risk, "label": RISKS.get(risk, risk), "kinds": kinds} for risk, kinds in found.items()]
