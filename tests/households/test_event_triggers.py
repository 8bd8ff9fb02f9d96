"""Prices of farm produce against a county's own values: weeks are counted, falls added up, the households that live on it named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from shouwang import policy
from shouwang.casework import signals
from shouwang.feeds import queries as feeds
from shouwang.foundation.periods import Month
from shouwang.households import event_triggers, large_scale, produce_prices, producers
from shouwang.households.income import recording
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import HENGSHUI, LAIYUAN, NOW, TAOCHENG, WUYI
from tests.feeds.conftest import county  # noqa: F401

from .casebook import moment, set_locally

JULY = dt.date(2022, 7, 12)
HEADING = ["品种", "类别", "日期", "价格", "单位", "市场"]


def found(kind="price_fall", on=JULY, region=LAIYUAN):
    every = event_triggers.triggers(county=region, on=on, policies=policy.load())
    return next(one for one in every if one.kind == kind)


def weekly(product, *prices, branch="禽蛋", last=dt.date(2022, 6, 27), unit="元/公斤", market=""):
    """One price a week, the newest in the week of ``last``."""
    days = [last - dt.timedelta(weeks=len(prices) - 1 - place) for place in range(len(prices))]
    return [
        [product, branch, str(day), str(price), unit, market] for day, price in zip(days, prices, strict=True) if price
    ]


@pytest.fixture
def eggs(county):  # noqa: F811
    """Eggs fall for four weeks from 10.00 to 8.00; maize rises; walnuts fall far but for two weeks only."""
    rows = [
        *weekly("鸡蛋", 9.9, 10, 9.4, 8.9, 8.5, 8),
        *weekly("玉米", 2.6, 2.61, 2.62, 2.63, 2.64, 2.65, branch="粮食"),
        *weekly("核桃", 11, 10, 10.5, 12, 9, 6, branch="干果"),
    ]
    county.send("produce_price", [HEADING, *rows])
    return county


def test_without_a_value_prices_are_shown_but_nothing_is_computed(eggs):
    one = found()
    assert one.is_reached is None and one.open == (event_triggers.PRICE, event_triggers.WEEKS)
    first = produce_prices.every_series(county=LAIYUAN, on=JULY)[0]
    assert (first.product, first.unit, first.branch, first.falling_weeks) == ("核桃", "公斤", "林果", 2)


@pytest.mark.parametrize(
    ("fall", "weeks", "is_reached"),
    [("20%", 4, True), ("20.1%", 4, False), ("20%", 5, False), ("15%", 2, True)],
)
def test_a_county_s_own_value_makes_it_compute(eggs, fall, weeks, is_reached):
    set_locally(
        "130630", household__large_scale_risk__price_fall=fall, household__large_scale_risk__price_fall_weeks=str(weeks)
    )
    one = found()
    assert one.is_reached is is_reached
    if is_reached and weeks == 4:
        assert "鸡蛋连续 4 周下跌 20.0%（10.00 到 8.00 元/公斤，截至 2022-06-27 这一周）" in one.figure
        assert "核桃" not in one.figure


def test_a_week_without_a_price_or_a_price_that_stays_breaks_the_fall(county):  # noqa: F811
    rows = [*weekly("鸡蛋", 10, 9, 8, None, 7, 6), *weekly("核桃", 12, 11, 11, 10, 9, branch="干果")]
    county.send("produce_price", [HEADING, *rows])
    falling = {
        one.product: (one.falling_weeks, one.start.mean) for one in produce_prices.every_series(county=LAIYUAN, on=JULY)
    }
    assert falling["鸡蛋"] == (1, 7) and falling["核桃"] == (2, 11)


def test_markets_of_a_week_are_averaged_and_units_are_never_mixed(county):  # noqa: F811
    rows = [
        *weekly("鸡蛋", 10, 8, market="东集"),
        *weekly("鸡蛋", 11, 9, market="西集", unit="公斤"),
        *weekly("鸡蛋", 5, 4, market="东集", unit="斤"),
    ]
    county.send("produce_price", [HEADING, *rows])
    means = {
        one.unit: [week.mean for week in one.weeks] for one in produce_prices.every_series(county=LAIYUAN, on=JULY)
    }
    assert means["公斤"] == [Decimal("10.50"), Decimal("8.50")] and means["斤"] == [5, 4]


def test_a_mended_price_counts_in_place_of_the_first_and_old_prices_are_no_news(eggs):
    set_locally(
        "130630", household__large_scale_risk__price_fall="15%", household__large_scale_risk__price_fall_weeks="4"
    )
    assert found(on=dt.date(2022, 9, 2)).why == "没有2022年8月以来的价格，最近一周从 2022-06-27 开始"
    eggs.send("produce_price", [HEADING, *weekly("鸡蛋", 10.2)], period="2022-07")
    assert found().is_reached is False


def test_the_rows_behind_a_fall_open_for_everybody_in_the_county_and_nobody_beyond(eggs):
    series = next(one for one in produce_prices.every_series(county=LAIYUAN, on=JULY) if one.product == "鸡蛋")
    points = produce_prices.rows(county=LAIYUAN, on=JULY, series=series)
    wanted = [(one["dataset"], one["batch"], one["row"]) for one in points]
    assert len(wanted) == 5
    for inside in (LAIYUAN, "130630100201", "130600000000"):
        opened = feeds.evidence_rows(scope=Scope.of_region(inside), rows=wanted)
        assert [one.values[3].text for one in opened] == ["10.00 元", "9.40 元", "8.90 元", "8.50 元", "8.00 元"]
    assert feeds.evidence_rows(scope=Scope.of(factories.neighbour_li()), rows=wanted) == []


def test_a_city_s_file_gives_each_county_its_own_prices_and_lists_rows_without_a_county(county):  # noqa: F811
    rows = [["桃城区", *weekly("玉米", 2.6)[0]], ["武邑", *weekly("玉米", 2.5)[0]], ["", *weekly("玉米", 2.4)[0]]]
    outcome = county.send("produce_price", [["县区", *HEADING], *rows], region_code=HENGSHUI)
    assert (outcome.counts["pushed"], outcome.counts["other_county"]) == (2, 1)
    for code, price in ((TAOCHENG, "2.60"), (WUYI, "2.50")):
        [series] = produce_prices.every_series(county=code, on=JULY)
        assert str(series.last.mean) == price


def test_the_ledger_names_who_lives_on_a_branch_and_who_was_never_asked(eggs):
    zhang, wang = eggs.households["张建国"], eggs.households["王秀英"]
    sun = factories.county_officer_sun()
    for home, amounts in ((zhang, {"business.livestock": 30_000, "business": 50_000}), (wang, {"business": 40_000})):
        recording.from_visit(
            household=home, month=Month(2022, 6), amounts=amounts, visit="v1", told_on=JULY, by=sun, now=NOW
        )
    inside = producers.in_scope(scope=Scope.of_region(LAIYUAN), on=JULY)
    assert (inside.counts["livestock"], inside.counts["crops"], inside.undivided) == (1, 0, 1)
    listed = large_scale.estimate(region_code=LAIYUAN, basis="livestock", happened_on=JULY)
    assert listed == [(zhang.pk, zhang.region_code, "养殖收入近 12 个月 300 元")]


def test_failed_projects_are_counted_from_what_was_said_and_left_to_judgement(eggs):
    assert "没有反映乡村产业项目失败的户" in found("project_failure").figure
    home = eggs.households["王秀英"]
    signals.receive(
        channel="hotline",
        household=home,
        region_code=home.region_code,
        risk="industry_failure",
        told_on=dt.date(2022, 6, 9),
        reference="12317-1",
        by=None,
        now=moment(JULY),
        policies=policy.load(),
    )
    one = found("project_failure")
    assert one.is_reached is None and "2022年6月以来反映乡村产业项目失败的 1 户（12317热线 1 件）" in one.figure
    assert (
        event_triggers.reported(
            kind="project_failure", scope=Scope.of(factories.neighbour_li()), county=LAIYUAN, on=JULY
        ).count()
        == 0
    )
