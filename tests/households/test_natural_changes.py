"""H-20: a death and a birth in one household stand on the month's list, one less and one more, its size unchanged."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.feeds import actions as feeds
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.households import change_lists, natural_changes
from shouwang.households.models import NaturalChange
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Person
from tests import factories
from tests.factories import LAIYUAN, NOW
from tests.feeds.conftest import county  # noqa: F401

from . import places

JUNE, JULY = Month(2022, 6), dt.date(2022, 7, 5)
HEADING = ["证件号码", "姓名", "变动类型", "变动日期", "户编号"]
# written out: regions are asked of the database, which is not there yet while tests are collected
OURS = Scope(((LAIYUAN, "130631000000"),))


@pytest.fixture
def dwelling(county):  # noqa: F811
    Household.objects.filter(pk=county.households["张建国"].pk).update(registered_size=2)
    return Household.objects.get(pk=county.households["张建国"].pk)


def send(county, *rows, period="2022-06"):  # noqa: F811
    return county.send("population_change", [HEADING, *rows], period=period).batch


def death(county, name="李丽", day="2022-06-18"):  # noqa: F811
    return [county.numbers[name], name, "死亡", day, ""]


def birth(dwelling, day="2022-06-20"):
    return [factories.identity_number(born_on=dt.date(2022, 6, 20)), "张小宝", "出生", day, dwelling.household_no]


def generate(month=JUNE, by=None):
    return natural_changes.generate(region_code=LAIYUAN, month=month, by=by, now=NOW)


def confirm(change, by, **told):
    return natural_changes.confirm(change=change, by=by, now=NOW, **told)


def test_a_death_and_a_birth_leave_the_household_as_large_as_it_was(county, dwelling):  # noqa: F811
    send(county, birth(dwelling), death(county))
    assert generate().new_count == 2
    rows = NaturalChange.objects.order_by("changed_on")
    assert [(row.kind, row.effect, row.changed_on.day, row.size_before) for row in rows] == [
        ("死亡", -1, 18, 2),
        ("出生", 1, 20, 1),
    ]
    assert rows[0].person == county.people["李丽"] and rows[1].person is None
    (line,) = change_lists.households(scope=OURS, month=JUNE)
    assert (line.added, line.removed, line.size_before, line.size_after) == (1, 1, 2, 2)


def test_generating_again_changes_nothing(county, dwelling):  # noqa: F811
    send(county, death(county), birth(dwelling))
    generate()
    again = generate()
    assert (again.new_count, again.taken_away_count, again.withdrawn_count) == (0, 0, 0)
    assert NaturalChange.objects.count() == 2


def test_each_month_has_its_own_list(county, dwelling):  # noqa: F811
    send(county, death(county))
    send(county, [county.numbers["王秀英"], "王秀英", "迁出", "2022-07-02", ""], period="2022-07")
    assert generate(Month(2022, 7)).new_count == 1
    assert NaturalChange.objects.get().kind == "迁出"


def test_a_file_taken_back_takes_its_unconfirmed_rows_and_marks_the_confirmed(county, dwelling):  # noqa: F811
    batch = send(county, death(county), birth(dwelling))
    generate()
    zhao = factories.grid_worker_zhao(dwelling.region_code)
    confirm(NaturalChange.objects.get(kind="死亡"), zhao)
    feeds.revert(batch=batch, by=None, reason="报错了月份", now=NOW)
    done = generate()
    assert (done.taken_away_count, done.withdrawn_count) == (1, 1)
    left = NaturalChange.objects.get()
    assert (left.kind, left.state, left.is_evidence_withdrawn) == ("死亡", "confirmed", True)
    assert generate().withdrawn_count == 0


def test_a_newcomer_gets_a_name_from_the_village_and_a_sound_number(county, dwelling):  # noqa: F811
    send(county, birth(dwelling))
    generate()
    change, zhao = NaturalChange.objects.get(), factories.grid_worker_zhao(dwelling.region_code)
    with pytest.raises(UserError, match="请写新增人员的姓名"):
        confirm(change, zhao)
    with pytest.raises(UserError, match="校验位"):
        confirm(change, zhao, name="张小宝", number="130630202206200011")
    number = factories.identity_number(born_on=dt.date(2022, 6, 20))
    kept = confirm(change, zhao, name="张小宝", relation="之孙子", number=number)
    assert kept.state == "confirmed" and number.encode() not in bytes(kept.secrets)
    with pytest.raises(ConflictError):
        confirm(change, zhao, name="另一个")


def test_what_a_visit_told_is_not_listed_twice_when_the_file_comes(county, dwelling):  # noqa: F811
    zhao = factories.grid_worker_zhao(dwelling.region_code)
    told = natural_changes.tell(
        household=dwelling,
        kind="死亡",
        changed_on=dt.date(2022, 6, 18),
        person=county.people["李丽"],
        by=zhao,
        today=dt.date(2022, 6, 25),
        now=NOW,
    )
    assert (told.month, told.state, told.size_before) == ("2022-06", "confirmed", 2)
    send(county, death(county))
    assert generate().new_count == 0
    with pytest.raises(ConflictError, match="已经登记过"):
        natural_changes.tell(
            household=dwelling,
            kind="死亡",
            changed_on=dt.date(2022, 6, 18),
            person=county.people["李丽"],
            by=zhao,
            today=dt.date(2022, 6, 25),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"kind": "死亡", "person": None}, "须选择是谁"),
        ({"kind": "出生", "person": None, "name": " "}, "须写姓名"),
        ({"kind": "搬家", "person": None}, "没有“搬家”这种变动"),
        ({"kind": "死亡", "person": "王秀英"}, "不在这一户"),
        ({"kind": "出生", "person": None, "name": "宝", "changed_on": dt.date(2022, 7, 6)}, "还没有到"),
    ],
)
def test_a_visit_tells_something_whole(county, dwelling, told, sentence):  # noqa: F811
    told = {"changed_on": dt.date(2022, 6, 18)} | told
    told["person"] = county.people.get(told["person"])
    with pytest.raises(UserError, match=sentence):
        natural_changes.tell(
            household=dwelling, by=factories.grid_worker_zhao(dwelling.region_code), today=JULY, now=NOW, **told
        )


def test_a_person_who_left_the_register_counts_as_entered(county, dwelling):  # noqa: F811
    send(county, death(county))
    generate()
    confirm(NaturalChange.objects.get(), factories.grid_worker_zhao(dwelling.region_code))
    assert generate().entered_count == 0
    Person.objects.filter(pk=county.people["李丽"].pk).update(missing_since="2022-07")
    assert generate().entered_count == 1
    assert NaturalChange.objects.get().state == "entered"


def test_a_death_shows_at_the_household_s_open_case(county, dwelling):  # noqa: F811
    case = places.case(household=dwelling)
    send(county, death(county))
    generate()
    assert [change.kind for change in change_lists.of_case(case)] == ["死亡"]
    confirm(NaturalChange.objects.get(), factories.grid_worker_zhao(dwelling.region_code))
    assert change_lists.affected_cases(scope=OURS, month=JUNE) == [case]


def test_the_month_s_figures_by_village_add_up(county, dwelling):  # noqa: F811
    send(county, death(county), birth(dwelling), [county.numbers["王秀英"], "王秀英", "迁出", "2022-06-02", ""])
    generate()
    natural_changes.reject(
        change=NaturalChange.objects.get(kind="迁出"),
        reason="仍住本村",
        by=factories.county_officer_sun(),
        now=NOW,
    )
    figures = {line.region_code: line for line in change_lists.by_division(scope=OURS, month=JUNE, digits=12)}
    ours = figures[dwelling.region_code]
    assert (ours.added, ours.removed, ours.to_confirm, ours.rejected) == (1, 1, 2, 0)
    theirs = figures[county.households["王秀英"].region_code]
    assert (theirs.added, theirs.removed, theirs.to_confirm, theirs.rejected) == (0, 0, 0, 1)


def test_confirmed_rows_leave_in_the_layout_of_the_national_person_sheet(county, dwelling):  # noqa: F811
    from shouwang.foundation import secrets

    li = county.people["李丽"]
    li.columns = {"姓名": "李丽", "民族": "汉族", "户编号": dwelling.household_no}
    li.secrets = secrets.load().encrypt_values({"证件号码": county.numbers["李丽"]})
    li.save()
    send(county, death(county), birth(dwelling))
    generate()
    sun = factories.county_officer_sun()
    number = factories.identity_number(born_on=dt.date(2022, 6, 20))
    confirm(NaturalChange.objects.get(kind="死亡"), sun)
    confirm(NaturalChange.objects.get(kind="出生"), sun, name="张小宝", relation="之孙子", number=number)
    headings, rows = change_lists.national_rows(region_code=LAIYUAN, month=JUNE, by=sun)
    assert headings[:4] == ["变更类型", "变更原因", "变更时间", "变更前人口数"]
    lines = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(one["变更类型"], one["变更原因"], one["变更时间"]) for one in lines] == [
        ("自然减少", "死亡", "2022-06-18"),
        ("自然增加", "出生", "2022-06-20"),
    ]
    assert (lines[0]["姓名"], lines[0]["证件号码"], lines[0]["民族"]) == ("李丽", county.numbers["李丽"], "汉族")
    assert (lines[1]["姓名"], lines[1]["证件号码"], lines[1]["户编号"]) == ("张小宝", number, dwelling.household_no)
    assert lines[1]["与户主关系"] == "之孙子"
    assert all(isinstance(cell, str) for row in rows for cell in row)


def test_who_may_do_what(county, dwelling):  # noqa: F811
    send(county, death(county))
    li = factories.neighbour_li()
    with pytest.raises(NotPermittedError):
        generate(by=li)
    generate()
    change = NaturalChange.objects.get()
    with pytest.raises(NotPermittedError):
        confirm(change, li)
    with pytest.raises(NotPermittedError):
        confirm(change, factories.grid_worker_zhao("130630100202"))
    with pytest.raises(NotPermittedError):
        change_lists.national_rows(region_code=LAIYUAN, month=JUNE, by=li)
    with pytest.raises(NotPermittedError):
        change_lists.national_rows(region_code=LAIYUAN, month=JUNE, by=factories.grid_worker_zhao(dwelling.region_code))
    theirs = Scope.of(li)
    assert change_lists.households(scope=theirs, month=JUNE) == []
    assert change_lists.by_division(scope=theirs, month=JUNE, digits=12) == []
    assert natural_changes.mark_entered(scope=OURS, month=JUNE, by=li, now=NOW, changes=[change.pk]) == 0
