"""A county's own documents and values join those of the program; nothing of the program is replaced."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from shouwang.foundation import workspace
from shouwang.policy import load, loading, places
from shouwang.policy.defects import PolicyFilesError

from .files import DOCUMENT, defects_of, program, resolved, write

MINUTES = """\
title: 关于公布医保预警标准的会议纪要
issuer: 涞源县医疗保障局
region: "130630"
issued_on: 2022-02-10
"""
LINE = "household.medical_warning_line.monitored"
OWN_LINE = {
    "documents/laiyuan-yibao-2022-3.yaml": MINUTES,
    "parameters/household/medical_warning_line/monitored.yaml": """\
        values:
          - {region: "130630", from: 2022-01-01, value: 9089.50, cite: laiyuan-yibao-2022-3}
        """,
}


def test_the_county_centre_records_the_medical_warning_line_and_it_applies_from_its_day(home: Path) -> None:
    before = resolved(load(), LINE, "130630", "2022-06-30")
    write(workspace.own_policies_folder(), OWN_LINE)
    after = resolved(load(), LINE, "130630", "2022-06-30")

    assert before.value is None
    assert "文件没有给出数值" in before.why
    assert (after.value, after.comparator) == (Decimal("9089.50"), ">")
    assert after.source is not None
    assert after.source.is_own
    assert "《关于公布医保预警标准的会议纪要》" in after.why
    assert resolved(load(), LINE, "130630", "2021-12-31").value is None
    assert resolved(load(), LINE, "130633", "2022-06-30").value is None, (
        "the neighbouring county has no line of its own"
    )


def test_the_same_name_may_stand_in_the_path_or_in_the_file_name(home: Path) -> None:
    files = {
        "documents/laiyuan-yibao-2022-3.yaml": MINUTES,
        "parameters/household/medical_warning_line.monitored.yaml": OWN_LINE[
            "parameters/household/medical_warning_line/monitored.yaml"
        ],
    }
    write(workspace.own_policies_folder(), files)

    assert resolved(load(), LINE, "130630", "2022-06-30").value == Decimal("9089.50")


def test_a_whole_parameter_file_may_be_given_when_its_meaning_agrees(home: Path) -> None:
    text = """\
        label: 医保预警线
        unit: 元
        combine: nearest
        comparator: ">"
        values:
          - {region: "130630", from: 2022-01-01, value: 9000, cite: laiyuan-yibao-2022-3}
        """
    write(
        workspace.own_policies_folder(), OWN_LINE | {"parameters/household/medical_warning_line/monitored.yaml": text}
    )

    found = resolved(load(), LINE, "130630", "2022-06-30")

    assert found.value == Decimal("9000")
    assert found.parameter.label == "医保部门预警标准（脱贫户和监测对象，本年累计自付）"


@pytest.mark.parametrize(
    "line", ["unit: wan_yuan", "combine: latest", 'comparator: ">="'], ids=["unit", "combine", "comparator"]
)
def test_an_own_file_may_not_change_what_a_parameter_means(line: str, home: Path) -> None:
    path = "parameters/household/medical_warning_line/monitored.yaml"
    own = write(workspace.own_policies_folder(), OWN_LINE | {path: f"{line}\n" + _dedented(OWN_LINE[path])})

    with pytest.raises(PolicyFilesError) as refused:
        load()

    (defect,) = refused.value.defects
    assert (defect.file, defect.line) == (str(own / path), 1)
    assert "不一致" in defect.message


def _dedented(text: str) -> str:
    from textwrap import dedent

    return dedent(text)


def test_an_own_file_that_adds_no_value_is_refused(tmp_path: Path) -> None:
    own = write(tmp_path / "own", {"parameters/household/limit.yaml": "unit: day\n"})

    (defect,) = defects_of(program=program(tmp_path / "program"), own=own)

    assert "没有加入任何值" in defect.message


def test_an_own_file_under_a_misspelt_name_is_told_the_nearest_one(tmp_path: Path) -> None:
    text = 'values:\n  - {region: "1311", from: 2022-05-01, value: 10 day, cite: city-2022-1#1}\n'
    own = write(tmp_path / "own", {"parameters/household/limits.yaml": text})

    (defect,) = defects_of(program=program(tmp_path / "program"), own=own)

    assert defect.next_step.startswith("最接近的有：household.limit。")


def test_an_own_document_may_not_take_the_id_of_one_of_the_program(tmp_path: Path) -> None:
    own = write(tmp_path / "own", {"documents/city-2022-1.yaml": DOCUMENT})

    (defect,) = defects_of(program=program(tmp_path / "program"), own=own)

    assert defect.file == str(own / "documents/city-2022-1.yaml")
    assert "重复" in defect.message


def test_a_county_may_bring_a_parameter_that_the_program_does_not_have(tmp_path: Path) -> None:
    own = write(
        tmp_path / "own",
        {
            "parameters/household/patrols.yaml": """\
                label: 每周巡查次数
                unit: frequency
                combine: nearest
                values:
                  - {region: "131102", from: 2022-05-01, value: 2 per week, cite: city-2022-1#1}
                """
        },
    )
    policies = loading.read(program=program(tmp_path / "program"), own=own)

    assert policies.parameters["household.patrols"].is_own
    assert resolved(policies, "household.patrols", "131102", "2022-05-01").text == "每周 2 次"


def test_an_own_value_on_the_day_of_one_of_the_program_overlaps(tmp_path: Path) -> None:
    own = write(
        tmp_path / "own",
        {
            "parameters/household/limit.yaml": (
                'values:\n  - {region: "1311", from: 2022-03-28, value: 10 day, cite: city-2022-1#1}\n'
            )
        },
    )

    (defect,) = defects_of(program=program(tmp_path / "program"), own=own)

    assert (defect.file, defect.line) == (str(own / "parameters/household/limit.yaml"), 2)
    assert "policies/parameters/household/limit.yaml 第 7 行" in defect.message


def test_a_newer_own_value_takes_over_even_when_the_value_of_the_program_would_have_lasted_longer(
    tmp_path: Path,
) -> None:
    """X-5: the line changes on 15 July; what was opened before keeps the line of its day."""
    text = """\
        label: 收入线
        unit: yuan
        combine: nearest
        comparator: "<"
        values:
          - {region: "13", from: 2022-01-01, until: 2023-01-01, value: 7300, cite: city-2022-1#1}
        """
    folder = write(program(tmp_path / "program"), {"parameters/household/line.yaml": text})
    own = write(
        tmp_path / "own",
        {
            "parameters/household/line.yaml": (
                'values:\n  - {region: "13", from: 2022-07-15, value: 7500, cite: city-2022-1#1}\n'
            )
        },
    )
    policies = loading.read(program=folder, own=own)

    assert resolved(policies, "household.line", "130630", "2022-07-14").value == 7300
    assert resolved(policies, "household.line", "130630", "2022-07-15").value == 7500
    assert resolved(policies, "household.line", "130630", "2023-07-15").value == 7500


def test_a_running_server_sees_a_new_file_a_changed_file_and_a_removed_file(home: Path) -> None:
    own = workspace.own_policies_folder()
    path = own / "parameters/household/medical_warning_line/monitored.yaml"
    bare = load()
    assert load() is bare, "nothing is read again while nothing has changed"

    write(own, OWN_LINE)
    first = load()
    path.write_text(path.read_text().replace("9089.50", "9089.60"))
    os.utime(path, ns=(1, 1))
    second = load()
    path.unlink()
    third = load()

    versions = [bare.version, first.version, second.version, third.version]
    assert len(set(versions)) == 4
    assert all(len(version) == 12 and int(version, 16) >= 0 for version in versions)
    assert resolved(second, LINE, "130630", "2022-06-30").value == Decimal("9089.60")
    assert resolved(third, LINE, "130630", "2022-06-30").value is None


def test_the_version_depends_on_content_and_not_on_where_the_folder_lies(tmp_path: Path) -> None:
    one, other = program(tmp_path / "one"), program(tmp_path / "two")

    assert loading.read(program=one).version == loading.read(program=other).version


def test_a_refused_file_is_read_again_after_it_was_mended(home: Path) -> None:
    own = workspace.own_policies_folder()
    write(own, {"documents/laiyuan-yibao-2022-3.yaml": MINUTES + "numer: 3号\n"})
    with pytest.raises(PolicyFilesError, match="numer"):
        load()

    write(own, {"documents/laiyuan-yibao-2022-3.yaml": MINUTES + "number: 3号\n"})

    assert load().documents["laiyuan-yibao-2022-3"].name == "3号"


def test_a_division_that_only_the_workspace_knows_may_have_values(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A functional zone with a code of its own stands in the register of the workspace and not in the program's data."""
    zone = "131199000000"
    register = places.Places(lambda code: zone, lambda code: (zone,), lambda code: "新区")
    files = {path: text.replace("130630", "131199") for path, text in OWN_LINE.items()}
    write(workspace.own_policies_folder(), files)
    with pytest.raises(PolicyFilesError, match="没有区划代码“131199”"):
        loading.read(program=workspace.PROGRAM_POLICIES, own=workspace.own_policies_folder())

    monkeypatch.setattr(places, "current", lambda: register)

    assert load().parameters[LINE].values[0].region_code == zone
