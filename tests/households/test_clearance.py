"""A case is closed the way it was opened: four checks, months, labour, and back again when the mark was wrong (H-17, H-18)."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.casework import runner
from shouwang.casework.models import Case, Notice, Task
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from tests.casework.offering import in_the_way

from .casebook import Book, set_locally

pytestmark = pytest.mark.django_db
MARCH, APRIL = dt.date(2022, 3, 20), dt.date(2022, 3, 30)
ASKED = dt.date(2022, 7, 30)


def supported(book: Book, labour: str = "普通劳动力") -> Case:
    return book.included(MARCH, APRIL, book.household(labour=labour))


def clear(book: Book, case: Case, on: dt.date = ASKED) -> None:
    later = on + dt.timedelta(days=6)
    book.take(case, "ask_clearance", on)
    book.take(case, "out_review", on)
    book.take(case, "out_publish", on, shown_until=later.isoformat())
    book.take(case, "out_close_publicity", later)
    book.take(case, "out_township_review", later)
    book.take(case, "out_county_decision", later)


def test_three_of_four_checks_are_not_enough_and_the_missing_one_is_named() -> None:
    book = Book()
    case = supported(book)
    with pytest.raises(UserError, match="还不能“申请风险消除”：“大额刚性支出稳定解决”未通过"):
        book.take(case, "ask_clearance", ASKED, spending_solved="failed")
    assert case.state == "supported"


def test_every_check_needs_its_evidence() -> None:
    book = Book()
    case = supported(book)
    with pytest.raises(UserError, match="返贫致贫风险稳定消除：依据：请填写"):
        book.take(case, "ask_clearance", ASKED, risk_gone_evidence=" ")


def test_four_months_after_the_inclusion_a_reason_is_asked_where_six_are_required() -> None:
    set_locally("130630", case__elimination_minimum_months="6")
    book = Book()
    case = supported(book)
    with pytest.raises(UserError, match="纳入才 4 个月，不足 6 个月，须写明理由"):
        book.take(case, "ask_clearance", ASKED)
    book.take(case, "ask_clearance", ASKED, early_reason="房屋改造完成并验收，风险提前消除")
    assert case.state == "out_review"


def test_six_months_to_the_day_are_enough() -> None:
    set_locally("130630", case__elimination_minimum_months="6")
    book = Book()
    case = supported(book)
    with pytest.raises(UserError, match="纳入才 5 个月"):
        book.take(case, "ask_clearance", dt.date(2022, 9, 29))
    book.take(case, "ask_clearance", dt.date(2022, 9, 30))


def test_where_no_document_sets_months_none_are_checked() -> None:
    book = Book()
    case = supported(book)
    book.take(case, "ask_clearance", dt.date(2022, 4, 1))


@pytest.mark.parametrize("labour", ["丧失劳动力", "无劳动力"])
def test_a_household_without_labour_is_not_offered_clearance_until_the_county_allows_it(labour: str) -> None:
    book = Book()
    case = supported(book, labour)
    assert in_the_way(case, "ask_clearance") == ["整户无劳动能力，应当持续监测；确需消除的，先由县里准许"]
    with pytest.raises(UserError, match="整户无劳动能力，应当持续监测"):
        book.take(case, "ask_clearance", ASKED)
    with pytest.raises(NotPermittedError):
        book.take(case, "allow_no_labour", ASKED, by="township")
    allowed = book.take(case, "allow_no_labour", ASKED)
    assert allowed.by_name == "县中心孙" and allowed.data["reason"] == "已由女儿赡养"
    assert in_the_way(case, "ask_clearance") == []
    book.take(case, "ask_clearance", ASKED)
    assert case.state == "out_review"


def test_what_the_county_allowed_holds_for_one_request() -> None:
    book = Book()
    case = supported(book, "丧失劳动力")
    book.take(case, "allow_no_labour", ASKED)
    book.take(case, "ask_clearance", ASKED)
    book.take(case, "keep_supporting", ASKED)
    with pytest.raises(UserError, match="整户无劳动能力"):
        book.take(case, "ask_clearance", ASKED)


def test_a_household_with_labour_needs_no_such_permission() -> None:
    book = Book()
    case = supported(book)
    with pytest.raises(UserError, match="家里有劳动能力，不需要准许"):
        book.take(case, "allow_no_labour", ASKED)


def test_the_way_out_mirrors_the_way_in() -> None:
    book = Book()
    case = supported(book)
    clear(book, case)
    assert (case.state, case.is_open, case.cleared_on) == ("cleared", False, ASKED + dt.timedelta(days=6))
    steps = list(case.events.order_by("sequence").values_list("step", flat=True))
    way_in = steps[: steps.index("county_decision")]
    way_out = [
        step.removeprefix("out_") for step in steps[steps.index("out_review") : steps.index("out_county_decision")]
    ]
    assert way_in == way_out == ["review", "publish", "close_publicity", "township_review"]
    assert Notice.objects.filter(case=case, is_about_clearance=True).count() == 1
    assert not Task.objects.filter(case=case, is_open=True).exists()


def test_the_publicity_of_the_way_in_does_not_serve_the_way_out() -> None:
    book = Book()
    case = supported(book)
    book.take(case, "ask_clearance", ASKED)
    book.take(case, "out_review", ASKED)
    with pytest.raises(UserError, match="还没有张贴公示"):
        book.take(case, "out_close_publicity", ASKED)


def test_whoever_asked_does_not_review_or_decide_and_steps_keep_their_order() -> None:
    book = Book()
    case = supported(book)
    book.take(case, "ask_clearance", ASKED)
    with pytest.raises(UserError, match="现在是“消除：待民主评议”，还不能“县级确定消除”"):
        book.take(case, "out_county_decision", ASKED)


def test_a_wrong_mark_is_reopened_by_the_county_and_asks_for_nothing_twice() -> None:
    book = Book()
    case = supported(book)
    book.take(case, "settle_plan", APRIL)
    clear(book, case)
    assert [step.code for step in runner.possible(proceeding=case, by=book.people["county"])] == ["reopen"]
    book.take(case, "reopen", dt.date(2022, 8, 20))
    assert (case.state, case.is_open, case.cleared_on, case.closed_on) == ("supported", True, None, None)
    waited = list(Task.objects.filter(case=case, is_open=True).values_list("step", flat=True))
    assert waited == ["name_contact"], "the contact was never named; the plan was settled"


def test_a_case_is_not_reopened_beside_a_newer_one() -> None:
    book = Book()
    household = book.household()
    case = book.included(MARCH, APRIL, household=household)
    clear(book, case)
    newer = book.case(dt.date(2022, 8, 10), household)
    with pytest.raises(UserError, match="该户已有新的个案"):
        book.take(case, "reopen", dt.date(2022, 8, 20))
    assert newer.episode == 2 and not Case.objects.get(pk=case.pk).is_open


def test_a_lead_confirmed_while_a_case_is_open_again_adds_its_risks_there() -> None:
    book = Book()
    household = book.household()
    case = book.included(MARCH, APRIL, household=household)
    clear(book, case)
    lead = book.lead(dt.date(2022, 8, 10), household)
    book.take(lead, "dispatch", dt.date(2022, 8, 10))
    book.take(case, "reopen", dt.date(2022, 8, 20))
    book.take(lead, "confirm", dt.date(2022, 8, 20), risks=["schooling"])
    case.refresh_from_db()
    assert case.risks == ["illness", "schooling"] and Case.objects.count() == 1


def test_what_is_closed_stays_closed() -> None:
    book = Book()
    case = supported(book)
    book.take(case, "clear_naturally", ASKED, kind="died", reason="户主去世，无其他成员")
    assert case.cleared_on == ASKED
    with pytest.raises(ConflictError, match="已了结（自然消除）"):
        book.take(case, "ask_clearance", ASKED)
