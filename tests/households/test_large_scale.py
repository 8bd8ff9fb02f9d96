"""A large-scale event: its area and facts make a screening list, ticked households get leads, a report closes it."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.casework.models import Lead, Signal
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households import large_scale
from shouwang.organisation.scope import Scope
from shouwang.registry.models import OutWork
from tests import factories
from tests.factories import LAIYUAN, NOW
from tests.feeds.conftest import county  # noqa: F401

TOWNSHIP, OTHER = "130630100000", "130630101000"
STORM, TODAY = dt.date(2022, 7, 10), dt.date(2022, 7, 12)
# written out: regions are asked of the database, which is not there yet while tests are collected
OURS = Scope(((LAIYUAN, "130631000000"),))


@pytest.fixture
def sun(county):  # noqa: F811
    return factories.county_officer_sun()


def register(by, basis=large_scale.ALL, **told):
    told = {"kind": "natural_disaster", "title": "暴雨", "region_code": LAIYUAN, "source": "应急局"} | told
    told.setdefault("happened_on", STORM)
    return large_scale.register(basis=basis, by=by, today=TODAY, now=NOW, policies=policy.load(), **told)


def screen(event, by, affected=(), not_affected=()):
    return large_scale.screen(
        event=event,
        affected=[home.pk for home in affected],
        not_affected=[home.pk for home in not_affected],
        by=by,
        today=TODAY,
        now=NOW,
        policies=policy.load(),
    )


def listed(event, scope=OURS):
    return [row.household.head_name for row in large_scale.screened(event=event, scope=scope)]


def test_households_with_losses_since_the_event_are_listed_with_the_fact(county, sun):  # noqa: F811
    heading = ["户主证件号码", "户主姓名", "灾种", "发生日期", "损失金额"]
    rows = [
        [county.numbers["张建国"], "张建国", "洪涝", "2022-07-11", "12000"],
        [county.numbers["王秀英"], "王秀英", "洪涝", "2022-07-02", "500"],
    ]
    county.send("disaster_loss", [heading, *rows], period="2022-07")
    event = register(sun, basis="")
    assert listed(event) == ["张建国"]
    assert event.households.get().fact == "洪涝，损失 12,000 元"


def test_the_area_of_the_event_bounds_the_list(county, sun):  # noqa: F811
    assert listed(register(sun, areas=[OTHER])) == ["王秀英"]
    assert len(listed(register(sun))) == 2
    with pytest.raises(UserError, match="不在所选区域内"):
        register(sun, areas=["130633100000"])


def test_out_workers_are_counted_by_household(county, sun):  # noqa: F811
    for name, is_working in (("张建国", True), ("李丽", True), ("王秀英", False)):
        person = county.people[name]
        OutWork.objects.create(
            person=person, region_code=person.region_code, period="2022-05", digest="", is_working=is_working
        )
    event = register(sun, kind="unemployment", basis="")
    assert [(row.household.head_name, row.fact) for row in event.households.all()] == [("张建国", "外出务工 2 人")]


def test_the_affected_get_one_lead_on_the_clock_and_asking_twice_gives_no_second(county, sun):  # noqa: F811
    event = register(sun)
    zhang, wang = county.households["张建国"], county.households["王秀英"]
    assert screen(event, sun, [zhang], [wang]) == 1
    lead = Lead.objects.get()
    assert (lead.household, lead.channels, lead.opened_on) == (zhang, ["event"], TODAY)
    assert Signal.objects.get().risk == "disaster" and lead.due_on is not None
    assert screen(event, sun, [zhang, wang]) == 0
    assert Lead.objects.count() == 1
    progress = large_scale.progress(event=event, scope=OURS)
    assert (progress.households, progress.checked, progress.affected, progress.leads) == (2, 2, 1, 1)


def test_a_household_outside_the_list_or_the_scope_is_left_alone(county, sun):  # noqa: F811
    event = register(sun, areas=[OTHER])
    assert screen(event, sun, [county.households["张建国"]]) == 0
    zhao = factories.grid_worker_zhao("130630100201")
    assert screen(event, zhao, [county.households["王秀英"]]) == 0
    assert not Lead.objects.exists()


def test_an_event_ends_with_a_report_once_everybody_was_asked(county, sun):  # noqa: F811
    event = register(sun)
    close = {"event": event, "by": sun, "today": TODAY, "now": NOW}
    with pytest.raises(UserError, match="还有 2 户没有排查"):
        large_scale.close(report="已排查", **close)
    screen(event, sun, [], county.households.values())
    with pytest.raises(UserError, match="办结须写报告"):
        large_scale.close(report=" ", **close)
    large_scale.note(event=event, text="转移安置", by=sun, today=TODAY, now=NOW)
    large_scale.close(report="全部排查，无返贫风险", **close)
    assert [entry.what for entry in event.entries.order_by("pk")] == ["登记事件", "登记排查结果", "防范措施", "办结"]
    with pytest.raises(ConflictError):
        large_scale.close(report="再来一次", **close)
    with pytest.raises(ConflictError):
        screen(event, sun, county.households.values())


def test_without_a_limit_of_a_document_the_screening_has_no_day_and_says_why(county, sun):  # noqa: F811
    event = register(sun)
    assert event.due_on is None and event.due_parameter["why"]


def test_five_kinds_and_no_other(county, sun):  # noqa: F811
    found = large_scale.kinds(region_code="131102000000", on=TODAY, policies=policy.load())
    assert len(found) == 5 and found["price_fall"] == "大宗农副产品价格持续大幅下跌"
    with pytest.raises(UserError, match="没有“earthquake_cloud”"):
        register(sun, kind="earthquake_cloud")
    with pytest.raises(UserError, match="还没有到"):
        register(sun, happened_on=dt.date(2022, 7, 13))


def test_the_neighbour_finds_nothing(county, sun):  # noqa: F811
    event = register(sun)
    li = factories.neighbour_li()
    theirs = Scope.of(li)
    assert not large_scale.events(scope=theirs).exists()
    assert listed(event, theirs) == []
    assert screen(event, li, county.households.values()) == 0
    for attempt in (
        lambda: register(li),
        lambda: large_scale.note(event=event, text="x", by=li, today=TODAY, now=NOW),
        lambda: large_scale.close(event=event, report="x", by=li, today=TODAY, now=NOW),
    ):
        with pytest.raises(NotPermittedError):
            attempt()
