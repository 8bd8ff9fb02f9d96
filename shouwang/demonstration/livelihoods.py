"""What a township did with its income ledger by the demonstration's day: risk points, measures, loans asked about, a correction, figures of growth.

Everything goes through the actions that people use; a second call finds what the first one did and adds nothing.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from shouwang.foundation.errors import ConflictError
from shouwang.foundation.periods import Month
from shouwang.households.income import closing, growth, ledger, loans, recording, risk_points
from shouwang.households.models import GrowthStatistic
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions.codes import NATION

from . import calibration

_TOLD_ON = dt.date(2022, 7, 4)
_OPENED_ON, _DONE_ON, _CLOSED_ON = dt.date(2022, 7, 5), dt.date(2022, 7, 12), dt.date(2022, 7, 15)
_PROVINCE = "130000000000"
_SOURCE = "演示用数字，不是公布的统计数"
# Risk point and measure by the part of income that falls most.
_ANSWERS = {
    "wage": ("lost_work", "public_welfare_post", "到期务工合同没有续签"),
    "business": ("farm_loss", "sales_matching", "玉米、养殖收入减少"),
    "property": ("property_ended", "asset_income", "土地流转到期"),
    "transfer": ("transfer_ended", "dibao", "补贴停发，正在核对"),
    "business_cost": ("farm_loss", "farm_supplies", "饲料、化肥涨价"),
}
_BRANCHES = ("business.orchard", "business.livestock", "business.crops", "business.orchard")
_BARRIERS = ("", "project", "will", "skill", "", "channel")


def arrange(*, policies: Policies) -> None:
    """Fills the ledger of the demonstration's village and township."""
    clerk = Account.objects.get(login="qian")
    worker = Account.objects.get(login="zhao")
    officer = Account.objects.get(login="sun")
    found = ledger.page(
        village_code=calibration.DEMONSTRATION_VILLAGE,
        scope=Scope.of_region(calibration.COUNTY),
        as_of=calibration.AS_OF,
        policies=policies,
    )
    _branches(found, worker)
    _work(found, clerk, worker)
    _loans(found, worker)
    _correct(found, clerk)
    _growth(officer)
    try:
        closing.close(
            region_code=calibration.DEMONSTRATION_TOWNSHIP,
            month=calibration.SCREENED_MONTH,
            today=_OPENED_ON,
            by=clerk,
            now=_at(_OPENED_ON),
            policies=policies,
        )
    except ConflictError:
        return  # closed by an earlier call


def _branches(found: ledger.Page, worker: Account) -> None:
    """What the households told of their farm: walnuts, animals, fields. The months' wholes stay as the files say them."""
    for number, row in enumerate(found.rows):
        if number % 3 == 2:
            continue
        item = _BRANCHES[number % len(_BRANCHES)]
        recording.from_visit(
            household=row.household,
            month=calibration.SCREENED_MONTH,
            amounts={item: (120 + 35 * (number % 7)) * 100},
            visit="demonstration",
            told_on=_TOLD_ON,
            by=worker,
            now=_at(_TOLD_ON),
        )


def _work(found: ledger.Page, clerk: Account, worker: Account) -> None:
    """Every household that falls: a risk point and a measure; the first ones are done, one is closed."""
    falling = [row for row in found.rows if row.figures.largest_loss and not row.points]
    for number, row in enumerate(falling):
        loss = row.figures.largest_loss
        assert loss is not None
        kind, measure, text = _ANSWERS[loss.part]
        point = risk_points.open_point(
            household=row.household,
            kind=kind,
            text=text,
            on=_OPENED_ON,
            today=_OPENED_ON,
            by=worker,
            now=_at(_OPENED_ON),
        )
        planned = risk_points.plan(
            household=row.household,
            kind=measure,
            title="",
            owner=worker.name,
            on=_OPENED_ON,
            by=clerk,
            now=_at(_OPENED_ON),
            point=point,
        )
        if number % 3 == 0:
            risk_points.finish(
                measure=planned, result="已落实，7 月起见效", on=_DONE_ON, today=_DONE_ON, by=clerk, now=_at(_DONE_ON)
            )
        if number == 0:
            risk_points.close_point(
                point=point,
                evidence="7 月 15 日入户核对，收入已恢复",
                on=_CLOSED_ON,
                today=_CLOSED_ON,
                by=clerk,
                now=_at(_CLOSED_ON),
            )


def _loans(found: ledger.Page, worker: Account) -> None:
    eligible = list(loans.eligible_in(Scope.of_region(calibration.DEMONSTRATION_VILLAGE)))
    for number, household in enumerate(eligible[: 2 * len(eligible) // 3]):
        has_lent = number % 6 == 0
        loans.ask(
            household=household,
            asked_on=_OPENED_ON,
            wants=_BARRIERS[number % 6] != "will",
            barrier=_BARRIERS[number % 6],
            lent_on=_DONE_ON if has_lent else None,
            lent_fen=5_000_000 if has_lent else None,
            today=_DONE_ON,
            by=worker,
            now=_at(_DONE_ON),
        )


def _correct(found: ledger.Page, clerk: Account) -> None:
    """One month told differently on a visit, and one corrected by the township."""
    complete = [row for row in found.rows if row.figures.change is not None]
    for row in complete[-1:]:
        june = row.figures.months[str(calibration.SCREENED_MONTH)]
        recording.correct(
            household=row.household,
            month=calibration.SCREENED_MONTH,
            item="wage",
            amount_fen=june["wage_fen"] + 30_000,
            reason="核对工资流水，漏记一笔",
            on=_DONE_ON,
            by=clerk,
            now=_at(_DONE_ON),
        )
    for row in complete[-2:-1]:
        recording.from_visit(
            household=row.household,
            month=Month(2022, 5),
            amounts={"wage": row.figures.months["2022-05"]["wage_fen"] + 20_000, "wage.outwork": 20_000},
            visit="demo-1",
            told_on=_DONE_ON,
            by=clerk,
            now=_at(_DONE_ON),
        )


def _growth(officer: Account) -> None:
    if GrowthStatistic.objects.filter(region_code=calibration.COUNTY).exists():
        return
    for region, series, percent in (
        (calibration.COUNTY, growth.ALLEVIATED, "12.0"),
        (calibration.COUNTY, growth.FARMERS, "12.0"),
        (_PROVINCE, growth.FARMERS, "11.0"),
        (NATION, growth.FARMERS, "10.5"),
    ):
        growth.enter(
            region_code=region,
            series=series,
            period="2022",
            growth_percent=Decimal(percent),
            income_yuan=None,
            source=_SOURCE,
            by=officer,
            now=_at(_DONE_ON),
        )


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(15)))
