"""Last year's single items go from the sheets into the ledger: what was paid, what was claimed, what was paid oneself."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang import policy
from shouwang.households.income import collecting, figures, span
from shouwang.households.models import IncomeLine, IncomeMonth
from shouwang.organisation.scope import Scope
from shouwang.registry import actions, evidence
from shouwang.registry.models import Household
from tests.factories import LAIYUAN, NOW

from .samples import JUNE, household, import_rows, monitored

SAID = {
    "年度": "2021",
    "低保金": "2,400.50",
    "养老保险金": "1200",
    "资产收益扶贫分红收入": "300",
    "计划生育金": "无",
    "五保金": "",
}


@pytest.fixture
def imported(tmp_path: Path):
    outcome = import_rows(tmp_path, [household(1, 户类型="脱贫户", **SAID)])
    Household.objects.update(household_type="脱贫户")
    collecting.collect(county_code=LAIYUAN, now=NOW)
    return outcome


def standing() -> dict[str, int | None]:
    lines = IncomeLine.objects.filter(period="2021", superseded_by=None, amount_fen__isnull=False)
    return {line.item: line.amount_fen for line in lines if "." in line.item}


def test_the_sheets_single_items_are_lines_of_last_year(imported) -> None:
    assert standing() == {"transfer.dibao": 240_050, "transfer.pension": 120_000, "property.dividend": 30_000}
    line = IncomeLine.objects.get(item="transfer.dibao")
    assert (line.source, line.person, line.dataset) == ("sheet", None, "registry_income_item")
    (row,) = evidence.rows(scope=Scope.everything(), points=[(line.dataset, line.batch_id, line.row)])
    assert row.values == {
        "年度": "2021", "低保金": "2,400.50 元", "养老保险金": "1,200.00 元", "资产收益扶贫分红收入": "300.00 元",
    }  # fmt: skip
    assert evidence.rows(scope=Scope.of_region("130633000000"), points=[(line.dataset, line.batch_id, line.row)]) == []


def test_claims_and_own_payments_of_watched_families_stand_beside_the_income(imported, tmp_path: Path) -> None:
    watched = monitored(1, 理赔收入="1500.00", 合规自付支出="9000.00")
    second = import_rows(tmp_path, [watched], period=JUNE, name="对象.csv")
    collecting.collect(county_code=LAIYUAN, now=NOW)
    assert standing()["memo.claim"] == 150_000 and standing()["memo.own_medical"] == 900_000
    year = IncomeMonth.objects.get(period="2021")
    assert (year.claim_fen, year.own_medical_fen) == (150_000, 900_000)
    months = [IncomeMonth.objects.filter(period="2021").values().get()]
    found = figures.of_household(
        members=1, months=months, span=span.span_of(region_code=LAIYUAN, as_of=NOW.date().replace(year=2022, month=6), policies=policy.load()),
        rolling=(), medical_known=True,
    )  # fmt: skip
    reference = found.figures["last_year_reference"]
    assert year.net_fen is not None and reference.fen == year.net_fen + 150_000 - 900_000
    # taken back with the file that said it
    actions.revert(batch=second.batch, by=None, reason="发错了", now=NOW)
    collecting.collect(county_code=LAIYUAN, now=NOW)
    assert "memo.claim" not in standing() and "transfer.dibao" in standing()


def test_item_by_item_is_compared_only_where_all_months_are_known() -> None:
    whole = span.span_of(
        region_code=LAIYUAN, as_of=NOW.date().replace(year=2022, month=6, day=30), policies=policy.load()
    )
    assert whole is not None
    known = {month: {"net_fen": 0} for month in whole.months}
    amounts = {
        "transfer.dibao": {"2021": 360_000, **dict.fromkeys(whole.months[:6], 20_000)},
        "wage": {"2021": 1},
        "memo.claim": {"2021": 5},
    }
    (dibao,) = figures.compare_items(amounts, known, whole)
    projected = 120_000 * whole.annual_months // len(whole.months)
    assert (dibao.part, dibao.last_fen, dibao.collected_fen, dibao.projected_fen) == (
        "transfer.dibao",
        360_000,
        120_000,
        projected,
    )
    assert dibao.effect_fen == projected - 360_000
    del known[whole.months[0]]
    (dibao,) = figures.compare_items(amounts, known, whole)
    assert dibao.effect_fen is None and dibao.collected_fen == 100_000


def test_an_item_of_which_nobody_told_this_year_is_not_called_lost() -> None:
    whole = span.span_of(
        region_code=LAIYUAN, as_of=NOW.date().replace(year=2022, month=6, day=30), policies=policy.load()
    )
    assert whole is not None
    known = {month: {"net_fen": 0} for month in whole.months}
    amounts = {"transfer.other": {"2021": 3_420_100}, "transfer.tekun": {"2021": 0}}
    (other,) = figures.compare_items(amounts, known, whole)
    assert (other.part, other.last_fen) == ("transfer.other", 3_420_100)
    assert other.collected_fen is other.projected_fen is other.effect_fen is None
