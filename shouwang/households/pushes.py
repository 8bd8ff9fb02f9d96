"""Pushes a department's list down: every matched row becomes a signal on the lead of its household, once (S0-C-05, S0-C-11)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from shouwang.casework import actions, courses, procedure, runner, signals, verification
from shouwang.casework.models import Lead, LeadReason
from shouwang.casework.risks import RISKS
from shouwang.feeds.dataset import Subject
from shouwang.feeds.datasets import DATASETS
from shouwang.feeds.facts import KNOWN, SUPERSEDED
from shouwang.foundation import bulk
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household, Monitoring, Person

from .models import Push, PushedRow
from .models.pushes import ANSWERED, LEAD, MONITORED

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

CHANNEL = "department_push"
COLLECT_AT, PUSH_DAY = "feeds.collect_at", "feeds.push_day"

# Which risk a row of a dataset points at. What is not here points at none in particular.
RISK_OF_DATASET = {
    "medical_settlement": "illness",
    "major_disease": "illness",
    "medical_insurance": "illness",
    "disability": "disability",
    "enrolment": "schooling",
    "schooling_cost": "schooling",
    "employment": "unstable_work",
    "housing_safety": "housing",
    "disaster_loss": "disaster",
    "accident": "accident",
}


@dataclass(frozen=True)
class _Row:
    """A row that found somebody. ``known_on``: an earlier file had said the same by that day."""

    number: int
    county_code: str
    person_id: int | None
    household_id: int
    known_on: dt.date | None


@dataclass
class Taken:
    """What a push did: rows on leads that are open, answered from the record, monitored already; rows taken back."""

    lead_count: int = 0
    answered_count: int = 0
    monitored_count: int = 0
    withdrawn_count: int = 0


@dataclass(frozen=True)
class Foreseen:
    """What a push would do now: rows of the file, rows that found a household, those households, and what becomes of them."""

    row_count: int
    matched_count: int
    household_count: int
    new_lead_count: int
    joining_count: int
    answered_count: int
    monitored_count: int


def foresee(*, batch: Batch) -> Foreseen:
    """Counted before anybody presses: a list of hundreds of rows is work for hundreds of villages. Nothing is written."""
    rows, _ = _rows(batch)
    homes = {row.household_id for row in rows}
    monitored = _monitored(homes, RISK_OF_DATASET.get(batch.dataset, ""))
    joining = set(actions.open_leads_of(homes - monitored))
    answered = set(_answers(row for row in rows if row.household_id not in monitored)) - joining
    return Foreseen(
        row_count=batch.counts.get("rows", 0),
        matched_count=len(rows),
        household_count=len(homes),
        new_lead_count=len(homes - monitored - joining - answered),
        joining_count=len(joining),
        answered_count=len(answered),
        monitored_count=len(monitored),
    )


def may_push(batch: Batch) -> bool:
    """Whether a file can be pushed: a department's whole file in force that speaks of people or households."""
    dataset = DATASETS.get(batch.dataset)
    is_about_homes = dataset is not None and dataset.subject not in (Subject.VILLAGE, Subject.COUNTY)
    return batch.purpose == "feed" and batch.split_from_id is None and is_about_homes


def is_warning(batch: Batch) -> bool:
    """Whether its rows point at a risk; what does not is there for the screening, and seldom a list to be verified."""
    return batch.dataset in RISK_OF_DATASET


