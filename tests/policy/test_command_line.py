"""`shouwang policy` as a data officer and a script use it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from shouwang.foundation import workspace
from shouwang.jobs.command_line.policy import group
from shouwang.policy import coverage

from .files import write

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(group, list(words))


def test_show_says_the_value_why_the_clause_and_who_lost() -> None:
    result = run("show", "household.identification_limit", "--region", "1311", "--on", "2022-07-01")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "识别认定时限（household.identification_limit），单位：期限"
    assert lines[1] == "衡水市 2022-07-01：<= 15 天（15 day）"
    assert lines[2].startswith("理由：衡水市在 2022-07-01 适用河北省自 2022-06-30 起的规定")
    assert "（hebei-xiangzhenfa-2022-14#1.8）" in result.output
    assert "  衡水市 2022-03-28 起：1 个月；1 个月 比河北省的 15 天 宽，取最严的" in lines


def test_show_in_json_has_value_source_losers_and_history() -> None:
    result = run(
        "show", "household.identification_limit", "--region", "131102", "--on", "2022年7月1日", "--format", "json"
    )
    found = json.loads(result.output)

    assert (found["value"], found["comparator"], found["on"]) == ("15 day", "<=", "2022-07-01")
    assert found["source"]["region_code"] == "130000000000"
    assert found["source"]["cites"] == ["hebei-xiangzhenfa-2022-14#1.8"]
    assert [loser["value"] for loser in found["losers"]] == ["1 month"]
    assert [value["from"] for value in found["history"]] == ["2022-03-28", "2022-06-30"]
    assert len(found["policy_version"]) == 12


def test_show_of_an_open_parameter_says_so_and_still_succeeds() -> None:
    words = ("show", "household.transfer_share_limit", "--region", "130630", "--on", "2022-06-30")
    result, found = run(*words), json.loads(run(*words, "--format", "json").output)

    assert result.exit_code == 0
    assert "涞源县 2022-06-30：> 未给出" in result.output
    assert (found["value"], found["source"], found["comparator"]) == (None, None, ">")
    assert "没有给出" in found["why"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("household.identificaton_limit", "--region", "1311", "--on", "2022-07-01"), "最接近的有：household.identification_limit"),
        (("household.identification_limit", "--region", "139999", "--on", "2022-07-01"), "139999"),
        (("household.identification_limit", "--region", "1311", "--on", "2022-07-32"), "日期“2022-07-32”无法识别"),
    ],
)  # fmt: skip
def test_show_refuses_unknown_names_regions_and_days_with_status_2(words: tuple[str, ...], sentence: str) -> None:
    result = run("show", *words)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""


def test_check_counts_what_there_is() -> None:
    result = run("check")
    found = json.loads(run("check", "--format", "json").output)

    assert result.exit_code == 0
    assert result.output.startswith("✓ 5 份文件")
    assert (found["documents"], found["duties"], found["own_values"], found["defects"]) == (5, 383, 0, [])


def test_check_lists_every_defect_and_ends_with_status_2() -> None:
    own = write(
        workspace.own_policies_folder(),
        {
            "documents/county.yaml": "title: 县方案\nissuer: 某县\nregion: '130630'\nissued_on: 2022-02-31\n",
            "parameters/household/low_income_limit.yaml": (
                'values:\n  - {region: "130630", from: 2022-01-01, value: 八千, cite: county}\n'
                '  - {region: "139999", from: 2022-01-01, value: 8000, cite: county#1}\n'
            ),
        },
    )
    result = run("check")
    as_json = run("check", "--format", "json")

    assert result.exit_code == as_json.exit_code == 2
    assert f"{own}/documents/county.yaml 第 4 行：“issued_on”不是日期" in result.stderr
    assert "第 2 行：值“八千”不是元" in result.stderr
    assert "第 3 行" in result.stderr
    assert "139999" in result.stderr
    assert [defect["line"] for defect in json.loads(as_json.stdout)["defects"]] == [4, 2, 3, 3]


def test_a_broken_own_file_stops_every_other_command_too() -> None:
    write(workspace.own_policies_folder(), {"documents/county.yaml": "title: [\n"})

    result = run("show", "household.identification_limit", "--region", "1311", "--on", "2022-07-01")

    assert result.exit_code == 2
    assert "不是正确的 YAML" in result.stderr


def test_check_refuses_a_claim_on_a_duty_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "_claims", {"S9-X-01": ("nothing",)})

    assert run("check").exit_code == 2


def test_coverage_in_json_is_a_list_of_rows_and_can_be_of_one_document() -> None:
    rows = json.loads(run("coverage", "--format", "json").output)
    of_one = json.loads(run("coverage", "--document", "laiyuan-2022-9", "--format", "json").output)

    assert len([row for row in rows if row["duty"]]) == 383
    assert {row["status"] for row in rows} <= {"implemented", "open", "guidance"}
    assert of_one == [row for row in rows if row["document"] == "laiyuan-2022-9"]
    assert set(rows[0]) == {"document", "clause", "duty", "status", "implemented_by", "reason"}


def test_coverage_in_words_ends_with_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "_claims", {"S2-B-08": ("households.rules.income_below_line",)})
    result = run("coverage", "--document", "laiyuan-2022-9")

    assert "households.rules.income_below_line" in result.output
    assert result.output.splitlines()[-1].startswith("共 40 项职责：已实现 1 项")
    assert run("coverage", "--document", "laiyuan-2022-8").exit_code == 2


def test_list_shows_every_parameter_with_unit_and_whether_it_has_a_value() -> None:
    text = run("list", "--region", "130630", "--on", "2022-06-30").output
    found = {row["name"]: row for row in json.loads(run("list", "--on", "2022-06-30", "--format", "json").output)}

    assert "household.monitoring_income_line" in text
    assert "防止返贫监测收入标准（人均）〔元〕7,300 元" in text
    assert found["household.monitoring_income_line"]["values_in_force"] == 2
    assert found["household.transfer_share_limit"]["values"] == 0
    assert found["household.transfer_share_limit"]["open"]
