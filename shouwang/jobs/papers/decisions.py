"""县级确定批复: the cases that the county decided on a day, and the paper over those that were picked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from shouwang.casework.models import Case
from shouwang.foundation.errors import UserError
from shouwang.households.states import CLEARED
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.reporting import drafts
from shouwang.reporting.drafts import Matter
from shouwang.reporting.papers import Paper

from . import words

_FOLLOW_UP = {
    Matter.INCLUSION: ("请公告确定结果，落实监测联系人。", "请按期制定帮扶计划，风险逐项落实措施。"),
    Matter.CLEARANCE: ("请继续走访标注风险消除的农户，有新的风险及时上报。",),
}


def decided(*, scope: Scope, matter: Matter, on: dt.date) -> QuerySet[Case]:
    """The cases of the scope that were included, or whose risk was marked as gone, on a day."""
    wanted = {"included_on": on} if matter is Matter.INCLUSION else {"cleared_on": on, "state": CLEARED}
    rows = scope.filter(Case.objects.filter(**wanted))
    return rows.select_related("household").order_by("region_code", "case_no")


def decision(*, cases: Sequence[Case], matter: Matter, on: dt.date, unit: str, number: str, today: dt.date) -> Paper:
    """The paper over some of them. Raises UserError when there is none, or no unit signs it."""
    if not cases:
        raise UserError("没有选中农户", next_step="请勾选要批复的农户。")
    if not unit.strip():
        raise UserError("没有发文单位", next_step="请填写发文单位。")
    codes = {code for case in cases for code in (case.region_code, f"{case.region_code[:9]}000")}
    names = regions.names_of(codes)
    townships = dict.fromkeys(f"{case.region_code[:9]}000" for case in cases)
    households = [
        drafts.DecidedHousehold(
            township=names[f"{case.region_code[:9]}000"],
            village=names[case.region_code],
            head_name=case.household.head_name,
            household_no=case.household.household_no,
            size=words.size(case),
            category=case.object_category,
            risks=words.risks(case),
        )
        for case in cases
    ]
    return drafts.county_decision(
        drafts.CountyDecision(
            matter=matter,
            head=f"{unit}文件",
            number=number,
            recipients=f"{names[next(iter(townships))]}人民政府" if len(townships) == 1 else "各乡镇人民政府",
            households=households,
            reviewed_on=on,
            unit=unit,
            signed_on=today,
            follow_up=_FOLLOW_UP[matter],
        )
    )
