"""Lines of the ledger: where they come from, which of them count, and what was known on which day."""

from __future__ import annotations

import pytest
from django.db import transaction

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.households.income import collecting, in_force, recording
from shouwang.households.models import IncomeLine, IncomeMonth, LedgerState
from tests import factories
from tests.screening.lake_world import County

from .book import JUNE, at, collect, known, lines, month_of, send

pytestmark = pytest.mark.django_db

JULY = at(7, 1)


@pytest.fixture
def county() -> County:
    county = County()
    county.household("甲", "甲一", "甲二")
    county.household("乙")
    county.household("丙", kind="一般农户")
    return county


def test_a_month_of_a_file_becomes_five_lines_without_being_asked(county: County) -> None:
    batch = send(county, [{"household": "甲", "month": "2022-06", "wage_fen": 300_000, "business_cost_fen": 20_000}])
    done = collect(JULY, county)
    assert (done.added, done.households) == (5, 1)
    june = month_of(county, "甲", "2022-06")
    assert june and (june.wage_fen, june.property_fen, june.net_fen) == (300_000, 0, 280_000)
    first = lines(county, "甲")[0]
    assert (first.batch_id, first.row, first.source, first.recorded_at) == (batch.pk, 2, "feed", JULY)


def test_collecting_twice_changes_nothing_and_looks_at_nothing(county: County) -> None:
    send(county, [{"household": "甲", "month": "2022-06"}])
    collect(JULY, county)
    before = list(IncomeLine.objects.values_list())
    assert collect(at(7, 2), county) == collecting.Collected()
    LedgerState.objects.update(fingerprints={})  # as if the process had died before it noted what it did
    again = collect(at(7, 3), county)
    assert (again.added, again.taken_out, again.batches) == (0, 0, 1)
    assert list(IncomeLine.objects.values_list()) == before