# hengshui-2022-1#C.2.1.2, #C.2.1.8
def push(
    *, batch: Batch, by: Account | None, today: dt.date, now: dt.datetime, policies: Policies
) -> tuple[Push, Taken]:
    """Makes leads of a file's matched rows, or brings them in line with what was decided or taken back since.

    Repeating it changes nothing. Raises UserError, NotPermittedError.
    """
    if by is not None and not (by.may(roles.DISPATCH_LEADS) and Scope.of(by).contains(batch.region_code)):
        raise NotPermittedError("您的账号不能推送这份文件", next_step="请由收到文件的市或县推送。")
    if not may_push(batch):
        raise UserError(f"{batch} 不能作为核查名单推送", next_step="请选择按人或按户报送的整份部门文件。")
    taken = Taken()
    with transaction.atomic():
        pushed = Push.objects.select_for_update().filter(batch=batch).first()
        if pushed is None:
            if batch.state != BatchState.APPLIED:
                raise UserError(f"{batch} 不在生效中，不能推送", next_step="请先导入，或选择已生效的文件。")
            due_on, because = _due(batch.region_code, today, policies)
            pushed = Push.objects.create(
                batch=batch,
                region_code=batch.region_code,
                pushed_on=today,
                due_on=due_on,
                due_parameter=because,
                by=by,
                at=now,
            )
        rows, lost = _rows(batch)
        _take_back(pushed, {row.number: row.household_id for row in rows}, taken, today, now, policies)
        _take_up(pushed, rows, taken, today, now, policies)
        pushed.repeated, pushed.lost = _repeated(batch, rows, lost), lost
        pushed.save(update_fields=["repeated", "lost"])
        audit.record(
            by=by,
            action="推送核查名单",
            region_code=batch.region_code,
            target=f"批次 {batch.pk}",
            detail={name: count for name, count in vars(taken).items() if count},
        )
    return pushed, taken


def refresh_pushes(*, region_code: str, today: dt.date, now: dt.datetime, policies: Policies) -> int:
    """Brings every push of a region in line with its file, after decisions or a file taken back. Returns how many."""
    found = Scope.of_region(region_code).filter(Push.objects.select_related("batch"))
    for one in found:
        push(batch=one.batch, by=None, today=today, now=now, policies=policies)
    return len(found)


def follow(*, batch: Batch, today: dt.date, now: dt.datetime, policies: Policies) -> Push | None:
    """Brings the push of a file in line with it: after a decision about one of its rows, a correction, or its reversal.

    ``batch`` may be a share or a correction; None where the file was never pushed.
    """
    while batch.split_from is not None:
        batch = batch.split_from
    if not Push.objects.filter(batch=batch).exists():
        return None
    return push(batch=batch, by=None, today=today, now=now, policies=policies)[0]


def _due(region_code: str, on: dt.date, policies: Policies) -> tuple[dt.date | None, dict]:
    """The day by which results are collected: the month's last where a document says so."""
    answer = policies.resolve(COLLECT_AT, region_code=region_code, on=on)
    if answer.value != "month_end" or answer.source is None:
        return None, {"parameter": COLLECT_AT, "why": answer.why}
    because = {
        "parameter": COLLECT_AT,
        "value": str(answer.value),
        "text": answer.text,
        "region": answer.source.region,
        "cites": list(answer.source.cites),
    }
    return Month.of(on).last_day, because


def batches_of(batch: Batch) -> list[Batch]:
    """A file with its shares and the corrections of both, as far as they are in force."""
    below = list(Batch.objects.filter(split_from=batch).select_related("split_from"))
    further = list(Batch.objects.filter(split_from__in=below).select_related("split_from"))
    return [one for one in (batch, *below, *further) if one.state == BatchState.APPLIED]


