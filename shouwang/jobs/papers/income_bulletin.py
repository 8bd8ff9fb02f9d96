"""增收专项督查通报 as a paper, from the sheets of an inspection."""

from __future__ import annotations

import datetime as dt

from shouwang.foundation.errors import UserError
from shouwang.households import inspections
from shouwang.households.inspection_kinds import FINDINGS, KINDS
from shouwang.households.inspection_populations import LARGE_DROP
from shouwang.households.models import InspectedItem, Inspection
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.reporting import drafts
from shouwang.reporting.papers import Paper

from .offices import unit_of
from .supervision import LINES


# laiyuan-2022-9#3.4.1
def income_bulletin(made: Inspection, *, today: dt.date, policies: Policies) -> Paper:
    """Over what was checked so far. Raises UserError while nothing was."""
    scope = Scope.of_region(made.region_code)
    found = inspections.by_place(made=made, scope=scope, digits=9, today=today)
    if not found:
        raise UserError("还没有检查结果，不能通报", next_step="检查后再通报。")
    problems = list(inspections.items(scope=scope, made=made, part="problems").order_by("region_code", "place"))
    codes = set(found) | {code for one in problems for code in (one.region_code, f"{one.region_code[:9]}000")}
    names = regions.names_of(codes)
    limit = policies.resolve(LARGE_DROP, region_code=made.region_code, on=today)
    unit = unit_of(made.region_code)
    return drafts.income_bulletin(
        drafts.IncomeBulletin(
            place=regions.name(made.region_code),
            findings=tuple(FINDINGS.values()),
            places=[
                drafts.InspectedPlace(
                    name=names.get(code, code),
                    checked=one.checked,
                    problems=one.problems,
                    by_finding={FINDINGS[finding]: count for finding, count in one.by_finding.items()},
                    rectified=one.rectified,
                    closed=one.closed,
                    late=one.late,
                )
                for code, one in found.items()
            ],
            problems=[_problem(one, names) for one in problems],
            basis=LINES.sub("", policies.citation_text(KINDS[made.kind].cite)),
            drawn_on=made.drawn_on,
            population=len(made.population),
            seed=made.seed,
            as_of=today,
            unit=unit,
            open_parameter=""
            if limit.value is not None
            else "文件没有写减收幅度较大的界限，本次不据数据认定，由检查人员现场判定。",
            head=f"{unit}文件",
        )
    )


def _problem(one: InspectedItem, names: dict[str, str]) -> drafts.Problem:
    township, village = names.get(f"{one.region_code[:9]}000", ""), names.get(one.region_code, one.region_code)
    state = "已销号" if one.closed_on else "已整改" if one.rectified_on else "整改中"
    findings = [FINDINGS[code] for code in inspections.findings_of(one)]
    return drafts.Problem(f"{township}{village}", findings, one.note, one.rectify_by, state)
