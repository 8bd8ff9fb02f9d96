"""督办函: what is late in a township and its villages, by the tasks that stand open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from django.db.models import QuerySet

from shouwang.casework import case_queries
from shouwang.casework.models import Task
from shouwang.casework.procedure import COUNTY
from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.reporting import drafts
from shouwang.reporting.papers import Paper

from . import words
from .offices import government_of, unit_of

_MOST_CLAUSES = 3
LINES = re.compile(r"\s+L\d+(?:[–-]\d+)?$")


def late_tasks(*, scope: Scope, today: dt.date) -> QuerySet[Task]:
    """What township and villages should have done by now, the longest late first."""
    return case_queries.late_below(case_queries.tasks(scope=scope), level=COUNTY, today=today)


def note(
    *,
    tasks: Sequence[Task],
    region_code: str,
    reply_by: dt.date,
    phone: str,
    number: str,
    today: dt.date,
    policies: Policies,
    asked_by: str = "",
) -> Paper:
    """The letter to the place below, of whatever level; ``asked_by``: whose it is, the county's unless said. Raises UserError when nothing is late, no telephone is named, or the answer is due already."""
    if not tasks:
        raise UserError(f"{regions.name(region_code)}没有超期事项", next_step="不需要督办。")
    if not phone.strip():
        raise UserError("没有联系电话", next_step="请填写本单位的办公电话。")
    if reply_by <= today:
        raise UserError("反馈日期要在今天以后", next_step="请改正反馈日期。")
    unit = unit_of(asked_by or regions.county_of(region_code))
    return drafts.supervision_note(
        drafts.SupervisionNote(
            head=f"{unit}文件",
            number=number,
            recipients=government_of(region_code),
            items=[
                drafts.SupervisedItem(
                    reference=task.case.number if task.case else task.lead.number if task.lead else "",
                    matter=words.task_label(task),
                    unit=words.office_of(task),
                    due_on=task.due_on,
                    late_days=(today - task.due_on).days,
                )
                for task in tasks
                if task.due_on
            ],
            as_of=today,
            reply_by=reply_by,
            basis=_basis(tasks, policies),
            contact_unit=unit,
            phone=phone.strip(),
            unit=unit,
            signed_on=today,
        )
    )


def _basis(tasks: Sequence[Task], policies: Policies) -> str:
    """The clauses behind the limits, those behind most of them first."""
    counts: dict[str, int] = {}
    for task in tasks:
        for cite in task.due_parameter.get("cites", ()):
            counts[cite] = counts.get(cite, 0) + 1
    found = sorted(counts, key=lambda cite: (-counts[cite], cite))[:_MOST_CLAUSES]
    # the lines of our own text of the document mean nothing to whoever gets the letter
    return "；".join(LINES.sub("", policies.citation_text(cite)) for cite in found) or "见各事项的时限规定"
