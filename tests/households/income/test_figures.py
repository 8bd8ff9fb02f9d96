"""H-02, H-03, H-28: what the months add up to, what is missing, and where the line runs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shouwang import policy
from shouwang.households.income import figures, ledger, members, places
from shouwang.organisation.scope import Scope
from tests.screening.lake_world import County

from .book import JUNE, MONTHS, at, collect, june_span, known, send

pytestmark = pytest.mark.django_db
VILLAGE = "130630100201"


@pytest.fixture
def county() -> County:
    county = County()
    county.household("甲", "甲一")
    county.household("乙", "乙一", "乙二")
    return county


def row_of(county: County, name: str, moment=None) -> ledger.Row:
    found = ledger.page(
        village_code=VILLAGE, scope=Scope.of_region(county.code), as_of=JUNE, policies=policy.load(), known_at=moment
    )
    return next(row for row in found.rows if row.household == county.households[name])


def earn(county: County, total_fen: int, months=MONTHS, name="甲") -> None:
    each, rest = divmod(total_fen, len(months))
    send(
        county,
        [
            {"household": name, "month": month, "wage_fen": each + (rest if place == 0 else 0)}
            for place, month in enumerate(months)
        ],
    )
    collect(at(7, 1), county)


@pytest.mark.parametrize(
    ("total_fen", "projected"),
    [(547_500, "7300.00"), (547_499, "7299.99"), (941_250, "12550.00"), (941_249, "12549.99")],
)
def test_nine_months_divided_by_nine_times_twelve_to_the_fen(county: County, total_fen: int, projected: str) -> None:
    earn(county, total_fen)
    figure = row_of(county, "甲").figures.figures["projection_per_head"]
    assert (figure.yuan, figure.state, figure.present) == (Decimal(projected), figures.COMPUTED, "9/9")
    assert figure.formula.startswith("2021年10月至2022年6月 9 个月纯收入之和 ÷ 9 × 12")
    assert "laiyuan-2022-9#2.2.7" in figure.cites


def test_with_a_month_missing_it_is_shown_as_provisional_and_nothing_is_compared(county: County) -> None:
    county.income(甲=800_000)
    earn(county, 490_000, months=[month for month in MONTHS if month != "2022-03"])
    row = row_of(county, "甲")
    figure = row.figures.figures["projection_per_head"]
    assert (figure.yuan, figure.state, figure.present) == (Decimal("6533.33"), figures.PROVISIONAL, "8/9")
    assert figure.missing == ("2022-03",)
    assert row.figures.change is None and row.figures.largest_loss is None
    assert all(one.effect_fen is None for one in row.figures.comparison)


def test_what_nobody_collected_is_not_computed_and_says_why(county: County) -> None:
    found = row_of(county, "甲").figures.figures
    for code in ("projection_per_head", "collection_net", "rolling_reference", "last_year_per_head"):
        assert found[code].state == figures.NOT_COMPUTED and found[code].reason, code


def test_the_year_before_is_set_against_item_by_item(county: County) -> None:
    """H-28: 14,000 a head last year, projected 13,900 (wage 3,900, transfer 10,000)."""
    county.write(
        "registry_income",
        [
            {"household_key": county.households["甲"].pk, "year": 2021, "row": 2, "wage_fen": 500_000, "business_fen": 0,
             "property_fen": 0, "transfer_fen": 1_000_000, "business_cost_fen": 100_000}
        ],
        period="2021-12",
    )  # fmt: skip
    each = [{"household": "甲", "month": month, "wage_fen": 32_500, "transfer_fen": 0} for month in MONTHS]
    each[0]["transfer_fen"] = 750_000
    send(county, each)
    collect(at(7, 1), county)
    row = row_of(county, "甲")
    assert row.figures.figures["last_year_per_head"].yuan == Decimal("14000.00")
    assert row.figures.figures["projection_per_head"].yuan == Decimal("13900.00")
    effects = {one.part: one.effect_fen for one in row.figures.comparison}
    assert effects == {"wage": -110_000, "business": 0, "property": 0, "transfer": 0, "business_cost": 100_000}
    assert row.reason == "工资性收入减少"


@pytest.mark.parametrize("few", [members._FEW, -1])  # one by one, and counted by the database
def test_per_head_means_those_who_live_there(county: County, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_FEW", few)
    earn(county, 900_000, name="乙")
    assert row_of(county, "乙").figures.members == 2
    county.write("population_change", [{"person": "乙二", "change_kind": "死亡", "changed_on": JUNE}])
    row = row_of(county, "乙")
    assert row.figures.members == 1
    assert row.figures.figures["projection_per_head"].yuan == Decimal("12000.00")


def test_the_reference_range_takes_own_payments_off_but_only_where_the_insurance_reported(county: County) -> None:
    earn(county, 900_000)
    figure = row_of(county, "甲").figures.figures["collection_reference"]
    assert figure.state == figures.NOT_COMPUTED and "医保" in figure.reason
    county.write("medical_settlement", [{"person": "甲一", "settled_on": JUNE, "own_payment_fen": 300_000}])
    collect(at(7, 2), county)
    figure = row_of(county, "甲").figures.figures["collection_reference"]
    assert figure.fen == 600_000 and figure.notes == ("没有登记过理赔收入",)


def test_the_list_of_an_earlier_day_shows_what_was_known_then_and_what_changed_since(county: County) -> None:
    county.income(甲=800_000)
    earn(county, 547_500)
    send(county, [{"household": "甲", "month": "2022-06", "wage_fen": 0}], period="2022-07")
    collect(at(8, 1), county)
    assert row_of(county, "甲").figures.figures["projection_per_head"].yuan < Decimal("7300")  # type: ignore[operator]
    assert row_of(county, "甲", at(7, 15)).figures.figures["projection_per_head"].yuan == Decimal("7300.00")
    changed = ledger.changed_since(
        households=[county.households["甲"].pk], known_at=at(7, 15), first="2021", last="2022-12"
    )
    assert {(line.period, line.item) for line in changed} >= {("2022-06", "wage")}
    assert known(county, "甲", "2022-06")["wage_fen"] == 0, "a stated nought is a figure"


def test_the_roll_up_adds_up_to_the_rows_of_its_villages(county: County) -> None:
    county.income(甲=800_000, 乙=100_000)
    earn(county, 547_500)
    earn(county, 300_000, name="乙")
    scope = Scope.of_region(county.code)
    (place,) = places.sums(scope=scope, digits=12, as_of=JUNE, policies=policy.load(), county_code=county.code)
    assert (place.region_code, place.households, place.complete, place.incomplete) == (VILLAGE, 2, 2, 0)
    assert (place.fallen, place.last_fen, place.projected_fen) == (1, 900_000, 1_130_000)
    neighbour = Scope.of_region("130633000000")
    assert places.sums(scope=neighbour, digits=12, as_of=JUNE, policies=policy.load(), county_code=county.code) == []
    assert places.sums(scope=Scope(()), digits=12, as_of=JUNE, policies=policy.load(), county_code=county.code) == []


def test_the_span_of_october_begins_a_new_collection_year() -> None:
    assert june_span().months == MONTHS and len(june_span().year_months) == 12
    assert june_span().year_months[-1] == "2022-09"
