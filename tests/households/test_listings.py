"""A county is listed with its figures and a day with a reason, tells its progress, and is taken off with evidence; strangers do nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from shouwang import policy
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households import listings
from shouwang.households.income import growth
from shouwang.households.models import Listing
from shouwang.organisation.roles import Supervisor
from shouwang.organisation.scope import Scope
from shouwang.regions import actions as regions
from tests import factories
from tests.factories import LAIYUAN, NOW, YIXIAN

from .casebook import set_locally

TODAY, DUE = dt.date(2022, 11, 1), dt.date(2022, 12, 31)
PROVINCE, CITY = "130000000000", "130600000000"
PERIOD = "2022-Q3"


@pytest.fixture(autouse=True)
def divisions(db):
    regions.load(counties_in_detail=[LAIYUAN, YIXIAN], today=TODAY)


@pytest.fixture
def zhou():
    return factories.city_officer_zhou(CITY)


@pytest.fixture
def sun():
    return factories.county_officer_sun()


def enter(code, series, percent):
    growth.enter(region_code=code, series=series, period=PERIOD, growth_percent=Decimal(percent), income_yuan=None, source="统计局三季度公报", by=None, now=NOW)  # fmt: skip


def figures(alleviated="8.0", farmers="9.0"):
    enter(LAIYUAN, growth.ALLEVIATED, alleviated)
    enter(LAIYUAN, growth.FARMERS, farmers)
    enter("000000000000", growth.FARMERS, "6.0")
    enter(PROVINCE, growth.FARMERS, "6.5")


def put_on(by, due_reason="按季度统计数据发布时间确定", today=TODAY, **more):
    told = {"region_code": LAIYUAN, "reason": "脱贫人口增速低于当地农民", "due_on": DUE, "phone": "0312-5900000"}
    return listings.put_on(**told | more, due_reason=due_reason, period=PERIOD, by=by, today=today, now=NOW, policies=policy.load())  # fmt: skip


def test_the_figures_point_at_the_county_and_equal_growth_does_not():
    def found(code=PROVINCE):
        rows = listings.candidates(scope=Scope.of_region(code), period=PERIOD, on=TODAY, policies=policy.load())
        return {one.region_code: one.supervision.is_triggered for one in rows}

    assert found() == {}
    figures()
    assert found() == {LAIYUAN: True}
    assert found(YIXIAN) == {}
    enter(LAIYUAN, growth.ALLEVIATED, "9.0")
    assert found() == {LAIYUAN: False}
    enter(YIXIAN, growth.ALLEVIATED, "5.0")
    assert found()[YIXIAN] is None, "what is missing leaves it open"


def test_the_notice_keeps_the_figures_of_its_day(zhou):
    figures()
    made = put_on(zhou)
    enter(LAIYUAN, growth.ALLEVIATED, "20.0")
    made.refresh_from_db()
    assert made.trigger["is_triggered"] is True
    first = made.trigger["answers"][0]
    assert first["is_met"] and Decimal(first["margin"]) == Decimal("-0.01")
    assert first["sides"][0]["source"] == "统计局三季度公报"


def test_a_day_that_no_document_gives_needs_a_reason(zhou):
    with pytest.raises(UserError, match="没有文件规定整改期限"):
        put_on(zhou, due_reason="")
    with pytest.raises(UserError, match="今天以后"):
        put_on(zhou, due_on=TODAY)
    set_locally("1306", supervision__income_growth__listing_limit="60 day")
    assert listings.limit(region_code=LAIYUAN, today=TODAY, policies=policy.load()).on == DUE
    assert put_on(zhou, due_reason="").limit["text"] == "60 天"


def test_it_is_taken_off_only_after_progress_and_with_evidence_and_can_be_listed_anew(zhou, sun):
    made = put_on(zhou)
    with pytest.raises(ConflictError, match="正在挂牌"):
        put_on(zhou)
    with pytest.raises(UserError, match="还没有登记整改进展"):
        listings.release(listing=made, evidence="三季度 10.1%", by=zhou, today=TODAY)
    listings.report(listing=made, text="新增公益岗位 120 个", by=sun, today=TODAY, now=NOW)
    later = dt.date(2023, 3, 31)
    listings.move(listing=made, due_on=later, reason="等年度数据", by=zhou, today=TODAY, now=NOW)
    with pytest.raises(UserError, match="依据"):
        listings.release(listing=made, evidence="", by=zhou, today=TODAY)
    done = listings.release(listing=made, evidence="四季度增速 10.1%，统计局", by=zhou, today=TODAY)
    assert (done.released_on, done.due_on) == (TODAY, later)
    assert [(one.kind, one.due_before) for one in listings.entries(done)] == [("progress", None), ("extension", DUE)]
    with pytest.raises(ConflictError, match="已经摘牌"):
        listings.report(listing=made, text="再报", by=sun, today=TODAY, now=NOW)
    assert put_on(zhou).pk != made.pk and Listing.objects.count() == 2


def test_only_the_level_above_lists_only_the_place_reports_and_a_stranger_sees_none(zhou, sun):
    made, li = put_on(zhou), factories.neighbour_li()
    for by in (sun, li, factories.township_clerk_qian("130630100000")):
        with pytest.raises(NotPermittedError):
            put_on(by)
        with pytest.raises(NotPermittedError):
            listings.release(listing=made, evidence="x", by=by, today=TODAY)
    for by in (zhou, li):
        with pytest.raises(NotPermittedError):
            listings.report(listing=made, text="x", by=by, today=TODAY, now=NOW)
    assert not listings.listings(scope=Scope.of(li)).exists()
    with pytest.raises(NotPermittedError):
        put_on(zhou, region_code=CITY)


def test_the_province_lists_counties_of_any_city():
    wang = factories.make_account(name="省督导王", role=Supervisor.code, region_code=PROVINCE)
    assert LAIYUAN in dict(listings.places_below(wang))
    assert put_on(wang).by_region == PROVINCE
