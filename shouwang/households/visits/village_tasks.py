"""One list for a village, by due day: leads, cases, months to collect, changes to confirm, notices; each with what may be done."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shouwang.casework import local_fields, procedure, rights
from shouwang.casework.models import Case, CollectionTask, Event, Lead, LeadReason, Notice, Task
from shouwang.casework.models.leads import CHANNELS
from shouwang.casework.procedure import VILLAGE, Field, Step
from shouwang.casework.risks import RISKS
from shouwang.foundation.periods import Month
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household
from shouwang.screening import catalogue

from ..models import NaturalChange
from ..models.changes import TO_CONFIRM
from . import stepping

LEAD, CASE, COLLECTION, CHANGE, NOTICE = "lead", "case", "collection", "change", "notice"
WITH_PHOTO = (LEAD, CASE)  # a step of theirs has a history to which a picture belongs


@dataclass(frozen=True)
class Doable:
    """A step that may be taken, with its fields."""

    code: str
    label: str
    fields: Sequence[Field]
    note: str = ""


@dataclass
class VillageTask:
    """Something that a village has to do about a household. ``version`` is what the doer has before the eyes."""

    id: str
    kind: str
    household: Household
    title: str
    plain: str = ""
    reasons: list[str] = field(default_factory=list)
    due_on: dt.date | None = None
    version: int = 0
    steps: list[Doable] = field(default_factory=list)

    def is_late(self, today: dt.date) -> bool:
        return self.due_on is not None and self.due_on < today


def of_village(*, scope: Scope, by: Account, today: dt.date, policies: Policies) -> list[VillageTask]:
    """Everything that waits in a place for the village, the first due first. A fixed number of queries."""
    found = [
        *_proceedings(scope, by, today, policies),
        *_collections(scope),
        *_changes(scope, by),
        *_notices(scope, today),
    ]
    return sorted(found, key=lambda task: (task.due_on is None, task.due_on or today, task.id))


def _proceedings(scope: Scope, by: Account, today: dt.date, policies: Policies) -> list[VillageTask]:
    rows = scope.filter(Task.objects.filter(is_open=True, level=VILLAGE, case__paused_on=None, lead__paused_on=None))
    tasks = list(rows.select_related("household", "lead", "case", "case__lead").order_by("due_on", "pk"))
    events = _events(tasks)
    reasons = _reasons([task.lead_id for task in tasks if task.lead_id])
    found: dict[str, VillageTask] = {}
    for task in tasks:
        proceeding: Lead | Case | None = task.lead or task.case
        assert proceeding is not None
        table = procedure.get(proceeding.procedure)
        step = table.step(task.step)
        key = f"{LEAD if task.lead_id else CASE}-{proceeding.pk}"
        if key in found:
            continue
        steps = [
            _doable(local_fields.here(one, region_code=proceeding.region_code, on=today, policies=policies))
            for one in _possible(table, proceeding, by, events[key], events.get(_before(proceeding), []))
        ]
        found[key] = VillageTask(
            id=key,
            kind=LEAD if task.lead_id else CASE,
            household=task.household,
            title=(step.task_label or step.label) if step else task.step,
            plain=table.state(proceeding.state).label,
            reasons=reasons.get(task.lead_id or 0) or _risks(proceeding),
            due_on=task.due_on,
            version=proceeding.version,
            steps=steps,
        )
    return list(found.values())


def _possible(
    table: procedure.Procedure, proceeding: Lead | Case, by: Account, events: list[Event], before: list[Event]
) -> list[Step]:
    """What ``casework.runner.possible`` gives, from events that were read for all tasks at once."""
    return [
        step
        for step in table.steps_from(proceeding.state)
        if not step.is_by_program
        and step.level == VILLAGE
        and by.may(step.permission)
        and not rights.apart(table, step, by, [*before, *events])
        and not (step.is_once and rights.is_taken(step, events, proceeding.state))
    ]


def _doable(step: Step) -> Doable:
    return Doable(step.code, step.label, step.fields, step.asked.description if step.asked else "")


def _before(proceeding: Lead | Case) -> str:
    lead = proceeding.lead_id if isinstance(proceeding, Case) else None
    return f"{LEAD}-{lead}" if lead else ""


def _events(tasks: Sequence[Task]) -> Mapping[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    leads = {task.lead_id for task in tasks if task.lead_id}
    leads |= {task.case.lead_id for task in tasks if task.case and task.case.lead_id}
    for event in Event.objects.filter(lead__in=leads).order_by("sequence"):
        found[f"{LEAD}-{event.lead_id}"].append(event)
    for event in Event.objects.filter(case__in={task.case_id for task in tasks if task.case_id}).order_by("sequence"):
        found[f"{CASE}-{event.case_id}"].append(event)
    return found


def _reasons(leads: Iterable[int]) -> dict[int, list[str]]:
    """Why somebody has to look, in words; what a family or a visitor said is named by its channel."""
    found: dict[int, list[str]] = defaultdict(list)
    rules, channels = catalogue.rules(), dict(CHANNELS)
    rows = LeadReason.objects.filter(lead__in=list(leads), left_on=None).select_related("finding", "signal")
    for reason in rows.order_by("joined_on", "pk"):
        if reason.finding is not None:
            rule = rules.get(reason.finding.rule)
            words = rule.rule.label if rule else reason.finding.rule
        elif reason.signal is not None:
            risk = RISKS.get(reason.signal.risk, "")
            words = channels[reason.signal.channel] + (f"：{risk}" if risk else "")
        else:
            continue
        if words not in found[reason.lead_id]:
            found[reason.lead_id].append(words)
    return found


def _risks(proceeding: Lead | Case) -> list[str]:
    return [RISKS.get(risk, risk) for risk in getattr(proceeding, "risks", ())]


def _collections(scope: Scope) -> list[VillageTask]:
    rows = scope.filter(CollectionTask.objects.filter(done_on=None)).select_related("household")
    return [
        VillageTask(
            id=f"{COLLECTION}-{task.pk}",
            kind=COLLECTION,
            household=task.household,
            title=f"补采{Month.parse(task.month).label}的收入",
            plain="缺这个月的收入，全年收入推算不出",
            due_on=None,
            steps=[Doable(stepping.COLLECT, "登记", stepping.collect_fields())],
        )
        for task in rows.order_by("month", "pk")
    ]


# hengshui-2022-1#C.2.4.6
def _changes(scope: Scope, by: Account) -> list[VillageTask]:
    if not by.may(roles.VERIFY):
        return []
    rows = scope.filter(NaturalChange.objects.filter(state=TO_CONFIRM)).select_related("household", "person")
    return [
        VillageTask(
            id=f"{CHANGE}-{change.pk}",
            kind=CHANGE,
            household=change.household,
            title=f"核对：{change.person.name if change.person else '新增人口'}{change.kind}",
            plain=f"部门数据：{change.changed_on} {change.kind}",
            due_on=Month.parse(change.month).plus(1).last_day,
            steps=[
                Doable(stepping.CONFIRM, "属实", stepping.CONFIRM_FIELDS if change.effect > 0 else ()),
                Doable(stepping.REJECT, "不属实", stepping.REJECT_FIELDS),
            ],
        )
        for change in rows.order_by("changed_on", "pk")
    ]


def _notices(scope: Scope, today: dt.date) -> list[VillageTask]:
    """What is up on the wall, and until when; nothing to do but to leave it there."""
    rows = scope.filter(Notice.objects.filter(shown_from__lte=today, shown_until__gte=today, taken_down_on=None))
    return [
        VillageTask(
            id=f"{NOTICE}-{notice.pk}",
            kind=NOTICE,
            household=notice.case.household,
            title=f"{notice.get_kind_display()}张贴中",
            plain=f"{notice.shown_from} 至 {notice.shown_until}，到期自动结束",
            due_on=notice.shown_until,
        )
        for notice in rows.select_related("case__household").order_by("shown_until", "pk")
    ]
