"""An inspection is drawn with a seed, its problems are put right by the place and closed by another; units take part in an event;
a trigger is computed only where its parameter has a value."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households import event_triggers, event_units, inspections, large_scale
from shouwang.households.inspection_kinds import MEASURES, TEAMS
from shouwang.organisation import institutions
from shouwang.organisation.scope import Scope
from shouwang.regions import actions as regions
from tests import factories
from tests.factories import LAIYUAN
from tests.feeds.conftest import county  # noqa: F401

from .casebook import HENGSHUI_VILLAGE, Book, moment, plan, set_locally

MAY = dt.date(2022, 5, 10)
SOUND = {"planned": "yes", "done": "yes", "date": "yes", "amount": "none", "satisfied": "fair"}


@pytest.fixture
def book(db) -> Book:
    return Book(HENGSHUI_VILLAGE)


@pytest.fixture
def measures(book):
    cases = [book.case(MAY - dt.timedelta(days=9), book.household(f"户{number}")) for number in range(5)]
    return [plan(case, MAY - dt.timedelta(days=8)) for case in cases]


def draw(book, kind=MEASURES, size=3, by=None, region="131102000000", **more):
    told = {"by": by or book.people["county"], "today": MAY, "now": moment(MAY), "policies": policy.load()}
    return inspections.draw(kind=kind, region_code=region, size=size, **told, **more)


def check(item, by, findings=None, note="", rectify_by=None):
    return inspections.check(item=item, findings=findings or SOUND, note=note, rectify_by=rectify_by, by=by, today=MAY)


def test_the_sheet_says_what_the_records_say_and_the_draw_can_be_repeated(book, measures):
    made = draw(book, seed="五月")
    assert (made.from_on, made.until_on) == (dt.date(2022, 5, 1), dt.date(2022, 5, 31))
    assert made.cites == ["hengshui-2022-1#C.2.5.4"]
    assert inspections.drawn_again(made)
    item = made.items.first()
    assert item.told["计划日"] == "2022-05-02" and item.told["完成日"] == "未完成" and item.told["金额"] == "未登记"
    assert [one.measure_id for one in draw(book, seed="五月").items.order_by("place")] == [
        one.measure_id for one in made.items.order_by("place")
    ]
    made.seed = "六月以后"
    made.population = made.population[:2]
    assert not inspections.drawn_again(made)


def test_a_cancelled_measure_is_not_drawn(book, measures):
    type(measures[0]).objects.filter(pk=measures[0].pk).update(cancelled_on=MAY, cancel_reason="重复")
    assert measures[0].pk not in {one.measure_id for one in draw(book, size=50).items.all()}


def test_a_problem_needs_a_sentence_and_a_day(book, measures):
    item, sun = draw(book).items.first(), book.people["county"]
    with pytest.raises(UserError, match="措施已落实"):
        check(item, sun, SOUND | {"done": ""})
    with pytest.raises(UserError, match="请说明问题"):
        check(item, sun, SOUND | {"done": "no"}, rectify_by=MAY)
    with pytest.raises(UserError, match="整改期限"):
        check(item, sun, SOUND | {"done": "no"}, "没有发放", MAY - dt.timedelta(days=1))
    assert check(item, sun).is_sound


def test_what_was_wrong_is_put_right_by_the_place_and_closed_by_another(book, measures):
    made = draw(book)
    item, sun, qian = made.items.first(), book.people["county"], book.people["township"]
    check(item, sun, SOUND | {"satisfied": "unsatisfied"}, "金额没有到户", MAY + dt.timedelta(days=5))
    ours = Scope.of(sun)
    late = inspections.standing(made=made, scope=ours, today=MAY + dt.timedelta(days=6))
    assert (late.items, late.checked, late.problems, late.late, late.is_finished) == (3, 1, 1, 1, False)
    with pytest.raises(UserError, match="还没有整改"):
        inspections.close(item=item, by=sun, today=MAY)
    item.refresh_from_db()
    inspections.rectify(item=item, text="已补发", by=qian, today=MAY)
    with pytest.raises(ConflictError):
        check(item, sun)
    with pytest.raises(NotPermittedError):
        inspections.close(item=item, by=qian, today=MAY)
    inspections.close(item=item, by=sun, today=MAY)
    with pytest.raises(ConflictError):
        inspections.rectify(item=item, text="再补发", by=qian, today=MAY)
    for other in made.items.exclude(pk=item.pk):
        check(other, sun)
    assert inspections.standing(made=made, scope=ours, today=MAY).is_finished


def test_nobody_closes_what_they_put_right_themselves(book, measures):
    item, sun = draw(book).items.first(), book.people["county"]
    check(item, sun, SOUND | {"date": "no"}, "日期不符", MAY)
    item.refresh_from_db()
    inspections.rectify(item=item, text="已更正", by=sun, today=MAY)
    with pytest.raises(NotPermittedError, match="不能自己销号"):
        inspections.close(item=item, by=sun, today=MAY)


def test_a_stranger_draws_checks_and_sees_nothing(book, measures):
    made, li = draw(book), factories.neighbour_li()
    assert not inspections.inspections(scope=Scope.of(li)).exists()
    assert not inspections.items(scope=Scope.of(li)).exists()
    with pytest.raises(NotPermittedError):
        draw(book, by=li)
    with pytest.raises(NotPermittedError):
        check(made.items.first(), li)
    with pytest.raises(NotPermittedError):
        draw(book, by=book.people["village"])


def test_teams_are_drawn_from_every_place_that_needs_one(book):
    regions.load(counties_in_detail=["131102000000"], today=MAY)
    made = draw(book, kind=TEAMS, size=10_000)
    scope = Scope.of_region("131102000000")
    needed = sum(institutions.needed(scope=scope, kind=kind, on=MAY).count() for kind in institutions.GAPS)
    assert made.size == needed > 3
    assert {"没有县防贫中心", "没有网格员"} <= {one.told["台账"] for one in made.items.all()}
    assert inspections.drawn_again(made)


# ── units of an event, and triggers ──────────────────────────────────────────
def event(book):
    return large_scale.register(
        kind="natural_disaster",
        title="暴雨",
        region_code="131102000000",
        happened_on=MAY,
        source="应急局",
        basis=large_scale.ALL,
        by=book.people["county"],
        today=MAY,
        now=moment(MAY),
        policies=policy.load(),
    )


def assign(event, by, department="emergency", duty="报送受灾情况", **more):
    return event_units.assign(event=event, department=department, duty=duty, by=by, today=MAY, **more)


def test_the_eight_units_of_the_document_wait_for_their_part(book):
    storm, sun = event(book), book.people["county"]
    assert len(event_units.missing(storm, policies=policy.load())) == 8
    unit = assign(storm, sun)
    assert "emergency" not in event_units.missing(storm, policies=policy.load())
    with pytest.raises(ConflictError):
        assign(storm, sun)
    with pytest.raises(UserError, match="分工"):
        assign(storm, sun, "water", " ")
    event_units.answer(unit=unit, text="受灾 12 户", by=sun, today=MAY)
    assert event_units.units(storm).get().answer == "受灾 12 户"


def test_units_of_an_event_are_assigned_by_its_own_people_while_it_is_open(book):
    storm, sun = event(book), book.people["county"]
    for by in (factories.neighbour_li(), book.people["village"]):
        with pytest.raises(NotPermittedError):
            assign(storm, by)
    large_scale.close(event=storm, report="没有影响", by=sun, today=MAY, now=moment(MAY))
    with pytest.raises(ConflictError):
        assign(storm, sun)


def found(kind, on=dt.date(2022, 7, 12), region=LAIYUAN):
    every = event_triggers.triggers(county=region, on=on, policies=policy.load())
    return next(one for one in every if one.kind == kind)


def test_without_a_value_a_trigger_is_not_computed_and_names_what_is_open(db):
    one = found("price_fall")
    assert one.is_reached is None
    assert one.open == (event_triggers.PRICE, event_triggers.WEEKS)
    assert found("epidemic").why.startswith("文件没有给出数量标准")


def test_a_rise_of_unemployment_is_measured_against_the_value(county):  # noqa: F811
    set_locally("130630", household__large_scale_risk__unemployment_rise="50%")
    assert found("unemployment").why == "没有就业失业数据"
    heading = ["证件号码", "姓名", "就业状态", "开始日期"]
    rows = [
        [county.numbers["张建国"], "张建国", "失业", "2022-05-11"],
        [county.numbers["王秀英"], "王秀英", "失业", "2022-06-02"],
        [county.numbers["李丽"], "李丽", "失业", "2022-06-03"],
    ]
    county.send("employment", [heading, *rows], period="2022-06")
    one = found("unemployment")
    assert one.is_reached is True
    assert "增 100.0%" in one.figure
    assert found("unemployment", on=dt.date(2022, 6, 12)).why.endswith("不能算增幅")
