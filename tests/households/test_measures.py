"""What may be done against which risk: proposals by labour, days within the case, nothing twice, and what is still missing."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.casework.models import Case
from shouwang.casework.risks import RISKS
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households import measures
from shouwang.households.catalogue import CATALOGUE, NATIONAL, PLAN
from shouwang.households.models import Measure
from shouwang.organisation.departments import BY_CODE
from shouwang.organisation.scope import Scope
from tests.factories import LAIYUAN, YIXIAN

from .casebook import Book, moment, plan

OPENED, INCLUDED = dt.date(2022, 7, 1), dt.date(2022, 7, 8)


@pytest.fixture
def book(db) -> Book:
    return Book()


@pytest.fixture
def case(book: Book) -> Case:
    return book.included(OPENED, INCLUDED, risks=["illness", "unstable_work"])


# ── the catalogue ────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.code)
def test_a_measure_stands_on_clauses_that_exist_and_belongs_to_a_department(kind) -> None:
    policies = policy.load()
    assert all(policies.clause(cite) for cite in kind.all_cites)
    assert kind.department in BY_CODE
    assert kind.national_label and kind.plan_label
    assert kind.risks and set(kind.risks) <= set(RISKS)


def test_all_fourteen_classes_of_the_form_and_all_eleven_of_the_plan_are_there() -> None:
    assert len(NATIONAL) == 14 and len(PLAN) == 11
    assert {kind.plan_label for kind in CATALOGUE.values()} == set(PLAN.values())


@pytest.mark.parametrize("has_labour", [True, False])
@pytest.mark.parametrize("risk", RISKS)
def test_no_risk_is_left_without_an_answer(risk: str, has_labour: bool) -> None:
    assert any(risk in kind.risks and kind.suits(has_labour) for kind in CATALOGUE.values())


# ── proposals ────────────────────────────────────────────────────────────────
def test_with_labour_development_is_proposed_first(book: Book) -> None:
    case = book.case(OPENED, risks=["illness", "unstable_work"])
    for risk in case.risks:
        first = next(kind for found, kind in measures.proposed(case) if found == risk)
        assert first.is_developmental, first.label


def test_without_labour_the_safety_net_is_proposed_and_nothing_that_needs_work(book: Book) -> None:
    case = book.case(OPENED, book.household("独居", labour="丧失劳动力"), risks=["labour_shortage", "disability"])
    offered = [kind for _, kind in measures.proposed(case)]
    assert {"dibao", "tekun"} <= {kind.code for kind in offered}
    assert not [kind for kind in offered if kind.labour == "labour"]


def test_what_has_a_measure_is_not_proposed_again(case: Case) -> None:
    assert {risk for risk, _ in measures.proposed(case)} == {"unstable_work"}


def test_labour_without_a_developmental_measure_is_pointed_out(case: Case) -> None:
    assert measures.lacks_development(case)
    plan(case, INCLUDED, risk="unstable_work", kind="job_transfer")
    assert not measures.lacks_development(case)


# ── planned, begun, done ─────────────────────────────────────────────────────
def test_a_measure_names_its_department_and_is_planned_once(case: Case) -> None:
    first = plan(case, INCLUDED, risk="unstable_work", kind="transport_subsidy")
    again = plan(case, INCLUDED, risk="unstable_work", kind="transport_subsidy")
    assert first == again and first.department == "human_resources"


def test_it_runs_from_start_to_result_and_a_form_sent_twice_changes_nothing(case: Case) -> None:
    measure = plan(case, INCLUDED)
    day = dt.date(2022, 7, 12)
    measures.start(measure=measure, on=day, today=day, by=None)
    for _ in range(2):
        done = measures.finish(measure=measure, on=day, result="救助到账", amount_fen=123_450, today=day, by=None)
    assert (done.started_on, done.done_on, done.amount_fen, done.result) == (day, day, 123_450, "救助到账")
    with pytest.raises(ConflictError, match="已登记为 2022-07-12"):
        measures.finish(measure=measure, on=dt.date(2022, 7, 13), result="再次", today=dt.date(2022, 7, 13), by=None)


@pytest.mark.parametrize(
    ("on", "complaint"),
    [(dt.date(2022, 7, 7), "早于 2022-07-08"), (dt.date(2022, 7, 21), "还没有到")],
    ids=["before the inclusion", "in the future"],
)
def test_help_lies_within_the_life_of_the_case(case: Case, on: dt.date, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        measures.finish(measure=plan(case, INCLUDED), on=on, result="完成", today=dt.date(2022, 7, 20), by=None)


def test_a_plan_is_not_older_than_the_case(case: Case) -> None:
    with pytest.raises(UserError, match="早于 2022-07-01"):
        plan(case, dt.date(2022, 6, 30), risk="unstable_work", kind="job_transfer")


def test_a_measure_answers_a_risk_that_the_case_has(case: Case) -> None:
    with pytest.raises(UserError, match="没有“因学”的风险"):
        plan(case, INCLUDED, risk="schooling", kind="education_aid")


def test_a_cancelled_measure_stays_with_its_reason_and_counts_no_more(case: Case) -> None:
    measure = Measure.objects.get(case=case)
    measures.cancel(measure=measure, reason="住院费用已全部报销", on=INCLUDED, by=None)
    measure.refresh_from_db()
    assert measure.cancel_reason == "住院费用已全部报销"
    assert measures.uncovered(case) == ["illness", "unstable_work"]
    with pytest.raises(ConflictError, match="已于 2022-07-08 取消"):
        measures.start(measure=measure, on=INCLUDED, today=INCLUDED, by=None)


def test_only_those_who_plan_support_touch_the_plan(book: Book, case: Case) -> None:
    for who in ("village", "county"):
        with pytest.raises(NotPermittedError):
            measures.cancel(measure=Measure.objects.get(), reason="不要了", on=INCLUDED, by=book.people[who])
    day = INCLUDED
    measures.plan(
        case=case, kind="dibao", risk="illness", planned_on=day, today=day, now=moment(day), by=book.people["township"]
    )


# ── what is missing ──────────────────────────────────────────────────────────
def test_a_risk_without_measure_is_listed_until_there_is_none(book: Book, case: Case) -> None:
    ours = Scope.of_region(LAIYUAN)
    assert list(measures.unmet(scope=ours)) == [case]
    assert not measures.unmet(scope=Scope.of_region(YIXIAN)).exists()
    assert not measures.unmet(scope=ours, risks=["illness"]).exists(), "illness has its measure"
    plan(case, INCLUDED, risk="unstable_work", kind="job_transfer")
    assert not measures.unmet(scope=ours).exists()
