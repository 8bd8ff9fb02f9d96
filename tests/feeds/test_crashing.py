"""kill -9 in the middle: nothing half done is ever seen, and the same command again completes the work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("crashing")
    environment = {key: value for key, value in os.environ.items() if key not in ("SHOUWANG_KEYS", "DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.feeds.crashing", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("point", ["read", "lake", "transaction", "refused"])
def test_an_import_killed_at_any_point_completes_when_run_again(outcomes: dict, point: str) -> None:
    expected, crashed = outcomes["import"][""], outcomes["import"][point]
    assert crashed["codes"] == [-9, 0]
    assert crashed["state"] == expected["state"]
    counts = expected["state"]["batches"][1][3]
    assert {key: counts[key] for key in ("rows", "taken", "known", "unmatched", "refused")} == {
        "rows": 5,
        "taken": 2,
        "known": 1,
        "unmatched": 1,
        "refused": 1,
    }


def test_a_decision_killed_before_it_is_remembered_is_not_taken_and_can_be_taken_again(outcomes: dict) -> None:
    expected, crashed = outcomes["decide"][""], outcomes["decide"]["marked"]
    assert crashed["codes"] == [0, -9, 0]
    assert crashed["state"] == expected["state"]
    assert expected["state"]["pending"] == [[5, "unmatched", True, 1]]


def test_a_reversal_killed_half_way_did_not_happen_and_can_be_done_again(outcomes: dict) -> None:
    expected, crashed = outcomes["revert"][""], outcomes["revert"]["handed"]
    assert crashed["codes"] == [0, -9, 0]
    assert crashed["state"] == expected["state"]
    assert [batch[2] for batch in expected["state"]["batches"]] == ["reverted", "applied"]
