"""Units, posts and people with terms: which county, township or village lacks whom, on any day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation import actions, institutions, queries, staffing
from shouwang.organisation.models import Appointment, AuditEvent, StaffMember, Unit
from shouwang.organisation.scope import Scope
from shouwang.regions import actions as regions
from tests import factories
from tests.factories import LAIYUAN, YIXIAN

TOWNSHIP, VILLAGE, OTHER_VILLAGE = "130630100000", "130630100201", "130630100202"
MARCH, JUNE = dt.date(2022, 3, 31), dt.date(2022, 6, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def divisions(db: None) -> None:
    regions.load(counties_in_detail=[LAIYUAN, YIXIAN], today=JUNE)


def grid_worker(village: str = VILLAGE, name: str = "赵德福", from_on: dt.date = dt.date(2022, 1, 1)) -> Appointment:
    unit = actions.create_unit(name=f"{village}村", kind="village", region_code=village, by=None)
    post = actions.create_post(unit=unit, kind="grid_worker", title="网格员", responsibility="每月走访", by=None)
    return actions.appoint(post=post, from_on=from_on, name=name, phone="13800001111", by=None)


def missing(kind: str, on: dt.date = JUNE, within: str = LAIYUAN) -> set[str]:
    return set(institutions.gaps(scope=Scope.of_region(within), kind=kind, on=on).values_list("code", flat=True))


def test_a_village_without_a_grid_worker_is_a_gap_until_somebody_is_appointed() -> None:
    assert VILLAGE in missing("grid_worker")
    grid_worker()
    assert VILLAGE not in missing("grid_worker") and OTHER_VILLAGE in missing("grid_worker")


def test_gaps_are_those_of_the_day_that_is_asked_about() -> None:
    term = grid_worker(from_on=dt.date(2022, 4, 10))
    actions.end_appointment(appointment=term, until_on=dt.date(2022, 6, 1), by=None)
    days = (MARCH, dt.date(2022, 4, 10), dt.date(2022, 5, 31), dt.date(2022, 6, 1))
    assert [VILLAGE in missing("grid_worker", on) for on in days] == [True, False, False, True]


def test_a_village_officer_is_no_grid_worker() -> None:
    unit = actions.create_unit(name="某村", kind="village", region_code=VILLAGE, by=None)
    post = actions.create_post(unit=unit, kind="village_officer", title="村支书", by=None)
    actions.appoint(post=post, from_on=MARCH, name="钱有田", by=None)
    assert VILLAGE in missing("grid_worker")


def test_a_township_needs_its_station_and_a_county_its_centre() -> None:
    assert TOWNSHIP in missing("station") and missing("centre") == {LAIYUAN}
    actions.create_unit(name="涞源镇防贫工作站", kind="township_station", region_code=TOWNSHIP, by=None)
    centre = actions.create_unit(name="涞源县防贫中心", kind="county_centre", region_code=LAIYUAN, by=None)
    assert TOWNSHIP not in missing("station") and not missing("centre")
    actions.close_unit(unit=centre, on=JUNE, by=None)
    assert missing("centre") == {LAIYUAN} and not missing("centre", MARCH)


def test_counts_add_up_and_a_stranger_sees_none_of_them() -> None:
    grid_worker()
    by_kind = {one.code: one for one in institutions.coverage(scope=Scope.of_region(LAIYUAN), on=JUNE)}
    assert by_kind["grid_worker"].present == 1
    assert by_kind["grid_worker"].missing == len(missing("grid_worker"))
    below = institutions.gap_counts(scope=Scope.of_region(LAIYUAN), kind="grid_worker", on=JUNE, digits=9)
    assert sum(below.values()) == by_kind["grid_worker"].missing
    li = factories.neighbour_li()
    assert VILLAGE not in set(institutions.gaps(scope=Scope.of(li), kind="grid_worker", on=JUNE).values_list("code"))
    assert not queries.appointments(scope=Scope.of(li), on=JUNE).exists()
    assert queries.staff_member(scope=Scope.of(li), pk=StaffMember.objects.get().pk) is None
    nowhere = institutions.coverage(scope=Scope(()), on=JUNE)
    assert [(one.needed, one.present) for one in nowhere] == [(0, 0)] * 3


def test_a_second_centre_of_the_same_county_is_named() -> None:
    for name in ("涞源县防贫中心", "涞源县防返贫监测中心"):
        actions.create_unit(name=name, kind="county_centre", region_code=LAIYUAN, by=None)
    assert len(institutions.surplus(scope=Scope.of_region(LAIYUAN), on=JUNE)) == 2


def test_a_post_that_nobody_holds_is_vacant() -> None:
    term = grid_worker()
    scope = Scope.of_region(LAIYUAN)
    assert not institutions.vacant_posts(scope=scope, on=JUNE).exists()
    actions.end_appointment(appointment=term, until_on=dt.date(2022, 6, 10), by=None)
    assert [post.title for post in institutions.vacant_posts(scope=scope, on=JUNE)] == ["网格员"]


def test_people_in_office_are_counted_once_per_division() -> None:
    term = grid_worker()
    contact = actions.create_post(unit=term.post.unit, kind="monitoring_contact", title="监测联系人", by=None)
    actions.appoint(post=contact, staff=term.staff, from_on=MARCH, by=None)
    counts = institutions.staff_counts(scope=Scope.of_region(LAIYUAN), on=JUNE, digits=9)
    assert counts == {TOWNSHIP: 1}


def test_nobody_holds_the_same_post_twice_at_a_time() -> None:
    term = grid_worker()
    with pytest.raises(UserError, match="已在这个岗位上"):
        actions.appoint(post=term.post, staff=term.staff, from_on=JUNE, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(post=term.post, staff=term.staff, from_on=JUNE)


def test_a_term_ends_after_it_began() -> None:
    term = grid_worker(from_on=JUNE)
    with pytest.raises(UserError, match="离任日期须晚于"):
        actions.end_appointment(appointment=term, until_on=JUNE, by=None)


def test_closing_a_unit_ends_terms_and_keeps_history() -> None:
    term = grid_worker()
    actions.close_unit(unit=term.post.unit, on=dt.date(2022, 6, 1), by=None)
    term.refresh_from_db()
    assert term.until_on == dt.date(2022, 6, 1)
    assert queries.appointments(scope=Scope.of_region(LAIYUAN), on=MARCH).get() == term


def test_two_units_of_one_name_at_one_place_are_refused_but_the_name_is_free_after_closing() -> None:
    first = actions.create_unit(name="某村", kind="village", region_code=VILLAGE, by=None)
    with pytest.raises(UserError, match="同名单位"):
        actions.create_unit(name="某村", kind="village", region_code=VILLAGE, by=None)
    actions.close_unit(unit=first, on=JUNE, by=None)
    actions.create_unit(name="某村", kind="village", region_code=VILLAGE, by=None)
    assert Unit.objects.filter(name="某村").count() == 2


def test_a_department_says_which_it_is() -> None:
    with pytest.raises(UserError, match="须选择是哪个部门"):
        actions.create_unit(name="涞源县医疗保障局", kind="department", region_code=LAIYUAN, by=None)


def test_telephones_are_encrypted_masked_and_looked_at_with_a_line_in_the_log() -> None:
    staff = grid_worker().staff
    staff.refresh_from_db()
    assert b"13800001111" not in bytes(staff.secrets or b"") and staff.phone_index
    assert staffing.masked_phone(staff) == "138****1111"
    sun = factories.county_officer_sun()
    assert actions.reveal_phone(staff=staff, by=sun) == "13800001111"
    assert AuditEvent.objects.filter(action="查看工作人员电话", by=sun).count() == 1
    for stranger in (factories.neighbour_li(), factories.grid_worker_zhao(VILLAGE)):
        with pytest.raises(NotPermittedError):
            actions.reveal_phone(staff=staff, by=stranger)


def test_a_telephone_that_is_none_is_refused_without_repeating_it() -> None:
    with pytest.raises(UserError) as error:
        staffing.clean_phone("1380000111")
    assert "1380000111" not in str(error.value)


def test_the_neighbouring_county_changes_nothing_of_ours() -> None:
    term = grid_worker()
    li = factories.neighbour_li()
    with pytest.raises(NotPermittedError):
        actions.create_unit(name="某村", kind="village", region_code=OTHER_VILLAGE, by=li)
    with pytest.raises(NotPermittedError):
        actions.create_post(unit=term.post.unit, kind="other", title="其他", by=li)
    with pytest.raises(NotPermittedError):
        actions.end_appointment(appointment=term, until_on=JUNE, by=li)
    with pytest.raises(NotPermittedError):
        actions.change_staff(staff=term.staff, name="李改名", sex="", phone=None, by=li)
    with pytest.raises(NotPermittedError):
        actions.close_unit(unit=term.post.unit, on=JUNE, by=li)
