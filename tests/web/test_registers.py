"""台账 on pages: seen by place and department, written in by who keeps it, taken in from a file, and found on the household's page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.casework.models import Case
from shouwang.households.models import Measure, RegisterChange, RegisterRow
from shouwang.households.registers import actions, contracts
from shouwang.households.registers.catalogue import BY_CODE, REGISTERS
from shouwang.households.registers.subjects import Subject
from shouwang.jobs import worker
from shouwang.organisation.models import AuditEvent, Unit
from shouwang.web.views import register_files, registers
from tests import factories

from .test_scope import objects
from .world import LAIYUAN, NOW, TODAY, VILLAGE, World, person

Browse = Callable[[str], Client]
UNSOLD, LABOUR = BY_CODE["unsold_produce"], BY_CODE["labour"]
POTATOES = {"produce": "土豆", "told_on": "2022-06-01", "quantity": "500", "status": "未对接"}


def unsold(world: World, name: str = "甲建国", **changed) -> RegisterRow:
    return actions.add(
        register=UNSOLD,
        subject=Subject.of_household(world.households[name]),
        values=POTATOES | changed,
        by=None,
        today=TODAY,
        now=NOW,
    )


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.code)
def test_every_register_opens_empty_and_says_what_to_do_next(world, browse, register):
    page = browse("sun").get(reverse("register", args=[register.code]))
    assert page.status_code == 200 and register.label in text(page)
    for one in register.eligible:
        assert browse("sun").get(reverse("register_missing", args=[register.code, one.code])).status_code == 200
    assert browse("qian").get(reverse("register_template", args=[register.code])).status_code == 200


def test_the_overview_groups_registers_by_department_and_counts_what_the_account_sees(world, browse):
    unsold(world)
    assert "人社局" in text(browse("sun").get(reverse("registers")))
    groups = browse("sun").get(reverse("registers")).context["groups"]
    assert [count for one, count, *_ in groups["农业农村局"] if one == UNSOLD] == [1]
    theirs = browse("li").get(reverse("registers")).context["groups"]
    assert not any(count for lines in theirs.values() for _, count, *_ in lines)


def test_a_village_writes_a_row_with_a_form_of_few_fields_and_twice_is_once(world, browse):
    zhao, home = browse("zhao"), world.households["甲建国"]
    address = reverse("register_new", args=["unsold_produce"])
    chosen = zhao.post(address, {"find": "甲建国"})
    assert home.household_no in text(chosen), "found by name, sent by POST"
    form = zhao.get(address, {"household": home.household_no})
    assert "脱贫户" in text(form) and "证件号码" not in text(form), "what is known is shown, not asked"
    for _ in range(2):
        answer = zhao.post(f"{address}?household={home.household_no}", POTATOES)
        assert answer.status_code == 302
    row = RegisterRow.objects.get(register="unsold_produce")
    assert (row.household, row.changed_by.name, row.values["quantity"]) == (home, "网格员赵", "500")
    assert AuditEvent.objects.latest("id").action == "登记台账"
    listed = text(zhao.get(reverse("register", args=["unsold_produce"])))
    assert "土豆" in listed and "甲建国" in listed


def test_a_form_that_is_sent_without_what_it_needs_comes_back_with_the_reason(world, browse):
    address = f"{reverse('register_new', args=['unsold_produce'])}?household={world.households['甲建国'].household_no}"
    answer = browse("zhao").post(address, {"produce": "土豆"})
    assert answer.status_code == 400 and not RegisterRow.objects.exists()


def test_a_row_changes_with_its_history_and_the_slower_of_two_is_told(world, browse):
    row = unsold(world)
    address = reverse("register_row", args=["unsold_produce", row.pk])
    sold = POTATOES | {"status": "已售完", "sold_amount": "600", "version": "1", "reason": "合作社收购"}
    assert browse("qian").post(address, sold).status_code == 302
    late = browse("zhao").post(address, POTATOES | {"status": "对接中", "version": "1"})
    assert late.status_code == 400 and "刚才被别人改过" in text(late)
    change = RegisterChange.objects.get(row=row, operation="changed")
    assert (change.before["status"], change.after["status"], change.reason) == ("未对接", "已售完", "合作社收购")
    page = text(browse("zhao").get(address))
    assert "600.00" in page and "合作社收购" in page and "乡镇钱" in page


def test_a_row_is_ended_with_a_reason_and_leaves_the_list_but_not_the_record(world, browse):
    row = unsold(world)
    act = reverse("register_act", args=["unsold_produce", row.pk, "end"])
    browse("qian").post(act, {"version": 1, "reason": ""})
    row.refresh_from_db()
    assert row.ended_on is None, "not without a reason"
    browse("qian").post(act, {"version": 1, "reason": "已经卖完", "on": "2022-07-01"})
    address = reverse("register", args=["unsold_produce"])
    assert "甲建国" not in text(browse("qian").get(address))
    assert "甲建国" in text(browse("qian").get(address, {"state": "over"}))


def test_the_neighbour_finds_neither_list_row_nor_household(world, browse):
    row, home = unsold(world), world.households["甲建国"]
    li = browse("li")
    assert "甲建国" not in text(li.get(reverse("register", args=["unsold_produce"]), {"state": "all"}))
    assert li.get(reverse("register_row", args=["unsold_produce", row.pk])).status_code == 404
    assert (
        li.post(
            reverse("register_act", args=["unsold_produce", row.pk, "end"]), {"version": 1, "reason": "不对"}
        ).status_code
        == 404
    )
    assert li.get(reverse("register_new", args=["unsold_produce"]), {"household": home.household_no}).status_code == 404
    assert home.household_no not in text(li.post(reverse("register_new", args=["unsold_produce"]), {"find": "甲建国"}))


def test_who_keeps_a_register_writes_in_it_and_who_does_not_reads(world, browse):
    assert browse("zhao").get(reverse("register_new", args=["post_holders"])).status_code == 403, (
        "the township keeps it"
    )
    assert browse("qian").get(reverse("register_new", args=["post_holders"])).status_code == 200
    assert browse("zhou").get(reverse("register", args=["post_holders"])).status_code == 200
    assert browse("zhou").get(reverse("register_new", args=["post_holders"])).status_code == 403


def test_a_liaison_keeps_the_registers_of_the_own_department_and_browses_no_names(world):
    unit = Unit.objects.create(
        region_code=LAIYUAN, name="涞源县农业农村局", kind="department", department="agriculture"
    )
    liaison = factories.make_account(name="农业局吴", role="department_liaison", region_code=LAIYUAN)
    liaison.unit = unit
    liaison.save()
    client = Client()
    client.force_login(liaison)
    assert client.get(reverse("register", args=["unsold_produce"])).status_code == 200
    assert client.get(reverse("register", args=["labour"])).status_code == 404, "not of that department"
    address, home = reverse("register_new", args=["unsold_produce"]), world.households["甲建国"]
    assert home.household_no not in text(client.post(address, {"find": "甲建国"}))
    assert home.household_no in text(client.post(address, {"find": home.household_no}))
    assert client.post(f"{address}?household={home.household_no}", POTATOES).status_code == 302
    assert client.get(reverse("household", args=[home.household_no])).status_code == 403


def filled(register, rows: list[dict[str, str]]) -> SimpleUploadedFile:
    """The template's headings with rows by heading."""
    headings = [column.heading for column in contracts.contract(register).columns]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(headings)
    writer.writerows([[row.get(heading, "") for heading in headings] for row in rows])
    return SimpleUploadedFile("劳动力.csv", stream.getvalue().encode("utf-8"))