def _rows(batch: Batch) -> tuple[list[_Row], dict[str, int]]:
    """Every row in force that found a person or household, the written ones and those that an earlier file had said; and
    how many of each county were found and then, by a correction, lost again."""
    lines: dict[int, tuple[str, int | None, int | None, dt.date | None]] = {}
    lost: dict[int, str] = {}
    with store.connect() as connection:
        # corrections come last: what they say of a row replaces what was said before
        for one in sorted(batches_of(batch), key=lambda one: (_is_correction(one), one.pk)):
            mine = list(one.lake_files.filter(dataset__in=[batch.dataset, KNOWN, SUPERSEDED]).order_by("pk"))
            if _is_correction(one) and (gone := [file for file in mine if file.dataset == SUPERSEDED]):
                for (row,) in connection.execute(f"SELECT row FROM {_read(gone)}").fetchall():
                    if row in lines:
                        lost[row] = lines.pop(row)[0]
            if pointers := [file for file in mine if file.dataset == KNOWN]:
                query = f"SELECT row, known_batch, known_row FROM {_read(pointers)} WHERE dataset = '{batch.dataset}'"
                found = connection.execute(query).fetchall()
                lines |= _known(connection, one.region_code, batch.dataset, found)
            if told := [file for file in mine if file.dataset == batch.dataset]:
                rows = connection.execute(f"SELECT row, person_key, household_key FROM {_read(told)}").fetchall()
                lines |= {row: (told[0].region_code, person, household, None) for row, person, household in rows}
    homes = _homes({person for _, person, _, _ in lines.values() if person})
    found_rows = []
    for number, (county, person, household, known_on) in sorted(lines.items()):
        home = household or homes.get(person or 0)
        if home is not None:
            found_rows.append(_Row(number, county, person, home, known_on))
    return found_rows, Counter(county for row, county in lost.items() if row not in lines)


def _is_correction(batch: Batch) -> bool:
    return batch.split_from is not None and batch.split_from.region_code == batch.region_code


def _known(connection, county: str, dataset: str, pointers: Sequence[tuple[int, int, int]]) -> dict:
    """Rows that an earlier file had said, with whom that file meant and since when it was there."""
    earlier = Batch.objects.in_bulk({batch for _, batch, _ in pointers})
    files = LakeFile.objects.filter(batch_id__in=earlier, dataset=dataset, region_code=county)
    if not files:
        return {}
    listed = connection.execute(f"SELECT batch, row, person_key, household_key FROM {_read(list(files))}").fetchall()
    told = {(batch, row): (person, household) for batch, row, person, household in listed}
    found = {}
    for row, batch, known_row in pointers:
        if (batch, known_row) in told:
            applied_at = earlier[batch].applied_at
            known_on = timezone.localtime(applied_at).date() if applied_at else None
            found[row] = (county, *told[batch, known_row], known_on)
    return found


