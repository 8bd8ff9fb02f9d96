"""What surrounds the cases, page by page: figures that open their rows, files, and nothing for whoever lives elsewhere."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.utils import timezone

from shouwang import policy
from shouwang.casework import courses
from shouwang.casework.models import Case, Lead, Task
from shouwang.households import department_lists, large_scale, pushes, sampling
from shouwang.households.models import DepartmentList, ListRow, NaturalChange, Push, PushedRow, SampledCase
from shouwang.organisation import staffing
from shouwang.organisation.models import PostKind, Unit, UnitKind
from tests import factories
from tests.factories import LAIYUAN, NOW

from . import world as worlds
from .test_cases import included, send

PAGES = (
    "/pushes",
    "/metrics",
    "/metrics?by=source",
    "/metrics?by=township",
    "/metrics?by=month",
    "/samples",
    "/responsibilities",
    "/responsibilities/households?gap=no_contact",
    "/changes",
    "/events",
    "/lists",
)
FOR_CHANGING = ("/responsibilities/hand-over", "/responsibilities/upload", "/events/new")


def sheet(response):
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


@pytest.fixture
def pushed(world):
    return pushes.push(
        batch=world.feed_batch,
        by=world.accounts["sun"],
        today=worlds.TODAY,
        now=NOW,
        policies=policy.load(),
    )[0]


@pytest.fixture
def case(world):
    lead = world.lead("甲建国")
    Lead.objects.filter(pk=lead.pk).update(state="confirmed", is_open=False, closed_on=worlds.TODAY)
    made = Case.objects.create(
        case_no="G-1",
        household=lead.household,
        lead=lead,
        region_code=lead.region_code,
        opened_on=lead.opened_on,
        procedure="case",
        state="supported",
        included_on=worlds.TODAY,
        risks=["disability"],
        object_category="边缘易致贫户",
    )
    courses.renew([lead.pk])  # written past the program
    return made


@pytest.fixture
def change(world):
    home = world.households["甲建国"]
    return NaturalChange.objects.create(
        month="2022-06",
        household=home,
        region_code=home.region_code,
        kind="出生",
        effect=1,
        changed_on=dt.date(2022, 6, 20),
        size_before=1,
        source="visit",
        at=NOW,
    )


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("login", ["sun", "qian", "zhao", "li", "nowhere"])
def test_every_page_opens_for_whoever_may_see_it(browse, pushed, case, change, login, address):
    assert browse(login).get(address).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, *FOR_CHANGING])
def test_the_neighbour_reads_no_name_of_ours(browse, pushed, case, change, address):
    text = browse("li").get(address).content.decode()
    assert not any(name in text for name in worlds.OURS)


@pytest.mark.parametrize("address", FOR_CHANGING)
def test_a_grid_worker_changes_none_of_this(browse, world, address):
    assert browse("zhao").get(address).status_code == 403
    assert browse("qian").get(address).status_code == 200


def test_a_list_is_pushed_from_its_page_and_its_figures_open_rows(browse, world):
    sun = browse("sun")
    assert "推送核查…" in sun.get("/pushes").content.decode()
    before = sun.get(f"/pushes/batch/{world.feed_batch.pk}").content.decode()
    assert "推送，新开 " in before and "不推送" in before and not Push.objects.exists()
    answer = sun.post(f"/pushes/batch/{world.feed_batch.pk}", follow=True)
    text = answer.content.decode()
    assert "已推送：并入线索 2 行" in text
    pushed = Push.objects.get()
    rows = sun.get(f"/pushes/{pushed.pk}/rows?part=to_verify").content.decode()
    assert "甲建国" in rows and "丙海生" in rows and "共 2 行" in rows
    book = sheet(sun.get(f"/pushes/{pushed.pk}/file"))
    assert [cell.value for cell in book["汇总"][2]][:2] == ["县", "收到行数"]
    assert book["逐行结果"].max_row - 1 == 3  # two leads and one row in doubt


def test_a_pushed_lead_shows_the_very_row_of_the_list_that_was_pushed(browse, world, pushed):
    row = PushedRow.objects.select_related("lead").filter(household=world.households["甲建国"]).first()
    page = browse("zhao").get(f"/leads/{row.lead.lead_no}").content.decode()
    said = page[page.index("部门推送：") : page.index("部门推送：") + 1500]
    assert f"残疾证（2022-06）第 {row.row_number} 行" in said
    assert "残联6月.csv" in said and "2019-03-01" in said
    assert f"（{row.lead.reasons.filter(left_on=None).count()} 项原因）" in page


def test_nobody_of_elsewhere_finds_a_list_or_pushes_it(browse, world, pushed):
    li = browse("li")
    for address in (f"/pushes/{pushed.pk}", f"/pushes/{pushed.pk}/rows", f"/pushes/{pushed.pk}/file"):
        assert li.get(address).status_code == 404
    assert li.post(f"/pushes/batch/{world.feed_batch.pk}").status_code == 404
    assert browse("zhao").post(f"/pushes/batch/{world.feed_batch.pk}").status_code == 403


def test_a_figure_of_the_metrics_opens_its_leads(browse, world, case):
    sun = browse("sun")
    text = sun.get("/metrics?by=month").content.decode()
    assert "/metrics/leads?by=month&amp;key=2022-06&amp;part=confirmed" in text
    rows = sun.get("/metrics/leads?by=month&key=2022-06&part=confirmed").content.decode()
    assert "甲建国" in rows and "共 1 条" in rows
    assert sun.get("/metrics/leads?part=nothing").status_code == 404
    book = sheet(sun.get("/metrics/file?by=month"))
    assert book.active.max_row == 3
    assert browse("zhao").get("/metrics/file").status_code == 403


def test_a_sample_is_drawn_checked_and_its_accuracy_opens_the_wrong_one(browse, world, case):
    Case.objects.filter(pk=case.pk).update(state="cleared", is_open=False, cleared_on=dt.date(2022, 7, 1))
    sun = browse("sun")
    form = {"from_on": "2022-07-01", "until_on": "2022-08-01", "size": "5", "seed": "七月"}
    answer = sun.post("/samples", form)
    assert answer.status_code == 302
    row = SampledCase.objects.get()
    sheet_page = f"/samples/cases/{row.pk}"
    findings = dict.fromkeys(sampling.FIELDS, "agree")
    assert "说明实际情况" in sun.post(sheet_page, findings | {"income": "differ"}).content.decode()
    sun.post(sheet_page, findings | {"income": "differ", "note": "收入并未稳定"})
    shown = sun.get(answer["Location"]).content.decode()
    assert "0.0%" in shown and "?part=wrong" in shown
    assert "甲建国" in sun.get(f"{answer['Location']}?part=wrong").content.decode()
    assert "甲建国" not in sun.get(f"{answer['Location']}?part=correct").content.decode()
    sun.post(sheet_page, {"reopen": "1"})
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("supported", True)
    li = browse("li")
    assert li.get(answer["Location"]).status_code == li.get(sheet_page).status_code == 404
    assert sheet(sun.get(f"{answer['Location']}/file")).active.max_row == 2


def grid_worker(village=worlds.VILLAGE):
    unit = Unit.objects.create(name="东村", kind=UnitKind.VILLAGE, region_code=village)
    post = staffing.create_post(unit=unit, kind=PostKind.GRID_WORKER, title="网格员", by=None)
    return staffing.appoint(post=post, from_on=dt.date(2022, 1, 1), name="网格员吴", by=None).staff


def test_a_village_without_grid_worker_is_given_one(browse, world):
    staff, qian = grid_worker(), browse("qian")
    gap = f"/responsibilities/households?gap=no_grid&region={worlds.VILLAGE}"
    assert "甲建国" in qian.get(gap).content.decode()
    form = {
        "region": worlds.VILLAGE,
        "kind": "grid_worker",
        "what": "without",
        "staff": staff.pk,
        "on": "2022-07-07",
    }
    answer = qian.post(f"/responsibilities/hand-over?region={worlds.VILLAGE}", form, follow=True)
    assert "已落实 1 户" in answer.content.decode()
    assert "甲建国" not in qian.get(gap).content.decode()
    assert sheet(browse("sun").get("/responsibilities/households/file?gap=no_grid")).active.max_row == 4


def test_a_township_gives_only_to_its_own_people_and_those_above_it(browse, world):
    grid_worker()
    near = browse("sun").get(f"/responsibilities/hand-over?region={worlds.TOWNSHIP}").content.decode()
    far = browse("sun").get(f"/responsibilities/hand-over?region={worlds.OTHER_TOWNSHIP}").content.decode()
    assert "网格员吴（" in near and "网格员吴（" not in far


def test_a_change_is_confirmed_in_the_village_and_entered_by_the_township(browse, world, change):
    zhao, qian = browse("zhao"), browse("qian")
    assert "请写新增人员的姓名" in zhao.post(f"/changes/{change.pk}", {}).content.decode()
    zhao.post(f"/changes/{change.pk}", {"name": "甲小宝", "relation": "之孙子"})
    assert "甲小宝" in qian.get("/changes?month=2022-06").content.decode()
    qian.post("/changes/generate", {"month": "2022-06", "entered": "1", "change": change.pk})
    change.refresh_from_db()
    assert change.state == "entered"
    assert browse("li").get(f"/changes/{change.pk}").status_code == 404
    assert browse("qian").get(f"/changes/{change.pk}").status_code == 200


def test_the_file_of_changes_needs_somebody_who_may_see_numbers(browse, world, change):
    NaturalChange.objects.update(state="confirmed", name="甲小宝")
    book = sheet(browse("sun").get("/changes/file?month=2022-06"))
    assert [cell.value for cell in book.active[2]][:2] == ["自然增加", "出生"]
    assert browse("zhao").get("/changes/file?month=2022-06").status_code == 403
    assert sheet(browse("li").get("/changes/file?month=2022-06")).active.max_row == 1


def test_an_event_becomes_leads_and_is_closed_with_a_report(browse, world):
    sun, zhao = browse("sun"), browse("zhao")
    form = {
        "kind": "natural_disaster",
        "title": "7月暴雨",
        "happened_on": "2022-07-05",
        "source": "应急局",
        "basis": large_scale.ALL,
    }
    address = sun.post("/events/new", form)["Location"]
    assert "4 户" in sun.get(address).content.decode()
    home = world.households["甲建国"]
    listed = zhao.get(f"{address}/households").content.decode()
    assert "甲建国" in listed and "丙海生" not in listed
    zhao.post(f"{address}/households", {f"h-{home.pk}": "yes", f"h-{world.households['丙海生'].pk}": "yes"})
    assert "event" in Lead.objects.get(household=home, is_open=True).channels
    assert "event" not in Lead.objects.get(household=world.households["丙海生"], is_open=True).channels
    assert "还有 3 户没有排查" in sun.post(address, {"text": "报告", "close": "1"}).content.decode()
    li = browse("li")
    assert li.get(address).status_code == li.get(f"{address}/households").status_code == 404
    assert li.get(f"{address}/file").status_code == 404
    assert sheet(sun.get(f"{address}/file")).active.max_row == 5


@pytest.fixture
def sent(world, case):
    return department_lists.send(
        department="disabled_federation",
        region_code=LAIYUAN,
        title="重度残疾人帮扶",
        purpose="落实护理补贴",
        columns=["person_name", "number", "village"],
        subjects=[department_lists.Subject(case.household, case)],
        by=world.accounts["sun"],
        today=worlds.TODAY,
        now=timezone.now(),
    )


def liaison(department):
    unit = Unit.objects.create(name=department, kind=UnitKind.DEPARTMENT, department=department, region_code=LAIYUAN)
    account = factories.make_account(name="联络员郑", role="department_liaison", region_code=LAIYUAN)
    account.unit = unit
    account.save()
    return account


def test_a_liaison_sees_the_own_lists_and_nothing_else(client, world, sent):
    client.force_login(liaison("disabled_federation"))
    assert "重度残疾人帮扶" in client.get("/lists").content.decode()
    page = client.get(f"/lists/{sent.pk}").content.decode()
    assert "甲建国" in page and world.numbers["甲建国"] not in page
    assert sheet(client.get(f"/lists/{sent.pk}/file")).active["C2"].value == world.numbers["甲建国"]
    for address in ("/leads", "/households", "/pushes", "/metrics", "/samples", "/changes", "/lists/new"):
        assert client.get(address).status_code == 403
    row = ListRow.objects.get()
    client.post(f"/lists/{sent.pk}", {f"a-{row.mark}": "done", f"r-{row.mark}": "7月起发放"})
    row.refresh_from_db()
    assert (row.answer, row.remark, row.answered_on) == ("done", "7月起发放", worlds.TODAY)


def test_a_liaison_finds_on_the_first_page_what_waits(client, world, sent):
    client.force_login(liaison("disabled_federation"))
    shown = client.get("/").content.decode()
    assert "回复名单：重度残疾人帮扶" in shown and "还有 1 行没有回复" in shown and f"/lists/{sent.pk}" in shown
    client.post(f"/lists/{sent.pk}", {f"a-{ListRow.objects.get().mark}": "done"})
    assert "回复名单" not in client.get("/").content.decode()


def test_what_nobody_answered_stands_first(world, sent):
    first = ListRow.objects.get()
    ListRow.objects.create(list=sent, mark="zz-later", region_code="139999999999", household=first.household)
    first.answer, first.answered_on = "done", worlds.TODAY
    first.save()
    assert [row.answer for row in department_lists.rows_of(sent, waiting_first=True)] == ["", "done"]
    assert [row.answer for row in department_lists.rows_of(sent)] == ["done", ""]


def test_another_department_and_the_next_county_do_not_find_the_list(client, browse, world, sent):
    client.force_login(liaison("education"))
    assert "重度残疾人帮扶" not in client.get("/lists").content.decode()
    for one in (client, browse("li")):
        assert one.get(f"/lists/{sent.pk}").status_code == one.get(f"/lists/{sent.pk}/file").status_code == 404


def test_the_county_sends_what_is_proposed(browse, world, case):
    sun = browse("sun")
    assert "残联" in sun.get("/lists/new").content.decode()
    form = {
        "department": "disabled_federation",
        "title": "七月",
        "purpose": "落实护理补贴",
        "columns": ["person_name", "village"],
    }
    assert sun.post("/lists/new", form).status_code == 302
    assert DepartmentList.objects.get().rows.count() == 1
    again = sun.post("/lists/new", form)
    assert "名单是空的" in again.content.decode()


def test_naming_a_contact_answers_what_the_case_waits_for(browse, world):
    case = included(world, browse)
    assert Task.objects.filter(case=case, step="name_contact", is_open=True).exists()
    unit = Unit.objects.create(name="涞源镇工作站", kind=UnitKind.TOWNSHIP_STATION, region_code=worlds.TOWNSHIP)
    post = staffing.create_post(unit=unit, kind=PostKind.MONITORING_CONTACT, title="联系人", by=None)
    staff = staffing.appoint(post=post, from_on=dt.date(2022, 1, 1), name="联系人周", by=None).staff
    form = {"kind": "contact", "what": "all", "staff": staff.pk, "on": worlds.TODAY.isoformat()}
    answer = browse("qian").post(f"/responsibilities/hand-over?region={worlds.VILLAGE}", form, follow=True)
    assert "1 件个案的“落实监测联系人”随之办结" in answer.content.decode()
    assert not Task.objects.filter(case=case, step="name_contact", is_open=True).exists()
    page = browse("zhao").get(f"/cases/{case.case_no}").content.decode()
    assert "监测联系人 联系人周" in page and "落实监测联系人" in page
    assert (
        "监测联系人 联系人周，2022-07-07 起"
        in browse("qian").get(f"/households/{case.household.household_no}").content.decode()
    )


def test_a_case_tells_who_came_and_left_meanwhile(browse, world, case, change):
    page = browse("zhao").get(f"/cases/{case.case_no}").content.decode()
    assert ("人口变动" in page) == (change.changed_on >= case.opened_on)
    NaturalChange.objects.filter(pk=change.pk).update(changed_on=worlds.TODAY)
    page = browse("zhao").get(f"/cases/{case.case_no}").content.decode()
    assert "人口变动" in page and "2022-07-07 出生" in page and f"/changes/{change.pk}" in page


def test_remarks_leave_without_the_names_of_diseases(browse, world, pushed):
    lead = world.lead("甲建国")
    browse("sun").post("/leads/dispatch", {"lead": [lead.pk]})
    send(browse("zhao"), lead, "clear", reason="子女已接走赡养")
    lead.events.filter(step="clear").update(data={"reason": "患胃癌已治愈"})
    book = sheet(browse("sun").get(f"/pushes/{pushed.pk}/file"))
    cells = "".join(str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row)
    assert "甲建国" in cells and "胃癌" not in cells
