"""A file from the door to the lake: every row finds its place, and the sums add up."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.feeds import actions, queries
from shouwang.feeds.models import PendingRow
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch, BatchState, LakeFile, RefusedRow
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import LAIYUAN, NOW

HEADING = ["身份证号", "姓名", "结算日期", "个人自付（元）", "结算编号"]


def wrong_check_digit(number: str) -> str:
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def parts_add_up(counts: dict) -> bool:
    return counts["rows"] == sum(count for name, count in counts.items() if name not in ("rows", "detail"))


def test_every_row_finds_its_place_and_the_sum_adds_up(county, neighbour):
    elsewhere = neighbour()
    zhang, li = county.numbers["张建国"], county.numbers["李丽"]
    outcome = county.send(
        "medical_settlement",
        [
            HEADING,
            [zhang, "张建国", "2022-06-03", "100.50", "J1"],
            [zhang, "张 建国", "2022/6/5", "1,200", "J2"],
            [li, "李莉", "2022-06-03", "1", "J3"],  # a homophone: doubtful
            [wrong_check_digit(li), "李丽", "2022-06-03", "1", "J4"],  # one digit wrong: doubtful
            [factories.identity_number(), "无此人", "2022-06-03", "1", "J5"],  # sound, not registered
            [elsewhere, "刘洋", "2022-06-03", "1", "J6"],  # lives in the next county
            [zhang, "张建国", "2022-06-03", "100.50", "J1"],  # said twice
            [zhang, "张建国", "2022-13-03", "100.50", "J7"],  # no such day
            ["1.30630E+17", "张建国", "2022-06-03", "1", "J8"],  # digits lost
        ],
    )
    assert outcome.counts == {
        "rows": 9,
        "taken": 2,
        "known": 1,
        "doubtful": 2,
        "unmatched": 1,
        "other_county": 1,
        "refused": 2,
        "detail": {"repeated": 1},
    }
    assert parts_add_up(outcome.counts)
    assert [refusal.row_number for refusal in outcome.refusals] == [9, 10]
    assert county.facts("medical_settlement", "row, person_key, own_payment_fen, settlement_no") == [
        (3, county.people["张建国"].pk, 120000, "J2"),
        (8, county.people["张建国"].pk, 10050, "J1"),
    ]
    listed = PendingRow.objects.order_by("row_number").values_list("row_number", "kind", "reason")
    assert list(listed) == [
        (4, "doubtful", "证件号码在档案中登记的是另一个姓名"),
        (5, "doubtful", "证件号码" + PendingRow.objects.get(row_number=5).reason.removeprefix("证件号码")),
        (6, "unmatched", "档案中没有这个证件号码"),
        (7, "unmatched", "证件号码属于其他县的登记人口"),
    ]
    assert "校验位应为" in PendingRow.objects.get(row_number=5).reason


def test_the_lake_holds_neither_numbers_nor_names(county):
    county.send("medical_settlement", [HEADING, [county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"]])
    file = LakeFile.objects.get(dataset="medical_settlement")
    content = store.absolute(file.path).read_bytes()
    assert county.numbers["张建国"].encode() not in content
    assert "张建国".encode() not in content
    columns = county.facts("medical_settlement", "COLUMNS(*)")
    assert len(columns) == 1


def test_an_unsound_number_that_leads_to_nobody_goes_back_with_the_computed_check_digit(county):
    outcome = county.send("medical_settlement", [HEADING, ["131102190001010016", "无此人", "2022-06-03", "100", "J1"]])
    assert outcome.counts["refused"] == 1
    assert parts_add_up(outcome.counts)
    refusal = RefusedRow.objects.get()
    assert refusal.column == "身份证号"
    assert "校验位应为 5，现为 6" in refusal.reason
    assert outcome.refused_path is not None and outcome.refused_path.exists()


def test_the_same_file_twice_changes_nothing(county):
    rows = [
        HEADING,
        [county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"],
        ["", "张建国", "2022-06-04", "5", "J2"],
    ]
    first = county.send("medical_settlement", rows)
    before = (list(LakeFile.objects.values_list("path", "content_hash")), PendingRow.objects.count())
    second = county.send("medical_settlement", rows)
    assert not second.is_new
    assert second.batch == first.batch
    assert second.counts == first.counts
    assert (list(LakeFile.objects.values_list("path", "content_hash")), PendingRow.objects.count()) == before
    assert Batch.objects.filter(purpose="feed").count() == 1


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(county):
    rows = [
        HEADING,
        [county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"],
        ["", "张建国", "2022-06-04", "5", "J2"],
    ]
    files = LakeFile.objects.count()
    outcome = county.send("medical_settlement", rows, dry_run=True)
    assert outcome.is_dry_run and outcome.batch is None
    assert (outcome.counts["taken"], outcome.counts["doubtful"]) == (1, 1)
    assert not Batch.objects.filter(purpose="feed").exists()
    assert not PendingRow.objects.exists()
    assert LakeFile.objects.count() == files
    assert not store.path_of("medical_settlement", LAIYUAN, "2022-06", "x").parent.parent.exists()
    assert county.send("medical_settlement", rows).counts == outcome.counts


def test_a_county_without_a_register_gets_no_file_and_is_told_what_to_do_first(county):
    with pytest.raises(UserError, match=r"还没有农户档案.*registry import"):
        county.send("medical_settlement", [HEADING, ["", "张建国", "2022-06-03", "1", "J"]], region_code="130633000000")
    assert Batch.objects.get(purpose="feed").state == BatchState.REFUSED
    assert not LakeFile.objects.filter(dataset="medical_settlement").exists()


def test_a_file_without_a_required_column_is_refused_whole_and_names_the_nearest_heading(county):
    with pytest.raises(UserError, match="结算日期"):
        county.send("medical_settlement", [["身份证号", "姓名", "个人自付"], [county.numbers["张建国"], "张建国", "1"]])
    assert not LakeFile.objects.filter(dataset="medical_settlement").exists()


def test_a_township_is_no_place_to_import_to(county, divisions):
    with pytest.raises(UserError, match="县级"):
        actions.import_file(
            path=county.write([HEADING]),
            dataset="medical_settlement",
            region_code="130630100000",
            period=Month(2022, 6),
            by=None,
            now=NOW,
        )


def test_a_sender_s_headings_are_asked_for_once(county):
    rows = [["身份证号", "姓名", "哪天", "花了多少"], [county.numbers["张建国"], "张建国", "2022-06-03", "7"]]
    mapping = {"哪天": "结算日期", "花了多少": "个人自付"}
    with pytest.raises(UserError):
        county.send("medical_settlement", rows, sender="涞源县医疗保障局")
    county.send("medical_settlement", rows, sender="涞源县医疗保障局", mapping=mapping)
    rows[1][2] = "2022-06-04"
    outcome = county.send("medical_settlement", rows, sender="涞源县医疗保障局")
    assert outcome.counts["taken"] == 1


def test_the_batch_page_shows_all_parts_and_the_neighbour_sees_none_of_it(county):
    outcome = county.send(
        "medical_settlement",
        [
            HEADING,
            [county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"],
            ["", "李丽", "2022-06-04", "5", "J2"],
        ],
    )
    sun, li = factories.county_officer_sun(), factories.neighbour_li()
    view = queries.batch(scope=Scope.of(sun), batch_id=outcome.batch.pk)
    assert {part.label: part.count for part in view.parts} == {
        "已入库": 1,
        "此前已有": 0,
        "存疑待认定": 1,
        "未匹配": 0,
        "属于其他县": 0,
        "退回": 0,
    }
    assert sum(part.count for part in view.parts) == view.row_count
    assert queries.batches(scope=Scope.of(sun)).count() == 1
    assert queries.pending_rows(scope=Scope.of(sun)).count() == 1
    row = PendingRow.objects.get()
    for scope in (Scope.of(li), Scope(())):
        assert queries.batch(scope=scope, batch_id=outcome.batch.pk) is None
        assert not queries.batches(scope=scope).exists()
        assert not queries.pending_rows(scope=scope).exists()
        assert queries.pending_row(scope=scope, row_id=row.pk) is None
        assert queries.evidence_row(scope=scope, dataset="medical_settlement", batch=outcome.batch.pk, row=2) is None


def test_a_lead_s_evidence_is_the_row_in_the_words_of_its_headings(county):
    heading = ["证件号码", "姓名", "结算日期", "个人自付", "病种名称"]
    outcome = county.send(
        "medical_settlement", [heading, [county.numbers["张建国"], "张建国", "2022-06-03", "12345.6", "脑卒中"]]
    )
    zhao = factories.grid_worker_zhao("130630100201")
    found = queries.evidence_row(scope=Scope.of(zhao), dataset="medical_settlement", batch=outcome.batch.pk, row=2)
    shown = {value.column.heading: value.text for value in found.values if value.text}
    assert shown == {"结算日期": "2022-06-03", "个人自付": "12,345.60 元", "病种名称": "脑卒中"}
    assert found.person == county.people["张建国"]
    other_village = Scope.of(factories.grid_worker_zhao("130630101202"))
    assert (
        queries.evidence_row(scope=other_village, dataset="medical_settlement", batch=outcome.batch.pk, row=2) is None
    )


def test_days_after_the_period_are_refused(county):
    outcome = county.send(
        "medical_settlement", [HEADING, [county.numbers["张建国"], "张建国", dt.date(2022, 7, 1), "100", "J1"]]
    )
    assert outcome.counts["refused"] == 1


def test_only_the_region_s_own_officers_import(county):
    def bring(by):
        return actions.import_file(
            path=county.write([HEADING, [county.numbers["张建国"], "张建国", "2022-06-03", "1", "J1"]]),
            dataset="medical_settlement",
            region_code=LAIYUAN,
            period=Month(2022, 6),
            by=by,
            now=NOW,
        )

    for stranger in (
        factories.neighbour_li(),
        factories.township_clerk_qian("130630100000"),
        factories.neighbour_li(""),
    ):
        with pytest.raises(NotPermittedError):
            bring(stranger)
    sun = factories.county_officer_sun()
    assert bring(sun).batch.received_by == sun
