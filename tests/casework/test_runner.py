"""The only writer of state: all or nothing, one of two wins, many at once in sets, and nobody beyond the own region."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from shouwang import policy
from shouwang.casework import queries, runner, signals, verification
from shouwang.casework.asking import FieldsError
from shouwang.casework.models import Case, Event, Lead, Task
from shouwang.casework.procedure import Field, Procedure, State, Step, all_procedures
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import roles
from shouwang.organisation.roles import GridWorker
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household
from tests import factories
from tests.households.casebook import HENGSHUI_VILLAGE, Book, moment, set_locally

DAY = dt.date(2022, 7, 4)


@pytest.fixture
def book(db) -> Book:
    return Book()


def dispatch(book: Book, leads: list[Lead], by: str = "county") -> int:
    return runner.act_together(
        procedure_code=verification.CODE,
        rows=[lead.pk for lead in leads],
        step="dispatch",
        by=book.people[by],
        today=DAY,
        now=moment(DAY),
        policies=policy.load(),
    )


# ── all or nothing ───────────────────────────────────────────────────────────
class CrashError(Exception):
    pass


@pytest.mark.parametrize("broken", ["tasks", "effect"])
def test_a_crash_between_event_and_task_leaves_nothing_half_done(book: Book, monkeypatch, broken: str) -> None:
    lead = book.lead(DAY)
    book.take(lead, "dispatch", DAY)

    def crash(*arguments: Any, **names: Any) -> None:
        raise CrashError

    if broken == "tasks":
        monkeypatch.setattr("shouwang.casework.tasks.wanted", crash)
    else:
        monkeypatch.setattr("shouwang.casework.cases.Numbers", crash)
    with pytest.raises(CrashError):
        book.take(lead, "confirm", DAY)
    lead.refresh_from_db()
    assert (lead.state, lead.version, lead.is_open) == ("at_village", 1, True)
    assert list(lead.events.values_list("step", flat=True)) == ["dispatch"]
    assert list(Task.objects.filter(is_open=True).values_list("step", flat=True)) == ["confirm"]
    assert not Case.objects.exists()
    monkeypatch.undo()
    book.take(lead, "confirm", DAY)
    assert Case.objects.get().state == "to_review"


# ── two at once ──────────────────────────────────────────────────────────────
def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Results or errors of things done by as many threads with connections of their own, started together."""
    results: list[Any] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=20)
            results[place] = works[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_decide_at_once_one_wins_and_the_other_is_told() -> None:
    book = Book()
    second = factories.make_account(name="网格员周", role=GridWorker.code, region_code=book.village)
    lead = book.lead(DAY)
    book.take(lead, "dispatch", DAY)
    seen = lead.version

    def answer(account: Any, step: str, data: dict[str, Any]) -> Callable[[], Event]:
        return lambda: runner.act(
            proceeding=Lead.objects.get(pk=lead.pk),
            step=step,
            by=account,
            today=DAY,
            now=moment(DAY),
            policies=policy.load(),
            data=data,
            version=seen,
        )

    results = at_once(
        answer(book.people["village"], "confirm", {"risks": ["illness"]}),
        answer(second, "clear", {"reason": "收入稳定"}),
    )
    won = [result for result in results if isinstance(result, Event)]
    lost = [result for result in results if isinstance(result, ConflictError)]
    assert len(won) == len(lost) == 1, results
    assert f"{won[0].by_name}刚刚办理" in str(lost[0]) and "没有生效" in str(lost[0])
    lead.refresh_from_db()
    assert lead.version == seen + 1 and lead.events.count() == 2
    assert Case.objects.count() == (won[0].step == "confirm")


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_by_the_same_hand_counts_once() -> None:
    book = Book()
    lead = book.lead(DAY)
    book.take(lead, "dispatch", DAY)
    results = at_once(*[lambda: book_confirm(book, lead.pk)] * 4)
    assert sum(isinstance(result, Event) for result in results) == 1, results
    assert all(isinstance(result, Event | UserError) for result in results)
    assert Case.objects.count() == 1 and Event.objects.filter(step="confirm").count() == 1


def book_confirm(book: Book, key: int) -> Event:
    return runner.act(
        proceeding=Lead.objects.get(pk=key),
        step="confirm",
        by=book.people["village"],
        today=DAY,
        now=moment(DAY),
        policies=policy.load(),
        data={"risks": ["illness"]},
    )


@pytest.mark.django_db(transaction=True)
def test_two_cases_of_one_county_never_get_the_same_number() -> None:
    book = Book()
    leads = book.leads(DAY, [book.household(f"户{number}") for number in range(4)])
    dispatch(book, leads)
    results = at_once(*[lambda key=lead.pk: book_confirm(book, key) for lead in leads])
    assert all(isinstance(result, Event) for result in results), results
    assert Case.objects.values("case_no").distinct().count() == 4


def test_the_page_that_somebody_had_before_the_eyes_must_still_be_true(book: Book) -> None:
    lead = book.lead(DAY)
    book.take(lead, "dispatch", DAY)
    with pytest.raises(ConflictError, match="县中心孙刚刚办理，现在是“待核实”"):
        runner.act(
            proceeding=lead,
            step="confirm",
            by=book.people["village"],
            today=DAY,
            now=moment(DAY),
            policies=policy.load(),
            data={"risks": ["illness"]},
            version=0,
        )


# ── many at once ─────────────────────────────────────────────────────────────
def test_two_thousand_leads_are_sent_down_in_sets(book: Book, django_assert_max_num_queries) -> None:
    Household.objects.bulk_create(
        Household(
            region_code=book.village,
            period="2022-05",
            digest="",
            household_no=f"130630{number:010d}",
            head_name=f"户{number}",
        )
        for number in range(2000)
    )
    leads = book.leads(DAY, list(Household.objects.all()))
    with django_assert_max_num_queries(100):
        assert dispatch(book, leads) == 2000
    assert Lead.objects.filter(state="at_village", version=1).count() == 2000
    assert Event.objects.filter(step="dispatch", by=book.people["county"]).count() == 2000
    assert Task.objects.filter(step="confirm", is_open=True, level="village").count() == 2000
    assert Task.objects.filter(step="dispatch", is_open=False, done_on=DAY).count() == 2000
    assert dispatch(book, leads) == 0, "sent twice, nothing happens"


def test_a_bulk_dispatch_leaves_alone_what_lies_elsewhere_or_stands_still(book: Book) -> None:
    ours = book.lead(DAY)
    theirs = Book(HENGSHUI_VILLAGE).lead(DAY)
    paused = book.lead(DAY, book.household("停"))
    Lead.objects.filter(pk=paused.pk).update(paused_on=DAY)
    assert dispatch(book, [ours, theirs, paused]) == 1
    theirs.refresh_from_db()
    assert theirs.state == "open"
    with pytest.raises(NotPermittedError):
        dispatch(book, [theirs], by="village")


def test_hundreds_of_hits_become_as_many_leads_and_those_not_included_have_a_reason(book: Book) -> None:
    """H-12 through the steps: nothing is capped, and each hit that was not included says why."""
    leads = book.leads(DAY, [book.household(f"户{number}") for number in range(6)])
    dispatch(book, leads)
    confirmed, cleared, returned, refused, waiting, _ = leads
    for lead in (confirmed, refused):
        book.take(lead, "confirm", DAY)
    book.take(cleared, "clear", DAY)
    book.take(returned, "give_back", DAY, kind="moved")
    book.take(Case.objects.get(lead=refused), "refuse", DAY)
    rows = queries.reasons_of(list(queries.not_included(scope=Scope.of_region(factories.LAIYUAN))))
    assert rows[cleared.pk] == "无返贫风险：收入稳定，没有大额支出"
    assert rows[returned.pk] == "退回来源：已迁出"
    assert rows[refused.pk] == "不予纳入：不在监测范围"
    assert rows[waiting.pk] == "待核实"
    assert rows[confirmed.pk] == "待民主评议"
    assert len(rows) == len(leads)


# ── results of a verification ────────────────────────────────────────────────
def test_each_result_asks_for_what_it_needs(book: Book) -> None:
    lead = book.lead(DAY)
    book.take(lead, "dispatch", DAY)
    with pytest.raises(FieldsError, match="致贫返贫风险：请选择"):
        book.take(lead, "confirm", DAY, risks=[])
    with pytest.raises(UserError, match="灾种：请选择"):
        book.take(lead, "confirm", DAY, risks=["disaster"])
    with pytest.raises(UserError, match="最多选五项"):
        book.take(lead, "confirm", DAY, risks=["illness", "disability", "schooling", "accident", "housing", "water"])
    with pytest.raises(FieldsError, match="说明：请填写"):
        book.take(lead, "give_back", DAY, kind="wrong_data")
    with pytest.raises(FieldsError, match="没有“太远”这个选项"):
        book.take(lead, "give_back", DAY, kind="太远")
    with pytest.raises(FieldsError, match="这一步没有这一项"):
        book.take(lead, "clear", DAY, state="confirmed")
    assert lead.version == 1


def test_what_somebody_says_joins_the_lead_and_keeps_its_clock(book: Book) -> None:
    lead = book.lead(DAY)
    for _ in range(2):
        signals.receive(
            channel="visit",
            household=lead.household,
            region_code=book.village,
            risk="illness",
            told_on=dt.date(2022, 7, 9),
            reference="走访7",
            by=book.people["village"],
            now=moment(DAY),
            policies=policy.load(),
        )
    lead.refresh_from_db()
    assert lead.channels == ["screening", "visit"] and lead.due_on == dt.date(2022, 7, 19)
    assert lead.reasons.count() == 1


def test_verification_has_its_own_limit_where_a_place_sets_one_and_never_outlasts_the_total(book: Book) -> None:
    set_locally("130630", household__days_to_verify="3 day")
    lead = book.lead(DAY)
    book.take(lead, "dispatch", dt.date(2022, 7, 5))
    task = Task.objects.get(step="confirm")
    assert task.due_on == dt.date(2022, 7, 8) and task.due_parameter["parameter"] == "household.days_to_verify"
    late = book.lead(DAY, book.household("迟"))
    book.take(late, "dispatch", dt.date(2022, 7, 18))
    assert Task.objects.get(lead=late, step="confirm").due_on == dt.date(2022, 7, 19)


# ── the table ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("table", all_procedures(), ids=lambda table: table.code)
def test_a_table_leads_from_its_start_to_every_state_and_nowhere_gets_stuck(table: Procedure) -> None:
    reached, ends = {table.start}, {state.code for state in table.states if not state.is_open}
    for state in table.states:
        if state.option:
            reached.add(state.otherwise)
    while more := {step.target for step in table.steps if step.target and set(step.sources) & reached} - reached:
        reached |= more
    assert reached == {state.code for state in table.states}
    stuck = [
        state.code
        for state in table.states
        if state.code not in ends and not [step for step in table.steps_from(state.code) if step.target]
    ]
    assert stuck == []


@pytest.mark.parametrize("table", all_procedures(), ids=lambda table: table.code)
def test_every_step_names_a_permission_that_a_role_has_and_parameters_that_exist(table: Procedure) -> None:
    held = {permission for role in roles.ROLES for permission in role.permissions}
    parameters = policy.load().parameters
    for step in table.steps:
        assert step.is_by_program or step.permission in held, step.code
        assert not step.limit or step.limit.partition(":")[0] in parameters, step.limit
        for cite in step.cites:
            policy.load().clause(cite)


def test_a_table_with_an_unknown_state_or_step_does_not_start() -> None:
    step = Step(code="go", label="去", sources=("here",), target="nowhere", permission="", level="village")
    with pytest.raises(ValueError, match="nowhere"):
        Procedure("x", "甲", lambda: Lead, "here", (State("here", "这里"),), (step,))
    with pytest.raises(ValueError, match="missing"):
        Procedure(
            "x",
            "甲",
            lambda: Lead,
            "here",
            (State("here", "这里"),),
            (
                Step(
                    code="go",
                    label="去",
                    sources=("here",),
                    target="",
                    permission="",
                    level="village",
                    answers="missing",
                ),
            ),
        )


def test_fields_are_read_as_they_are_asked(book: Book) -> None:
    from shouwang.casework import asking
    from shouwang.casework.procedure import COUNT, FLAG, NUMBER
    from shouwang.casework.procedure import DAY as DAY_KIND

    fields = (
        Field("day", "日", DAY_KIND),
        Field("many", "数", COUNT),
        Field("money", "元", NUMBER, is_required=False),
        Field("sure", "是", FLAG, is_required=False),
    )
    given = {"day": " 2022-07-04 ", "many": "007", "money": "1,200.50", "sure": "on"}
    assert asking.read(fields, given, today=DAY) == {"day": "2022-07-04", "many": "7", "money": "1200.50", "sure": True}
    with pytest.raises(FieldsError) as refused:
        asking.read(fields, {"day": "7月4日", "many": "1.5", "money": "-3"}, today=DAY)
    assert set(refused.value.faults) == {"day", "many", "money"}
