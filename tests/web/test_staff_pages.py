"""The pages of units, staff and rosters: what is missing is shown, a roster changes what it says, strangers see nobody."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.households import responsibilities
from shouwang.organisation import actions, staffing
from shouwang.organisation.models import Appointment, AuditEvent, StaffMember, Unit
from shouwang.organisation.scope import Scope
from tests.households.casebook import Book

from .world import FAR_VILLAGE, OTHER_VILLAGE, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]
HEADINGS = ["乡镇", "行政村", "单位", "职务", "姓名", "手机号", "任职时间", "离任时间"]


def text(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8-sig")


def roster(*rows: list[str], headings: list[str] = HEADINGS) -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return SimpleUploadedFile("名册.csv", out.getvalue().encode("utf-8-sig"))


def send(client: Client, *rows: list[str], region: str = "130630000000", **given: str):
    return client.post(reverse("roster"), {"file": roster(*rows), "region": region, **given})


def village_name(code: str) -> str:
    from shouwang.regions import queries as regions

    return regions.name(code)


def grid_worker(village: str = VILLAGE, name: str = "赵德福", phone: str = "13800001111") -> list[str]:
    return ["涞源镇", village_name(village), "", "网格员", name, phone, "2022-01-01", ""]


def test_a_roster_with_its_own_headings_is_taken_once_and_changes_nothing_again(world: World, browse: Browse) -> None:
    sun = browse("sun")
    rows = (
        grid_worker(),
        grid_worker(OTHER_VILLAGE, "钱有田", ""),
        ["", "", "涞源县医疗保障局", "联络员", "郑小医", "0312-7321234", "", ""],
        ["涞源镇", "", "", "站长", "", "", "", ""],
    )
    first = send(sun, *rows).context["outcome"]
    assert (first.units, first.new, first.vacant) == (4, 3, 1)
    again = send(sun, *rows).context["outcome"]
    assert (again.units, again.posts, again.people, again.new, again.changed, again.same) == (0, 0, 0, 0, 0, 3)
    department = Unit.objects.get(name="涞源县医疗保障局")
    assert (department.kind, department.department) == ("department", "medical_insurance")


def test_a_check_alone_writes_nothing(world: World, browse: Browse) -> None:
    outcome = send(browse("sun"), grid_worker(), is_dry_run="on").context["outcome"]
    assert outcome.new == 1 and not Appointment.objects.exists() and not Unit.objects.exists()


def test_lines_that_cannot_be_understood_come_back_with_row_and_reason(world: World, browse: Browse) -> None:
    answer = send(
        browse("sun"),
        grid_worker(),
        ["涞源镇", "没有村", "", "网格员", "甲某", "", "", ""],
        ["涞源镇", "", "", "网格员", "乙某", "", "", ""],
        grid_worker(OTHER_VILLAGE, "丙某", "1380000"),
        ["", "", "涞源县气象局", "联络员", "丁某", "", "", ""],
        [*grid_worker(OTHER_VILLAGE, "戊某", "")[:6], "2022-05-01", "2022-04-01"],
    )
    reasons = {refusal.row_number: refusal.column for refusal in answer.context["reading"].refusals}
    assert reasons == {3: "村", 4: "村", 5: "联系电话", 6: "单位名称", 7: "离任日期"}
    assert Appointment.objects.count() == 1 and "1380000" not in text(answer)


def test_a_roster_without_its_columns_is_refused_whole(world: World, browse: Browse) -> None:
    upload = roster(["赵德福", "1"], headings=["姓名", "年龄"])
    answer = browse("sun").post(reverse("roster"), {"file": upload, "region": "130630000000"})
    assert "岗位" in text(answer) and not Unit.objects.exists()


def test_namesakes_with_different_numbers_are_two_people_and_a_new_number_is_not(world: World, browse: Browse) -> None:
    sun = browse("sun")
    second = [*grid_worker(phone="13800002222")]
    second[3] = "网格员（二）"
    send(sun, grid_worker(), second)
    assert StaffMember.objects.filter(name="赵德福").count() == 2
    send(sun, grid_worker(phone="13800003333"), second)
    people = StaffMember.objects.filter(name="赵德福")
    assert {staffing.phone_of(one) for one in people} == {"13800003333", "13800002222"}


def test_who_is_not_in_the_roster_any_more_is_named_and_leaves_only_when_asked(world: World, browse: Browse) -> None:
    sun = browse("sun")
    send(sun, grid_worker())
    other = grid_worker(name="钱有田", phone="")
    assert send(sun, other).context["outcome"].left == ["网格员 赵德福"]
    assert Appointment.objects.filter(until_on__isnull=True).count() == 2
    assert send(sun, other, ends_missing="on").context["outcome"].ended == 1
    assert Appointment.objects.get(until_on__isnull=False).staff.name == "赵德福"


def test_a_doubtful_roster_makes_nobody_leave(world: World, browse: Browse) -> None:
    sun = browse("sun")
    send(sun, grid_worker())
    answer = send(
        sun, grid_worker(name="钱有田", phone="123"), grid_worker(OTHER_VILLAGE, "孙某", ""), ends_missing="on"
    )
    assert "不能据此判断谁已离任" in text(answer)
    assert Appointment.objects.filter(until_on__isnull=True).count() == 1


def test_a_township_takes_in_its_own_roster_only(world: World, browse: Browse) -> None:
    qian = browse("qian")
    assert send(qian, grid_worker(), region=TOWNSHIP).context["outcome"].new == 1
    assert "看不到这个区域" in text(send(qian, grid_worker(), region="130630000000"))
    elsewhere = ["", village_name(FAR_VILLAGE), "", "网格员", "己某", "", "", ""]
    answer = send(qian, elsewhere, region=TOWNSHIP)
    assert "没有可以导入的行" in text(answer) and Appointment.objects.count() == 1


def test_neighbour_li_finds_nobody_of_ours(world: World, browse: Browse) -> None:
    send(browse("sun"), grid_worker())
    term, li = Appointment.objects.get(), browse("li")
    for name in ("staff", "units", "institutions"):
        assert "赵德福" not in text(li.get(reverse(name))) and village_name(VILLAGE) not in text(li.get(reverse(name)))
    assert li.get(reverse("person", args=[term.staff_id])).status_code == 404
    assert li.get(reverse("unit", args=[term.post.unit_id])).status_code == 404
    assert li.post(reverse("person_change", args=[term.staff_id]), {"reveal": "1"}).status_code == 404
    assert "赵德福" not in text(li.get(reverse("export", args=["staff"]), {"format": "csv"}))
    assert "赵德福" not in text(browse("nowhere").get(reverse("staff")))


def test_the_telephone_is_masked_until_whoever_keeps_the_roster_asks(world: World, browse: Browse) -> None:
    send(browse("sun"), grid_worker())
    staff = StaffMember.objects.get()
    for login in ("sun", "qian", "zhao"):
        for address in (reverse("staff"), reverse("person", args=[staff.pk])):
            assert "13800001111" not in text(browse(login).get(address))
    assert browse("zhao").post(reverse("person_change", args=[staff.pk]), {"reveal": "1"}).status_code == 403
    assert "13800001111" in text(browse("qian").post(reverse("person_change", args=[staff.pk]), {"reveal": "1"}))
    assert AuditEvent.objects.filter(action="查看工作人员电话").count() == 1


def test_the_gap_closes_when_a_grid_worker_is_appointed_on_the_page(world: World, browse: Browse) -> None:
    sun = browse("sun")

    def gaps(**asked: str) -> list[str]:
        page = sun.get(reverse("institution_gaps"), {"kind": "grid_worker", "region": TOWNSHIP, **asked})
        return [place.code for place in page.context["page"].rows]

    assert VILLAGE in gaps()
    sun.post(reverse("unit_new"), {"name": "某村", "kind": "village", "region": VILLAGE})
    unit = Unit.objects.get()
    change = {verb: reverse("unit_change", args=[unit.pk, verb]) for verb in ("post", "appoint", "end")}
    sun.post(change["post"], {"title": "网格员", "kind": "grid_worker"})
    post = unit.posts.get()
    sun.post(change["appoint"], {"post": post.pk, "name": "赵德福", "from_on": "2022-07-01"})
    assert VILLAGE not in gaps() and VILLAGE in gaps(on="2022-06-30")
    refused = sun.post(change["end"], {"appointment": Appointment.objects.get().pk, "on": "2022-07-01"})
    assert refused.status_code == 400 and "离任日期须晚于" in text(refused)


def test_the_roster_handed_out_can_be_taken_in_again_without_any_change(world: World, browse: Browse, tmp_path) -> None:
    sun = browse("sun")
    send(sun, grid_worker(), grid_worker(OTHER_VILLAGE, "钱有田", ""), ["涞源镇", "", "", "站长", "", "", "", ""])
    content = b"".join(sun.get(reverse("roster_file")).streaming_content)
    upload = SimpleUploadedFile("机构人员名册.xlsx", content)
    outcome = sun.post(reverse("roster"), {"file": upload, "region": "130630000000"}).context["outcome"]
    assert (outcome.units, outcome.posts, outcome.people, outcome.new, outcome.changed) == (0, 0, 0, 0, 0)
    assert (outcome.same, outcome.vacant) == (2, 1)
    assert AuditEvent.objects.filter(action="导出机构人员名册").count() == 1


def test_objects_of_monitoring_stand_against_the_people_who_watch_over_them(world: World, browse: Browse) -> None:
    sun = browse("sun")
    send(sun, ["", village_name(FAR_VILLAGE), "", "网格员", "己某", "", "2022-01-01", ""])
    rows = {row.code: row for row, _ in sun.get(reverse("institutions")).context["rows"]}
    far = rows["130630101000"]
    assert (far.staff_count, far.object_count, far.household_count) == (1, 1, 2)
    assert far.objects_per_person == 1 and far.households_per_grid_worker == 2
    assert rows[TOWNSHIP].staff_count == 0 and rows[TOWNSHIP].objects_per_person is None


def test_whom_a_case_took_in_counts_among_the_objects_as_on_the_page_of_the_responsible(
    world: World, browse: Browse
) -> None:
    book = Book(VILLAGE)
    book.included(dt.date(2022, 6, 20), dt.date(2022, 6, 30), book.household("戊大山"))
    rows = {row.code: row.object_count for row, _ in browse("sun").get(reverse("institutions")).context["rows"]}
    scope, on = Scope.of_region("130630"), dt.date(2022, 7, 7)
    found = responsibilities.coverage(scope=scope, on=on, digits=9)
    assert rows[TOWNSHIP] == found[TOWNSHIP].object_count == 1
    assert rows["130630101000"] == found["130630101000"].object_count == 1


def test_a_member_of_staff_is_not_typed_again_for_an_account(world: World, browse: Browse) -> None:
    from .test_accounts import administrator, signed_in

    send(browse("sun"), grid_worker())
    staff = StaffMember.objects.get()
    form = signed_in(administrator()).get(reverse("account_new"), {"staff": staff.pk}).context["form"]
    assert (form.initial["name"], form.initial["region"], form.initial["role"]) == ("赵德福", VILLAGE, "grid_worker")


def test_a_liaison_and_a_leader_find_a_first_page(world: World) -> None:
    from tests import factories

    from .test_accounts import signed_in

    unit = actions.create_unit(
        name="涞源县残疾人联合会",
        kind="department",
        department="disabled_federation",
        region_code="130630000000",
        by=None,
    )
    liaison = factories.make_account(name="残联王", role="department_liaison", region_code="130630000000")
    liaison.unit = unit
    liaison.save()
    page = text(signed_in(liaison).get(reverse("home")))
    assert "涞源县残疾人联合会" in page and "甲建国" not in page
    leader = factories.make_account(name="县领导冯", role="county_leader", region_code="130630000000")
    assert signed_in(leader).get(reverse("home")).status_code == 200


@pytest.mark.parametrize("name", ["institutions", "institution_gaps", "units", "staff", "roster", "unit_new"])
def test_no_page_carries_a_script_or_style_of_its_own(world: World, browse: Browse, name: str) -> None:
    page = text(browse("sun").get(reverse(name)))
    assert "<style" not in page and "<script>" not in page and "onclick" not in page
