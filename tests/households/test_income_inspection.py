"""The inspection of incomes: the ledger proposes what follows from it, a person decides, and the bulletin names places only."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import inspection_populations, inspections
from shouwang.households.income import drops
from shouwang.households.inspection_kinds import INCOME, INCOME_FOCUS
from shouwang.households.models import IncomeMonth, RiskPoint
from shouwang.jobs import papers as drafted
from shouwang.organisation.scope import Scope
from shouwang.regions import actions as regions
from shouwang.reporting import papers
from tests.factories import LAIYUAN
from tests.reporting.test_papers import text_of

from .casebook import LAIYUAN_VILLAGE, Book, moment, set_locally

JULY = dt.date(2022, 7, 18)
MONTHS = [f"2021-{month}" for month in (10, 11, 12)] + [f"2022-0{month}" for month in range(1, 7)]
GOOD = {"screened": "yes", "effective": "yes", "points": "none", "drop": "yes"}


@pytest.fixture
def book(db) -> Book:
    regions.load(counties_in_detail=[LAIYUAN], today=JULY)
    return Book(LAIYUAN_VILLAGE)


def income(household, last: int, month: int, months=MONTHS) -> None:
    rows = [("2021", last), *((period, month) for period in months)]
    IncomeMonth.objects.bulk_create(
        IncomeMonth(household=household, region_code=household.region_code, period=period, net_fen=fen, line_count=1)
        for period, fen in rows
    )


def point(household) -> RiskPoint:
    return RiskPoint.objects.create(
        household=household, region_code=household.region_code, kind="job_lost", opened_on=JULY, at=moment(JULY)
    )


def draw(book, kind=INCOME_FOCUS, **more):
    told = {"by": book.people["county"], "today": JULY, "now": moment(JULY), "policies": policy.load(), "seed": "七月"}
    return inspections.draw(kind=kind, region_code=LAIYUAN, size=100, **told | more)


def of(book, made, name):
    return made.items.get(household__head_name=name)


def check(book, item, **answers):
    findings = GOOD | answers
    is_bad = "no" in findings.values()
    return inspections.check(
        item=item,
        findings=findings,
        note="务工收入没有核到" if is_bad else "",
        rectify_by=dt.date(2022, 7, 30) if is_bad else None,
        by=book.people["county"],
        today=JULY,
    )


def test_a_projection_is_compared_only_where_every_month_is_there(book):
    fallen, risen, short = (book.household(name) for name in ("甲建国", "乙秀英", "丙海生"))
    income(fallen, 12_000_00, 750_00)  # 9 × 750 ÷ 9 × 12 = 9,000
    income(risen, 12_000_00, 1_000_00)
    income(short, 12_000_00, 100_00, MONTHS[:-1])
    found = drops.of_scope(
        scope=Scope.of_region(LAIYUAN), county_code=LAIYUAN, as_of=dt.date(2022, 6, 30), policies=policy.load()
    )
    assert set(found) == {fallen.pk, risen.pk}
    assert (found[fallen.pk].change_fen, found[fallen.pk].percent) == (-3_000_00, "−25.0")
    assert found[risen.pk].change_fen == 0


def test_the_focus_are_those_with_a_loss_or_an_open_point(book):
    fallen, pointed, sound = (book.household(name) for name in ("甲建国", "乙秀英", "丙海生"))
    income(fallen, 12_000_00, 750_00)
    income(sound, 12_000_00, 1_100_00)
    point(pointed)
    made = draw(book)
    assert {item.household_id for item in made.items.all()} == {fallen.pk, pointed.pk}
    assert of(book, made, "甲建国").told["增减"] == "−25.0%"
    assert of(book, made, "乙秀英").told["推算全年"] == "未计算"
    assert inspections.drawn_again(made)
    assert draw(book, INCOME, seed="全部").size == 3
    assert made.until_on is None and made.cites == ["laiyuan-2022-9#3.4.1"]


def test_the_last_two_findings_are_proposed_and_a_drop_is_large_only_by_a_limit(book):
    fallen, pointed = book.household("甲建国"), book.household("乙秀英")
    income(fallen, 12_000_00, 750_00)
    point(pointed)
    made = draw(book)

    def offered(name):
        return inspection_populations.proposed(of(book, made, name), policies=policy.load())

    assert offered("甲建国") == {"points": "none", "drop": "open"}
    assert offered("乙秀英") == {"points": "no"}
    set_locally("130630", income__large_drop="25%")
    assert offered("甲建国")["drop"] == "no", "exactly on the limit"
    set_locally("130630", income__large_drop="26%")
    assert offered("甲建国")["drop"] == "yes"


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".xlsx"])
def test_the_bulletin_counts_findings_by_township_and_names_nobody(book, suffix, tmp_path):
    for name in ("甲建国", "乙秀英"):
        point(book.household(name))
    made = draw(book)
    with pytest.raises(UserError, match="还没有检查结果"):
        drafted.income_bulletin(made, today=JULY, policies=policy.load())
    check(book, of(book, made, "甲建国"), points="no", screened="no")
    check(book, of(book, made, "乙秀英"))
    (found,) = inspections.by_place(made=made, scope=Scope.of_region(LAIYUAN), digits=9, today=JULY).values()
    assert (found.checked, found.problems, found.by_finding) == (2, 1, {"screened": 1, "points": 1})
    path = tmp_path / f"paper{suffix}"
    papers.write(drafted.income_bulletin(made, today=JULY, policies=policy.load()), path)
    told = text_of(path)
    assert "涞源镇" in told and "排查不精准" in told and "务工收入没有核到" in told
    assert "甲建国" not in told and "乙秀英" not in told
    assert suffix == ".xlsx" or "没有写减收幅度较大的界限" in told


def test_a_county_without_anything_to_look_at_draws_nothing(book):
    with pytest.raises(UserError, match="没有可以检查的对象"):
        draw(book)
