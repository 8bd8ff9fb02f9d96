"""A batch taken back as a whole, kill -9 in the middle, and who may do it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake.models import BatchState, LakeFile
from shouwang.organisation.models import Account, AuditEvent
from shouwang.registry import actions, known
from shouwang.registry.models import Household, Person
from tests.factories import NOW

from .samples import MAY, household, import_rows, monitored, person, the_household, the_person

ROOT = Path(__file__).resolve().parents[2]


def everything() -> dict[str, list[dict[str, Any]]]:
    """All records with their secrets opened."""
    keys = secrets.load()
    return {
        kind: [
            {**row, "secrets": keys.decrypt_values(bytes(row["secrets"]) if row["secrets"] else None)}
            for row in model.objects.filter(is_withdrawn=False).order_by("pk").values()
        ]
        for kind, model in known.MODELS.items()
    }


def in_force(dataset: str) -> list[str]:
    files = LakeFile.objects.filter(dataset=dataset, batch__state=BatchState.APPLIED).order_by("period", "batch_id")
    return [file.path for file in files]


def test_every_field_is_as_it_was_before(tmp_path: Path) -> None:
    import_rows(tmp_path, [household(1), household(2)], period=MAY)
    import_rows(tmp_path, [person(1, 1), person(1, 2), person(2, 1)], period=MAY)
    before, snapshots = everything(), in_force("registry_person")
    changed = person(
        1, 2, 健康状况="残疾", 成员联系电话="15400000000", 证件号码="", 姓名="改名", 户编号="5306300000002"
    )
    rows = [person(1, 1), changed, person(3, 1)]  # 2-1 is missing, household 3 is new
    outcome = import_rows(tmp_path, rows)
    assert outcome.counts["changed"] == 1 and outcome.counts["missing"] == 1 and outcome.counts["new"] == 1
    assert everything() != before and outcome.batch
    actions.revert(batch=outcome.batch, by=None, reason="发错了文件", now=NOW)
    assert everything() == before
    assert in_force("registry_person") == snapshots
    assert the_person("530630000000301").is_withdrawn and the_household("5306300000003").is_withdrawn
    assert AuditEvent.objects.filter(action="撤销农户档案批次", reason="发错了文件").exists()


def test_a_household_sheet_taken_back_leaves_the_stubs_and_the_type_that_another_sheet_said(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1)], period=MAY)
    import_rows(tmp_path, [monitored(1, 户类型="一般农户")], period=MAY)
    before = everything()
    outcome = import_rows(tmp_path, [household(1)])
    assert the_household("5306300000001").household_type == "脱贫户" and outcome.batch
    actions.revert(batch=outcome.batch, by=None, reason="发错了文件", now=NOW)
    assert everything() == before and the_household("5306300000001").is_stub


def test_later_batches_stand_on_it_until_they_are_taken_back_themselves(tmp_path: Path) -> None:
    first = import_rows(tmp_path, [person(1, 1)], period=MAY).batch
    second = import_rows(tmp_path, [person(1, 1, 健康状况="残疾")], name="六月人员.csv").batch
    assert first and second
    with pytest.raises(
        UserError, match=r"之后同一区域又导入了第 \d+ 批（六月人员.csv），不能单独撤销。请从最近的一批开始"
    ):
        actions.revert(batch=first, by=None, reason="发错了", now=NOW)
    actions.revert(batch=second, by=None, reason="发错了", now=NOW)
    actions.revert(batch=first, by=None, reason="发错了", now=NOW)
    assert not Person.objects.filter(is_withdrawn=False).exists()
    with pytest.raises(UserError, match="不是正在生效的农户档案批次"):
        actions.revert(batch=first, by=None, reason="发错了", now=NOW)


def test_a_file_taken_back_may_come_again_and_finds_the_same_records(tmp_path: Path) -> None:
    first = import_rows(tmp_path, [person(1, 1)], name="a.csv").batch
    key = the_person("530630000000101").pk
    assert first
    actions.revert(batch=first, by=None, reason="发错了", now=NOW)
    again = import_rows(tmp_path, [person(1, 1)], name="a.csv")
    assert again.is_new and again.counts["new"] == 1 and again.batch != first
    assert the_person("530630000000101").pk == key and not the_person("530630000000101").is_withdrawn
    assert not Household.objects.get().is_withdrawn
    assert again.batch
    actions.revert(batch=again.batch, by=None, reason="发错了", now=NOW)
    assert the_person("530630000000101").is_withdrawn


def test_a_reason_and_a_permission_are_needed(tmp_path: Path, sun: Account, qian: Account, li: Account) -> None:
    batch = import_rows(tmp_path, [person(1, 1)], by=sun).batch
    assert batch
    for stranger in (qian, li):
        with pytest.raises(NotPermittedError):
            actions.revert(batch=batch, by=stranger, reason="发错了", now=NOW)
    with pytest.raises(UserError, match="没有写撤销原因"):
        actions.revert(batch=batch, by=sun, reason=" ", now=NOW)
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("crashing")
    environment = {key: value for key, value in os.environ.items() if key not in ("SHOUWANG_KEYS", "DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.registry.crashing", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("point", ["received", "inserted", "changed", "snapshot", "logged"])
def test_an_import_killed_in_the_middle_changed_nothing_and_completes_when_run_again(
    outcomes: dict[str, Any], point: str
) -> None:
    expected, crashed = outcomes["import"][""], outcomes["import"][point]
    assert crashed["codes"] == [-9, 0]
    between = crashed["between"]
    assert [batch[2] for batch in between["batches"]] == ["applied", "applied", "received"]
    assert len(between["records"]["person"]) == 3 and not between["refused"] and len(between["coverage"]) == 2
    assert len(between["files"]) == len(expected["state"]["files"]) - 3, "no file of the batch counts yet"
    assert crashed["state"] == expected["state"]
    assert [row["person_no"] for row in expected["state"]["records"]["person"]][-2:] == [
        "530630000000202",
        "530630000000301",
    ]


def test_an_import_killed_after_its_transaction_still_gives_its_refused_rows_back(outcomes: dict[str, Any]) -> None:
    crashed = outcomes["import"]["returned"]
    assert crashed["codes"] == [-9, 0] and crashed["between"]["returned"] == [False, False, False]
    assert crashed["state"] == outcomes["import"][""]["state"] and crashed["state"]["returned"] == [False, False, True]


def test_a_reversal_killed_half_way_did_not_happen_and_can_be_done_again(outcomes: dict[str, Any]) -> None:
    expected, crashed = outcomes["revert"][""], outcomes["revert"]["restored"]
    assert crashed["codes"] == [0, -9, 0]
    assert [batch[2] for batch in crashed["between"]["batches"]] == ["applied", "applied", "applied"]
    assert crashed["state"]["records"] == expected["state"]["records"]
    assert [batch[2] for batch in crashed["state"]["batches"]] == ["applied", "applied", "reverted"]
