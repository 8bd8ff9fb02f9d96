"""H-29: targets ask for more, triggers for less; where both grow alike, neither holds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from shouwang import policy
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.households.income import growth
from tests import factories
from tests.factories import LAIYUAN, NOW

pytestmark = pytest.mark.django_db

DAY = dt.date(2022, 7, 18)
HEBEI, NATION, XUCHANG = "130000000000", "000000000000", "411000000000"


def enter(
    region: str, series: str, percent: str | None = None, income: str | None = None, period: str = "2022"
) -> None:
    growth.enter(
        region_code=region,
        series=series,
        period=period,
        growth_percent=None if percent is None else Decimal(percent),
        income_yuan=None if income is None else Decimal(income),
        source="县统计局公报",
        by=None,
        now=NOW,
    )


def targets(region: str = LAIYUAN) -> dict[str, growth.Answer]:
    found = growth.targets(region_code=region, period="2022", on=DAY, policies=policy.load())
    return {answer.comparison.parameter.rpartition(".")[2]: answer for answer in found}


def supervision() -> growth.Supervision:
    found = growth.supervision(region_code=LAIYUAN, period="2022", on=DAY, policies=policy.load())
    assert found
    return found


def test_equal_growth_misses_the_target_and_triggers_nothing() -> None:
    enter(LAIYUAN, growth.ALLEVIATED, "12.0")
    enter(LAIYUAN, growth.FARMERS, "12.0")
    enter(HEBEI, growth.FARMERS, "11.0")
    enter(NATION, growth.FARMERS, "11.0")
    found = targets()
    assert (found["alleviated_over_local"].is_met, found["alleviated_over_local"].margin) == (False, 0)
    assert (found["county_over_province"].is_met, found["county_over_province"].margin) == (True, Decimal("0.01"))
    assert supervision().is_triggered is False


def test_a_tenth_of_a_percent_less_triggers_supervision() -> None:
    enter(LAIYUAN, growth.ALLEVIATED, "11.9")
    enter(LAIYUAN, growth.FARMERS, "12.0")
    assert supervision().is_triggered is True, "whatever the other figures say"


def test_below_the_nation_and_the_province_means_both_and_one_alone_is_near() -> None:
    enter(LAIYUAN, growth.ALLEVIATED, "12.5")
    enter(LAIYUAN, growth.FARMERS, "12.0")
    enter(HEBEI, growth.FARMERS, "12.1")
    assert supervision().is_triggered is None, "the nation's figure is missing"
    enter(NATION, growth.FARMERS, "11.0")
    found = supervision()
    assert (found.is_triggered, found.near, found.logic) == (False, True, "and")
    enter(NATION, growth.FARMERS, "12.2")
    assert supervision().is_triggered is True, "the newest entry counts"


def test_what_is_missing_is_named_and_never_taken_for_nought() -> None:
    enter(LAIYUAN, growth.ALLEVIATED, "12.0")
    answer = targets()["alleviated_over_local"]
    assert answer.is_met is None and answer.margin is None
    assert answer.missing == ("涞源县农民2022增速",)


def test_xuchang_also_asks_that_the_ratio_of_incomes_rises() -> None:
    for period, ours, theirs in (("2021", "13000", "20000"), ("2022", "14430", "22200")):
        enter(XUCHANG, growth.ALLEVIATED, income=ours, period=period)
        enter(XUCHANG, growth.FARMERS, income=theirs, period=period)
    same = targets(XUCHANG)["alleviated_to_local"]
    assert (same.margin, same.is_met) == (0, False), "65 % in both years: the ratio did not rise"
    enter(XUCHANG, growth.ALLEVIATED, income="14430.01")
    assert targets(XUCHANG)["alleviated_to_local"].is_met is True
    assert set(targets(XUCHANG)) == {
        "alleviated_over_local", "alleviated_area_over_city", "alleviated_to_local", "alleviated_area_to_city",
    }  # fmt: skip


def test_a_figure_needs_its_source_and_an_officer_of_the_place() -> None:
    with pytest.raises(UserError, match="数据来源"):
        growth.enter(region_code=LAIYUAN, series="farmers", period="2022", growth_percent=Decimal(1), income_yuan=None,
                     source=" ", by=None, now=NOW)  # fmt: skip
    for account in (factories.neighbour_li(), factories.grid_worker_zhao("130630100201")):
        with pytest.raises(NotPermittedError):
            growth.enter(region_code=LAIYUAN, series="farmers", period="2022", growth_percent=Decimal(1),
                         income_yuan=None, source="公报", by=account, now=NOW)  # fmt: skip
