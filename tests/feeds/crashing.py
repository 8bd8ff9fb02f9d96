"""Run in a process of its own by test_crashing: imports with kill -9 at a chosen point, then again, and prints what there is.

python -m tests.feeds.crashing FOLDER
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import sys
from pathlib import Path

HEADING = ["证件号码", "姓名", "结算日期", "个人自付", "结算编号"]


def main(folder: Path) -> None:
    os.environ["SHOUWANG_HOME"] = str(folder / "home")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from shouwang.foundation import secrets

    secrets.create_if_missing()
    call_command("migrate", verbosity=0)
    prepare(folder)
    points = {
        "import": ["", "read", "lake", "transaction", "refused"],
        "decide": ["", "marked"],
        "revert": ["", "handed"],
    }
    sys.stdout.write(
        json.dumps({act: {point: outcome(folder, act, point) for point in names} for act, names in points.items()})
    )


def prepare(folder: Path) -> None:
    """One household, a file of May, and a file of June that adds, repeats, corrects, names a stranger and is wrong."""
    import csv

    from django.db import connection

    from tests import factories

    home = factories.make_household(head_name="张建国")
    number = factories.identity_number(born_on=dt.date(1965, 2, 3))
    factories.make_person(household=home, name="张建国", number=number)
    factories.write_snapshot()
    files = {
        "may.csv": [[number, "张建国", "2022-05-03", "10", "J1"], [number, "张建国", "2022-05-04", "20", "J2"]],
        "june.csv": [
            [number, "张建国", "2022-05-03", "10", "J1"],
            [number, "张建国", "2022-05-04", "21", "J2"],
            [number, "张建国", "2022-06-05", "30", "J3"],
            [factories.identity_number(), "张建军", "2022-06-06", "40", "J4"],
            [number, "张建国", "六月", "50", "J5"],
        ],
    }
    for name, rows in files.items():
        with (folder / name).open("w", newline="") as stream:
            csv.writer(stream).writerows([HEADING, *rows])
    bring(folder, "may.csv", "2022-05")
    connection.close()


def bring(folder: Path, name: str, period: str) -> None:
    from shouwang.feeds import actions
    from shouwang.foundation.periods import Month
    from tests.factories import LAIYUAN, NOW

    actions.import_file(
        path=folder / name,
        dataset="medical_settlement",
        region_code=LAIYUAN,
        period=Month.parse(period),
        by=None,
        now=NOW,
    )


def outcome(folder: Path, act: str, point: str) -> dict:
    """What there is after the act was killed at ``point`` and done again; '' kills nothing."""
    kept = folder / "kept"
    shutil.copytree(folder / "home", kept)
    codes = []
    if act != "import":
        codes.append(in_a_process(lambda: bring(folder, "june.csv", "2022-06")))
    if point:
        codes.append(in_a_process(lambda: do(folder, act, point)))
    codes.append(in_a_process(lambda: do(folder, act, "")))
    in_a_process(lambda: (folder / "state.json").write_text(json.dumps(state(), default=str)))
    found = {"codes": codes, "state": json.loads((folder / "state.json").read_text())}
    shutil.rmtree(folder / "home")
    kept.rename(folder / "home")
    return found


def in_a_process(work) -> int:
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
    from shouwang.feeds import actions
    from shouwang.feeds.models import PendingRow
    from shouwang.intake.models import Batch
    from shouwang.registry.models import Person
    from tests.factories import NOW

    die_at(point)
    if act == "import":
        bring(folder, "june.csv", "2022-06")
    elif act == "decide":
        actions.decide(pending_row=PendingRow.objects.get(), person=Person.objects.get(), by=None, now=NOW)
    else:
        batch = Batch.objects.get(purpose="feed", period="2022-05")
        actions.revert(batch=batch, by=None, reason="发错了", now=NOW)


def die_at(point: str) -> None:
    from shouwang.feeds import deciding, facts, importing, reverting

    def die(*arguments, **options):
        os.kill(os.getpid(), signal.SIGKILL)

    places = {
        "read": (importing.staging, "stage"),
        "lake": (facts, "_write_pointers"),
        "transaction": (importing.refused, "save"),
        "refused": (importing.refused, "write"),
        "marked": (deciding, "remember"),
        "handed": (reverting.audit, "record"),
    }
    if point:
        setattr(*places[point], die)


def state() -> dict:
    """Everything that counts: batches, the lake files that they name and the rows in them, rows that wait, rows refused."""
    from shouwang.feeds.models import MatchDecision, PendingRow
    from shouwang.intake import refused
    from shouwang.intake.models import Batch, LakeFile, RefusedRow
    from shouwang.lake import store

    files = LakeFile.objects.filter(batch__purpose="feed").order_by("path")
    with store.connect() as connection:
        rows = {
            file.path: connection.execute(
                "SELECT * FROM read_parquet(?, hive_partitioning = false) ORDER BY ALL",
                [str(store.absolute(file.path))],
            ).fetchall()
            for file in files
        }
    batches = Batch.objects.filter(purpose="feed").order_by("id")
    return {
        "batches": [[batch.pk, batch.period, batch.state, batch.counts] for batch in batches],
        "files": [[file.path, file.content_hash, file.row_count] for file in files],
        "rows": rows,
        "pending": list(PendingRow.objects.values_list("row_number", "kind", "is_decided", "decided_person_id")),
        "decisions": list(MatchDecision.objects.values_list("person_id", flat=True)),
        "refused": list(RefusedRow.objects.values_list("row_number", "reason")),
        "returned": [refused.path_of(batch).exists() for batch in batches],
        "leftovers": sorted(path.name for path in store.workspace.received_folder().rglob(".*")),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
