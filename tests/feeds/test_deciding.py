"""Doubtful rows: a person decides once, the fact follows, and the same question is never asked again."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.feeds import actions, queries
from shouwang.feeds.models import MatchDecision, PendingRow
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake.models import Batch, LakeFile
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import NOW

from .test_importing import parts_add_up, wrong_check_digit

PAID = ["证件号码", "姓名", "结算日期", "个人自付", "结算编号"]


def decide(row, person, by=None):
    return actions.decide(pending_row=row, person=person, by=by, now=NOW)


def candidates(row_number, **filters):
    view = queries.pending_row(
        scope=Scope.everything(), row_id=PendingRow.objects.get(row_number=row_number, **filters).pk
    )
    return [(one.person.name, one.reasons) for one in view.candidates]


def test_a_homophone_on_the_right_number_names_its_reasons(county):
    county.send("medical_settlement", [PAID, [county.numbers["李丽"], "李莉", "2022-06-03", "1", "J1"]])
    assert candidates(2) == [("李丽", ("证件号码相同", "姓名同音", "出生日期相同"))]


def test_a_wrong_digit_is_recognised_without_anybody_s_number_being_stored(county):
    number = county.numbers["王秀英"]
    slipped = number[:13] + str((int(number[13]) + 1) % 10) + number[14:]
    county.send("medical_settlement", [PAID, [slipped, "王秀英", "2022-06-03", "1", "J1"]])
    [(name, reasons)] = candidates(2)
    assert name == "王秀英"
    assert reasons[:2] == ("号码改正一位或对调相邻两位后与档案一致", "姓名相同")


def test_birth_date_and_village_tell_namesakes_apart(county):
    county.person("赵伟", dt.date(1980, 1, 1), region_code="130630100201")
    old = county.people["赵伟"]
    county.person("赵伟", dt.date(1955, 6, 7), region_code="130630101202")
    factories.write_snapshot(period="2022-06")
    heading = [*PAID, "出生日期"]
    county.send("medical_settlement", [heading, ["", "赵伟", "2022-06-03", "1", "J1", "1980年1月1日"]])
    view = queries.pending_row(scope=Scope.everything(), row_id=PendingRow.objects.get().pk)
    assert view.candidates[0].person == old
    assert view.candidates[0].score > 90
    assert all(one.score < 10 for one in view.candidates[1:])


def test_a_decision_puts_the_fact_into_the_lake_and_is_remembered_for_later_files(county):
    row = [county.numbers["李丽"], "李小丽", "2022-05-03", "70", "J1"]
    first = county.send("medical_settlement", [PAID, row], period="2022-05")
    assert county.facts("medical_settlement") == []
    assert decide(PendingRow.objects.get(), county.people["李丽"]) == 1
    batch = Batch.objects.get(pk=first.batch.pk)
    assert (batch.counts["taken"], batch.counts["doubtful"]) == (1, 0)
    assert parts_add_up(batch.counts)
    assert county.facts("medical_settlement", "batch, row, person_key, own_payment_fen") == [
        (batch.pk, 2, county.people["李丽"].pk, 7000)
    ]
    second = county.send("medical_settlement", [PAID, [*row[:2], "2022-06-03", "5", "J2"]])
    assert (second.counts["taken"], second.counts["doubtful"]) == (1, 0)
    assert not queries.pending_rows(scope=Scope.everything()).exists()


def test_one_decision_settles_every_row_of_the_same_identity_in_all_files(county):
    number = county.numbers["李丽"]
    county.send("medical_settlement", [PAID, [number, "李小丽", "2022-05-03", "1", "J1"]], period="2022-05")
    county.send(
        "medical_settlement",
        [PAID, [number, "李小丽", "2022-06-03", "2", "J2"], [number, "李小丽", "2022-06-04", "3", "J3"]],
    )
    heading = ["证件号码", "姓名", "参保年度", "参保状态"]
    county.send("medical_insurance", [heading, [number, "李小丽", "2022", "参保"]])
    asked = PendingRow.objects.filter(batch__dataset="medical_settlement").first()
    assert decide(asked, county.people["李丽"]) == 4
    assert len(county.facts("medical_settlement")) == 3
    assert len(county.facts("medical_insurance")) == 1
    for batch in Batch.objects.filter(purpose="feed"):
        assert parts_add_up(batch.counts)


def test_none_of_them_is_remembered_too(county):
    number = county.numbers["李丽"]
    outcome = county.send("medical_settlement", [PAID, [number, "周芳", "2022-05-03", "1", "J1"]], period="2022-05")
    decide(PendingRow.objects.get(), None)
    batch = Batch.objects.get(pk=outcome.batch.pk)
    assert (batch.counts["doubtful"], batch.counts["unmatched"]) == (0, 1)
    again = county.send("medical_settlement", [PAID, [number, "周芳", "2022-06-03", "1", "J2"]])
    assert (again.counts["doubtful"], again.counts["unmatched"]) == (0, 1)
    assert PendingRow.objects.get(batch=again.batch).reason == "此前已认定：不是档案中的人"
    assert county.facts("medical_settlement") == []


def test_a_bare_name_is_recalled_only_while_one_person_has_it(county):
    county.send("medical_settlement", [PAID, ["", "李丽", "2022-05-03", "1", "J1"]], period="2022-05")
    decide(PendingRow.objects.get(), county.people["李丽"])
    again = county.send("medical_settlement", [PAID, ["", "李丽", "2022-06-03", "1", "J2"]])
    assert again.counts["taken"] == 1
    county.person("李丽", dt.date(1999, 9, 9), region_code="130630101202")
    factories.write_snapshot(period="2022-06")
    july = county.send("medical_settlement", [PAID, ["", "李丽", "2022-07-03", "1", "J3"]], period="2022-07")
    assert (july.counts["taken"], july.counts["doubtful"]) == (0, 1)


def test_bare_names_in_one_file_are_decided_one_by_one(county):
    county.send(
        "medical_settlement", [PAID, ["", "李丽", "2022-06-03", "1", "J1"], ["", "李丽", "2022-06-04", "1", "J2"]]
    )
    assert decide(PendingRow.objects.first(), county.people["李丽"]) == 1
    assert PendingRow.objects.filter(is_decided=False).count() == 1


def test_a_decided_row_that_was_told_before_is_known_not_doubled(county):
    number = county.numbers["李丽"]
    county.send("medical_settlement", [PAID, [number, "李丽", "2022-05-03", "1", "J1"]], period="2022-05")
    outcome = county.send("medical_settlement", [PAID, [number, "李小丽", "2022-05-03", "1", "J1"]])
    decide(PendingRow.objects.get(), county.people["李丽"])
    batch = Batch.objects.get(pk=outcome.batch.pk)
    assert (batch.counts["taken"], batch.counts["known"]) == (0, 1)
    assert len(county.facts("medical_settlement")) == 1


def test_the_same_decision_twice_is_harmless_and_another_one_is_refused(county):
    county.send("medical_settlement", [PAID, [county.numbers["李丽"], "李小丽", "2022-06-03", "1", "J1"]])
    row = PendingRow.objects.get()
    decide(row, county.people["李丽"])
    assert decide(row, county.people["李丽"]) == 0
    with pytest.raises(UserError, match="已经认定过"):
        decide(row, county.people["王秀英"])
    assert len(county.facts("medical_settlement")) == 1
    assert MatchDecision.objects.count() == 1


def test_only_the_county_s_officer_decides_and_only_among_the_county_s_people(county, neighbour):
    neighbour()
    county.send("medical_settlement", [PAID, [county.numbers["李丽"], "李小丽", "2022-06-03", "1", "J1"]])
    row = PendingRow.objects.get()
    for stranger in (factories.neighbour_li(), factories.grid_worker_zhao("130630100201")):
        with pytest.raises(NotPermittedError):
            decide(row, county.people["李丽"], by=stranger)
    with pytest.raises(UserError, match="不在这份文件所属区域"):
        decide(row, county.people["刘洋"])
    sun = factories.county_officer_sun()
    decide(row, county.people["李丽"], by=sun)
    assert PendingRow.objects.get().decided_by == sun


def test_a_reverted_batch_takes_its_decided_facts_with_it_but_the_decision_stays(county):
    row = [PAID, [county.numbers["李丽"], "李小丽", "2022-06-03", "1", "J1"]]
    outcome = county.send("medical_settlement", row)
    decide(PendingRow.objects.get(), county.people["李丽"])
    actions.revert(batch=outcome.batch, by=None, reason="重发", now=NOW)
    assert county.facts("medical_settlement") == []
    assert county.send("medical_settlement", row).counts["taken"] == 1


def test_a_householder_s_row_belongs_to_the_household(county):
    heading = ["户主证件号码", "户主姓名", "鉴定等级", "鉴定日期"]
    county.send(
        "housing_safety", [heading, [wrong_check_digit(county.numbers["张建国"]), "张建国", "D级", "2022-06-01"]]
    )
    decide(PendingRow.objects.get(), county.people["张建国"])
    found = county.facts("housing_safety", "person_key, household_key, safety_grade")
    assert found == [(None, county.households["张建国"].pk, "D")]


def test_what_waits_for_a_decision_is_encrypted_and_shown_masked(county):
    number = county.numbers["李丽"]
    county.send("medical_settlement", [PAID, [number, "李小丽", "2022-06-03", "12.5", "J1"]])
    row = PendingRow.objects.get()
    assert number.encode() not in bytes(row.fact) and "李小丽".encode() not in bytes(row.fact)
    assert number not in str(row.candidates) + row.reason + row.pair_index
    view = queries.pending_row(scope=Scope.of(factories.county_officer_sun()), row_id=row.pk)
    assert (view.name, view.masked_number) == ("李小丽", f"{number[:6]}********{number[-4:]}")
    assert [value.text for value in view.values if value.text] == ["2022-06-03", "12.50 元", "J1"]


def test_a_name_without_anything_else_and_nobody_like_it_is_unmatched(county):
    outcome = county.send(
        "medical_settlement", [PAID, ["", "欧阳明月", "2022-06-03", "1", "J1"], ["", "", "2022-06-03", "1", "J2"]]
    )
    assert outcome.counts["unmatched"] == 2
    assert [row.reason for row in PendingRow.objects.order_by("row_number")] == [
        "来文没有证件号码，档案中没有相近的人",
        "姓名和证件号码都没有",
    ]
    assert not LakeFile.objects.filter(dataset="medical_settlement").exists()


def test_a_wrong_decision_is_corrected_for_every_row_that_stood_on_it(county):
    row = [county.numbers["李丽"], "王英", "2022-05-03", "70", "J1"]
    county.send("medical_settlement", [PAID, row], period="2022-05")
    asked = PendingRow.objects.get()
    decide(asked, county.people["李丽"])
    county.send("medical_settlement", [PAID, [*row[:2], "2022-06-03", "5", "J2"]])  # matched by the decision
    right = county.people["王秀英"]
    asked.refresh_from_db()
    with pytest.raises(UserError, match="原因"):
        actions.correct(pending_row=asked, person=right, by=None, reason="", now=NOW)
    assert actions.correct(pending_row=asked, person=right, by=None, reason="选错了人", now=NOW) == 2
    found = county.facts("medical_settlement", "person_key, settlement_no, row, period")
    assert sorted(found) == [(right.pk, "J1", 2, "2022-05"), (right.pk, "J2", 2, "2022-06")]
    later = county.send("medical_settlement", [PAID, [*row[:2], "2022-07-03", "6", "J3"]], period="2022-07")
    assert later.counts["taken"] == 1
    assert {person for (person,) in county.facts("medical_settlement", "person_key")} == {right.pk}
    corrections = Batch.objects.filter(file_name__startswith="更正")
    assert [batch.notices for batch in corrections] == [["更正原因：选错了人"]] * 2
    assert all(parts_add_up(batch.counts) for batch in corrections)


def test_a_decision_can_be_corrected_to_nobody_and_back(county):
    county.send("medical_settlement", [PAID, [county.numbers["李丽"], "王英", "2022-06-03", "70", "J1"]])
    row = PendingRow.objects.get()
    decide(row, county.people["李丽"])
    row.refresh_from_db()
    actions.correct(pending_row=row, person=None, by=None, reason="查无此事", now=NOW)
    assert county.facts("medical_settlement") == []
    actions.revert(batch=Batch.objects.get(file_name__startswith="更正"), by=None, reason="原来是对的", now=NOW)
    assert len(county.facts("medical_settlement")) == 1


def test_reverting_a_file_takes_its_corrections_with_it(county):
    outcome = county.send("medical_settlement", [PAID, [county.numbers["李丽"], "王英", "2022-06-03", "70", "J1"]])
    row = PendingRow.objects.get()
    decide(row, county.people["李丽"])
    row.refresh_from_db()
    actions.correct(pending_row=row, person=county.people["王秀英"], by=None, reason="选错了人", now=NOW)
    view = queries.batch(scope=Scope.everything(), batch_id=outcome.batch.pk)
    assert (len(view.corrections), view.counties) == (1, ())
    actions.revert(batch=outcome.batch, by=None, reason="重发", now=NOW)
    assert county.facts("medical_settlement") == []
