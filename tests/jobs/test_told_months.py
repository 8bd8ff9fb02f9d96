"""A month of income that was collected by phone reaches the rules, so that nobody is asked for it a second time (H-03)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.casework.models import CollectionTask
from shouwang.foundation.periods import Month
from shouwang.households.income import collecting, in_force, recording
from shouwang.households.models import IncomeLine, IncomeMonth
from shouwang.households.visits import receiving
from shouwang.intake.models import Batch
from shouwang.jobs import told_months
from shouwang.screening import actions as screening
from shouwang.screening.models import Finding, Run
from tests import factories
from tests.screening.lake_world import County

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2022, 6, 30), dt.date(2022, 7, 18)
NOW = factories.NOW.replace(year=2022, month=7, day=18)
DUE = [str(month) for month in Month(2021, 10).until(Month(2022, 6))]
LACKING = "2022-03"
TOLD = {
    "income_wage": "900",
    "income_business": "0",
    "cost_business": "0",
    "income_property": "0",
    "income_alimony": "0",
}


@pytest.fixture
def county() -> County:
    """One household of one person: last year 14,000; of nine months eight are known, 500 each: falling if it goes on so."""
    county = County()
    county.household("甲")
    county.register()
    county.income(甲=1_400_000)
    county.months("甲", [month for month in DUE if month != LACKING], 50_000)
    collecting.collect(county_code=county.code, now=NOW)
    return county


def screened() -> None:
    told_months.hand_in(region_code=factories.LAIYUAN, now=NOW)
    run = screening.run(region_code=factories.LAIYUAN, as_of=JUNE, policies=policy.load(), by=None, now=NOW)
    casework.fold(run=run, opened_on=JULY, policies=policy.load())


def answered(county: County, task: CollectionTask, **data: str) -> receiving.Result:
    zhao = factories.make_account(name="网格员赵", role="grid_worker", region_code=county.village)
    record = {
        "id": str(uuid.uuid4()),
        "kind": "step",
        "household_no": task.household.household_no,
        "made_at": NOW.isoformat(),
        "on": JULY.isoformat(),
        "task": f"collection-{task.pk}",
        "step": "collect",
        "version": 0,
        "data": TOLD | data,
    }
    return receiving.take(records=[record], by=zhao, device=None, now=NOW, today=JULY, policies=policy.load())[0]


def test_what_was_told_by_phone_settles_the_question_for_good(county: County) -> None:
    screened()
    (task,) = CollectionTask.objects.all()
    assert (task.month, task.done_on) == (LACKING, None)
    assert answered(county, task).result == "accepted"
    month = IncomeMonth.objects.get(household=task.household, period=LACKING)
    assert (month.net_fen, month.transfer_fen) == (90_000, 0)
    screened()
    task.refresh_from_db()
    assert task.done_on is not None and CollectionTask.objects.count() == 1
    # the rule concludes from nine months, and its evidence opens the row that was told
    newest = Run.objects.latest("pk")
    (finding,) = Finding.objects.filter(result__runs=newest, rule="household.income_falling")
    assert finding.status == "hit" and not finding.missing_months
    file = Batch.objects.get(dataset="monthly_income", sender__startswith="走访补采")
    assert any(point["batch"] == file.pk for point in finding.evidence)


def test_a_file_is_made_once_and_the_ledger_does_not_read_its_own_words(county: County) -> None:
    screened()
    answered(county, CollectionTask.objects.get())
    lines = IncomeLine.objects.count()
    assert len(told_months.hand_in(region_code=county.code, now=NOW)) == 1
    assert told_months.hand_in(region_code=county.code, now=NOW + dt.timedelta(minutes=1)) == []
    collecting.collect(county_code=county.code, now=NOW)
    assert IncomeLine.objects.count() == lines


def test_a_correction_reaches_the_rules_and_what_is_taken_back_is_missing_again(county: County) -> None:
    screened()
    task = CollectionTask.objects.get()
    answered(county, task)
    screened()
    recording.correct(
        household=task.household, month=Month.parse(LACKING), item="wage", amount_fen=2_000_000, reason="核对流水",
        on=JULY, by=None, now=NOW,
    )  # fmt: skip
    screened()
    newest = Run.objects.latest("pk")
    assert not Finding.objects.filter(result__runs=newest, rule="household.income_falling").exists(), "20,000 in March"
    for line in IncomeLine.objects.filter(
        household=task.household, source__in=["visit", "officer"], superseded_by=None
    ):
        recording.take_back(line=line, reason="记错了户", by=None, now=NOW)
    screened()
    newest = Run.objects.latest("pk")
    (finding,) = Finding.objects.filter(result__runs=newest, rule="household.income_falling")
    assert finding.missing_months == [LACKING]
    task.refresh_from_db()
    assert task.done_on is None


def test_a_month_is_told_as_a_whole_or_not_at_all(county: County) -> None:
    screened()
    task = CollectionTask.objects.get()
    refused = answered(county, task, income_property="")
    assert refused.result == "refused" and "请填写" in refused.message
    assert not IncomeLine.objects.filter(source="visit").exists()


def test_what_departments_paid_in_the_month_is_counted_and_never_asked(county: County) -> None:
    screened()
    task = CollectionTask.objects.get()
    answered(county, task, income_alimony="100")
    IncomeLine.objects.create(
        household=task.household, region_code=county.village, period=LACKING, item="transfer.dibao", part="transfer",
        amount_fen=30_000, source="feed", standing=2, confidence="department", told_in=LACKING, dataset="dibao",
        recorded_at=NOW,
    )  # fmt: skip
    in_force.remake([task.household_id])
    assert IncomeMonth.objects.get(household=task.household, period=LACKING).transfer_fen == 40_000


def test_a_village_file_that_states_the_month_stays_what_the_rules_read(county: County) -> None:
    recording.from_visit(
        household=county.households["甲"], month=Month(2022, 5), visit="x", told_on=JULY, by=None, now=NOW,
        amounts={"wage": 1, "business": 0, "business_cost": 0, "property": 0, "transfer.alimony": 0},
    )  # fmt: skip
    assert told_months.hand_in(region_code=county.code, now=NOW) == []
