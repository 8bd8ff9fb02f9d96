"""Who looks after whom: given, handed on with history, refused where somebody may not, listed where nobody does."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.households import assigning
from shouwang.households import responsibilities as looking_after
from shouwang.households.models import Responsibility
from shouwang.organisation import staffing
from shouwang.organisation.models import PostKind, Unit, UnitKind
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Monitoring
from tests import factories
from tests.factories import LAIYUAN, NOW

from .places import NEXT_VILLAGE, VILLAGE

JULY, AUGUST = dt.date(2022, 7, 1), dt.date(2022, 8, 1)
# written out: regions are asked of the database, which is not there yet while tests are collected
OURS = Scope(((LAIYUAN, "130631000000"),))
pytestmark = pytest.mark.django_db


def appoint(name, village=VILLAGE, kind=PostKind.GRID_WORKER):
    unit = Unit.objects.filter(region_code=village).first() or Unit.objects.create(
        name=f"村{village}", kind=UnitKind.VILLAGE, region_code=village
    )
    post = unit.posts.filter(kind=kind).first() or staffing.create_post(
        unit=unit, kind=kind, title=str(PostKind(kind).label), by=None
    )
    return staffing.appoint(post=post, from_on=dt.date(2022, 1, 1), name=name, by=None)


@pytest.fixture
def wu():
    return appoint("吴网格").staff


@pytest.fixture
def homes():
    return [factories.make_household(region_code=VILLAGE, head_name=name) for name in ("甲", "乙", "丙")]


def give(homes, staff, on=JULY, kind="grid_worker", by=None):
    return assigning.assign(households=homes, kind=kind, staff=staff, from_on=on, by=by, now=NOW)


def lacking(gap="no_grid", on=AUGUST):
    return sorted(home.head_name for home in looking_after.lacking(scope=OURS, gap=gap, on=on))


def test_a_change_ends_one_line_and_begins_the_next_on_the_same_day(homes, wu):
    give(homes, wu)
    zheng = appoint("郑网格").staff
    done = give(homes[:1], zheng, on=AUGUST)
    assert (done.given_count, done.ended_count) == (1, 1)
    lines = looking_after.of_household(household=homes[0])
    assert [(line.staff.name, line.from_on, line.until_on) for line in lines] == [
        ("郑网格", AUGUST, None),
        ("吴网格", JULY, AUGUST),
    ]
    for day, name in ((dt.date(2022, 7, 31), "吴网格"), (AUGUST, "郑网格")):
        assert [line.staff.name for line in looking_after.in_force(on=day).filter(household=homes[0])] == [name]


def test_giving_the_same_households_again_changes_nothing(homes, wu):
    give(homes, wu)
    assert vars(give(homes, wu, on=AUGUST)) == {"given_count": 0, "same_count": 3, "ended_count": 0}
    assert Responsibility.objects.count() == 3


def test_a_wrong_person_can_be_put_right_on_the_same_day(homes, wu):
    give(homes, wu)
    zheng = appoint("郑网格").staff
    give(homes, zheng)
    assert {line.staff for line in looking_after.in_force(on=JULY)} == {zheng}


def test_nobody_takes_over_before_the_one_who_has_it_began(homes, wu):
    give(homes, wu, on=AUGUST)
    with pytest.raises(UserError, match="现任网格员自 2022-08-01 起任职"):
        give(homes, appoint("郑网格").staff, on=JULY)


def test_only_a_grid_worker_of_the_place_in_office_on_the_day_gets_a_grid(homes):
    for staff in (appoint("外村人", NEXT_VILLAGE).staff, appoint("村干部", kind=PostKind.VILLAGE_OFFICER).staff):
        with pytest.raises(UserError, match="不是这里在任的网格员"):
            give(homes, staff)
    gone = appoint("前网格")
    staffing.end_appointment(appointment=gone, until_on=JULY, by=None)
    with pytest.raises(UserError, match="不是这里在任"):
        give(homes, gone.staff)
    assert not Responsibility.objects.exists()


def test_households_of_somebody_who_left_are_listed_as_vacant_and_go_to_the_next(homes, wu):
    give(homes, wu)
    assert lacking() == []
    staffing.end_appointment(appointment=wu.appointments.get(), until_on=AUGUST, by=None)
    assert lacking(on=dt.date(2022, 7, 31)) == []
    assert lacking() == lacking("vacant") == ["丙", "乙", "甲"]
    assert [line.staff.name for line in looking_after.vacant(scope=OURS, on=AUGUST)] == ["吴网格"] * 3
    zheng = appoint("郑网格").staff
    done = assigning.hand_over(
        scope=OURS, kind="grid_worker", from_staff=wu, to_staff=zheng, on=AUGUST, by=None, now=NOW
    )
    assert done.given_count == 3 and lacking() == lacking("vacant") == []


def test_a_village_is_given_at_once_to_those_without_anybody_or_wholly(homes, wu):
    give(homes[:1], wu)
    zheng = appoint("郑网格").staff
    village = {"region_code": VILLAGE, "kind": "grid_worker", "on": AUGUST, "by": None, "now": NOW}
    assert assigning.give_village(staff=zheng, only_without=True, **village).given_count == 2
    with pytest.raises(UserError, match="没有需要落实的户"):
        assigning.give_village(staff=zheng, only_without=True, **village)
    assert assigning.give_village(staff=zheng, only_without=False, **village).given_count == 1


def test_monitored_households_need_a_contact_and_a_support_person(homes, wu):
    for home, is_cleared in zip(homes, (False, False, True), strict=True):
        Monitoring.objects.create(
            household=home, region_code=home.region_code, period="2022-05", digest="", is_cleared=is_cleared
        )
    contact = appoint("联系人", kind=PostKind.MONITORING_CONTACT).staff
    give(homes[:1], contact, kind="contact")
    assert lacking("no_contact") == ["乙"]
    assert lacking("no_support") == ["乙", "甲"]


def test_alleviated_households_without_grid_are_a_list_of_their_own(homes, wu):
    Household.objects.filter(head_name="乙").update(household_type="一般农户")
    Household.objects.filter(head_name="丙").update(is_withdrawn=True)
    assert lacking("alleviated") == ["甲"]
    assert lacking() == ["乙", "甲"]


def test_coverage_by_village_adds_up_to_what_the_lists_show(homes, wu):
    factories.make_household(region_code=NEXT_VILLAGE, head_name="丁")
    give(homes[:2], wu)
    found = looking_after.coverage(scope=OURS, on=AUGUST, digits=12)
    assert {code: (line.household_count, line.missing["no_grid"]) for code, line in found.items()} == {
        VILLAGE: (3, 1),
        NEXT_VILLAGE: (1, 1),
    }
    assert looking_after.coverage(scope=OURS, on=AUGUST, digits=9)["130630100000"].missing["no_grid"] == 2


def test_a_load_far_above_the_middle_stands_out_and_nobody_is_ranked(homes):
    people = [appoint(name).staff for name in ("吴一", "吴二", "吴三")]
    give(homes[:1], people[0])
    give(homes[1:2], people[1])
    give([factories.make_household(region_code=VILLAGE) for _ in range(3)], people[2])
    found = looking_after.loads(scope=OURS, on=AUGUST)
    assert [(one.staff.name, one.household_count, one.is_outlier) for one in found] == [
        ("吴一", 1, False),
        ("吴三", 3, True),
        ("吴二", 1, False),
    ]


def write(tmp_path, *rows):
    path = tmp_path / "责任人.csv"
    with path.open("w", encoding="gbk", newline="") as stream:
        csv.writer(stream).writerows([["农户编号", "职责类型", "责任人姓名", "开始日期"], *rows])
    return path


def import_file(path, by=None, **options):
    return assigning.import_file(path=path, region_code=LAIYUAN, today=AUGUST, by=by, now=NOW, **options)


def test_a_file_is_taken_line_by_line_and_what_is_wrong_comes_back_with_the_reason(homes, wu, tmp_path):
    appoint("吴同名")
    appoint("吴同名")
    theirs = factories.make_household(region_code="130633100201")
    numbers = [home.household_no for home in homes]
    path = write(
        tmp_path,
        [numbers[0], "网格员", "吴网格", "2022-07-01"],
        [numbers[1], "防贫网格员", "吴网格", ""],
        [numbers[1], "网格员", "吴网格", ""],
        [numbers[2], "网格员", "无此人", ""],
        [numbers[2], "网格员", "吴同名", ""],
        [theirs.household_no, "网格员", "吴网格", ""],
        [numbers[2], "村长", "吴网格", ""],
    )
    done = import_file(path)
    assert done.given_count == 2
    assert [(one.row_number, one.column, one.reason.split("：")[-1]) for one in done.refusals] == [
        (4, "户编号", "与第 3 行重复"),
        (5, "责任人", "人员名册里没有这个在任的人"),
        (6, "责任人", "这里有 2 个同名人员"),
        (7, "户编号", f"本区域没有户编号 {theirs.household_no}"),
        (8, "职责类型", "“村长”不在可填的值里"),
    ]
    assert sorted(Responsibility.objects.values_list("from_on", flat=True)) == [JULY, AUGUST]
    assert import_file(path).same_count == 2


def test_trying_a_file_writes_nothing(homes, wu, tmp_path):
    done = import_file(write(tmp_path, [homes[0].household_no, "网格员", "吴网格", ""]), dry_run=True)
    assert done.given_count == 1 and not Responsibility.objects.exists()


def test_who_may_give_households(homes, wu, tmp_path):
    path = write(tmp_path, [homes[0].household_no, "网格员", "吴网格", ""])
    for stranger in (factories.neighbour_li(), factories.grid_worker_zhao(VILLAGE)):
        with pytest.raises(NotPermittedError):
            give(homes, wu, by=stranger)
        with pytest.raises(NotPermittedError):
            import_file(path, by=stranger)
    assert give(homes, wu, by=factories.township_clerk_qian("130630100000")).given_count == 3
    theirs = Scope.of(factories.neighbour_li())
    assert looking_after.coverage(scope=theirs, on=AUGUST, digits=12) == {}
    assert looking_after.loads(scope=theirs, on=AUGUST) == []