def test_a_large_file_says_what_a_small_one_does(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of few rows only those whom they speak of are asked for, of many everybody of the county."""
    rows = [{"household": name, "month": "2022-06", "wage_fen": 700} for name in ("甲", "乙", "丙")]
    send(county, rows)
    county.write(
        "medical_settlement", [{"person": "甲二", "settled_on": JUNE, "own_payment_fen": 900}], period="2022-06"
    )
    said = []
    for few in (collecting._FEW, -1):
        monkeypatch.setattr(collecting, "_FEW", few)
        collect(JULY, county)
        said.append(set(IncomeLine.objects.values_list("household", "person", "item", "amount_fen")))
        IncomeLine.objects.all().delete()
        LedgerState.objects.all().delete()
    assert said[0] == said[1] and len(said[0]) == 11


def test_a_household_of_no_list_is_not_kept(county: County) -> None:
    send(county, [{"household": "丙", "month": "2022-06"}])
    assert collect(JULY, county).added == 0
    assert not lines(county, "丙")


def test_an_empty_cell_leaves_the_month_open_and_is_never_nought(county: County) -> None:
    send(county, [{"household": "甲", "month": "2022-06", "wage_fen": 300_000, "property_fen": None}])
    collect(JULY, county)
    june = month_of(county, "甲", "2022-06")
    assert june and june.wage_fen == 300_000
    assert june.property_fen is None and june.net_fen is None


def test_a_late_file_changes_the_past_and_the_day_before_still_knows_what_it_knew(county: County) -> None:
    old = send(county, [{"household": "甲", "month": "2022-03", "wage_fen": 100_000}], period="2022-06")
    collect(at(7, 1), county)
    new = send(county, [{"household": "甲", "month": "2022-03", "wage_fen": 250_000}], period="2022-07")
    county.supersede("monthly_income", old, 2, by=new)
    done = collect(at(8, 1), county)
    assert (done.added, done.taken_out) == (5, 0)
    assert known(county, "甲", "2022-03")["wage_fen"] == 250_000
    assert known(county, "甲", "2022-03", at(7, 15))["wage_fen"] == 100_000
    assert known(county, "甲", "2022-03", at(6, 30)) == {}, "before anybody had said anything"
    (later,) = lines(county, "甲", item="wage", batch=new)
    assert later.supersedes and later.supersedes.batch_id == old.pk, "it points back at what it replaced"


def test_a_reverted_batch_takes_its_lines_out_and_what_it_replaced_counts_again(county: County) -> None:
    old = send(county, [{"household": "甲", "month": "2022-03", "wage_fen": 100_000}])
    collect(at(7, 1), county)
    new = send(
        county,
        [
            {"household": "甲", "month": "2022-03", "wage_fen": 250_000},
            {"household": "甲", "month": "2022-04", "wage_fen": 250_000},
        ],
        period="2022-07",
    )
    county.supersede("monthly_income", old, 2, by=new)
    collect(at(8, 1), county)
    county.revert(new)
    collect(at(8, 5), county)
    assert known(county, "甲", "2022-03")["wage_fen"] == 100_000
    assert known(county, "甲", "2022-04") == {} and month_of(county, "甲", "2022-04") is None
    assert known(county, "甲", "2022-04", at(8, 2))["wage_fen"] == 250_000, "what was known in between stays"
    taken = lines(county, "甲", amount_fen=None)
    assert len(taken) == 5 and f"第 {new.pk} 批" in taken[0].note
    assert not IncomeLine.objects.filter(batch=new).exclude(superseded_by__isnull=False).exists()


def test_what_departments_pay_comes_month_by_month_until_the_file_that_last_said_so(county: County) -> None:
    county.write(
        "social_assistance",
        [
            {"person": "甲一", "assistance_kind": "农村低保", "from_month": "2022-04", "amount_fen": 38_500},
            {
                "person": "甲二",
                "assistance_kind": "农村低保",
                "from_month": "2019-01",
                "to_month": "2022-05",
                "amount_fen": 10_000,
            },
            {"person": "甲一", "assistance_kind": "临时救助", "from_month": "2022-02", "amount_fen": 200_000},
            {"person": "甲一", "assistance_kind": "低保边缘", "from_month": "2022-02", "amount_fen": None},
        ],
    )
    collect(JULY, county)
    paid = {
        line.period: line.amount_fen
        for line in lines(county, "甲", item="transfer.dibao", person=county.persons["甲一"])
    }
    assert paid == {"2022-04": 38_500, "2022-05": 38_500, "2022-06": 38_500}
    other = lines(county, "甲", item="transfer.dibao", person=county.persons["甲二"])
    assert (other[0].period, other[-1].period, len(other)) == ("2021-01", "2022-05", 17)
    may = month_of(county, "甲", "2022-05")
    assert may and may.transfer_detail_fen == 48_500
    assert may.transfer_fen is None and may.net_fen is None, "what one office pays is not the whole of the part"
    county.write("social_assistance", [], period="2022-07")
    collect(at(8, 1), county)
    later = lines(county, "甲", item="transfer.dibao", person=county.persons["甲一"])
    assert [line.period for line in later][-1] == "2022-07", (
        "an open row goes on while the office's next file does not end it"
    )
    relief = month_of(county, "甲", "2022-02")
    assert relief and relief.transfer_detail_fen == 10_000, "one-off relief is noted and not counted"


def test_pensions_subsidies_and_posts_come_from_the_card_and_two_payments_of_a_month_both_count(county: County) -> None:
    county.write(
        "benefit_payment",
        [
            {"person": "甲一", "benefit_kind": "养老保险金", "paid_month": "2022-06", "amount_fen": 12_800},
            {"person": "甲一", "benefit_kind": "养老保险金", "paid_month": "2022-06", "amount_fen": 900},
            {"person": "甲二", "benefit_kind": "公益岗位补助", "paid_month": "2022-06", "amount_fen": 50_000},
        ],
    )
    collect(JULY, county)
    assert [(line.item, line.amount_fen) for line in lines(county, "甲")] == [
        ("transfer.pension", 12_800),
        ("transfer.pension", 900),
        ("wage.department_post", 50_000),
    ]
    june = month_of(county, "甲", "2022-06")
    assert june and june.transfer_detail_fen == 13_700 and june.net_fen is None


def test_own_payments_and_school_costs_stand_beside_the_income(county: County) -> None:
    send(county, [{"household": "甲", "month": "2022-06", "wage_fen": 300_000}])
    county.write("medical_settlement", [{"person": "甲一", "settled_on": JUNE, "own_payment_fen": 120_000}] * 2)
    county.write("schooling_cost", [{"person": "甲二", "paid_on": JUNE, "amount_fen": 50_000}])
    collect(JULY, county)
    june = month_of(county, "甲", "2022-06")
    assert june and (june.net_fen, june.own_medical_fen) == (300_000, 240_000)


def test_of_two_sources_for_one_month_the_later_told_counts_and_the_page_hears_of_both(county: County) -> None:
    send(county, [{"household": "甲", "month": "2022-05", "wage_fen": 300_000}], period="2022-06")
    collect(JULY, county)
    household = county.households["甲"]
    recording.from_visit(
        household=household,
        month=Month(2022, 5),
        amounts={"wage": 320_000},
        visit="v1",
        told_on=JULY.date(),
        by=None,
        now=at(7, 3),
    )
    may = month_of(county, "甲", "2022-05")
    assert may and (may.wage_fen, may.disputed_count) == (320_000, 1)
    places = in_force.lines(household.pk, first="2022-05", last="2022-05")
    both = IncomeLine.objects.in_bulk([line for line, _ in places])
    assert sorted((both[line].source, place) for line, place in places if both[line].item == "wage") == [
        ("feed", 2),
        ("visit", 1),
    ]


def test_an_officers_correction_stands_above_both_and_can_be_taken_back(county: County) -> None:
    send(county, [{"household": "甲", "month": "2022-05", "wage_fen": 300_000}])
    collect(JULY, county)
    clerk = factories.township_clerk_qian("130630100000")

    def correct(amount: int) -> IncomeLine:
        return recording.correct(
            household=county.households["甲"],
            month=Month(2022, 5),
            item="wage",
            amount_fen=amount,
            reason="核对工资流水",
            on=JULY.date(),
            by=clerk,
            now=at(7, 4),
        )

    line = correct(280_000)
    assert correct(280_000) == line, "said twice, written once"
    newer = correct(285_000)
    assert newer.supersedes == line
    assert month_of(county, "甲", "2022-05").wage_fen == 285_000  # type: ignore[union-attr]
    recording.take_back(line=newer, reason="看错了行", by=clerk, now=at(7, 5))
    assert month_of(county, "甲", "2022-05").wage_fen == 300_000  # type: ignore[union-attr]
    with pytest.raises(UserError, match="已经被取代"):
        recording.take_back(line=newer, reason="再来一次", by=clerk, now=at(7, 6))


def test_nobody_writes_into_the_ledger_of_the_next_county(county: County) -> None:
    for account, what in (
        (factories.neighbour_li(), "看不到这个区域"),
        (factories.make_account(name="市局周", role="city_officer", region_code="130600000000"), "不能登记收入"),
    ):
        with pytest.raises(NotPermittedError, match=what):
            recording.from_visit(
                household=county.households["甲"],
                month=Month(2022, 5),
                amounts={"wage": 1},
                visit="",
                told_on=JUNE,
                by=account,
                now=JULY,
            )
    assert not IncomeLine.objects.exists()


def test_nonsense_is_refused_with_a_sentence(county: County) -> None:
    def tell(month: Month, **amounts: int) -> None:
        recording.from_visit(
            household=county.households["甲"], month=month, amounts=amounts, visit="", told_on=JUNE, by=None, now=JULY
        )

    with pytest.raises(UserError, match="还没有到"):
        tell(Month(2022, 7), wage=1)
    with pytest.raises(UserError, match="没有“gold”这个项目"):
        tell(Month(2022, 6), gold=1)
    with pytest.raises(UserError, match="支出也填正数"):
        tell(Month(2022, 6), business_cost=-1)


def test_the_months_kept_are_the_months_that_the_lines_make(county: County) -> None:
    send(county, [{"household": name, "month": "2022-06", "wage_fen": 300_000} for name in ("甲", "乙")])
    county.income(甲=1_000_000, 乙=900_000)
    collect(JULY, county)
    recording.from_visit(
        household=county.households["乙"], month=Month(2022, 6), amounts={"wage": 1, "wage.outwork": 1},
        visit="v", told_on=JULY.date(), by=None, now=at(7, 2),
    )  # fmt: skip
    kept = list(IncomeMonth.objects.order_by("household", "period").values())
    with transaction.atomic():
        IncomeMonth.objects.all().delete()
        in_force.remake([household.pk for household in county.households.values()])
    made = list(IncomeMonth.objects.order_by("household", "period").values())
    assert [row | {"id": 0} for row in made] == [row | {"id": 0} for row in kept] and len(kept) == 4
    now = in_force.months(
        [one.pk for one in county.households.values()], first="2021", last="2022-12", known_at=at(9, 1)
    )
    assert [(row["household_id"], row["period"], row["net_fen"]) for row in now] == [
        (row["household_id"], row["period"], row["net_fen"]) for row in kept
    ]
