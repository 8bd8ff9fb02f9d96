"""Archive, platform and reality compared in sets: what differs is open until settled, silence is no difference, a stranger has nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households.archive import actions, comparing, queries
from shouwang.households.models import ArchiveDifference, IncomeMonth, NaturalChange, Responsibility
from shouwang.households.visits import campaigns
from shouwang.organisation.models import StaffMember
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Monitoring, OutWork
from tests import factories
from tests.factories import LAIYUAN

from . import places
from .visits.lane import NOW, TODAY, VILLAGE, Lane, confirmed, progress, visited


@pytest.fixture
def lane(db) -> Lane:
    return Lane()


XUCHANG = "411003000000"


def compare(by=None, today=TODAY):
    return actions.compare(county=LAIYUAN, by=by, today=today, now=NOW)


def open_ones() -> dict[tuple[str, str], tuple[str, str, str, str]]:
    rows = queries.differences(scope=Scope.of_region(LAIYUAN))
    return {(one.household.head_name, one.item): (one.kind, one.archive, one.system, one.reality) for one in rows}


def listed(home: Household, category: str = "脱贫不稳定户", risks=("因病",), **more) -> Monitoring:
    columns = {"监测联系人": more.pop("contact", "")}
    told = {"object_category": category, "risks": list(risks), "columns": columns, "period": "2022-06", "digest": ""}
    return Monitoring.objects.create(household=home, region_code=home.region_code, **told | more)


def test_where_all_agree_or_say_nothing_there_is_no_difference(lane: Lane) -> None:
    home = lane.home()
    listed(lane.home("乙秀英"), contact="王联系")
    lane.one(confirmed(home))
    made = compare()
    assert open_ones() == {} and (made.household_count, made.counts["found"]) == (2, 0)
    assert made.register_period == "2022-05"


def test_the_number_of_people_is_compared_between_sheets_and_with_what_visits_told(lane: Lane) -> None:
    wrong, born = lane.home("甲建国"), lane.home("乙秀英")
    Household.objects.filter(pk=wrong.pk).update(registered_size=3)
    told = {"change_kind": "出生", "change_name": "乙之女", "change_on": "2022-07-10"}
    lane.one(visited(born, told))
    compare()
    assert open_ones() == {
        ("甲建国", "size"): ("accounts", "3人", "1人", ""),
        ("乙秀英", "size"): ("accounts", "1人", "2人", "2人"),
    }
    NaturalChange.objects.update(state="entered")
    compare()
    assert ("乙秀英", "size") not in open_ones(), "entered in the national system: its next file will say so"


def test_category_risks_and_contact_are_held_against_the_newest_episode(lane: Lane) -> None:
    for name, category in (("甲建国", "脱贫不稳定户"), ("乙秀英", "边缘易致贫户")):
        listed(lane.home(name), category, contact="王联系")
        places.case(household=lane.homes[name])
    places.case(household=lane.home("丙海生"))
    listed(lane.home("丁玉兰"))
    places.case(household=lane.homes["丁玉兰"], cleared_on=TODAY)
    staff = StaffMember.objects.create(name="李联系")
    Responsibility.objects.create(
        household=lane.homes["乙秀英"],
        region_code=VILLAGE,
        kind="contact",
        staff=staff,
        from_on=dt.date(2022, 1, 1),
        at=NOW,
    )
    compare()
    assert open_ones() == {
        ("甲建国", "category"): ("accounts", "脱贫不稳定户", "边缘易致贫户", ""),
        ("乙秀英", "contact"): ("accounts", "王联系", "李联系", ""),
        ("丙海生", "category"): ("accounts", "不是监测对象", "边缘易致贫户", ""),
        ("丁玉兰", "category"): ("accounts", "脱贫不稳定户", "风险已消除", ""),
    }
    Monitoring.objects.filter(household=lane.homes["甲建国"]).update(
        object_category="边缘易致贫户", risks=["因病", "因学"]
    )
    compare()
    assert open_ones()["甲建国", "risk"] == ("accounts", "因学、因病", "因病", "")


def test_the_newest_visit_counts_for_who_is_there_for_housing_and_for_work(lane: Lane) -> None:
    gone = lane.home("甲建国")
    back = lane.home("乙秀英")
    unsafe = lane.home("丙海生", 是否危房户="否", 是否解决安全饮用水="是")
    lane.one(visited(gone, result="moved"))
    lane.one(visited(unsafe, {"problems": ["housing", "income"]}))
    worker = lane.home("丁玉兰").persons.get()
    OutWork.objects.create(
        person=worker, region_code=VILLAGE, period="2022-06", digest="", is_working=True, place="山东"
    )
    lane.one(visited(lane.homes["丁玉兰"], {"work_kind": "came_back", "work_member": str(worker.pk)}))
    compare()
    assert open_ones() == {
        ("甲建国", "presence"): ("reality", "在册", "", "已迁出"),
        ("丙海生", "housing"): ("reality", "不是危房户", "", "住房不安全"),
        ("丁玉兰", "work"): ("reality", "丁玉兰 务工 山东", "", "丁玉兰 返乡在家"),
    }
    lane.one(confirmed(gone, on="2022-07-18", made_at="2022-07-18T11:00:00+08:00"))
    assert back.pk not in {one.household_id for one in ArchiveDifference.objects.all()}


def test_repeating_changes_nothing_and_what_agrees_again_is_settled_by_itself(lane: Lane) -> None:
    home = lane.home()
    Household.objects.filter(pk=home.pk).update(registered_size=3)
    assert compare().counts == {"found": 1, "new": 1, "kept": 0, "gone": 0}
    assert compare().counts == {"found": 1, "new": 0, "kept": 1, "gone": 0}
    Household.objects.filter(pk=home.pk).update(registered_size=4)
    assert compare().counts["gone"] == 1 and open_ones()["甲建国", "size"][1] == "4人"
    Household.objects.filter(pk=home.pk).update(registered_size=1)
    assert compare().counts == {"found": 0, "new": 0, "kept": 0, "gone": 1}
    assert {one.settled_as for one in ArchiveDifference.objects.all()} == {"gone"}


def settle(by, settled_as="explained", how="户主在外地医院，实际三人"):
    return actions.settle(
        difference=ArchiveDifference.objects.get(settled_on=None), settled_as=settled_as, how=how, by=by, today=TODAY
    )


def test_a_settled_question_stays_settled_and_a_mended_one_until_the_next_file(lane: Lane) -> None:
    home, sun = lane.home(), factories.county_officer_sun()
    Household.objects.filter(pk=home.pk).update(registered_size=3)
    compare()
    with pytest.raises(UserError, match="怎样核对"):
        settle(sun, how=" ")
    with pytest.raises(UserError, match="没有选择"):
        settle(sun, settled_as="gone")
    done = settle(sun)
    with pytest.raises(ConflictError):
        actions.settle(difference=done, settled_as="archive", how="再改", by=sun, today=TODAY)
    assert compare().counts["new"] == 0
    ArchiveDifference.objects.update(settled_as="archive")
    assert compare().counts["new"] == 0, "the national system is mended; its file has not come yet"
    batch = factories.make_batch()
    type(batch).objects.filter(pk=batch.pk).update(applied_at=NOW + dt.timedelta(days=2))
    assert compare().counts["new"] == 1
    ArchiveDifference.objects.filter(settled_on=None).update(
        settled_on=TODAY, settled_as="system", how="已改", settled_by=sun
    )
    ArchiveDifference.objects.filter(settled_as="archive").delete()
    assert compare().counts["new"] == 1, "ours was said to be mended and is not"


def test_the_township_settles_its_own_and_nobody_else_anything(lane: Lane) -> None:
    Household.objects.filter(pk=lane.home().pk).update(registered_size=3)
    li = factories.neighbour_li()
    with pytest.raises(NotPermittedError):
        compare(by=li)
    compare()
    for by in (li, lane.accounts["赵"], factories.township_clerk_qian("130630101000")):
        with pytest.raises(NotPermittedError):
            settle(by)
    assert not queries.differences(scope=Scope.of(li)).exists()
    settle(factories.township_clerk_qian("130630100000"))
    (one,) = queries.sums(scope=Scope.of_region(LAIYUAN), digits=9)
    assert (one.code, one.accounts, one.households, one.settled, one.gone) == ("130630100000", 0, 0, 1, 0)


def test_the_check_of_october_is_a_campaign_that_is_done_when_nothing_is_open(db) -> None:
    village = "411003001001"
    lane = Lane(village=village)
    sound, wrong = lane.home("甲建国"), lane.home("乙秀英")
    Household.objects.filter(pk=wrong.pk).update(registered_size=3)
    today, county = dt.date(2022, 10, 9), XUCHANG
    from shouwang import policy

    held = {one.campaign.code: one for one in campaigns.held(county=county, today=today, policies=policy.load())}
    assert held["archive"].first_on == dt.date(2022, 10, 1)

    def done() -> tuple[int, int]:
        scope = Scope.of_region(county)
        found = progress(running=held["archive"], county=county, scope=scope, today=today)
        figures = found.villages[village]
        return figures.seen_count, figures.wanted_count

    assert done() == (0, 2), "visits do not count; nobody compared yet"
    actions.compare(county=county, by=None, today=today, now=NOW)
    assert done() == (1, 2)
    assert [one.household_id for one in ArchiveDifference.objects.all()] == [wrong.pk] and sound.pk


def test_the_years_income_of_the_sheet_is_held_against_the_ledgers(lane: Lane) -> None:
    sheet = {"工资性收入": "10,000.00", "生产经营性收入": "3000", "财产性收入": "0", "转移性收入": "500.5"}
    sheet |= {"生产经营性支出": "1000", "年度": "2021"}
    same, other, silent = (lane.home(name, **sheet) for name in ("甲建国", "乙秀英", "丙海生"))
    Household.objects.filter(pk=silent.pk).update(columns=sheet | {"财产性收入": ""})
    for home, fen in ((same, 1_250_050), (other, 1_200_000), (silent, 1)):
        IncomeMonth.objects.create(
            household=home, region_code=home.region_code, period="2021", net_fen=fen, line_count=5
        )
        IncomeMonth.objects.create(
            household=home, region_code=home.region_code, period="2022-06", net_fen=7, line_count=5
        )
    compare()
    assert open_ones() == {("乙秀英", "income"): ("accounts", "2021年 12,500.50 元", "2021年 12,000.00 元", "")}
    assert set(comparing.ITEMS) >= {item for _, item in open_ones()}
