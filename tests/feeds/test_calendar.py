"""What was due when, what came, what is late — by the documents' rhythm where there is one."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from shouwang import policy
from shouwang.feeds import calendar
from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import LAIYUAN, TAOCHENG, XUCHANG_COUNTY

JULY_1 = dt.date(2022, 7, 1)


APRIL = Month(2022, 4)


def entries(county_code, today=JULY_1, first=APRIL, scope=None, last=None):
    return calendar.entries(
        policies=policy.load(),
        county_code=county_code,
        scope=scope or Scope.of_region(county_code),
        today=today,
        first_month=first,
        last_month=last,
    )


def came(county_code, dataset, period, on):
    batch = factories.make_batch(purpose="feed", dataset=dataset, region_code=county_code, period=period)
    moment = dt.datetime.combine(on, dt.time(10), ZoneInfo("Asia/Shanghai"))
    Batch.objects.filter(pk=batch.pk).update(received_at=moment)
    return batch


def test_in_hengshui_a_missing_june_is_late_on_the_first_of_july(db):
    def settlements_of_june(today):
        found = [one for one in entries(TAOCHENG, today=today) if one.last_month == Month(2022, 6)]
        return next(one for one in found if one.dataset.code == "medical_settlement")

    june = settlements_of_june(JULY_1)
    assert (june.label, june.due_on, june.status) == ("2022年6月", dt.date(2022, 6, 30), calendar.LATE)
    assert "衡农组〔2022〕1号" in june.why
    assert settlements_of_june(dt.date(2022, 6, 30)).status == calendar.WAITING


def test_in_xuchang_one_quarterly_run_is_overdue_and_concerns_five_departments(db):
    found = entries(XUCHANG_COUNTY, last=Month(2022, 6))
    runs = [run for run in calendar.matchings(found) if run.is_late]
    assert [run.label for run in runs] == ["2022年第2季度"]
    departments = {entry.dataset.department for entry in runs[0].missing}
    assert departments == {"医保局", "残联", "民政局", "教育局", "住建局"}
    assert not any(run.is_late for run in calendar.matchings(entries(XUCHANG_COUNTY, today=dt.date(2022, 6, 30))))


def test_any_month_of_the_quarter_will_do(db):
    came(XUCHANG_COUNTY, "disability", "2022-04", dt.date(2022, 5, 2))
    [entry] = [
        one for one in entries(XUCHANG_COUNTY, last=Month(2022, 6)) if one.dataset.code == "disability" and one.due_on
    ]
    assert entry.status == calendar.RECEIVED


def test_a_file_that_came_after_its_month_came_late_and_a_reverted_one_did_not_come(db):
    batch = came(TAOCHENG, "disability", "2022-06", dt.date(2022, 7, 5))
    today = dt.date(2022, 7, 6)

    def june():
        found = entries(TAOCHENG, today=today)
        return next(one for one in found if one.dataset.code == "disability" and one.last_month == Month(2022, 6))

    assert (june().status, june().batches) == (calendar.CAME_LATE, (batch,))
    Batch.objects.filter(pk=batch.pk).update(state="reverted", reverted_at=factories.NOW)
    assert june().status == calendar.LATE


def test_where_no_document_sets_a_rhythm_the_calendar_says_so_and_shows_what_came(db):
    batch = came(LAIYUAN, "medical_settlement", "2022-06", dt.date(2022, 7, 1))
    june = [entry for entry in entries(LAIYUAN) if entry.last_month == Month(2022, 6)]
    settlement = next(entry for entry in june if entry.dataset.code == "medical_settlement")
    assert (settlement.status, settlement.due_on, settlement.batches) == (calendar.UNDETERMINED, None, (batch,))
    assert not any(entry.is_late for entry in june)


def test_what_happens_when_it_happens_is_never_late(db):
    found = [entry for entry in entries(TAOCHENG) if not entry.dataset.frequency_parameter]
    assert {entry.dataset.code for entry in found} == {"water_outage", "disaster_loss", "accident", "produce_price"}
    assert {entry.status for entry in found} == {calendar.ON_EVENT}


def test_the_neighbour_sees_no_calendar(db):
    assert entries(TAOCHENG, scope=Scope.of(factories.neighbour_li())) == []
    assert entries(TAOCHENG, scope=Scope(())) == []


def test_every_dataset_stands_in_the_calendar_once_a_month(db):
    june = [entry for entry in entries(TAOCHENG) if entry.last_month == Month(2022, 6)]
    assert [entry.dataset.code for entry in june] == list(DATASETS)
