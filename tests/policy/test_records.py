"""A list of items that a county names itself: read whole or refused, with the place and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from shouwang.foundation import workspace
from shouwang.jobs.command_line.policy import group
from shouwang.policy import load

from .files import defects_of, program, resolved, write

CHECKS = "case.elimination_checks"
DOCUMENT = """\
title: 本县风险消除办法
issuer: 本县领导小组
region: "130630"
issued_on: 2022-01-01
"""
FILE = """\
values:
  - region: "130630"
    from: 2022-01-01
    cite: local
    value:
"""


def record(value: str) -> None:
    written = FILE.rstrip("\n") + " " + value + "\n"
    write(
        workspace.own_policies_folder(),
        {"documents/local.yaml": DOCUMENT, "parameters/case/elimination_checks.yaml": written},
    )


def test_a_county_s_own_items_are_read_with_code_label_and_evidence_and_reads_as_a_sentence(home: Path) -> None:
    record("[{code: house_safe, label: 住房安全, evidence: 鉴定结论}, risk_gone]")
    found = resolved(load(), CHECKS, "130630", "2022-06-30")
    assert [dict(one) for one in found.value] == [
        {"code": "house_safe", "label": "住房安全", "evidence": "鉴定结论"},
        {"code": "risk_gone", "label": "返贫致贫风险稳定消除", "evidence": ""},
    ]
    assert found.text == "住房安全（依据：鉴定结论）、返贫致贫风险稳定消除"
    assert resolved(load(), CHECKS, "130633", "2022-06-30").value is None
    assert resolved(load(), CHECKS, "130630", "2021-12-31").value is None


@pytest.mark.parametrize(
    ("value", "message", "next_step"),
    [
        ("[]", "值应是列表，现为空列表", "至少一项"),
        ("[{code: house_safe, evidence: 鉴定结论}]", "第 1 项缺少“label”（名称）", "请补上"),
        ('[{code: house_safe, label: " ", evidence: 鉴定结论}]', "第 1 项缺少“label”（名称）", "请补上"),
        ("[{code: house_safe, label: 住房安全}]", "第 1 项缺少“evidence”（依据）", "请补上"),
        ("[risk_gone, {code: risk_gone, label: 风险, evidence: 看}]", "第 2 项的编码“risk_gone”前面已经用过", "换一个"),
        ("[{code: 住房, label: 住房安全, evidence: 看}]", "值“住房”不是编码", "小写英文字母"),
        ("[house_safe]", "第 1 项“house_safe”没有写全", "只写编码的，可选 income_stable"),
        ("[{code: version, label: 版本, evidence: 看}]", "第 1 项的编码“version”另有用处", "换一个"),
        (
            "[{code: a, label: 甲, evidence: 看}, {code: a_evidence, label: 乙, evidence: 看}]",
            "编码“a_evidence”与“a”一项的内容混淆",
            "换一个",
        ),
        ("[{code: a, label: 甲, evidence: 看, weight: 3}]", "不认识的键“weight”", "可用的键"),
    ],
)
def test_policy_check_refuses_a_list_that_cannot_be_asked(home: Path, value: str, message: str, next_step: str) -> None:
    record(value)
    answer = CliRunner().invoke(group, ["check"])
    said = answer.output + (str(answer.exception) if answer.exception else "")
    assert answer.exit_code != 0
    (line,) = [line for line in said.splitlines() if "第 5 行" in line]
    assert "parameters/case/elimination_checks.yaml" in line and message in line and next_step in line


def test_a_list_of_items_must_say_first_how_each_is_called(tmp_path: Path) -> None:
    head = 'label: 清单\nunit: records\nfields:\n  label: {label: 名称, unit: text}\ncombine: nearest\nopen: 无\ncites: ["city-2022-1#1.1"]\n'
    (found,) = defects_of(program=program(tmp_path, parameter=head))
    assert "须先写编码、再写名称" in found.message and "code" in found.next_step
