"""The register learns of more people: rows that waited find them, without anybody sending a file again."""

from __future__ import annotations

import datetime as dt

from shouwang.feeds import actions, queries
from shouwang.feeds.models import PendingRow
from shouwang.intake.models import Batch, LakeFile
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import HENGSHUI, LAIYUAN, NOW, TAOCHENG

from .test_importing import parts_add_up

PAID = ["证件号码", "姓名", "结算日期", "个人自付", "结算编号"]


def rematch(region_code=LAIYUAN):
    return actions.rematch(region_code=region_code, by=None, now=NOW)


def test_a_person_who_is_registered_later_is_found(county):
    number = factories.identity_number(born_on=dt.date(1988, 8, 8))
    outcome = county.send(
        "medical_settlement",
        [
            PAID,
            [number, "周明", "2022-06-03", "70", "J1"],
            [factories.identity_number(), "无此人", "2022-06-03", "1", "J2"],
        ],
    )
    assert outcome.counts["unmatched"] == 2
    assert rematch() == 0
    person = factories.make_person(household=factories.make_household(head_name="周明"), name="周明", number=number)
    factories.write_snapshot(period="2022-06")
    assert rematch() == 1
    batch = Batch.objects.get(pk=outcome.batch.pk)
    assert (batch.counts["taken"], batch.counts["unmatched"]) == (1, 1)
    assert parts_add_up(batch.counts)
    assert county.facts("medical_settlement", "batch, row, person_key, own_payment_fen") == [
        (batch.pk, 2, person.pk, 7000)
    ]
    assert queries.pending_rows(scope=Scope.everything()).count() == 1
    files = LakeFile.objects.count()
    assert rematch() == 0
    assert LakeFile.objects.count() == files


def test_a_name_corrected_in_the_register_answers_the_question(county):
    county.send("medical_settlement", [PAID, [county.numbers["李丽"], "李莉", "2022-06-03", "1", "J1"]])
    li = county.people["李丽"]
    li.name = "李莉"
    li.save()
    factories.write_snapshot(period="2022-06")
    assert rematch() == 1
    assert PendingRow.objects.get().decided_person == li


def test_what_still_waits_is_told_anew(county):
    number = factories.identity_number(born_on=dt.date(1988, 8, 8))
    outcome = county.send("medical_settlement", [PAID, [number, "周明", "2022-06-03", "70", "J1"]])
    factories.make_person(household=factories.make_household(head_name="周鸣"), name="周鸣", number=number)
    factories.write_snapshot(period="2022-06")
    assert rematch() == 0
    row = PendingRow.objects.get()
    assert (row.kind, row.reason) == ("doubtful", "证件号码在档案中登记的是另一个姓名")
    assert [one["reasons"][0] for one in row.candidates] == ["证件号码相同"]
    batch = Batch.objects.get(pk=outcome.batch.pk)
    assert (batch.counts["doubtful"], batch.counts["unmatched"]) == (1, 0)
    assert parts_add_up(batch.counts)


def test_a_row_of_the_city_s_list_moves_to_the_county_that_registers_the_person(county):
    county.person("孟庆", dt.date(1977, 7, 7), region_code="131102100201")
    factories.write_snapshot(TAOCHENG)
    number = factories.identity_number(area="131102", born_on=dt.date(1960, 6, 6))
    heading = ["身份证号", "姓名", "事故类型", "发生日期"]
    outcome = county.send("accident", [heading, [number, "田七", "车祸", "2022-06-02"]], region_code=HENGSHUI)
    assert (outcome.counts["pushed"], outcome.counts["unmatched"]) == (0, 1)
    home = factories.make_household(head_name="田七", region_code="131102100201")
    person = factories.make_person(household=home, name="田七", number=number)
    factories.write_snapshot(TAOCHENG, period="2022-06")
    assert rematch(HENGSHUI) == 1
    batch = Batch.objects.get(pk=outcome.batch.pk)
    assert (batch.counts["pushed"], batch.counts["unmatched"]) == (1, 0)
    assert county.facts("accident", "person_key", county=TAOCHENG) == [(person.pk,)]
    assert parts_add_up(batch.counts) and parts_add_up(batch.parts.get().counts)


def test_a_household_number_that_appears_later_is_found(county):
    heading = ["户编号", "月份", "工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出"]
    county.send("monthly_income", [heading, ["1306309999999999", "2022-06", "1", "2", "3", "4", "5"]])
    home = factories.make_household(household_no="1306309999999999")
    assert rematch() == 1
    found = county.facts("monthly_income", "household_key, month, wage_fen, business_cost_fen")
    assert found == [(home.pk, "2022-06", 100, 500)]
