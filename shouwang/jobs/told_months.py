"""Hands the months of income that families told on visits to the rules, as a file of the dataset that rules read.

Findings point at rows of files, so what was told becomes one: received, checked and reversible like any other. It is made from the
ledger and nothing else: a month that was corrected comes with its new figures, one that was taken back comes empty again.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path

from django.utils import timezone

from shouwang.feeds import actions as feeds
from shouwang.feeds.facts import SUPERSEDED
from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.households.income import told
from shouwang.households.income.items import PARTS
from shouwang.intake import queries as intake
from shouwang.intake.models import Batch
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.registry.models import Household
from shouwang.screening import actions as screening

_DATASET = "monthly_income"
_STAMP = "汇总时间"
_NOTHING: tuple[int | None, ...] = (None,) * len(PARTS)

Known = dict[told.Month_, tuple[tuple[int | None, ...], bool]]  # what stands in the lake, and whether it came this way


def hand_in(*, region_code: str, now: dt.datetime, progress: Progress = silent) -> list[Batch]:
    """One file for each county of a region where something was told that the rules do not know yet. Repeating it adds none."""
    found = [_of_county(county, now, progress) for county in screening.counties_with_register(region_code)]
    return [batch for batch in found if batch is not None]


def _of_county(county: str, now: dt.datetime, progress: Progress) -> Batch | None:
    wanted = told.whole_months(county_code=county)
    known = _in_force(county, wanted)
    rows: dict[told.Month_, tuple[int | None, ...]] = {}
    for key, parts in wanted.items():
        stands, is_ours = known.get(key, (_NOTHING, True))
        if stands != parts and (is_ours or None in stands):
            rows[key] = parts
    # what came this way before and is no longer told
    rows |= {
        key: _NOTHING
        for key, (stands, is_ours) in known.items()
        if is_ours and key not in wanted and stands != _NOTHING
    }
    if not rows:
        return None
    progress("汇总走访补采的收入")
    homes = dict(Household.objects.filter(pk__in={home for home, _ in rows}).values_list("pk", "household_no"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"走访补采收入-{timezone.localtime(now):%Y%m%d-%H%M}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream)
            lines.writerow(["户编号", "月份", *PARTS.values(), _STAMP])
            for (home, month), told_parts in sorted(rows.items(), key=lambda row: row[0]):
                amounts = ["" if part is None else str(money.yuan(part)) for part in told_parts]
                lines.writerow([homes[home], month, *amounts, now.isoformat()])
        outcome = feeds.import_file(
            path=path,
            dataset=_DATASET,
            region_code=county,
            period=Month.of(timezone.localtime(now).date()),
            by=None,
            now=now,
            sender=told.SENDER,
            mapping={_STAMP: ""},
            progress=progress,
        )
    return outcome.batch


def _in_force(county: str, wanted: dict[told.Month_, tuple[int, ...]]) -> Known:
    """What the lake says of these months, and of all that came this way before."""
    files = intake.lake_files(county_code=county, datasets=[_DATASET, SUPERSEDED])
    income = [file for file in files if file.dataset == _DATASET]
    gone = [file for file in files if file.dataset == SUPERSEDED]
    ours = {file.batch_id for file in income if file.batch.sender == told.SENDER}
    homes = sorted({home for home, _ in wanted})
    if not income or not (homes or ours):
        return {}
    amounts = ", ".join(f"{part}_fen" for part in PARTS)
    query = f"""SELECT household_key, month, {amounts}, batch FROM {_read(income)} AS said
        WHERE (list_contains($homes, household_key) OR list_contains($ours, batch))"""
    if gone:
        query += f""" AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone
            WHERE gone.dataset = '{_DATASET}' AND gone.batch = said.batch AND gone.row = said.row)"""
    with store.connect() as lake:
        lines = lake.execute(f"{query} ORDER BY batch", {"homes": homes, "ours": sorted(ours)}).fetchall()
    return {
        (home, month): (tuple(parts), batch in ours)
        for home, month, *parts, batch in lines
        if (home, month) in wanted or batch in ours
    }


def _read(files: list) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
