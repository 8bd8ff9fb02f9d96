"""`shouwang feed …`: what a data officer types, sees and gets back as exit status."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from shouwang.feeds.models import PendingRow
from shouwang.intake.models import Batch
from shouwang.jobs.command_line import group

HEADING = ["身份证号", "姓名", "结算日期", "个人自付", "结算编号"]


@pytest.fixture
def shouwang():
    def call(*arguments: str):
        return CliRunner().invoke(group, ["feed", *arguments])

    return call


@pytest.fixture
def bring(shouwang, county):
    def call(*rows, period="2022-06", options=()):
        path = county.write([HEADING, *rows], name=f"医保-{period}.csv")
        arguments = ["import", "medical_settlement", str(path), "--region", "130630", "--period", period]
        return shouwang(*arguments, *options)

    return call


def test_a_clean_file_ends_with_0_and_again_with_0_and_nothing_changed(bring, county):
    row = [county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"]
    first = bring(row)
    assert (first.exit_code, "共 1 行：已入库 1" in first.output) == (0, True)
    second = bring(row)
    assert second.exit_code == 0
    assert "此前已导入" in second.output and "没有改动任何数据" in second.output
    assert len(county.facts("medical_settlement")) == 1


def test_refused_rows_end_with_1_and_the_file_that_lists_them_is_named(bring, county):
    good = [county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"]
    done = bring(good, [county.numbers["张建国"], "张建国", "六月", "100", "J2"])
    assert done.exit_code == 1
    assert "第 3 行" in done.output and "退回 1 行" in done.output
    path = Path(done.output.split("退回文件：")[1].splitlines()[0])
    returned = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert returned[1][2] == "六月" and returned[1][5] == "3"


def test_a_file_refused_as_a_whole_ends_with_2_and_one_sentence(shouwang, county):
    path = county.write([["甲", "乙"], ["1", "2"]])
    done = shouwang("import", "medical_settlement", str(path), "--region", "130630", "--period", "2022-06")
    assert done.exit_code == 2
    assert done.stderr.startswith("✗ ") and done.stderr.count("\n") == 1
    assert not Batch.objects.filter(state="applied", purpose="feed").exists()
    for arguments in (
        ("import", "nothing", str(path), "--region", "130630", "--period", "2022-06"),
        ("import", "accident", str(path), "--region", "999999", "--period", "2022-06"),
        ("import", "accident", str(path), "--region", "130630", "--period", "六月"),
        ("import", "accident", str(path.parent / "没有.csv"), "--region", "130630", "--period", "2022-06"),
        ("revert", "4711", "--reason", "x"),
        ("decide", "4711", "--nobody"),
        ("decide", "4711"),
    ):
        assert shouwang(*arguments).exit_code == 2, arguments


def test_json_says_the_same_to_a_program(bring, county):
    done = bring(
        [county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"],
        ["131102190001010016", "无此人", "2022-06-03", "1", "J2"],
        options=("--format", "json"),
    )
    found = json.loads(done.stdout)
    assert (found["counts"]["taken"], found["counts"]["refused"], found["is_new"]) == (1, 1, True)
    assert found["refused"][0]["row"] == 3 and "校验位应为 5，现为 6" in found["refused"][0]["reason"]
    assert Path(found["refused_file"]).exists()


def test_a_dry_run_says_so(bring, county):
    done = bring([county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"], options=("--dry-run",))
    assert done.exit_code == 0 and "试运行，没有改动任何数据" in done.output
    assert not Batch.objects.filter(purpose="feed").exists()


def test_a_doubtful_row_is_listed_decided_and_gone(bring, shouwang, county):
    bring([county.numbers["李丽"], "李莉", "2022-06-03", "100", "J1"])
    listed = shouwang("pending", "--region", "130630")
    row = PendingRow.objects.get()
    person_no = county.people["李丽"].person_no
    assert f"{row.pk}  第 {row.batch_id} 批第 2 行  李莉" in listed.output
    assert person_no in listed.output and "姓名同音" in listed.output
    assert county.numbers["李丽"] not in listed.output
    assert shouwang("decide", str(row.pk), "--person", person_no).exit_code == 0
    assert "共 0 行待认定" in shouwang("pending").output
    assert len(county.facts("medical_settlement")) == 1


def test_batches_are_listed_and_reverted(bring, shouwang, county):
    bring([county.numbers["张建国"], "张建国", "2022-06-03", "100", "J1"])
    batch = Batch.objects.get(purpose="feed")
    assert f"第 {batch.pk} 批  医保结算  涞源县  2022-06  已生效" in shouwang("batches").output
    assert shouwang("revert", str(batch.pk)).exit_code == 2  # a reason is needed
    assert shouwang("revert", str(batch.pk), "--reason", "发错了").exit_code == 0
    listed = json.loads(shouwang("batches", "--format", "json").stdout)
    assert [(one["batch"], one["state"]) for one in listed] == [(batch.pk, "reverted")]
    assert county.facts("medical_settlement") == []


def test_a_template_is_written_and_the_calendar_is_shown(shouwang, county, tmp_path):
    path = tmp_path / "残疾证.xlsx"
    assert shouwang("template", "残疾证", "-o", str(path)).exit_code == 0
    assert openpyxl.load_workbook(path).worksheets[0]["A1"].value == "残疾证号"
    shown = shouwang("calendar", "--region", "131102", "--on", "2022-07-01", "--from", "2022-06")
    assert "2022年6月  残联  残疾证  逾期未到  应于 2022-06-30 前" in shown.output
