"""`shouwang audit verify` says that the log is whole, or which line does not fit, and programs can tell by the exit status."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shouwang.jobs.command_line import group
from shouwang.organisation import audit
from shouwang.organisation.models import AuditEvent


def verify(*words: str) -> Result:
    return CliRunner().invoke(group, ["audit", "verify", *words])


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a run keeps must not be asked for in another test's log."""
    monkeypatch.setenv("SHOUWANG_HOME", str(tmp_path))


@pytest.fixture
def log(db: None) -> list[AuditEvent]:
    return [audit.record(by=None, action="导出线索", target=f"第 {number} 次") for number in range(3)]


def test_a_log_that_nobody_touched_is_whole(log: list[AuditEvent]) -> None:
    answer = verify()
    assert answer.exit_code == 0
    assert "操作日志完整，共 3 行" in answer.output and log[-1].hash in answer.output


@pytest.mark.django_db
def test_an_empty_log_is_whole_too() -> None:
    answer = verify("--format", "json")
    assert answer.exit_code == 0
    assert json.loads(answer.output) == {"lines": 0, "last": "", "is_whole": True}


def test_the_first_line_that_does_not_fit_is_named(log: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=log[1].pk).update(action="查看")
    answer = verify()
    assert answer.exit_code == 1
    assert f"第 {log[1].pk} 行" in answer.output and "命令行" in answer.output
    told = json.loads(verify("--format", "json").output)
    assert told["is_whole"] is False and told["broken"]["line"] == log[1].pk


def test_a_removed_line_shows_at_the_one_that_followed_it(log: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=log[1].pk).delete()
    answer = verify()
    assert answer.exit_code == 1 and f"第 {log[2].pk} 行" in answer.output


def test_lines_cut_from_the_end_show_by_the_last_line_of_an_earlier_run(log: list[AuditEvent]) -> None:
    assert verify().exit_code == 0
    AuditEvent.objects.filter(pk=log[-1].pk).delete()
    answer = verify()
    assert answer.exit_code == 1 and "末尾" in answer.output
    assert json.loads(verify("--format", "json").output)["end_is_missing"]


def test_they_show_to_who_kept_the_fingerprint_elsewhere_too(log: list[AuditEvent], tmp_path: Path) -> None:
    assert verify("--known", log[-1].hash).exit_code == 0
    AuditEvent.objects.filter(pk=log[-1].pk).delete()
    (tmp_path / "audit-ends.txt").unlink()
    assert verify().exit_code == 0, "the chain alone cannot show it"
    answer = verify("--known", log[-1].hash)
    assert answer.exit_code == 1 and "末尾" in answer.output


def test_what_was_kept_grows_with_the_log_and_no_run_makes_it_longer_than_needed(log: list[AuditEvent]) -> None:
    for _ in range(2):
        assert verify().exit_code == 0
    audit.record(by=None, action="导出线索")
    assert verify().exit_code == 0
    assert len(Path(os.environ["SHOUWANG_HOME"], "audit-ends.txt").read_text().split()) == 2
