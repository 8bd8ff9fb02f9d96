"""The table of what implements each duty: every duty once, claims checked, open rows say what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.policy import coverage, loading

from .files import program, write

PROGRAM = loading.read(program=workspace.PROGRAM_POLICIES)


def by_duty(claims: dict[str, list[str]]) -> dict[str, coverage.Row]:
    return {row.duty: row for row in coverage.rows(PROGRAM, claims=claims) if row.duty}


def test_every_duty_has_exactly_one_row_and_every_guidance_clause_one_more() -> None:
    rows = coverage.rows(PROGRAM, claims={})
    duties = [row.duty for row in rows if row.duty]
    guidance = [row for row in rows if not row.duty]

    assert len(duties) == len(set(duties)) == 383
    assert guidance
    assert all(row.status == coverage.GUIDANCE and row.reason for row in guidance)


def test_without_claims_nothing_is_implemented_and_every_open_row_says_what_is_missing() -> None:
    rows = coverage.rows(PROGRAM, claims={})

    assert {row.status for row in rows} == {coverage.OPEN, coverage.GUIDANCE}
    assert all(row.reason.startswith("尚") for row in rows if row.status == coverage.OPEN)


def test_a_claimed_duty_is_implemented_by_what_claims_it() -> None:
    row = by_duty({"S1-C-05": ["households.rules.severe_disability_low_income"]})["S1-C-05"]

    assert (row.status, row.implemented_by, row.reason) == (
        coverage.IMPLEMENTED,
        ("households.rules.severe_disability_low_income",),
        "",
    )


def test_a_parameter_alone_implements_nothing_but_the_open_row_names_it() -> None:
    rows = by_duty({})

    assert rows["S1-C-08"].status == coverage.OPEN
    assert "已登记为参数 household.day_basis、household.identification_limit" in rows["S1-C-08"].reason
    assert "留待录入：household.transfer_share_limit" in rows["S2-B-10"].reason
    assert rows["S2-B-10"].reason.startswith("尚缺按条文判断的规则")


def test_a_note_that_is_guidance_stays_guidance_until_something_claims_it() -> None:
    assert by_duty({})["S2-A-01"].status == coverage.GUIDANCE
    assert by_duty({"S2-A-01": ["docs/explanation/companion.md"]})["S2-A-01"].status == coverage.IMPLEMENTED


def test_a_claim_on_a_duty_that_no_document_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match=r"不存在的职责“S1-C-55”.*S1-C-05"):
        coverage.rows(PROGRAM, claims={"S1-C-55": ["x"]})
    with pytest.raises(UserError, match="没有写由什么实现"):
        coverage.rows(PROGRAM, claims={"S1-C-05": []})


def test_the_registered_claims_are_those_of_the_last_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "_claims", {})

    coverage.register({"S0-C-04": ["feeds.datasets"], "S0-C-05": ["feeds.actions"]})
    coverage.register({"S0-C-04": ["feeds.calendar"]})

    assert coverage.registered() == {"S0-C-04": coverage.Claim(("feeds.calendar",))}
    found = {row.duty: row.implemented_by for row in coverage.rows(PROGRAM)}
    assert (found["S0-C-04"], found["S0-C-05"]) == (("feeds.calendar",), ())


def test_a_row_reads_as_json_with_exactly_these_keys() -> None:
    row = by_duty({})["S1-C-08"].plain()

    assert list(row) == ["document", "clause", "duty", "status", "implemented_by", "reason"]
    assert (row["document"], row["clause"], row["implemented_by"]) == ("hebei-xiangzhenfa-2022-14", "1.8", [])


def test_a_countys_own_clause_may_carry_a_duty_that_a_higher_document_has(tmp_path: Path) -> None:
    text = """\
        title: 县方案
        issuer: 某县
        region: "131102"
        issued_on: 2022-05-01
        clauses:
          - {id: "1", duties: [D-1, D-2], kind: LEDGER, place: 一, summary: 细化时限}
        """
    own = write(tmp_path / "own", {"documents/county-2022-1.yaml": text})
    rows = coverage.rows(loading.read(program=program(tmp_path / "program"), own=own), claims={})

    assert [(row.document, row.duty, row.reason) for row in rows] == [
        ("city-2022-1", "D-1", "尚缺限期任务；条文的数值已登记为参数 household.limit"),
        ("county-2022-1", "D-2", "尚缺台账"),
    ]


def test_a_claim_that_says_what_is_missing_leaves_the_duty_open_with_what_there_is() -> None:
    claim = coverage.Claim(("households.rules.not_insured",), missing="尚缺参保动员任务")
    row = by_duty({"S3-B-22": claim})["S3-B-22"]

    assert (row.status, row.implemented_by, row.reason) == (coverage.OPEN, claim.by, "尚缺参保动员任务")
