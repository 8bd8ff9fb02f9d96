"""The main job from end to end, by commands alone: a county's files go in, and every household of which the truth is known comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from shouwang.demonstration import calibration, truth
from shouwang.demonstration.truth import Truth

pytestmark = pytest.mark.long
REGION, AS_OF = calibration.COUNTY, calibration.AS_OF.isoformat()
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def shouwang(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command in a workspace that `shouwang demo` filled in small."""
    home = tmp_path_factory.mktemp("month") / "workspace"
    environment = os.environ | {"SHOUWANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shouwang.config.settings"}
    for name in ("SHOUWANG_KEYS", "SHOUWANG_TODAY", "DATABASE_URL"):
        environment.pop(name, None)

    def run(*arguments: str, expected: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "shouwang", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in expected, done.stdout[-2000:] + done.stderr[-4000:]
        return done

    run("demo", "--scale", "0.02", "--no-serve")
    run.home = home  # type: ignore[attr-defined]
    return run


@pytest.fixture(scope="module")
def known(shouwang: Command) -> Truth:
    return truth.read(shouwang.home / "demonstration")  # type: ignore[attr-defined]


def _exported(shouwang: Command, folder: Path, what: str, *more: str) -> list[dict[str, Any]]:
    path = folder / f"{what}.jsonl"
    shouwang(what, "export", "--region", REGION, *more, "--format", "jsonl", "-o", str(path))
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_known_household_comes_out_as_the_truth_says(shouwang: Command, known: Truth, tmp_path: Path) -> None:
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for finding in _exported(shouwang, tmp_path, "findings", "--as-of", AS_OF):
        found[finding["household_no"]][finding["rule"]] = finding
    # what families and visitors told in the demonstration opens leads too: those bear no rule
    exported = _exported(shouwang, tmp_path, "leads")
    leads = {lead["household_no"] for lead in exported if lead["rules"] and lead["status"] != "withdrawn"}
    said, wanted = {}, {}
    for case in known.of("case"):
        number, rule = case["household_no"], case["rule"]
        own = found.get(number, {})
        main = own.get(rule, {})
        said[case["case"], number] = (
            {code: finding["status"] for code, finding in own.items()},
            number in leads,
            main.get("observed", "") if case["observed"] else "",
            main.get("threshold", "") if case["threshold"] else "",
        )
        expected = {code: status for code, status in case["findings"].items() if status != "not_computed"}
        is_there = rule in expected
        wanted[case["case"], number] = (
            expected,
            case["lead"],
            (case["observed"] or "") if is_there else "",
            (case["threshold"] or "") if is_there else "",
        )
    assert len(wanted) > 150
    assert said == wanted


def test_every_finding_names_clauses_and_rows_that_are_there(shouwang: Command, known: Truth, tmp_path: Path) -> None:
    findings = _exported(shouwang, tmp_path, "findings", "--as-of", AS_OF)
    assert findings
    assert [one for one in findings if not one["cites"] or not one["policy_version"] or one["engine"] != "duckdb"] == []
    bare = [one for one in findings if not one["evidence"]]
    # who is not insured or not in school is found by the absence of a row
    assert {one["rule"] for one in bare} <= {"household.not_insured", "household.child_not_in_school"}


def test_screening_again_adds_nothing(shouwang: Command, known: Truth, tmp_path: Path) -> None:
    # once after the work of July: what was found joins the cases that were opened since
    shouwang("screen", "--region", REGION, "--as-of", AS_OF)
    findings, leads = (
        _exported(shouwang, tmp_path, "findings", "--as-of", AS_OF),
        _exported(shouwang, tmp_path, "leads"),
    )
    shouwang("screen", "--region", REGION, "--as-of", AS_OF)
    assert _exported(shouwang, tmp_path, "findings", "--as-of", AS_OF) == findings
    assert _exported(shouwang, tmp_path, "leads") == leads


def test_every_file_again_changes_nothing(shouwang: Command, known: Truth, tmp_path: Path) -> None:
    folder = shouwang.home / "demonstration"  # type: ignore[attr-defined]
    before = shouwang("feed", "batches", "--format", "json").stdout
    repeated = [line for line in known.of("file") if line["region"] == REGION][:6]
    for line in repeated:
        name, period = str(folder / line["file"]), line["period"]
        # status 1 says again that some of its rows were refused the first time
        if line["command"] == "registry":
            shouwang("registry", "import", name, "--period", period, expected=(0, 1))
        else:
            shouwang("feed", "import", line["dataset"], name, "--region", REGION, "--period", period, expected=(0, 1))
    assert shouwang("feed", "batches", "--format", "json").stdout == before


def test_leads_open_in_a_spreadsheet_with_numbers_as_text(shouwang: Command, known: Truth, tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsx"
    shouwang("leads", "export", "--region", REGION, "--format", "xlsx", "-o", str(path))
    rows = list(load_workbook(path, read_only=True).active.iter_rows(values_only=True))
    place = rows[0].index("household_no")
    assert len(rows) > 50
    assert all(isinstance(row[place], str) and row[place] for row in rows[1:])
