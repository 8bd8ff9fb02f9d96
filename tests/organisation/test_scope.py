"""One predicate decides what an account sees: in a list, in a count, row by row and for a whole region."""

import datetime as dt
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation.models import Account, AuditEvent
from shouwang.organisation.roles import CountyOfficer, GridWorker, TownshipClerk
from shouwang.organisation.scope import Scope
from shouwang.regions import storage
from shouwang.regions.tree import Tree
from tests.regions.random_divisions import ALL_CODES, NEW_CODES, change_lists, changed_table

LAIYUAN, YIXIAN = "130630000000", "130633000000"
LAIYUAN_TOWN, NANGUAN, XINJIE = "130630100000", "130630100203", "130630100201"
NO_DIVISIONS = ["", "130630", "涞源", "13063010020", "999999999999", "abc"]

pytestmark = pytest.mark.django_db


def account(name: str, role: type, region_code: str) -> Account:
    return Account.objects.create_account(login=name, password=None, name=name, role=role.code, region_code=region_code)


def rows_with(codes: list[str]) -> None:
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    AuditEvent.objects.bulk_create(
        AuditEvent(at=now, by_name="试", action="试", region_code=code, previous_hash="", hash=str(number))
        for number, code in enumerate(codes)
    )


def seen(scope: Scope) -> set[str]:
    return set(scope.filter(AuditEvent.objects.all()).values_list("region_code", flat=True))


def test_each_of_the_people_sees_the_own_place_and_what_lies_below() -> None:
    rows_with([LAIYUAN, LAIYUAN_TOWN, NANGUAN, XINJIE, YIXIAN, "130600000000", "130000000000"])
    assert seen(Scope.of(account("县中心孙", CountyOfficer, LAIYUAN))) == {LAIYUAN, LAIYUAN_TOWN, NANGUAN, XINJIE}
    assert seen(Scope.of(account("乡镇钱", TownshipClerk, LAIYUAN_TOWN))) == {LAIYUAN_TOWN, NANGUAN, XINJIE}
    assert seen(Scope.of(account("网格员赵", GridWorker, NANGUAN))) == {NANGUAN}
    assert seen(Scope.of(account("邻县李", CountyOfficer, YIXIAN))) == {YIXIAN}


def test_the_officer_of_the_next_county_may_not_narrow_a_list_to_ours() -> None:
    li = Scope.of(account("邻县李", CountyOfficer, YIXIAN))
    for code in (LAIYUAN, LAIYUAN_TOWN, NANGUAN, "1306", "00"):
        assert not li.contains(code)
        with pytest.raises(NotPermittedError):
            li.narrowed(code)


def test_a_stranger_sees_nothing_whoever_that_is() -> None:
    rows_with([LAIYUAN, NANGUAN, "", "130000000000"])
    without_region = account("无区域", CountyOfficer, "")
    left = account("已离任", CountyOfficer, LAIYUAN)
    left.is_active = False
    forged = SimpleNamespace(is_active=True, region_code="999999000000")
    for nobody in (
        None,
        AnonymousUser(),
        without_region,
        left,
        forged,
        SimpleNamespace(is_active=True, region_code=None),
    ):
        scope = Scope.of(nobody)
        assert scope.ranges == () and seen(scope) == set()
        assert not scope.covers(LAIYUAN) and not scope.contains(LAIYUAN)


def test_a_row_without_region_is_seen_by_nobody_not_even_by_the_command_line() -> None:
    rows_with(["", LAIYUAN])
    assert seen(Scope.everything()) == {LAIYUAN}
    assert seen(Scope.of_region("00")) == {LAIYUAN}
    for scope in (Scope.everything(), Scope.of_region("00"), Scope.of_region("13")):
        assert not scope.covers("") and not scope.covers(None)


def test_an_account_for_a_place_that_does_not_exist_cannot_be_made() -> None:
    with pytest.raises(UserError, match="不存在"):
        account("张三", CountyOfficer, "130699")
    assert account("李四", CountyOfficer, "130630").region_code == LAIYUAN


def test_an_officer_of_baoding_does_not_see_dingzhou_and_one_of_the_province_does() -> None:
    baoding, hebei = Scope.of_region("1306"), Scope.of_region("13")
    assert baoding.contains("130630") and not baoding.contains("130682") and not baoding.contains("1331")
    assert hebei.contains("130682") and hebei.contains("1331") and hebei.contains("1306")
    assert hebei.narrowed("1306") == baoding


def test_scopes_that_cover_the_same_are_the_same() -> None:
    assert Scope((("2", "3"), ("1", "2"), ("5", "5"))) == Scope((("1", "3"),))
    assert Scope((("1", "4"), ("2", "3"))).ranges == (("1", "4"),)
    together = Scope((*Scope.of_region("130629").ranges, *Scope.of_region("130630").ranges))
    assert together.contains("130630") and together.covers(NANGUAN)


def test_nothing_asked_for_is_nothing_contained() -> None:
    for scope in (Scope.everything(), Scope.of_region("13"), Scope(())):
        with pytest.raises(UserError):
            scope.contains("")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(declared=change_lists(), owner=st.sampled_from(ALL_CODES), asked=st.sampled_from(ALL_CODES))
def test_filter_covers_contains_and_narrowed_agree_whatever_happened_to_the_divisions(
    monkeypatch: pytest.MonkeyPatch, declared: list, owner: str, asked: str
) -> None:
    codes = [*ALL_CODES, *NEW_CODES, *NO_DIVISIONS]
    if not AuditEvent.objects.exists():
        rows_with(codes)
    table = changed_table(declared)
    tree, known = Tree(table), {line.code for line in table}
    with monkeypatch.context() as patch:
        patch.setattr(storage, "tree", lambda: tree)
        patch.setattr(storage, "exists", known.__contains__)
        scope = Scope.of_region(owner)
        covered = {code for code in codes if scope.covers(code)}
        assert seen(scope) == covered
        assert "" not in covered
        assert all(before[1] < after[0] for before, after in pairwise(scope.ranges))
        below = {code for code in codes if Scope.of_region(asked).covers(code)}
        if scope.contains(asked):
            assert asked in covered and below <= covered
            assert scope.narrowed(asked) == Scope.of_region(asked)
        else:
            assert asked not in covered
            with pytest.raises(NotPermittedError):
                scope.narrowed(asked)
        stranger = Scope.of(SimpleNamespace(is_active=True, region_code=""))
        assert seen(stranger) == set()
