"""Writes to the register: plan an import, put it into force, take it back, show a number unmasked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from shouwang.foundation import secrets, workspace
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.intake import receiving, refused
from shouwang.intake.models import Batch, BatchState
from shouwang.intake.reasons import Refusal
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope

from . import applying, reverting
from . import plan as planning
from .models import Person
from .plan import Plan
from .recognising import AUTO

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

__all__ = ["AUTO", "Outcome", "apply", "import_file", "plan", "revert", "unmask"]


@dataclass
class Outcome:
    """What an import did, or would do (``is_dry_run``). ``counts`` of rows add up to its ``rows``.

    ``is_new`` is false when the same file was imported before: nothing was changed, and the counts are those of then.
    ``changes`` are the first rows that change something, secret values among them: pages mask them.
    """

    kind: str
    counts: dict[str, int]
    notices: list[str]
    region_code: str = ""
    batch: Batch | None = None
    is_new: bool = True
    is_dry_run: bool = False
    refusals: list[Refusal] = field(default_factory=list)
    changes: list[planning.RowChange] = field(default_factory=list)
    refused_path: Path | None = None

    @property
    def refused_count(self) -> int:
        """Rows that their sender has to mend: refused ones and those in conflict."""
        return self.counts.get(planning.REFUSED, 0) + self.counts.get(planning.CONFLICTING, 0)


def plan(
    *,
    path: Path,
    kind: str = AUTO,
    period: Month,
    sender: str = "",
    by: Account | None,
    region_code: str = "",
    mapping: Mapping[str, str] | None = None,
    closes_missing: bool = False,
    progress: Progress = silent,
) -> Plan:
    """Reads a sheet and compares it with the register; nothing is written. Close the plan when it is no longer needed.

    ``kind`` auto, household, person, monitored or outwork. ``region_code`` refuses rows of elsewhere; without it the region is
    that of the rows. ``closes_missing``: records that the file does not name, in the villages that stand in it, leave the
    register instead of being flagged. Raises UserError when the file as a whole cannot be used, NotPermittedError when
    ``by`` may not import or does not see the whole region.
    """
    made = planning.make(
        path,
        kind=kind,
        period=period,
        sender=sender,
        region_code=region_code,
        mapping=mapping,
        closes_missing=closes_missing,
        progress=progress,
    )
    try:
        _check_permission(by, made.region_code)
    except BaseException:
        made.close()
        raise
    return made


def apply(
    *, plan: Plan, by: Account | None, now: dt.datetime, progress: Progress = silent, file_name: str = ""
) -> Outcome:
    """Puts a plan into force at one stroke; the same file for the same region and period again changes nothing.

    Raises UserError, with nothing changed, when the register was changed since the plan was made.
    """
    _check_permission(by, plan.region_code)
    batch, is_new = receiving.receive(
        path=plan.path,
        purpose="registry",
        dataset=plan.kind,
        region_code=plan.region_code,
        period=plan.period,
        sender=plan.sender,
        by=by,
        now=now,
        file_name=file_name,
    )
    if not is_new:
        return _as_before(batch)
    applying.apply(plan, batch, by=by, now=now, progress=progress)
    outcome = _outcome(plan)
    outcome.batch = batch
    if plan.refusals:
        outcome.refused_path = refused.write(batch)
    return outcome


def import_file(
    *,
    path: Path,
    kind: str = AUTO,
    period: Month,
    sender: str = "",
    by: Account | None,
    now: dt.datetime,
    region_code: str = "",
    mapping: Mapping[str, str] | None = None,
    closes_missing: bool = False,
    dry_run: bool = False,
    file_name: str = "",
    progress: Progress = silent,
) -> Outcome:
    """``plan`` and ``apply`` in one; with ``dry_run`` only the plan, and a spreadsheet of the rows that would be refused."""
    before = _imported_before(path, kind, period)
    if before and not dry_run:
        _check_permission(by, before.region_code)
        return _as_before(before)
    made = plan(
        path=path,
        kind=kind,
        period=period,
        sender=sender,
        by=by,
        region_code=region_code,
        mapping=mapping,
        closes_missing=closes_missing,
        progress=progress,
    )
    try:
        if not dry_run:
            return apply(plan=made, by=by, now=now, progress=progress, file_name=file_name)
        outcome = _outcome(made)
        outcome.is_dry_run = True
        if made.refusals:
            name = f"试导入退回-{Path(file_name or path.name).stem}.xlsx"
            outcome.refused_path = refused.write_refusals(
                made.heading.texts, made.refusals, workspace.refused_folder() / name
            )
        return outcome
    finally:
        made.close()


def revert(*, batch: Batch, by: Account | None, reason: str, now: dt.datetime) -> None:
    """Takes a registry batch back as a whole. Raises UserError when later batches stand on it, or it is not in force."""
    _check_permission(by, batch.region_code)
    reverting.revert(batch=batch, by=by, reason=reason, now=now)


def unmask(*, person: Person, by: Account, reason: str) -> dict[str, str]:
    """The secret columns of a person in full (heading → value); who looked, and why, goes into the log.

    Raises NotPermittedError when ``by`` may not, or does not see the person's village; UserError without a reason.
    """
    if not by.may(roles.UNMASK):
        raise NotPermittedError("您的账号不能查看完整号码", next_step="请联系县级数据员。")
    if not Scope.of(by).covers(person.region_code):
        raise NotPermittedError("您的账号看不到这个人", next_step="请核对辖区。")
    if len(reason.strip()) < 4:
        raise UserError("没有写明查看事由", next_step="请写明为什么要看完整号码。")
    audit.record(
        by=by,
        action="查看完整证件号码",
        region_code=person.region_code,
        target=f"人口编号 {person.person_no}",
        reason=reason.strip(),
    )
    return secrets.load().decrypt_values(bytes(person.secrets) if person.secrets else None)


def _check_permission(by: Account | None, region_code: str) -> None:
    if by is None:  # the command line on the server itself
        return
    if not by.may(roles.IMPORT_REGISTRY):
        raise NotPermittedError("您的账号不能导入农户档案", next_step="请联系县级数据员。")
    if not Scope.of(by).contains(region_code):
        raise NotPermittedError("文件里有您辖区以外的农户", next_step="请只导入本辖区的文件，或用区域限定。")


def _imported_before(path: Path, kind: str, period: Month) -> Batch | None:
    """The batch in force of these very bytes for this period, found without reading a row."""
    if not path.is_file():
        return None
    batches = Batch.objects.filter(
        purpose="registry", period=str(period), file_hash=receiving.fingerprint(path), state=BatchState.APPLIED
    )
    return (batches if kind == AUTO else batches.filter(dataset=kind)).first()


def _as_before(batch: Batch) -> Outcome:
    path = refused.path_of(batch)
    outcome = Outcome(batch.dataset, batch.counts, list(batch.notices), batch.region_code, batch, is_new=False)
    if outcome.refused_count:
        if not path.exists():  # a crash came between the import and this file
            refused.write(batch, path)
        outcome.refused_path = path
    return outcome


def _outcome(plan: Plan) -> Outcome:
    return Outcome(
        plan.kind, plan.counts, plan.notices, plan.region_code, refusals=plan.refusals, changes=plan.changes[:200]
    )