def test_a_file_is_planned_taken_in_refused_in_part_and_reverted(world, browse):
    sun, upload = browse("sun"), reverse("register_upload", args=["labour"])
    one = person(world, "甲建国")
    rows = [
        {
            "人口编号": one.person_no,
            "姓名": "甲建国",
            "就业状况": "省外务工",
            "状况所属月份": "2022年6月",
            "月工资": "4,500",
        },
        {"证件号码": world.numbers["乙秀英"], "姓名": "乙秀英", "就业状况": "待业", "状况所属月份": "2022-06"},
        {"人口编号": person(world, "丙海生").person_no, "姓名": "丙海", "就业状况": "待业", "状况所属月份": "2022-06"},
        {"证件号码": world.numbers["外德成"], "姓名": "外德成", "就业状况": "待业", "状况所属月份": "2022-06"},
    ]
    plan = sun.post(upload, {"file": filled(LABOUR, rows)})
    assert plan.context["plan"].counts == {"rows": 4, "new": 2, "changed": 0, "same": 0, "refused": 2}
    assert not RegisterRow.objects.exists(), "planned, not done"
    sun.post(reverse("register_take_in", args=["labour"]))
    kept = {row.person.name: row.values for row in RegisterRow.objects.filter(register="labour")}
    assert kept["甲建国"] == {"status": "外出务工", "told_in": "2022-06", "wage": 450_000}
    assert kept["乙秀英"]["status"] == "未就业", "known by the identity number, which is kept nowhere"
    batch = sun.get(upload).context["batches"][0]
    refused = sun.get(reverse("register_refused", args=["labour", batch.pk]))
    assert refused.status_code == 200 and b"".join(refused.streaming_content)
    sun.post(reverse("register_take_in", args=["labour"]))
    assert RegisterRow.objects.filter(register="labour").count() == 2, "the same file again"
    sun.post(reverse("register_revert", args=["labour", batch.pk]), {"reason": "名单有误"})
    assert not RegisterRow.objects.filter(register="labour", is_taken_back=False).exists()
    assert (
        browse("li").post(reverse("register_revert", args=["labour", batch.pk]), {"reason": "名单"}).status_code == 404
    )


