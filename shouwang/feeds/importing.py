"""The way of one file: received, read and checked, matched, weighed against the lake, written, and put in force at one stroke.

Nothing counts before the last step, one transaction that names the lake files and turns the batch from received to applied.
A crash before it leaves files that nobody reads; the same command again finds the batch as received and goes the same way.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from django.db import transaction

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.intake import actions as intake
from shouwang.intake import reading, receiving, refused, staging
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.intake.reasons import Refusal
from shouwang.lake import store
from shouwang.organisation import audit
from shouwang.organisation.roles import IMPORT_FEEDS
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from . import deciding, facts, matching, pending, register, returned
from .dataset import Dataset
from .matching import DOUBTFUL, OTHER_COUNTY, RETURNED, UNMATCHED, Place
from .turns import turn

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_STEPS = ("读取和检查", "与档案匹配", "与已有数据比较", "写入数据湖", "登记批次")


@dataclass
class Share:
    """One county's part of a file: what became of its rows."""

    county_code: str
    counts: dict[str, Any]
    batch: Batch | None = None


@dataclass
class Outcome:
    """What an import did, or would do (``is_dry_run``). ``counts`` add up to its ``rows``; ``batch`` is None in a dry run.

    ``is_new`` is false when the same file was imported before: nothing was changed, and the counts are those of then.
    """

    dataset: Dataset
    counts: dict[str, Any]
    notices: list[str]
    batch: Batch | None = None
    is_new: bool = True
    is_dry_run: bool = False
    shares: list[Share] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused_path: Path | None = None

    @property
    def has_refused_rows(self) -> bool:
        """Whether some rows were refused, so that their sender has to do something."""
        return bool(self.counts.get("refused"))


def place_of(region_code: str) -> Place:
    """The region of a file with its counties. Raises UserError for a township, a village or an unknown code."""
    code = regions.full_code(region_code)
    counties = register.counties_within(code)
    if len(counties) == 1 and counties[0] != code:
        raise UserError(
            f"{regions.name(code)}不是县级或以上的区划", next_step="部门数据按县（或市、省）导入，请写县级代码。"
        )
    return Place(code, counties)


