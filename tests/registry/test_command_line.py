"""The commands as scripts and data officers call them: exit statuses, sentences, JSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shouwang.intake.models import Batch, RememberedHeadings
from shouwang.jobs.command_line import group
from shouwang.registry.models import Person

from .samples import ZHANG, household, person, write

pytestmark = pytest.mark.usefixtures("_no_progress")


@pytest.fixture
def _no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def test_status_0_1_and_2(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", [person(1, 1)])
    some = write(tmp_path / "some.csv", [person(1, 1), person(1, 2, 证件号码="131102190001010016")])
    none = write(tmp_path / "none.csv", [{"姓名": "张三"}])
    done = call("registry", "import", good, "--period", "2022-06")
    assert done.exit_code == 0, done.output
    assert "已导入人员信息，第" in done.output and "共 1 行：新增 1" in done.output
    again = call("registry", "import", good, "--period", "202206")
    assert again.exit_code == 0 and "此前已导入" in again.output and Batch.objects.count() == 1
    partly = call("registry", "import", some, "--period", "2022-06")
    assert partly.exit_code == 1
    assert "第 3 行 证件号码 校验位应为 5，现为 6；该行未导入，已列入退回文件" in partly.output
    path = Path(partly.output.rsplit("退回文件：", 1)[1].strip())
    assert path.exists() and "退回 1 行" in partly.output
    whole = call("registry", "import", none, "--period", "2022-06")
    assert whole.exit_code == 2 and "看不出这是全国系统的哪一张表" in whole.stderr and not whole.stdout
    assert call("registry", "import", tmp_path / "nowhere.csv", "--period", "2022-06").exit_code == 2
    assert call("registry", "import", good, "--period", "六月").exit_code == 2


def test_a_dry_run_in_json(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [person(1, 1), person(1, 1)])
    done = call("registry", "import", path, "--period", "2022-06", "--dry-run", "--format", "json")
    content = json.loads(done.output)
    assert content["kind"] == "person" and content["is_dry_run"] and content["batch"] is None
    assert content["counts"]["new"] == 1 and content["counts"]["repeated"] == 1
    assert not Person.objects.exists()


def test_a_mapping_given_once_is_remembered(tmp_path: Path) -> None:
    rows = [{("家户号" if key == "户编号" else key): value for key, value in person(1, 1).items()}]
    path = write(tmp_path / "a.csv", rows)
    options = ("--period", "2022-06", "--kind", "person", "--sender", "涞源县乡村振兴局")
    refused = call("registry", "import", path, *options)
    assert refused.exit_code == 2 and '--map "' in refused.stderr and not RememberedHeadings.objects.exists()
    assert call("registry", "import", path, *options, "--map", "家户号=户编号").exit_code == 0
    other = write(tmp_path / "b.csv", [{**rows[0], "健康状况": "残疾"}])
    assert "变更 1" in call("registry", "import", other, *options).output


def test_export_check_and_revert(tmp_path: Path) -> None:
    call(
        "registry",
        "import",
        write(tmp_path / "p.csv", [person(1, 1, 证件号码=ZHANG, 健康状况="")]),
        "--period",
        "2022-06",
    )
    done = call(
        "registry", "import", write(tmp_path / "h.csv", [household(1)]), "--period", "2022-06", "--format", "json"
    )
    out, questions = tmp_path / "out.csv", tmp_path / "check.xlsx"
    assert "已写入 1 行" in call("registry", "export", "--kind", "person", "--region", "130630", "-o", out).output
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert ZHANG in list(csv.reader(stream))[1]
    asked = call("registry", "check", "--region", "130630", "-o", questions)
    assert asked.exit_code == 0 and "健康状况为空  1 行" in asked.output and questions.exists()
    content = json.loads(call("registry", "check", "--format", "json").output)
    assert [one["sentence"] for one in content["questions"] if one["check"] == "health_empty"] == ["健康状况为空"]
    assert "road_too_far" in call("registry", "check", "--list").output
    batch = json.loads(done.output)["batch"]
    assert call("registry", "revert", batch).exit_code == 2
    assert "已撤销" in call("registry", "revert", batch, "--reason", "发错了").output
    assert call("registry", "revert", 999999, "--reason", "发错了").exit_code == 2


def test_keys_are_checked_and_changed(tmp_path: Path) -> None:
    call("registry", "import", write(tmp_path / "p.csv", [person(1, 1)]), "--period", "2022-06")
    assert "密钥完好" in call("keys", "check").output
    assert "密钥已更换：重新加密 1 个值、1 个文件" in call("keys", "rotate").output
    checked = call("keys", "check")
    assert checked.exit_code == 0 and "第 2 号密钥 1 个" in checked.output
