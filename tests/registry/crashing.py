"""Run in a process of its own by test_reverting: imports and reversals with kill -9 at a chosen point, then again.

python -m tests.registry.crashing FOLDER
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main(folder: Path) -> None:
    os.environ["SHOUWANG_HOME"] = str(folder / "home")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from shouwang.foundation import secrets
    from shouwang.regions import actions as regions

    secrets.create_if_missing()
    call_command("migrate", verbosity=0)
    regions.load(counties_in_detail=["130630000000"])
    prepare(folder)
    connection.close()
    points = {
        "import": ["", "received", "inserted", "changed", "snapshot", "logged", "returned"],
        "revert": ["", "restored"],
    }
    sys.stdout.write(
        json.dumps({act: {point: outcome(folder, act, point) for point in names} for act, names in points.items()})
    )


def prepare(folder: Path) -> None:
    from .samples import MAY, household, import_rows, person, write

    import_rows(folder, [household(1), household(2)], period=MAY, name="households.csv")
    import_rows(folder, [person(1, 1), person(1, 2), person(2, 1)], period=MAY, name="may.csv")
    changed = person(1, 2, 健康状况="残疾", 成员联系电话="15400000000")
    june = [person(1, 1), changed, person(2, 2), person(3, 1), person(3, 2, 证件号码="131102190001010016")]
    write(folder / "june.csv", june)


def outcome(folder: Path, act: str, point: str) -> dict[str, Any]:
    """What there is after the act was killed at ``point`` and done again; '' kills nothing."""
    kept = folder / "kept"
    shutil.copytree(folder / "home", kept)
    codes = []
    if act == "revert":
        codes.append(in_a_process(lambda: do(folder, "import", "")))
    between = None
    if point:
        codes.append(in_a_process(lambda: do(folder, act, point)))
        in_a_process(lambda: (folder / "between.json").write_text(json.dumps(state(), default=str)))
        between = json.loads((folder / "between.json").read_text())
    codes.append(in_a_process(lambda: do(folder, act, "")))
    in_a_process(lambda: (folder / "state.json").write_text(json.dumps(state(), default=str)))
    found = {"codes": codes, "between": between, "state": json.loads((folder / "state.json").read_text())}
    shutil.rmtree(folder / "home")
    kept.rename(folder / "home")
    return found


def in_a_process(work: Callable[[], Any]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def do(folder: Path, act: str, point: str) -> None:
    from shouwang.foundation.periods import Month
    from shouwang.intake.models import Batch
    from shouwang.registry import actions
    from tests.factories import NOW

    die_at(point)
    if act == "import":
        actions.import_file(path=folder / "june.csv", period=Month(2022, 6), by=None, now=NOW)
    else:
        actions.revert(batch=Batch.objects.get(file_name="june.csv"), by=None, reason="发错了", now=NOW)


def die_at(point: str) -> None:
    from shouwang.registry import actions, applying, reverting, snapshots

    def die(*arguments: Any, **options: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    places: dict[str, tuple[Any, str]] = {
        "received": (applying, "apply"),
        "inserted": (applying._Writing, "_fill_known"),
        "changed": (applying._Writing, "_tell_households_their_type"),
        "snapshot": (snapshots.LakeFile.objects, "bulk_create"),
        "logged": (applying.audit, "record"),
        "returned": (actions.refused, "write"),
        "restored": (reverting, "_withdraw"),
    }
    if point:
        setattr(*places[point], die)


def state() -> dict[str, Any]:
    """Everything that counts: records with their secrets opened, history, batches, lake files, refused rows."""
    from shouwang.foundation import secrets, workspace
    from shouwang.intake import refused
    from shouwang.intake.models import Batch, LakeFile, RefusedRow
    from shouwang.registry import history, known
    from shouwang.registry.models import Change, Coverage

    keys = secrets.load()

    def opened(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "secrets": keys.decrypt_values(bytes(row["secrets"])) if row["secrets"] else None}

    records = {
        kind: [opened(row) for row in model.objects.order_by("pk").values()] for kind, model in known.MODELS.items()
    }
    batches = Batch.objects.order_by("pk")
    return {
        "records": records,
        "changes": [
            [
                line.batch_id,
                line.sheet,
                line.record_id,
                line.operation,
                line.before_state,
                history.fields_of(line, keys),
            ]
            for line in Change.objects.order_by("pk")
        ],
        "coverage": list(Coverage.objects.order_by("pk").values_list("batch", "sheet", "region_code", "period")),
        "batches": [[batch.pk, batch.dataset, batch.state, batch.counts] for batch in batches],
        "files": list(LakeFile.objects.order_by("path").values_list("path", "content_hash", "row_count")),
        "refused": list(RefusedRow.objects.values_list("row_number", "reason")),
        "returned": [refused.path_of(batch).exists() for batch in batches],
        "leftovers": sorted(path.name for path in workspace.received_folder().rglob(".*")),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
