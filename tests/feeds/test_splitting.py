"""hengshui-2022-1#C.2.1.2: the province's list for several counties is split, and the sum always adds up."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.feeds import actions, queries
from shouwang.feeds.models import PendingRow
from shouwang.foundation.errors import NotPermittedError
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import HENGSHUI, NOW, TAOCHENG, WUYI

from .test_importing import parts_add_up

HEADING = ["县", "身份证号", "姓名", "事故类型", "发生日期"]
GUCHENG = "131126000000"


@pytest.fixture
def city(county):
    """桃城区 with 孟庆, 武邑县 with 冯刚; 故城县 has no register yet."""
    county.person("孟庆", dt.date(1977, 7, 7), region_code="131102100201")
    county.person("冯刚", dt.date(1988, 8, 8), region_code="131122100201")
    factories.write_snapshot(TAOCHENG)
    factories.write_snapshot(WUYI)
    return county


def push(city, *lines, day="2022-06-02"):
    rows = [[*line, "交通事故", day] for line in lines]
    return city.send("accident", [HEADING, *rows], region_code=HENGSHUI)


def test_each_row_goes_to_its_person_s_county_whatever_the_list_says(city):
    meng, feng, zhang = (city.numbers[name] for name in ("孟庆", "冯刚", "张建国"))
    outcome = push(
        city,
        ["桃城区", meng, "孟庆"],
        ["", feng, "冯刚"],
        ["武邑", city.numbers["孟庆"], "孟青"],  # a homophone: doubtful, in the county of the number's owner
        ["故城县", factories.identity_number(area="131126"), "宋江"],  # unmatched, in the county that the list names
        ["不知何县", factories.identity_number(area="131199"), "武松"],  # unmatched, stays with the city
        ["", zhang, "张建国"],  # another city's county
        ["桃城区", meng, "孟庆"],  # told twice
        ["桃城区", "1.31102E+17", "孟庆"],
    )
    assert outcome.counts == {
        "rows": 8,
        "pushed": 5,
        "doubtful": 0,
        "unmatched": 1,
        "other_county": 1,
        "refused": 1,
    }
    assert parts_add_up(outcome.counts)
    shares = {share.county_code: share.counts for share in outcome.shares}
    assert {
        code: (one["rows"], one["taken"], one["known"], one["doubtful"], one["unmatched"])
        for code, one in shares.items()
    } == {
        TAOCHENG: (3, 1, 1, 1, 0),
        WUYI: (1, 1, 0, 0, 0),
        GUCHENG: (1, 0, 0, 0, 1),
    }
    assert all(parts_add_up(counts) for counts in shares.values())
    assert sum(counts["rows"] for counts in shares.values()) == outcome.counts["pushed"]
    taken = city.facts("accident", "row, person_key", county=TAOCHENG)
    assert taken == [(8, city.people["孟庆"].pk)]
    assert city.facts("accident", "row, person_key", county=WUYI) == [(3, city.people["冯刚"].pk)]


def test_a_county_sees_its_share_and_nothing_of_the_others_or_of_the_city(city):
    outcome = push(
        city,
        ["", city.numbers["孟庆"], "孟青"],
        ["", city.numbers["冯刚"], "冯刚"],
        ["何处", factories.identity_number(), "武松"],
    )
    taocheng = Scope.of(factories.county_officer_sun(TAOCHENG))
    wuyi = Scope.of(factories.neighbour_li(WUYI))
    whole = Scope.of(factories.city_officer_zhou())
    assert [batch.region_code for batch in queries.batches(scope=taocheng)] == [TAOCHENG]
    assert queries.pending_rows(scope=taocheng).count() == 1
    assert queries.pending_rows(scope=wuyi).count() == 0
    assert queries.batch(scope=wuyi, batch_id=outcome.batch.pk) is None
    assert queries.pending_rows(scope=whole).count() == 2
    shown = {part.label: part.count for part in queries.pushed(scope=whole, batch_id=outcome.batch.pk)}
    assert shown == {"桃城区": 1, "武邑县": 1, "未匹配": 1}
    assert sum(shown.values()) == outcome.counts["rows"]
    assert [part.label for part in queries.pushed(scope=wuyi, batch_id=outcome.batch.pk)] == ["武邑县"]


def test_the_same_list_twice_is_pushed_once(city):
    first = push(city, ["", city.numbers["孟庆"], "孟庆"])
    second = push(city, ["", city.numbers["孟庆"], "孟庆"])
    assert not second.is_new
    assert [share.counts for share in second.shares] == [share.counts for share in first.shares]
    assert Batch.objects.filter(purpose="feed").count() == 2  # the list and one share


def test_a_row_that_the_city_decides_on_moves_to_the_county_of_the_person(city):
    outcome = push(city, ["", "", "冯刚"], ["", "", "孟庆"])
    # one name, one county: each waits in its county, not with the city
    assert {row.region_code for row in PendingRow.objects.all()} == {TAOCHENG, WUYI}
    city.person("冯刚", dt.date(1990, 1, 1), region_code="131102100201")
    factories.write_snapshot(TAOCHENG, period="2022-06")
    again = push(city, ["", "", "冯刚"], day="2022-06-09")
    row = PendingRow.objects.get(batch=again.batch)
    assert row.region_code == HENGSHUI
    actions.decide(pending_row=row, person=city.people["冯刚"], by=factories.city_officer_zhou(), now=NOW)
    batch = Batch.objects.get(pk=again.batch.pk)
    assert (batch.counts["pushed"], batch.counts["doubtful"]) == (1, 0)
    share = batch.parts.get()
    assert (share.region_code, share.counts["rows"], share.counts["taken"]) == (TAOCHENG, 1, 1)
    assert parts_add_up(batch.counts) and parts_add_up(share.counts)
    assert city.facts("accident", "batch, person_key", county=TAOCHENG) == [(share.pk, city.people["冯刚"].pk)]
    assert outcome.counts["pushed"] == 2


def test_reverting_the_list_takes_every_share_with_it(city):
    outcome = push(city, ["", city.numbers["孟庆"], "孟庆"], ["", city.numbers["冯刚"], "冯刚"])
    with pytest.raises(NotPermittedError):
        actions.revert(batch=outcome.batch, by=factories.county_officer_sun(TAOCHENG), reason="不对", now=NOW)
    actions.revert(batch=outcome.batch, by=None, reason="省里重发", now=NOW)
    assert set(Batch.objects.filter(purpose="feed").values_list("state", flat=True)) == {BatchState.REVERTED}
    assert city.facts("accident", county=TAOCHENG) == city.facts("accident", county=WUYI) == []


def test_a_county_that_reverts_its_share_leaves_the_sum_whole(city):
    outcome = push(city, ["", city.numbers["孟庆"], "孟庆"], ["", city.numbers["冯刚"], "冯刚"])
    share = Batch.objects.get(region_code=TAOCHENG, purpose="feed")
    actions.revert(batch=share, by=None, reason="已在别处核实", now=NOW)
    batch = Batch.objects.get(pk=outcome.batch.pk)
    assert (batch.counts["pushed"], batch.counts["withdrawn"]) == (1, 1)
    assert parts_add_up(batch.counts)
    assert len(city.facts("accident", county=WUYI)) == 1


def test_a_dry_run_of_a_list_shows_the_shares(city):
    rows = [HEADING, ["", city.numbers["孟庆"], "孟庆", "交通事故", "2022-06-02"]]
    outcome = city.send("accident", rows, region_code=HENGSHUI, dry_run=True)
    assert [(share.county_code, share.counts["taken"]) for share in outcome.shares] == [(TAOCHENG, 1)]
    assert not Batch.objects.filter(purpose="feed").exists()


def test_households_and_villages_are_split_by_where_they_lie(city):
    heading = ["户编号", "月份", "工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出"]
    amounts = ["1", "1", "1", "1", "1"]
    lines = [[city.households[name].household_no, "2022-06", *amounts] for name in ("孟庆", "冯刚", "张建国")]
    outcome = city.send("monthly_income", [heading, *lines, ["没有的户", "2022-06", *amounts]], region_code=HENGSHUI)
    assert {key: outcome.counts[key] for key in ("rows", "pushed", "unmatched", "other_county")} == {
        "rows": 4,
        "pushed": 2,
        "unmatched": 1,
        "other_county": 1,
    }
    assert [row.reason for row in PendingRow.objects.order_by("row_number")] == [
        "户编号属于其他县",
        "档案中没有这个户编号",
    ]
