"""Writes a long paper in the background, for whoever asked, with what that account may see now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.reporting import papers as reporting
from shouwang.reporting.drafts import Matter

from .. import clock, exports
from ..models import Job
from . import decisions

DECISION, DECISION_LABEL = "write_decision", "县级确定批复"
# More households than this take longer than a page should wait (1,000 as PDF: 3 s).
AT_ONCE = 1_000


def write_decision(job: Job, progress: Progress) -> dict[str, Any]:
    """The recipe behind a decision over very many households."""
    account, asked = job.asked_by, job.arguments
    if account is None or not account.may(roles.APPROVE):
        raise UserError("您的账号不能作县级确定", next_step="请联系县级管理员。")
    on, matter = dt.date.fromisoformat(asked["on"]), Matter[asked["matter"]]
    progress("汇集名单", 0, 2)
    cases = list(decisions.decided(scope=Scope.of(account).narrowed(asked["region"]), matter=matter, on=on))
    made = decisions.decision(
        cases=cases, matter=matter, on=on, unit=asked["unit"], number=asked["number"], today=clock.today()
    )
    progress("写出批复", 1, 2)
    path = exports.path_of(job)
    reporting.write(made, path)
    audit.record(
        by=account,
        action=f"导出{DECISION_LABEL}",
        region_code=job.region_code,
        target=asked["on"],
        detail={"rows": len(cases), "format": asked["format"], "class": made.paper_class.value},
    )
    return {"file": path.name, "rows": len(cases)}
