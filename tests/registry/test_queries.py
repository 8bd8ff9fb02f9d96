"""Lists of households, where every field comes from, and who sees what."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation.models import Account, AuditEvent
from shouwang.organisation.scope import Scope
from shouwang.registry import actions, queries
from shouwang.registry.models import Household, Monitoring
from shouwang.registry.queries import HouseholdFilter
from tests.factories import NOW

from .samples import (
    DONGGUAN,
    MAY,
    XIGUAN,
    ZHANG,
    household,
    import_rows,
    monitored,
    person,
    the_household,
    the_person,
)


def found(account: Account, **wanted: object) -> list[str]:
    rows = queries.households(scope=Scope.of(account), wanted=HouseholdFilter(**wanted))  # type: ignore[arg-type]
    return [row.household_no[-1] for row in rows]


@pytest.fixture
def register(tmp_path: Path) -> None:
    import_rows(
        tmp_path,
        [household(1), household(2, 户主姓名="李四", 户类型="一般农户"), household(3, 村="西关村")],
        period=MAY,
    )
    import_rows(tmp_path, [person(1, 1, 证件号码=ZHANG), person(2, 1, 姓名="李小五")])
    import_rows(tmp_path, [monitored(2), monitored(3, 村="西关村", 监测对象类别="脱贫不稳定户", 风险是否已消除="是")])


def test_everyone_sees_the_own_place_and_the_neighbour_nothing(
    register: None, sun: Account, qian: Account, zhao: Account, li: Account
) -> None:
    assert found(sun) == found(qian) == ["1", "2", "3"] and found(zhao) == ["1", "2"]
    assert found(li) == [] and queries.households(scope=Scope.of(li)).count() == 0
    for text in ("张一", "5306300000001", ZHANG):
        assert found(li, text=text) == []
    with pytest.raises(NotPermittedError):
        found(li, region_code="130630")
    assert queries.household(scope=Scope.of(li), household_no="5306300000001") is None
    assert queries.household(scope=Scope.of(zhao), household_no="5306300000003") is None
    assert queries.household(scope=Scope.of(zhao), household_no="5306300000001") == the_household("5306300000001")


def test_a_record_without_region_is_seen_by_nobody(register: None, sun: Account) -> None:
    Household.objects.filter(household_no="5306300000001").update(region_code="")
    assert found(sun) == ["2", "3"]
    assert queries.households(scope=Scope.everything()).count() == 2


def test_filters_narrow_the_list(register: None, sun: Account) -> None:
    assert found(sun, household_type="脱贫户") == ["1", "3"]
    assert found(sun, is_monitored=True) == ["2"], "3 is cleared"
    assert found(sun, is_monitored=False) == ["1", "3"]
    assert found(sun, object_category="边缘易致贫户") == ["2"] and found(sun, object_category="脱贫不稳定户") == []
    assert found(sun, region_code=XIGUAN if Household.objects.filter(region_code=XIGUAN).exists() else DONGGUAN)


def test_a_household_is_found_by_number_name_and_identity_number(register: None, sun: Account) -> None:
    assert found(sun, text="5306300000002") == ["2"] and found(sun, text="530630") == ["1", "2", "3"]
    assert found(sun, text="李") == ["2"] and found(sun, text="李小") == ["2"], "a member's name finds the household"
    assert found(sun, text=ZHANG) == ["1"] and found(sun, text=ZHANG[:6] + ZHANG[8:17]) == ["1"]
    assert found(sun, text="王") == []


def test_pages_go_on_where_the_last_one_ended(register: None, sun: Account) -> None:
    rows = queries.households(scope=Scope.of(sun))
    first = queries.page(rows, limit=2)
    last = first[-1]
    second = queries.page(rows, after=(last.region_code, last.household_no), limit=2)
    assert [row.household_no[-1] for row in first + second] == ["1", "2", "3"]


def test_what_the_newest_file_does_not_name_is_listed(register: None, tmp_path: Path, sun: Account) -> None:
    import_rows(tmp_path, [household(1)])
    assert found(sun, is_missing=True) == ["2"]


def test_a_field_knows_its_file_row_and_what_stood_there_before(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1)], period=MAY, name="五月.csv")
    import_rows(tmp_path, [person(1, 2), person(1, 1, 健康状况="残疾")], name="六月.csv")
    last = import_rows(
        tmp_path, [person(1, 2), person(1, 1, 健康状况="患有大病", 成员联系电话="15400000000")], name="六月改.csv"
    ).batch
    sources = {source.heading: source for source in queries.field_sources(record=the_person("530630000000101"))}
    health, school, phone = sources["健康状况"], sources["文化程度"], sources["成员联系电话"]
    assert (health.value, health.batch and health.batch.file_name, health.row_number) == ("患有大病", "六月改.csv", 3)
    assert [(one.value, one.batch.file_name) for one in health.previous] == [
        ("残疾", "六月改.csv"),
        ("健康", "六月.csv"),
    ]
    assert school.batch and (school.batch.file_name, school.period, school.row_number) == ("五月.csv", "2022-05", 2)
    assert phone.is_secret and phone.previous[0].value == "15487654321" and not health.is_secret
    events = queries.timeline(household=the_household("5306300000001"))
    assert [(event.label, event.subject, event.headings) for event in events if event.batch == last] == [
        ("变更", "张一", ("成员联系电话", "健康状况"))
    ]
    assert last
    actions.revert(batch=last, by=None, reason="发错了", now=NOW)
    sources = {source.heading: source for source in queries.field_sources(record=the_person("530630000000101"))}
    assert sources["健康状况"].value == "残疾" and sources["健康状况"].batch.file_name == "六月.csv"  # type: ignore[union-attr]


def test_a_number_is_shown_in_full_only_with_permission_and_reason_and_it_is_logged(
    register: None, sun: Account, zhao: Account, li: Account
) -> None:
    someone = the_person("530630000000101")
    for stranger in (zhao, li):
        with pytest.raises(NotPermittedError):
            actions.unmask(person=someone, by=stranger, reason="核对身份")
    with pytest.raises(UserError, match="没有写明查看事由"):
        actions.unmask(person=someone, by=sun, reason="看")
    assert not AuditEvent.objects.filter(action="查看完整证件号码").exists()
    assert actions.unmask(person=someone, by=sun, reason="核对身份")["证件号码"] == ZHANG
    line = AuditEvent.objects.get(action="查看完整证件号码")
    assert line.by == sun and line.reason == "核对身份" and line.target == "人口编号 530630000000101"
    assert ZHANG not in f"{line.detail}{line.target}"
    assert Monitoring.objects.count() == 2
