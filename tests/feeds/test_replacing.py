"""Later files: what is known is not told twice, what is told anew replaces, and a reverted batch leaves no trace."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.feeds import actions, queries
from shouwang.feeds.models import PendingRow
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.models import AuditEvent
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import NOW

PAID = ["证件号码", "姓名", "结算日期", "个人自付", "结算编号"]
INSURED = ["证件号码", "姓名", "参保年度", "参保状态"]
OUTAGE = ["行政村代码", "停水开始", "原因", "停水结束"]


def revert(outcome, by=None):
    actions.revert(batch=outcome.batch, by=by, reason="文件发错了", now=NOW)


def payment(county, name, day, amount, number):
    return [county.numbers[name], name, day, amount, number]


def test_a_cumulative_file_adds_only_what_is_new(county):
    may = [
        PAID,
        payment(county, "张建国", "2022-05-03", "100", "J1"),
        payment(county, "李丽", "2022-05-04", "50", "J2"),
    ]
    june = [*may, payment(county, "张建国", "2022-06-03", "30", "J3")]
    county.send("medical_settlement", may, period="2022-05")
    outcome = county.send("medical_settlement", june)
    assert (outcome.counts["taken"], outcome.counts["known"]) == (1, 2)
    facts = county.facts("medical_settlement", "settlement_no, period")
    assert sorted(facts) == [("J1", "2022-05"), ("J2", "2022-05"), ("J3", "2022-06")]


def test_payments_without_a_number_are_the_same_only_when_every_column_is(county):
    heading = PAID[:-1]
    county.send(
        "medical_settlement", [heading, payment(county, "张建国", "2022-05-03", "100", "")[:-1]], period="2022-05"
    )
    outcome = county.send(
        "medical_settlement",
        [
            heading,
            payment(county, "张建国", "2022-05-03", "100", "")[:-1],
            payment(county, "张建国", "2022-05-03", "101", "")[:-1],
            payment(county, "李丽", "2022-05-03", "100", "")[:-1],
        ],
    )
    assert (outcome.counts["taken"], outcome.counts["known"]) == (2, 1)


def test_a_corrected_row_replaces_the_earlier_one_and_reverting_brings_it_back(county):
    first = county.send(
        "medical_settlement", [PAID, payment(county, "张建国", "2022-05-03", "100", "J1")], period="2022-05"
    )
    second = county.send("medical_settlement", [PAID, payment(county, "张建国", "2022-05-03", "80", "J1")])
    assert second.counts["detail"] == {"replaced": 1}
    assert county.facts("medical_settlement", "own_payment_fen") == [(8000,)]
    # a screening of May does not know of June's correction
    assert county.facts("medical_settlement", "own_payment_fen", month="2022-05") == [(10000,)]
    revert(second)
    assert county.facts("medical_settlement", "own_payment_fen") == [(10000,)]
    revert(first)
    assert county.facts("medical_settlement") == []


def test_reverting_the_middle_of_three_leaves_the_last_word(county):
    outcomes = [
        county.send("medical_settlement", [PAID, payment(county, "张建国", "2022-04-03", amount, "J1")], period=period)
        for amount, period in (("100", "2022-04"), ("80", "2022-05"), ("60", "2022-06"))
    ]
    revert(outcomes[1])
    assert county.facts("medical_settlement", "own_payment_fen") == [(6000,)]
    revert(outcomes[2])
    assert county.facts("medical_settlement", "own_payment_fen") == [(10000,)]


def test_an_older_file_that_comes_late_counts_for_its_own_month_only(county):
    def insured(status, period):
        row = [county.numbers["张建国"], "张建国", "2022", status]
        return county.send("medical_insurance", [INSURED, row], period=period)

    june = insured("参保", "2022-06")
    may = insured("未参保", "2022-05")
    assert may.counts["detail"] == {"outdated": 1}
    assert county.facts("medical_insurance", "insurance_status") == [("参保",)]
    assert county.facts("medical_insurance", "insurance_status", month="2022-05") == [("未参保",)]
    revert(june)
    assert county.facts("medical_insurance", "insurance_status") == [("未参保",)]


def test_an_older_file_with_the_same_content_is_kept_for_its_own_month(county):
    row = [county.numbers["张建国"], "张建国", "2022", "参保"]
    county.send("medical_insurance", [INSURED, row], period="2022-06")
    county.send("medical_insurance", [INSURED, row], period="2022-04")
    assert county.facts("medical_insurance", "period") == [("2022-06",)]
    assert county.facts("medical_insurance", "period", month="2022-05") == [("2022-04",)]


def test_within_a_file_the_row_of_higher_precedence_stays_and_both_are_kept(county):
    heading = ["证件号码", "姓名", "学校", "年级", "学籍状态"]
    number = county.numbers["李丽"]
    outcome = county.send(
        "enrolment",
        [heading, [number, "李丽", "县一小", "三年级", "在读"], [number, "李丽", "镇小学", "三年级", "转出"]],
    )
    assert outcome.counts["taken"] == 2
    assert outcome.counts["detail"] == {"replaced_in_file": 1}
    assert county.facts("enrolment", "school, enrolment_status") == [("县一小", "在读")]


def test_what_a_second_file_also_says_survives_the_first_one_s_reversal(county):
    row = payment(county, "张建国", "2022-05-03", "100", "J1")
    first = county.send("medical_settlement", [PAID, row], period="2022-05")
    second = county.send("medical_settlement", [PAID, row, payment(county, "李丽", "2022-06-03", "9", "J2")])
    third = county.send(
        "medical_settlement", [PAID, row, payment(county, "李丽", "2022-07-03", "8", "J3")], period="2022-07"
    )
    revert(first)
    facts = county.facts("medical_settlement", "batch, row, settlement_no")
    assert facts == [(second.batch.pk, 2, "J1"), (second.batch.pk, 3, "J2"), (third.batch.pk, 3, "J3")]
    second.batch.refresh_from_db()
    assert (second.batch.counts["taken"], second.batch.counts["known"]) == (2, 0)
    revert(second)
    assert county.facts("medical_settlement", "batch, row, settlement_no") == [
        (third.batch.pk, 2, "J1"),
        (third.batch.pk, 3, "J3"),
    ]


def test_a_reverted_batch_stays_in_the_record_and_its_file_can_come_again(county):
    rows = [PAID, payment(county, "张建国", "2022-06-03", "100", "J1"), ["", "李丽", "2022-06-03", "1", "J2"]]
    first = county.send("medical_settlement", rows)
    revert(first)
    batch = Batch.objects.get(pk=first.batch.pk)
    assert (batch.state, batch.reverted_reason) == (BatchState.REVERTED, "文件发错了")
    assert batch.counts["taken"] == 1
    assert AuditEvent.objects.filter(action="撤销部门数据", reason="文件发错了").exists()
    assert not queries.pending_rows(scope=Scope.everything()).exists()
    # what a finding of the past points at can still be read
    assert queries.evidence_row(scope=Scope.everything(), dataset="medical_settlement", batch=batch.pk, row=2)
    second = county.send("medical_settlement", rows)
    assert second.is_new and second.batch.pk != first.batch.pk
    assert len(county.facts("medical_settlement")) == 1


def test_a_batch_is_reverted_once_with_a_reason_and_not_by_the_neighbour(county):
    outcome = county.send("medical_settlement", [PAID, payment(county, "张建国", "2022-06-03", "100", "J1")])
    with pytest.raises(NotPermittedError):
        revert(outcome, by=factories.neighbour_li())
    with pytest.raises(NotPermittedError):
        revert(outcome, by=factories.township_clerk_qian("130630100000"))
    with pytest.raises(UserError, match="原因"):
        actions.revert(batch=outcome.batch, by=None, reason=" ", now=NOW)
    revert(outcome, by=factories.county_officer_sun())
    with pytest.raises(UserError, match="已撤销"):
        revert(outcome)


def test_an_outage_gets_its_end_from_a_later_file(county, divisions):
    village = "130630100201"
    county.send("water_outage", [OUTAGE, [village, "2022-05-20", "水泵损坏", ""]], period="2022-05")
    outcome = county.send("water_outage", [OUTAGE, [village, "2022-05-20", "水泵损坏", "2022-06-02"]])
    assert outcome.counts["taken"] == 1
    assert county.facts("water_outage", "outage_to") == [(dt.date(2022, 6, 2),)]


def test_twins_are_two_newcomers_and_stay_two_when_told_again(county):
    heading = ["证件号码", "姓名", "变动类型", "变动日期", "户编号"]
    home = county.households["张建国"].household_no
    births = [heading, ["", "张小一", "出生", "2022-06-20", home], ["", "张小二", "出生", "2022-06-20", home]]
    outcome = county.send("population_change", births, period="2022-06")
    assert (outcome.counts["taken"], outcome.counts["known"]) == (2, 0)
    again = county.send(
        "population_change",
        [*births, [county.numbers["张建国"], "张建国", "死亡", "2022-06-18", home]],
        period="2022-07",
    )
    assert (again.counts["taken"], again.counts["known"]) == (1, 2)
    found = county.facts("population_change", "change_kind, person_key, household_key")
    assert found == [
        ("出生", None, county.households["张建国"].pk),
        ("出生", None, county.households["张建国"].pk),
        ("死亡", county.people["张建国"].pk, None),
    ]
    assert not PendingRow.objects.exists()
