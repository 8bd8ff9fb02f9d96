"""Lists that can be handed out as files: the rows of each under a filter, and how a row is written. Pages show the same rows.

A filter is a dictionary of texts, so that a page, an address and a background job carry the same one. Identity numbers stay masked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from shouwang.casework import queries as casework
from shouwang.casework.models import CollectionTask, Lead, LeadState
from shouwang.feeds import queries as feeds
from shouwang.feeds.datasets import DATASETS
from shouwang.feeds.models import PendingRow
from shouwang.feeds.pending import ELSEWHERE_REASONS
from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress
from shouwang.intake import spreadsheet
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry import queries as register
from shouwang.registry.models import Household, Monitoring
from shouwang.screening import catalogue
from shouwang.screening.models import Finding

from .models import Job

Filters = Mapping[str, str]
FORMATS = {"xlsx": "Excel 表格", "csv": "CSV 文本", "jsonl": "JSON 行"}

_CHUNK = 2000
_KEPT = dt.timedelta(days=7)


@dataclass(frozen=True)
class Export:
    """A list: its name on files, who may take it, its rows under a filter, its headings, and the cells of a chunk of rows."""

    label: str
    permission: str
    rows: Callable[[Scope, Filters], QuerySet[Any]]
    headings: Sequence[str]
    cells: Callable[[Sequence[Any]], Iterable[Sequence[str]]]


# ── the rows ───────────────────────────────────────────────────────────────────────────────────────


def leads(scope: Scope, filters: Filters) -> QuerySet[Lead]:
    """region, rule, text, status, late_on, due_from, due_until."""
    return casework.filtered(
        casework.leads(scope=scope, status=filters.get("status") or LeadState.OPEN),
        region=_within(scope, filters),
        rule=filters.get("rule", ""),
        text=filters.get("text", ""),
        batch_id=int(filters["batch"]) if filters.get("batch") else None,
        late_on=_day(filters.get("late_on")),
        due_from=_day(filters.get("due_from")),
        due_until=_day(filters.get("due_until")),
    )


def households(scope: Scope, filters: Filters) -> QuerySet[Household]:
    """region, kind (脱贫户, 一般农户, monitored, gone), text (a number, or the beginning of a head's or member's name)."""
    kind = filters.get("kind", "")
    wanted = register.HouseholdFilter(
        household_type=kind if kind not in ("monitored", "gone") else "",
        is_monitored=True if kind == "monitored" else None,
        is_missing=kind == "gone",
        text=filters.get("text", ""),
    )
    return register.households(scope=_within(scope, filters), wanted=wanted)


def collection(scope: Scope, filters: Filters) -> QuerySet[CollectionTask]:
    """region."""
    return _within(scope, filters).filter(casework.collection_tasks(scope=scope))


def batches(scope: Scope, filters: Filters) -> QuerySet[Batch]:
    """region, dataset, period, state. Shares of a split that is not in force yet are no files of their own."""
    rows = _within(scope, filters).filter(Batch.objects.all())
    rows = rows.exclude(state=BatchState.RECEIVED, split_from__isnull=False)
    for name in ("dataset", "period", "state"):
        if value := filters.get(name):
            rows = rows.filter(**{name: value})
    return rows.select_related("received_by", "split_from")


def findings(scope: Scope, filters: Filters) -> QuerySet[Finding]:
    """run (its number), rule, region, status."""
    rows = _within(scope, filters).filter(Finding.objects.filter(result__runs=int(filters["run"])))
    rows = rows.filter(rule=filters["rule"])
    if status := filters.get("status"):
        rows = rows.filter(status=status)
    return rows.select_related("household", "person")


def pending(scope: Scope, filters: Filters) -> QuerySet[PendingRow]:
    """region, dataset, kind (doubtful, unmatched; other_county: unmatched for living elsewhere; decided: what persons have
    settled), batch."""
    within = _within(scope, filters)
    if filters.get("kind") == "decided":
        rows = within.filter(PendingRow.objects.filter(is_decided=True, batch__state=BatchState.APPLIED))
        if filters.get("dataset"):
            rows = rows.filter(batch__dataset=filters["dataset"])
        if filters.get("batch"):
            rows = rows.filter(batch_id=int(filters["batch"]))
        return rows.select_related("batch", "decided_person").order_by("kind", "batch_id", "row_number")
    kind = filters.get("kind", "")
    is_elsewhere = kind == "other_county"
    rows = feeds.pending_rows(
        scope=within,
        dataset=filters.get("dataset", ""),
        kind="unmatched" if is_elsewhere else kind,
        batch_id=int(filters["batch"]) if filters.get("batch") else None,
    )
    if is_elsewhere:
        return rows.filter(reason__in=ELSEWHERE_REASONS)
    return rows.exclude(reason__in=ELSEWHERE_REASONS) if kind == "unmatched" else rows


def _within(scope: Scope, filters: Filters) -> Scope:
    """The part of the scope that a filter asks for; a place outside it leaves nothing."""
    code = filters.get("region", "")
    if not code:
        return scope
    try:
        return Scope.of_region(code) if scope.contains(code) else Scope(())
    except UserError:
        return Scope(())


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# ── the cells ──────────────────────────────────────────────────────────────────────────────────────


def _lead_cells(rows: Sequence[Lead]) -> Iterator[list[str]]:
    labels = {code: bound.rule.label for code, bound in catalogue.rules().items()}
    places = _places(rows)
    for lead in rows:
        yield [
            lead.lead_no,
            lead.household.head_name,
            lead.household.household_no,
            *places[lead.region_code],
            "；".join(labels.get(code, code) for code in lead.rules),
            lead.opened_on.isoformat(),
            lead.due_on.isoformat() if lead.due_on else "",
            lead.get_status_display(),
            lead.responsible_unit,
        ]


def _household_cells(rows: Sequence[Household]) -> Iterator[list[str]]:
    places = _places(rows)
    keys = [row.pk for row in rows]
    in_force = Monitoring.objects.filter(household_id__in=keys, is_cleared=False, is_withdrawn=False)
    monitored = dict(in_force.values_list("household_id", "object_category"))
    for row in rows:
        yield [
            row.household_no,
            row.head_name,
            *places[row.region_code],
            row.household_type,
            monitored.get(row.pk, ""),
            "" if row.registered_size is None else str(row.registered_size),
            row.period,
            row.missing_since,
        ]


def _collection_cells(rows: Sequence[CollectionTask]) -> Iterator[list[str]]:
    places = _places(rows)
    for task in rows:
        yield [
            task.household.head_name,
            task.household.household_no,
            *places[task.region_code],
            DATASETS[task.dataset].label if task.dataset in DATASETS else task.dataset,
            task.month,
            task.opened_on.isoformat(),
        ]


def _batch_cells(rows: Sequence[Batch]) -> Iterator[list[str]]:
    names = regions.names_of({row.region_code for row in rows})
    for row in rows:
        yield [
            str(row.pk),
            DATASETS[row.dataset].label if row.dataset in DATASETS else row.dataset,
            names.get(row.region_code, row.region_code),
            row.period,
            row.sender,
            row.file_name,
            str(row.counts.get("rows", "")),
            row.get_state_display(),
            timezone.localtime(row.received_at).strftime("%Y-%m-%d %H:%M"),
            row.received_by.name if row.received_by else "命令行",
        ]


def _finding_cells(rows: Sequence[Finding]) -> Iterator[list[str]]:
    places = _places(rows)
    for row in rows:
        bound = catalogue.rules().get(row.rule)
        yield [
            row.household.household_no,
            row.household.head_name,
            row.person.name if row.person else "",
            *places[row.region_code],
            bound.rule.label if bound else row.rule,
            row.get_status_display(),
            row.observed,
            row.comparator,
            row.threshold,
            row.as_of.isoformat(),
            str(len(row.evidence)),
        ]


def _pending_cells(rows: Sequence[PendingRow]) -> Iterator[list[str]]:
    scope = Scope.everything()  # candidates are not written
    for view in feeds.described(rows, scope=scope):
        yield [
            view.dataset.label,
            view.row.batch.file_name,
            str(view.row.row_number),
            view.name,
            view.masked_number,
            view.row.get_kind_display(),
            view.row.reason,
        ]


def _places(rows: Sequence[Any]) -> dict[str, tuple[str, str, str]]:
    """Village code → names of county, township and village."""
    villages = {row.region_code for row in rows}
    names = regions.names_of({part for code in villages for part in (code, f"{code[:9]}000", f"{code[:6]}000000")})
    return {
        code: (names.get(f"{code[:6]}000000", ""), names.get(f"{code[:9]}000", ""), names.get(code, code))
        for code in villages
    }


EXPORTS: dict[str, Export] = {
    "leads": Export(
        "线索",
        roles.EXPORT,
        leads,
        ("线索编号", "户主", "户编号", "县", "乡镇", "村", "原因", "发现日", "应办结日", "状态", "责任单位"),
        _lead_cells,
    ),
    "households": Export(
        "农户",
        roles.EXPORT,
        households,
        ("户编号", "户主", "县", "乡镇", "村", "户类型", "监测对象类别", "人口", "档案月份", "自何月起文件中没有"),
        _household_cells,
    ),
    "collection": Export(
        "待补采月份",
        roles.EXPORT,
        collection,
        ("户主", "户编号", "县", "乡镇", "村", "数据", "缺少的月份", "提出日"),
        _collection_cells,
    ),
    "batches": Export(
        "批次",
        roles.EXPORT,
        batches,
        ("批次", "数据", "区域", "所属月份", "报送单位", "文件名", "行数", "状态", "接收时间", "接收人"),
        _batch_cells,
    ),
    "findings": Export(
        "发现",
        roles.EXPORT,
        findings,
        ("户编号", "户主", "人员", "县", "乡镇", "村", "规则", "状态", "观察值", "比较", "标准", "截至", "依据行数"),
        _finding_cells,
    ),
    "pending": Export(
        "待认定行",
        roles.DECIDE_MATCHES,
        pending,
        ("数据", "文件名", "行号", "姓名", "证件号码", "情形", "原因"),
        _pending_cells,
    ),
}


# ── the file ───────────────────────────────────────────────────────────────────────────────────────


def is_large(name: str, scope: Scope, filters: Filters, limit: int) -> bool:
    """Whether a list has more rows than ``limit``."""
    return EXPORTS[name].rows(scope, filters).order_by()[: limit + 1].count() > limit


def write_list(
    path: Path, *, name: str, scope: Scope, filters: Filters, file_format: str, progress: Progress | None = None
) -> int:
    """Writes the rows of a list as a scope and a filter leave them; returns how many."""
    export = EXPORTS[name]
    rows = export.rows(scope, filters)
    total = rows.order_by().count() if progress else 0

    def lines() -> Iterator[Sequence[str]]:
        done = 0
        for chunk in _chunks(rows):
            yield from export.cells(chunk)
            done += len(chunk)
            if progress:
                progress("写出名单", done, total)

    match file_format:
        case "xlsx":
            return spreadsheet.write_texts(path, export.headings, lines(), sheet_name=export.label)
        case "csv":
            return spreadsheet.write_csv(path, export.headings, lines())
        case "jsonl":
            return spreadsheet.write_jsonl(path, (dict(zip(export.headings, line, strict=True)) for line in lines()))
    raise UserError(f"不能导出为“{file_format}”", next_step=f"可用：{'、'.join(FORMATS)}。")


def write(job: Job, progress: Progress) -> dict[str, Any]:
    """The recipe behind a large export: for whoever asked, with what that account may see now."""
    account = job.asked_by
    name, file_format = job.arguments["list"], job.arguments["format"]
    if account is None or not account.may(EXPORTS[name].permission):
        raise UserError("您的账号不能导出名单", next_step="请联系县级管理员。")
    _forget_old()
    path = path_of(job)
    count = write_list(
        path,
        name=name,
        scope=Scope.of(account),
        filters=job.arguments["filters"],
        file_format=file_format,
        progress=progress,
    )
    audit.record(
        by=account,
        action=f"导出{EXPORTS[name].label}",
        region_code=job.region_code,
        detail={"rows": count, "format": file_format, "filters": sorted(job.arguments["filters"])},
    )
    return {"file": path.name, "rows": count}


def path_of(job: Job) -> Path:
    """Where the file of an export lies until it is forgotten."""
    return workspace.private_folder(workspace.outgoing_folder()) / f"{job.pk}.{job.arguments['format']}"


def _chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=_CHUNK):
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _forget_old() -> None:
    """Handed-out files are not kept: they hold names."""
    oldest = (timezone.now() - _KEPT).timestamp()
    for path in workspace.private_folder(workspace.outgoing_folder()).glob("*.*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
