"""Returns are taken from the ledgers, sent once, signed for or given back; who has not sent one is seen and reminded; a stranger has none."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households.models import GrowthMeasure, Return
from shouwang.households.returns import actions, measure_figures, queries
from shouwang.households.returns.kinds import KINDS, MEASURES, MONTHLY
from shouwang.organisation.models import Unit
from shouwang.organisation.roles import DepartmentLiaison
from shouwang.organisation.scope import Scope
from shouwang.regions import actions as regions
from tests import factories
from tests.factories import LAIYUAN

from .casebook import LAIYUAN_VILLAGE, Book, moment, plan, set_locally

AUGUST = dt.date(2022, 8, 20)
TOWNSHIP, OTHER = "130630100000", "130630101000"


@pytest.fixture
def book(db) -> Book:
    regions.load(counties_in_detail=[LAIYUAN], today=AUGUST)
    return Book(LAIYUAN_VILLAGE)


def grown(household, kind="job_transfer", done_on=None):
    return GrowthMeasure.objects.create(
        household=household,
        region_code=household.region_code,
        kind=kind,
        title="到县里务工",
        owner="赵",
        planned_on=dt.date(2022, 7, 20),
        done_on=done_on,
        result="已上岗" if done_on else "",
        at=moment(AUGUST),
    )


def send(by, kind=MEASURES, period="2022", today=AUGUST):
    return actions.send(kind=kind, period=period, by=by, today=today, now=moment(today), policies=policy.load())


def standing(to_region=LAIYUAN, kind=MEASURES, period="2022", today=AUGUST):
    rows = queries.standing(kind=KINDS[kind], period=period, to_region=to_region, today=today, policies=policy.load())
    return {(one.region_code, one.department): one for one in rows}


def liaison(department="human_resources"):
    unit = Unit.objects.create(
        name="涞源县人力资源和社会保障局", kind="department", department=department, region_code=LAIYUAN
    )
    account = factories.make_account(name="人社吴", role=DepartmentLiaison.code, region_code=LAIYUAN)
    account.unit = unit
    account.save()
    return account


def test_households_and_measures_come_from_both_ledgers_and_count_a_household_once(book):
    home = book.household()
    grown(home, done_on=dt.date(2022, 8, 1))
    grown(home, "public_welfare_post")
    case = book.case(dt.date(2022, 8, 1), home)
    plan(case, dt.date(2022, 8, 2))
    cancelled = plan(case, dt.date(2022, 8, 2), kind="temporary_relief")
    type(cancelled).objects.filter(pk=cancelled.pk).update(cancelled_on=AUGUST, cancel_reason="重复")
    grown(book.household("乙秀英"), done_on=AUGUST)
    found = measure_figures.figures(scope=Scope.of_region(TOWNSHIP))
    assert (found.households, found.helped, found.measures, found.done) == (2, 2, 4, 2)
    assert {one["code"]: (one["measures"], one["done"], one["households"]) for one in found.kinds} == {
        "job_transfer": (2, 2, 2),
        "public_welfare_post": (1, 0, 1),
        "medical_assistance": (1, 0, 1),
    }
    of_department = measure_figures.figures(scope=Scope.of_region(LAIYUAN), department="medical_insurance")
    assert (of_department.households, of_department.measures) == (1, 1)
    assert measure_figures.figures(scope=Scope.of(factories.neighbour_li())).measures == 0


def test_the_page_behind_a_figure_counts_all_and_reads_a_screenful_in_the_order_of_the_villages(book):
    home, other = book.household(), book.household("乙秀英")
    grown(other, done_on=AUGUST)
    grown(home, "public_welfare_post")
    case = book.case(dt.date(2022, 8, 1), home)
    plan(case, dt.date(2022, 8, 2))
    place = Scope.of_region(TOWNSHIP)

    def found(size, **asked):
        page = measure_figures.screenful(scope=place, size=size, **asked)
        return page.count, page.household_count, [(line.household_id, line.kind, line.case_id) for line in page.lines]

    rows = [
        (home.pk, "public_welfare_post", None),
        (home.pk, "medical_assistance", case.pk),
        (other.pk, "job_transfer", None),
    ]
    assert found(9) == (3, 2, sorted(rows, key=lambda row: row[0]))
    assert [found(size)[2] for size in (1, 2)] == [found(9)[2][:1], found(9)[2][:2]]
    assert found(9, is_done=True) == (1, 1, [(other.pk, "job_transfer", None)])
    assert found(9, kind="medical_assistance") == (1, 1, [(home.pk, "medical_assistance", case.pk)])


def test_a_return_keeps_its_figures_is_sent_once_and_again_only_after_it_was_given_back(book):
    home, qian, sun = book.household(), book.people["township"], book.people["county"]
    grown(home)
    made = send(qian)
    assert (made.region_code, made.to_region, made.figures["measures"]) == (TOWNSHIP, LAIYUAN, 1)
    assert made.due_on == dt.date(2022, 9, 10) and "9月中旬前" in made.due_parameter["note"]
    grown(home, "public_welfare_post")
    with pytest.raises(ConflictError):
        send(qian)
    with pytest.raises(UserError, match="理由"):
        actions.give_back(made=made, reason=" ", by=sun, today=AUGUST)
    actions.give_back(made=made, reason="少报一项", by=sun, today=AUGUST)
    again = send(qian)
    assert again.figures["measures"] == 2
    actions.sign(made=again, by=sun, today=AUGUST)
    actions.sign(made=again, by=sun, today=AUGUST)
    with pytest.raises(ConflictError, match="不能退回"):
        actions.give_back(made=again, reason="再报", by=sun, today=AUGUST)
    made.refresh_from_db()
    assert made.figures["measures"] == 1 and made.return_reason == "少报一项"


def test_only_the_unit_sends_and_only_the_one_above_receives(book):
    li, made = factories.neighbour_li(), send(book.people["township"])
    for by in (li, book.people["township"], book.people["village"]):
        with pytest.raises(NotPermittedError):
            actions.sign(made=made, by=by, today=AUGUST)
    for by in (li, book.people["county"], book.people["village"]):
        with pytest.raises(NotPermittedError):
            send(by)
    assert not queries.visible(account=li).exists()
    with pytest.raises(UserError, match="不是这张报表的时期"):
        send(book.people["township"], period="2021")


def test_the_county_sees_every_township_and_department_that_has_not_sent(book):
    wu = liaison()
    grown(book.household(), "micro_credit")
    send(book.people["township"])
    own = send(wu)
    assert (own.department, own.to_region, own.figures["measures"]) == ("human_resources", LAIYUAN, 0)
    found = standing()
    assert found[TOWNSHIP, ""].sent and found[LAIYUAN, "human_resources"].sent == own
    assert found[OTHER, ""].sent is None and found[LAIYUAN, "financial_work"].sent is None
    assert not found[OTHER, ""].is_late(dt.date(2022, 9, 10)) and found[OTHER, ""].is_late(dt.date(2022, 9, 11))
    assert list(queries.visible(account=wu)) == [own]
    assert standing("130633000000") == {}, "no document asks the next county"


def test_an_unsent_return_reminds_its_unit_first_and_then_the_county(book):
    qian, sun = book.people["township"], book.people["county"]

    def told(account, day):
        rows = queries.reminding(account=account, today=day, policies=policy.load())
        return {(one.region_code, one.rung) for one in rows}

    assert told(qian, dt.date(2022, 9, 7)) == set()
    assert told(qian, dt.date(2022, 9, 8)) == {(TOWNSHIP, "soon")}
    assert told(sun, dt.date(2022, 9, 10)) == set()
    assert (TOWNSHIP, "above") in told(sun, dt.date(2022, 9, 11))
    send(qian, today=dt.date(2022, 9, 11))
    assert told(qian, dt.date(2022, 9, 12)) == set()
    assert TOWNSHIP not in {code for code, _ in told(sun, dt.date(2022, 9, 12))}
    assert Return.objects.get().sent_on > Return.objects.get().due_on
    assert told(factories.neighbour_li(), dt.date(2022, 9, 12)) == set()


def test_the_office_is_the_one_that_the_document_names_and_never_invented(book):
    def office(code):
        return queries.office(kind=KINDS[MEASURES], region_code=code, on=AUGUST, policies=policy.load())

    assert office(LAIYUAN) == "领导小组办公室（乡村振兴局318房间）"
    assert office("130633000000") == ""
    Unit.objects.create(name="易县防贫中心", kind="county_centre", region_code="130633000000")
    assert office("130633000000") == "易县防贫中心"


def test_a_month_is_reported_when_it_is_over_and_is_late_only_where_a_day_is_set(book):
    with pytest.raises(UserError, match="不是这张报表的时期"):
        send(book.people["township"], kind=MONTHLY, period="2022-08")
    made = send(book.people["village"], kind=MONTHLY, period="2022-07")
    assert (made.to_region, made.due_on) == (TOWNSHIP, None)
    assert made.figures["whole"][1]["leads"] == 0 and made.figures["whole"][3].startswith("未结账")
    set_locally("130630", household__monthly_report_day="5")
    assert send(book.people["county"], kind=MONTHLY, period="2022-07").due_on == dt.date(2022, 8, 5)
