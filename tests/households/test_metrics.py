"""Leads are measured by what found them and where; every figure opens as many rows as it says."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.casework import courses
from shouwang.casework.models import LeadReason, Signal
from shouwang.households import measures, metrics
from shouwang.households.models import Measure
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums
from tests import factories
from tests.factories import LAIYUAN, NOW

from . import places

# written out: regions are asked of the database, which is not there yet while tests are collected
OURS = Scope(((LAIYUAN, "130631000000"),))
pytestmark = pytest.mark.django_db


def signal(lead, channel="self_report", *, is_answered=False):
    told = Signal.objects.create(
        channel=channel,
        household=lead.household,
        region_code=lead.region_code,
        told_on=lead.opened_on,
        received_at=NOW,
    )
    reason = LeadReason.objects.create(lead=lead, signal=told, joined_on=lead.opened_on, is_answered=is_answered)
    kept()
    return reason


def kept():
    """The leads of this file are written past the program; their courses are worked out afterwards."""
    everywhere = Scope.everything()
    courses.rebuild(scope=everywhere, measured_on=measures.first_begun(scope=everywhere))


def june(day):
    return dt.date(2022, 6, day)


@pytest.fixture
def leads():
    """One still open, one cleared after 2 days, two confirmed after 4 and 10 of which one was included 6 days later."""
    still_open = places.lead(opened_on=june(1))
    no_risk = places.lead(opened_on=june(1), state="no_risk", closed_on=june(3))
    confirmed = places.lead(opened_on=june(1), state="confirmed", closed_on=june(5), region_code=places.OTHER_TOWNSHIP)
    included = places.lead(opened_on=dt.date(2022, 7, 1), state="confirmed", closed_on=dt.date(2022, 7, 11))
    places.case(from_lead=confirmed, included_on=None, state="to_review")
    case = places.case(from_lead=included, included_on=dt.date(2022, 7, 17))
    for day, cancelled_on in ((30, None), (18, dt.date(2022, 7, 20)), (25, None)):
        Measure.objects.create(
            case=case,
            region_code=case.region_code,
            kind="x",
            risk="illness",
            department="health",
            phase="remedial",
            title="签约",
            planned_on=dt.date(2022, 7, 17),
            started_on=dt.date(2022, 7, day),
            cancelled_on=cancelled_on,
            at=NOW,
        )
    for lead in (still_open, no_risk, confirmed, included):
        signal(lead)
    signal(no_risk, is_answered=True)
    signal(included, "hotline")
    return {"open": still_open, "no_risk": no_risk, "confirmed": confirmed, "included": included}


def line(table, key):
    return next(line for line in table.lines if line.key == key)


def test_what_became_of_the_leads_of_each_source(leads):
    table = metrics.table(scope=OURS, dimension="source")
    assert line(table, "self_report").counts == {
        "leads": 4, "verified": 3, "confirmed": 2, "included": 1, "answered": 1,
    }  # fmt: skip
    assert line(table, "hotline").counts["leads"] == 1
    assert table.whole.counts["leads"] == 4  # the lead with two sources counts once
    assert line(table, "self_report").label == "扫码申报"
    assert line(table, "self_report").precision == pytest.approx(2 / 3)


def test_how_long_each_stretch_took(leads):
    whole = metrics.table(scope=OURS, dimension="month").whole.spreads
    assert whole["to_verify"] == metrics.Spread(3, 4, 10)
    assert whole["to_include"] == metrics.Spread(1, 6, 6)
    assert whole["to_measure"] == metrics.Spread(1, 8, 8)  # the cancelled measure never began


def test_a_second_reason_of_the_same_source_does_not_count_a_lead_twice(leads):
    signal(leads["no_risk"])
    table = metrics.table(scope=OURS, dimension="source")
    assert line(table, "self_report").counts["leads"] == 4
    assert line(table, "self_report").spreads["to_verify"] == metrics.Spread(3, 4, 10)


def test_a_reason_that_left_and_a_lead_that_was_withdrawn_count_nowhere(leads):
    LeadReason.objects.filter(lead=leads["open"]).update(left_on=june(2))
    places.lead(state="withdrawn", closed_on=june(2))
    kept()
    table = metrics.table(scope=OURS, dimension="source")
    assert line(table, "self_report").counts["leads"] == 3
    assert table.whole.counts["leads"] == 4


@pytest.mark.parametrize("dimension", list(metrics.DIMENSIONS))
def test_every_figure_opens_its_rows(leads, dimension):
    table = metrics.table(scope=OURS, dimension=dimension)
    assert len(table.lines) >= 2
    for one in (*table.lines, table.whole):
        for part in (*metrics.COUNTS, *metrics.STRETCHES):
            number = one.counts[part] if part in metrics.COUNTS else one.spreads[part].count
            found = metrics.rows(scope=OURS, dimension=dimension, key=one.key, part=part)
            assert found.count() == number, (one.label, part)


def test_only_leads_discovered_in_the_period_count(leads):
    period = {"from_on": dt.date(2022, 7, 1), "until_on": dt.date(2022, 8, 1)}
    table = metrics.table(scope=OURS, dimension="township", **period)
    assert [(one.key, one.counts["leads"]) for one in table.lines] == [("130630100", 1)]
    assert metrics.rows(scope=OURS, dimension="township", key="130630100", part="leads", **period).count() == 1


def test_the_middle_and_the_ninth_of_ten():
    assert metrics.spread_of({}) == metrics.Spread(0, None, None)
    assert metrics.spread_of({1: 1, 2: 1}) == metrics.Spread(2, 1.5, 2)
    assert metrics.spread_of(dict.fromkeys(range(1, 11), 1)) == metrics.Spread(10, 5.5, 9)
    assert metrics.spread_of({0: 9, 40: 1}) == metrics.Spread(10, 0, 0)
    assert metrics.spread_of({0: 8, 40: 2}) == metrics.Spread(10, 0, 40)


def test_the_neighbour_s_table_is_empty(leads):
    theirs = Scope.of(factories.neighbour_li())
    for dimension in metrics.DIMENSIONS:
        table = metrics.table(scope=theirs, dimension=dimension)
        assert table.lines == [] and table.whole.counts["leads"] == 0
        assert not metrics.rows(scope=theirs, dimension=dimension, key="", part="leads").exists()


def test_a_table_takes_the_same_few_queries_however_many_leads_there_are(leads, django_assert_max_num_queries):
    for _ in range(20):
        signal(places.lead(region_code=f"1306301{_:02d}201"))
    with django_assert_max_num_queries(12):
        metrics.table(scope=OURS, dimension="township")


def test_every_source_has_a_chinese_name() -> None:
    sources = {metrics._dataset_of(code) for code in metrics.catalogue.rules()}

    assert "registry_income" in sources
    assert [source for source in sources if metrics._label(metrics.BY_SOURCE, source).isascii()] == []


@pytest.mark.parametrize("dimension", metrics.DIMENSIONS)
def test_what_is_kept_by_township_adds_up_to_what_is_counted_at_once(leads, dimension):
    for is_kept in (False, True):
        if is_kept:
            kept_sums.renew(metrics.WAYS, ranges=OURS.ranges, key={"dimension": dimension})
        added_up = metrics.table(scope=OURS, dimension=dimension)
        assert added_up == metrics.table(scope=OURS, dimension=dimension, from_on=dt.date(2000, 1, 1))
    for one in (*added_up.lines, added_up.whole):
        for part in metrics.COUNTS:
            asked = {"scope": OURS, "dimension": dimension, "key": one.key, "part": part}
            assert metrics.counted(**asked).count() == metrics.rows(**asked).count() == one.counts[part]