def _read(files: Iterable[LakeFile]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"


def _homes(people: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in bulk.chunks(people):
        found |= dict(Person.objects.filter(pk__in=chunk).values_list("pk", "household_id"))
    return found


def _repeated(batch: Batch, rows: Sequence[_Row], lost: dict[str, int]) -> dict[str, int]:
    """Rows that the file says twice, by county: matched and counted, but nowhere written."""
    read = Counter(row.county_code for row in rows)
    found: dict[str, int] = {}
    for one in batches_of(batch):
        if not _is_correction(one):
            matched = one.counts.get("taken", 0) + one.counts.get("known", 0)
            found[one.region_code] = matched - read[one.region_code] - lost.get(one.region_code, 0)
    return {county: count for county, count in found.items() if count > 0}


# ── writing ──────────────────────────────────────────────────────────────────
def _take_up(
    pushed: Push, rows: Sequence[_Row], taken: Taken, today: dt.date, now: dt.datetime, policies: Policies
) -> None:
    held = dict(pushed.rows.values_list("row_number", "left_on"))
    pushed.rows.filter(
        left_on__isnull=False, row_number__in=[row.number for row in rows if held.get(row.number)]
    ).delete()
    new = [row for row in rows if row.number not in held or held[row.number]]
    if not new:
        return
    risk = RISK_OF_DATASET.get(pushed.batch.dataset, "")
    villages = _villages({row.household_id for row in new})
    monitored = _monitored({row.household_id for row in new}, risk)
    answers = _answers(row for row in new if row.household_id not in monitored)
    told = [
        signals.Told(row.household_id, villages[row.household_id], f"{pushed.batch_id}-{row.number}", risk)
        for row in new
        if row.household_id not in monitored
    ]
    received = signals.receive_many(
        channel=CHANNEL,
        told=told,
        told_on=today,
        now=now,
        policies=policies,
        by=None,
        answered_by=answers,
    )
    written = []
    for row in new:
        signal, lead = received.get((row.household_id, f"{pushed.batch_id}-{row.number}"), (None, None))
        standing = MONITORED if lead is None else ANSWERED if answers.get(row.household_id) == lead else LEAD
        written.append(
            PushedRow(
                push=pushed,
                row_number=row.number,
                county_code=row.county_code,
                region_code=villages[row.household_id],
                household_id=row.household_id,
                person_id=row.person_id,
                risk=risk,
                standing=standing,
                lead_id=lead,
                signal_id=signal,
            )
        )
    PushedRow.objects.bulk_create(written, batch_size=1000)
    taken.lead_count = sum(row.standing == LEAD for row in written)
    taken.answered_count = sum(row.standing == ANSWERED for row in written)
    taken.monitored_count = sum(row.standing == MONITORED for row in written)


def _take_back(
    pushed: Push, homes: dict[int, int], taken: Taken, today: dt.date, now: dt.datetime, policies: Policies
) -> None:
    """Rows whose file is no longer in force leave their leads; a lead that has no other reason is withdrawn."""
    gone = [row for row in pushed.rows.filter(left_on=None) if homes.get(row.row_number) != row.household_id]
    taken.withdrawn_count = len(gone)
    leads = {row.lead_id for row in gone if row.lead_id and row.standing == LEAD}
    for chunk in bulk.chunks(row.pk for row in gone):
        PushedRow.objects.filter(pk__in=chunk).update(left_on=today)
    for chunk in bulk.chunks(row.signal_id for row in gone if row.signal_id):
        LeadReason.objects.filter(signal_id__in=chunk, left_on=None).update(left_on=today)
    bare = set(Lead.objects.filter(pk__in=leads, is_open=True).values_list("pk", flat=True))
    bare -= set(LeadReason.objects.filter(lead_id__in=bare, left_on=None).values_list("lead_id", flat=True))
    runner.act_together(
        procedure_code=verification.CODE,
        rows=sorted(bare),
        step="withdraw",
        by=None,
        today=today,
        now=now,
        policies=policies,
    )
    courses.renew(leads)


def _villages(households: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in bulk.chunks(households):
        found |= dict(Household.objects.filter(pk__in=chunk).values_list("pk", "region_code"))
    return found


def _monitored(households: Iterable[int], risk: str) -> set[int]:
    """Households that are monitored for this very risk and have no case here: nobody needs to be asked again."""
    label, found = RISKS.get(risk), set[int]()
    if label is None:
        return found
    for chunk in bulk.chunks(households):
        rows = Monitoring.objects.filter(household_id__in=chunk, is_cleared=False, is_withdrawn=False)
        rows = rows.exclude(household__leads__is_open=True).exclude(household__cases__is_open=True)
        found |= {household for household, risks in rows.values_list("household_id", "risks") if label in risks}
    return found


def _answers(rows: Iterable[_Row]) -> dict[int, int]:
    """Household → its settled lead, where all that the list says was known already when that lead was settled."""
    newest: dict[int, dt.date | None] = {}
    for row in rows:
        before = newest.get(row.household_id, row.known_on)
        newest[row.household_id] = max(before, row.known_on) if before and row.known_on else None
    known = {household: on for household, on in newest.items() if on}
    refused = sorted(procedure.get("case").settled_states)
    found: dict[int, int] = {}
    for chunk in bulk.chunks(known):
        settled = Lead.objects.filter(household_id__in=chunk, is_open=False, closed_on__isnull=False)
        settled = settled.filter(state__in=sorted(verification.PROCEDURE.settled_states)) | settled.filter(
            case__state__in=refused
        )
        for household, lead, closed_on in settled.order_by("closed_on", "pk").values_list(
            "household_id", "pk", "closed_on"
        ):
            if closed_on is not None and known[household] <= closed_on:
                found[household] = lead
            else:
                found.pop(household, None)
    return found


def label_of(pushed: Push) -> str:
    """意外事故（2022-06）"""
    dataset = DATASETS.get(pushed.batch.dataset)
    return f"{dataset.label if dataset else pushed.batch.dataset}（{pushed.batch.period}）"
