"""The inspectors' questions about a region as background work: asked once, kept as files, read by pages a screenful at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from shouwang import policy
from shouwang.foundation import workspace
from shouwang.foundation.progress import Progress
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.registry import checks
from shouwang.registry.checks import report
from shouwang.reporting import scanner

from . import clock
from .models import Job

_COLUMNS = ("check", "region_code", "household_no", "head_name", "person_no", "person_name", "sentence")
_REPORTED = ("户编号", "户主", "人口编号", "姓名", "问题")


def write_report(answer: checks.Answer, path: Path) -> None:
    """The questions as a spreadsheet that may go to villages: a number that a sentence quotes from a cell stands masked."""
    lines = [
        [one.household_no, one.head_name, one.person_no, one.person_name, one.sentence] for one in answer.questions
    ]
    clean = scanner.watched(_REPORTED, lines, scanner.current(), named="档案核查问题", free_text=_REPORTED[-1:])
    kept = [replace(one, sentence=line[-1]) for one, line in zip(answer.questions, clean, strict=True)]
    report.write(replace(answer, questions=kept), path)


@dataclass(frozen=True)
class Rows:
    """A screenful of questions and how many there are under the same filter."""

    rows: list[dict[str, Any]]
    count: int


def ask(job: Job, progress: Progress) -> dict[str, Any]:
    """The recipe: asks every check about the job's region, within what whoever asked may see."""
    policies, today = policy.load(), clock.today()

    def resolve(name: str, county_code: str) -> Decimal | None:
        return policies.resolve(name, region_code=county_code, on=today).value

    scope = Scope.of(job.asked_by) if job.asked_by else Scope.everything()
    answer = checks.run(region_code=job.region_code, scope=scope, resolve=resolve, progress=progress)
    columns = {name: [getattr(one, name) for one in answer.questions] for name in _COLUMNS}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    pa.parquet.write_table(table, questions_of(job))
    questions_of(job).chmod(0o600)
    write_report(answer, spreadsheet_of(job))
    return {
        "check": job.pk,
        "as_of": answer.as_of.isoformat(),
        "questions": len(answer.questions),
        "checks": [
            {
                "code": asked.code,
                "label": asked.setting.label,
                "severity": asked.setting.severity,
                "count": asked.count,
                "not_computed": asked.not_computed,
            }
            for asked in answer.checks
        ],
    }


def by_village(job: Job) -> dict[str, Counter[str]]:
    """Village → questions per severity, villages with most of the severe ones first."""
    severities = {asked["code"]: asked["severity"] for asked in job.result["checks"]}
    found: dict[str, Counter[str]] = {}
    for village, check, count in _query(job, 'SELECT region_code, "check", count(*) FROM {source} GROUP BY ALL'):
        found.setdefault(village, Counter())[severities[check]] += count
    return dict(sorted(found.items(), key=lambda item: (-item[1][checks.ERROR], -item[1].total(), item[0])))


def rows(job: Job, *, check: str, within: Scope, start: int, size: int) -> Rows:
    """Questions by village and household, of one check or of all."""
    seen = " OR ".join(
        f"(region_code >= {quoted(low)} AND region_code < {quoted(high)})" for low, high in within.ranges
    )
    where = f"({seen or 'false'}) AND ($check = '' OR \"check\" = $check)"
    count = _query(job, f"SELECT count(*) FROM {{source}} WHERE {where}", check=check)[0][0]
    listed = ", ".join(f'"{name}"' for name in _COLUMNS)
    found = _query(
        job,
        f"SELECT {listed} FROM {{source}} WHERE {where} ORDER BY region_code, household_no, person_no LIMIT $size OFFSET $start",
        check=check,
        size=size,
        start=start,
    )
    return Rows([dict(zip(_COLUMNS, row, strict=True)) for row in found], count)


def questions_of(job: Job) -> Path:
    return workspace.private_folder(workspace.outgoing_folder()) / f"check-{job.pk}.parquet"


def spreadsheet_of(job: Job) -> Path:
    return workspace.private_folder(workspace.outgoing_folder()) / f"check-{job.pk}.xlsx"


def _query(job: Job, query: str, **values: Any) -> list[tuple[Any, ...]]:
    source = f"read_parquet({quoted(str(questions_of(job)))})"
    with store.connect() as connection:
        return connection.execute(query.format(source=source), values).fetchall()