def run(
    *,
    path: Path,
    dataset: Dataset,
    region_code: str,
    period: Month,
    sender: str,
    by: Account | None,
    now: dt.datetime,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """See ``actions.import_file``."""
    place = place_of(region_code)
    if by is not None and not (by.may(IMPORT_FEEDS) and Scope.of(by).contains(place.region_code)):
        raise NotPermittedError("您的账号不能为这个区域导入部门数据", next_step="请由该区域的数据员导入。")
    if dry_run:
        with store.connect() as connection:
            work = _Import(connection, dataset, place, period, progress)
            work.judge(path, sender, mapping)
            return work.weigh(batches=None)
    if not (path.is_file() and os.access(path, os.R_OK)):
        reading.open_file(path)  # raises the sentence that says why not
    with turn([dataset.code], place.counties, progress):
        batch, is_new = receiving.receive(
            path=path,
            purpose="feed",
            dataset=dataset.code,
            region_code=place.region_code,
            period=period,
            sender=sender,
            by=by,
            now=now,
        )
        if not is_new:
            return _as_before(dataset, batch)
        with store.connect() as connection:
            work = _Import(connection, dataset, place, period, progress)
            try:
                work.judge(path, sender, mapping)
            except UserError as error:
                intake.refuse_batch(batch=batch, reason=str(error), by=by, now=now)
                raise
            outcome = work.weigh(batches=work.batches(batch))
            work.apply(batch, outcome, mapping or {}, by=by, now=now)
        if outcome.refusals:
            outcome.refused_path = refused.write(batch)
        return outcome


def _as_before(dataset: Dataset, batch: Batch) -> Outcome:
    shares = [
        Share(part.region_code, part.counts, part)
        for part in batch.parts.exclude(region_code=batch.region_code).order_by("region_code")
    ]
    path = refused.path_of(batch)
    if batch.counts.get("refused") and not path.exists():  # a crash came between the import and this file
        refused.write(batch, path)
    return Outcome(
        dataset,
        batch.counts,
        list(batch.notices),
        batch=batch,
        is_new=False,
        shares=shares,
        refused_path=path if batch.counts.get("refused") else None,
    )


class _Import:
    """One file on its way through one connection."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, dataset: Dataset, place: Place, period: Month, progress: Progress
    ) -> None:
        self.connection = connection
        self.dataset = dataset
        self.place = place
        self.period = period
        self.progress = progress
        self.files: list[LakeFile] = []
        self.refusals: list[Refusal] = []

    # ── what becomes of the rows ───────────────────────────────────────────────────────────────────

    def judge(self, path: Path, sender: str, mapping: Mapping[str, str] | None) -> None:
        """Reads and matches. Raises UserError when the file as a whole cannot be used."""
        self._step(0)
        contract = self.dataset.for_reading()
        self.staged = staging.stage(self.connection, path, contract, sender=sender, period=self.period, mapping=mapping)
        self._step(1)
        if not matching.known_counties(self.connection, self.dataset, self.place):
            names = "、".join(regions.name(county) for county in self.place.counties[:3])
            raise UserError(
                f"{names}还没有农户档案，无法匹配",
                place=path.name,
                next_step="请先用 shouwang registry import 导入人口表和农户表。",
            )
        matching.match(self.connection, self.dataset, self.place)
        self.refusals = sorted([*self.staged.refusals, *self._returned()], key=lambda refusal: refusal.row_number)

    def _returned(self) -> list[Refusal]:
        """Rows whose number is unsound and leads to nobody: their sender has to mend them."""
        rows = self.connection.execute(
            f"SELECT row, reason FROM settled_rows WHERE kind = '{RETURNED}' ORDER BY row"
        ).fetchall()
        return returned.refusals(self.staged, dict(rows)) if rows else []

    def batches(self, batch: Batch) -> dict[str, Batch]:
        """The batch of each county: the file's own, or one share of it per county, found again after a crash."""
        if self.place.is_county:
            return {self.place.region_code: batch}
        return {
            county: batch.parts.get_or_create(region_code=county, defaults=deciding.of_same_file(batch))[0]
            for county in self._counties()
        }

    def weigh(self, batches: Mapping[str, Batch] | None) -> Outcome:
        """Compares each county's facts with the lake and writes them to their batch; without batches nothing is written."""
        listed = self._listed_counts()
        shares = []
        for county in self._counties():
            self._step(2)
            batch_id = batches[county].pk if batches else _AFTER_ALL
            target = facts.Target(self.dataset, county, str(self.period), batch_id)
            count = self._fact_count() if self.place.is_county else None
            weighed = facts.weigh(self.connection, target, row_count=count, whole="staged")
            if batches:
                self._step(3)
                self.files += facts.write(self.connection, target, weighed)
            counts = _fact_counts(weighed, listed.get(county, {}))
            shares.append(Share(county, counts, batches[county] if batches else None))
        rows, refused = self.staged.row_count, len(self.refusals)
        if self.place.is_county:
            counts = {"rows": rows, **shares[0].counts, "refused": refused}
            shares = []
        else:
            for share in shares:
                share.counts = {"rows": _sum(share.counts), **share.counts}
            rest = listed.get(None, {})
            counts = {"rows": rows, "pushed": sum(share.counts["rows"] for share in shares), **rest, "refused": refused}
        for one in (counts, *(share.counts for share in shares)):
            _check_sum(one)
        if batches:
            _check_written(
                self.files, self.dataset, sum(share.counts["taken"] for share in shares) or counts.get("taken", 0)
            )
        return Outcome(
            self.dataset,
            counts,
            list(self.staged.notices),
            is_dry_run=batches is None,
            shares=shares,
            refusals=self.refusals,
        )

    def _fact_count(self) -> int:
        """Accepted rows that are not listed."""
        listed = ", ".join(f"'{kind}'" for kind in (DOUBTFUL, UNMATCHED, OTHER_COUNTY, RETURNED))
        query = f"SELECT count(*) FROM settled_rows WHERE kind IN ({listed})"
        return self.staged.accepted_count - int(self.connection.execute(query).fetchall()[0][0])

    def _counties(self) -> list[str]:
        if self.place.is_county:
            return [self.place.region_code]
        rows = self.connection.execute("""SELECT county_code FROM facts UNION SELECT county_code FROM settled_rows
            WHERE kind <> 'returned' AND county_code IS NOT NULL ORDER BY 1""").fetchall()
        return [row[0] for row in rows]

    def _listed_counts(self) -> dict[str | None, dict[str, int]]:
        """County (None: the file as a whole) → how many rows are listed as what."""
        county = f"'{self.place.region_code}'" if self.place.is_county else "county_code"
        rows = self.connection.execute(f"""SELECT {county}, kind, count(*) FROM settled_rows
            WHERE kind IN ('{DOUBTFUL}', '{UNMATCHED}', '{OTHER_COUNTY}') GROUP BY ALL""").fetchall()
        found: dict[str | None, dict[str, int]] = {None: dict.fromkeys((DOUBTFUL, UNMATCHED, OTHER_COUNTY), 0)}
        for place, kind, count in rows:
            found.setdefault(place, dict.fromkeys((DOUBTFUL, UNMATCHED, OTHER_COUNTY), 0))[kind] = count
        return found

    # ── in force ───────────────────────────────────────────────────────────────────────────────────

    def apply(
        self, batch: Batch, outcome: Outcome, mapping: Mapping[str, str], *, by: Account | None, now: dt.datetime
    ) -> None:
        """One transaction: rows that wait for a person, refused rows, lake files, counts, and the batch in force."""
        self._step(4)
        own = {share.county_code: share.batch for share in outcome.shares if share.batch}
        batch_of: dict[str | None, int] = {None: batch.pk}
        batch_of |= {county: share.pk for county, share in own.items()}
        region_of = {batch.pk: batch.region_code, **{share.pk: county for county, share in own.items()}}
        with transaction.atomic():
            changed = Batch.objects.filter(pk=batch.pk, state=BatchState.RECEIVED).update(
                state=BatchState.APPLIED,
                applied_at=now,
                counts=outcome.counts,
                notices=outcome.notices,
                headings=self.staged.headings,
                columns=self._columns(),
            )
            if not changed:
                raise UserError("这个文件刚刚由另一项操作处理过", next_step="请刷新批次列表。")
            for share in outcome.shares:
                assert share.batch is not None
                Batch.objects.filter(pk=share.batch.pk).update(
                    state=BatchState.APPLIED, applied_at=now, counts=share.counts
                )
            pending.keep(pending.listed(self.connection, self.dataset), batch_of, region_of, now)
            refused.save(batch=batch, refusals=self.refusals)
            intake.remember_headings(dataset=self.dataset.code, sender=batch.sender, mapping=mapping, by=by)
            LakeFile.objects.bulk_create(self.files)
            audit.record(
                by=by,
                action="导入部门数据",
                region_code=batch.region_code,
                target=f"批次 {batch.pk}",
                detail={"dataset": batch.dataset, "period": batch.period, "counts": outcome.counts},
            )
        batch.refresh_from_db()
        outcome.batch = batch

    def _columns(self) -> list[str]:
        understood = self.staged.heading.columns
        return [understood[place].heading if place in understood else "" for place in range(len(self.staged.headings))]

    def _step(self, number: int) -> None:
        self.progress(_STEPS[number], number, len(_STEPS))


# In a dry run the file stands behind everything that there is.
_AFTER_ALL = 2**62


def _fact_counts(weighed: facts.Weighed, listed: Mapping[str, int]) -> dict[str, Any]:
    detail = {
        "repeated": weighed.repeated,
        "replaced_in_file": weighed.replaced_in_file,
        "replaced": weighed.replaced,
        "outdated": weighed.outdated,
    }
    return {
        "taken": weighed.taken,
        "known": weighed.known + weighed.repeated,
        **{kind: listed.get(kind, 0) for kind in (DOUBTFUL, UNMATCHED, OTHER_COUNTY)},
        "detail": {name: count for name, count in detail.items() if count},
    }


def _sum(counts: Mapping[str, Any]) -> int:
    return sum(count for name, count in counts.items() if name not in ("rows", "detail"))


def _check_written(files: list[LakeFile], dataset: Dataset, taken: int) -> None:
    """The lake holds as many rows as the counts say."""
    written = sum(file.row_count for file in files if file.dataset == dataset.code)
    if written != taken:
        raise AssertionError(f"{taken} rows should be in the lake, {written} are")


def _check_sum(counts: Mapping[str, Any]) -> None:
    """Nothing is dropped: an import whose parts do not add up must not come into force."""
    if _sum(counts) != counts["rows"]:
        raise AssertionError(f"rows do not add up: {counts}")