def test_a_batch_that_somebody_built_on_is_not_taken_out(world, browse):
    sun, one = browse("sun"), person(world, "甲建国")
    rows = [{"人口编号": one.person_no, "姓名": "甲建国", "就业状况": "待业", "状况所属月份": "2022-06"}]
    sun.post(reverse("register_upload", args=["labour"]), {"file": filled(LABOUR, rows)})
    sun.post(reverse("register_take_in", args=["labour"]))
    row = RegisterRow.objects.get(register="labour")
    browse("zhao").post(
        reverse("register_row", args=["labour", row.pk]), {"status": "本地务工", "told_in": "2022-07", "version": 1}
    )
    batch = sun.get(reverse("register_upload", args=["labour"])).context["batches"][0]
    answer = sun.post(reverse("register_revert", args=["labour", batch.pk]), {"reason": "名单有误"}, follow=True)
    assert "后来又改过" in text(answer) and RegisterRow.objects.get(pk=row.pk).status == "本地务工"


def test_the_file_that_goes_out_has_the_rows_of_the_page_and_no_identity_number(world, browse):
    unsold(world)
    unsold(world, "丙海生", produce="核桃")
    address = reverse("export", args=["register_unsold_produce"])
    answer = browse("sun").get(address, {"format": "csv", "region": VILLAGE})
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "土豆" in content and "核桃" not in content
    assert not any(number in content for number in world.numbers.values())
    assert AuditEvent.objects.latest("id").action == "导出滞销农产品"
    assert browse("zhao").get(address).status_code == 403


def test_a_household_shows_what_stands_about_it(world, browse):
    row = unsold(world)
    page = text(browse("zhao").get(reverse("household", args=[world.households["甲建国"].household_no])))
    assert reverse("register_row", args=["unsold_produce", row.pk]) in page and "土豆" in page


def test_a_figure_opens_its_rows(world, browse):
    unsold(world)
    unsold(world, "丙海生", status="已售完", sold_amount=60000)
    page = browse("sun").get(reverse("register", args=["unsold_produce"]))
    answers = {one.figure.code: (one.text, address) for one, address in page.context["figures"]}
    assert answers["sold"][0] == "600.00" and answers["open"][0] == "1"
    opened = browse("sun").get(reverse("register", args=["unsold_produce"]) + answers["open"][1])
    assert [row.household.head_name for row in opened.context["page"].rows] == ["甲建国"]


def test_a_measure_that_was_carried_out_fills_the_row_and_is_then_missing_no_more(world, browse):
    objects(world)
    case = Case.objects.get(case_no="130630-G202207-000001")
    measure = Measure.objects.create(
        case=case, region_code=case.region_code, kind="sales_matching", risk="industry_failure", department="commerce",
        phase="remedial", title="联系超市收购核桃", planned_on=TODAY, done_on=TODAY, amount_fen=123_000, result="县城超市", at=NOW,
    )  # fmt: skip
    list_of = reverse("register_missing", args=["unsold_produce", "measures"])
    page = text(browse("qian").get(list_of))
    assert "联系超市收购核桃" in page and f"measure={measure.pk}" in page
    address = f"{reverse('register_new', args=['unsold_produce'])}?household={case.household.household_no}&measure={measure.pk}"
    form = text(browse("qian").get(address))
    assert "1230.00" in form and "县城超市" in form, "what the measure says is filled in"
    browse("qian").post(address, POTATOES | {"sold_amount": "1230.00", "buyer": "县城超市"})
    assert RegisterRow.objects.get(register="unsold_produce").measure == measure
    assert "联系超市收购核桃" not in text(browse("qian").get(list_of))


def test_a_long_register_shows_its_rows_before_its_figures(world, browse, monkeypatch):
    unsold(world)
    monkeypatch.setattr(registers, "_MOST_ADDED_AT_ONCE", 0)
    address = reverse("register", args=["unsold_produce"])
    page = browse("sun").get(address)
    assert not page.context["figures"] and "figures=1" in text(page) and "土豆" in text(page)
    assert browse("sun").get(address, {"figures": "1"}).context["figures"]


def test_what_falls_due_is_counted_and_listed_first(world, browse):
    for name, due in (("甲建国", "2022-07-01"), ("丙海生", "2022-08-31"), ("丁玉兰", "2022-09-01")):
        told = {
            "kind": "小额信贷",
            "bank": "农信社",
            "lent_on": "2020-07-01",
            "amount": 100,
            "due_on": due,
            "status": "正常",
        }
        subject = Subject.of_household(world.households[name])
        actions.add(register=BY_CODE["loans"], subject=subject, values=told, by=None, today=TODAY, now=NOW)
    groups = browse("sun").get(reverse("registers")).context["groups"]
    assert groups["金融办"][0][3] == (1, 1), "one is late, one falls due by the end of next month"
    soon = browse("sun").get(reverse("register", args=["loans"]), {"state": "soon", "order": "due"})
    assert [row.household.head_name for row in soon.context["page"].rows] == ["丙海生"]


def test_a_large_file_is_taken_in_and_out_in_the_background(world, browse, monkeypatch):
    monkeypatch.setattr(register_files, "AT_ONCE", 0)
    sun, one = browse("sun"), person(world, "甲建国")
    rows = [{"人口编号": one.person_no, "姓名": "甲建国", "就业状况": "待业", "状况所属月份": "2022-06"}]
    sun.post(reverse("register_upload", args=["labour"]), {"file": filled(LABOUR, rows)})
    answer = sun.post(reverse("register_take_in", args=["labour"]))
    assert not RegisterRow.objects.exists() and worker.work(once=True) == 1
    assert reverse("register_upload", args=["labour"]) in text(sun.get(answer["Location"]))
    row = RegisterRow.objects.get(register="labour")
    batch = sun.get(reverse("register_upload", args=["labour"])).context["batches"][0]
    sun.post(reverse("register_revert", args=["labour", batch.pk]), {"reason": "名单有误"})
    assert worker.work(once=True) == 1
    row.refresh_from_db()
    assert row.is_taken_back


def test_a_large_file_is_looked_at_in_the_background_and_shown_to_whoever_gave_it(world, browse, monkeypatch):
    monkeypatch.setattr(register_files, "LOOKED_AT_ONCE", 0)
    sun, one, address = browse("sun"), person(world, "甲建国"), reverse("register_upload", args=["labour"])
    sound = {"人口编号": one.person_no, "姓名": "甲建国", "就业状况": "待业", "状况所属月份": "2022-06"}
    answer = sun.post(address, {"file": filled(LABOUR, [sound, sound | {"就业状况": "不详"}])})
    assert answer.status_code == 302 and not RegisterRow.objects.exists()
    assert worker.work(once=True) == 1
    shown = re.search(r'href="([^"]*look=\d+)"', sun.get(answer["Location"]).content.decode())[1]

    page = sun.get(shown)
    assert page.context["plan"]["counts"] | {"rows": 2, "new": 1, "refused": 1} == page.context["plan"]["counts"]
    assert "会退回的行（1 行）" in text(page) and one.person_no not in text(page).partition("会退回的行")[2]
    assert "plan" not in browse("qian").get(shown).context, "nobody else's"
    assert "plan" not in sun.get(reverse("register_upload", args=["loans"]) + shown[shown.index("?") :]).context
    sun.get(shown)
    sun.post(reverse("register_take_in", args=["labour"]))
    assert RegisterRow.objects.get(register="labour").person == one


def test_a_village_finds_its_paired_unit_on_its_first_page(world: World, browse: Browse) -> None:
    told = {"unit": "县农业农村局", "kind": "帮村", "since": "2022-03-07", "lacks": "灌溉设施"}
    pairs = {"register": BY_CODE["village_pairings"], "by": None, "today": TODAY, "now": NOW}
    actions.add(subject=Subject(VILLAGE), values=told, **pairs)
    actions.add(subject=Subject(VILLAGE), values=told | {"unit": "旧单位", "until": "2022-06-30"}, **pairs)
    page = browse("zhao").get(reverse("home")).content.decode()
    assert "县农业农村局" in page and "村里缺：灌溉设施" in page and "旧单位" not in page
    assert "县农业农村局" not in browse("li").get(reverse("home")).content.decode()
