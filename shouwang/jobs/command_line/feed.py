"""`shouwang feed`: templates, imports, batches, reverting, rows that wait for a person, the calendar of departments' files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import habits

if TYPE_CHECKING:
    from shouwang.feeds.actions import Outcome
    from shouwang.feeds.queries import PendingView
    from shouwang.intake.models import Batch

_dataset = click.argument("dataset", metavar="数据集")
_MOST_SENTENCES = 10


@click.group(cls=habits.Group, help="部门数据：模板、导入、批次、撤销、待认定、数据日历。")
def group() -> None: ...


@group.command(help="写出一个数据集的空白模板：表头、说明、下拉选项。")
@_dataset
@click.option(
    "-o", "output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="要写的 .xlsx 文件。"
)
def template(dataset: str, output: Path) -> None:
    from shouwang.feeds import datasets, templates

    found = datasets.dataset(dataset)
    templates.write(found, output)
    habits.say(f"已写出“{found.label}”模板：{output}")


@group.command("import", help="导入一个部门的文件；区域写市或省时按县拆分推送。")
@_dataset
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--region", required=True, help="县级区划代码，如 130630；市、省代码则拆分到各县。")
@click.option("--period", required=True, help="数据所属月份，如 2022-06。")
@click.option("--sender", default="", help="报送单位；表头的对应关系按报送单位记住。")
@click.option(
    "--map", "mappings", multiple=True, metavar="来文列=标准列", help="指定一列的含义，可多次使用；等号后留空表示不要。"
)
@click.option("--dry-run", is_flag=True, help="只报告会怎样，不改动任何数据。")
@habits.format_option
def import_(
    dataset: str,
    file: Path,
    region: str,
    period: str,
    sender: str,
    mappings: tuple[str, ...],
    dry_run: bool,
    output_format: str,
) -> None:
    from django.utils import timezone

    from shouwang.feeds import actions
    from shouwang.foundation.periods import Month
    from shouwang.intake import actions as intake

    from .. import ledger

    with habits.progress() as progress:
        outcome = actions.import_file(
            path=file,
            dataset=dataset,
            region_code=region,
            period=Month.parse(period),
            sender=sender,
            by=None,
            now=timezone.now(),
            mapping=intake.mapping_of(mappings),
            dry_run=dry_run,
            progress=progress,
        )
        if not dry_run:
            ledger.follow(batch=outcome.batch, now=timezone.now(), progress=progress)
    if output_format == "json":
        habits.say_json(_plain(outcome))
    else:
        _say(outcome)
    if outcome.has_refused_rows:
        sys.exit(habits.SOME_REFUSED)


@group.command(help="列出部门数据批次，新的在前。")
@click.option("--region", default="", help="只看一个区域。")
@click.option("--dataset", default="", help="只看一个数据集。")
@click.option("--limit", default=50, show_default=True, help="最多列多少批。")
@habits.format_option
def batches(region: str, dataset: str, limit: int, output_format: str) -> None:
    from shouwang.feeds import datasets, queries
    from shouwang.organisation.scope import Scope
    from shouwang.regions import queries as regions

    code = datasets.dataset(dataset).code if dataset else ""
    rows = list(queries.batches(scope=Scope.everything(), region_code=region, dataset=code)[:limit])
    if output_format == "json":
        habits.say_json([_plain_batch(batch) for batch in rows])
        return
    names = regions.names_of({batch.region_code for batch in rows})
    for batch in rows:
        label = datasets.DATASETS[batch.dataset].label
        state = batch.get_state_display()
        where = names.get(batch.region_code, batch.region_code)
        habits.say(f"第 {batch.pk} 批  {label}  {where}  {batch.period}  {state}  {batch.file_name}")
        if batch.counts:
            habits.say(f"    {_counts_sentence(batch.counts)}")
    if not rows:
        habits.say("还没有部门数据批次。")


@group.command(help="撤销一个批次：它的数据不再计入筛查，记录保留。")
@click.argument("batch", metavar="批次号", type=int)
@click.option("--reason", required=True, help="撤销的原因，留在记录里。")
def revert(batch: int, reason: str) -> None:
    from django.utils import timezone

    from shouwang.feeds import actions

    from .. import ledger

    found = _batch(batch)
    actions.revert(batch=found, by=None, reason=reason, now=timezone.now())
    ledger.follow(batch=found, now=timezone.now())
    habits.say(f"第 {batch} 批已撤销：{found.file_name}")


@group.command(help="列出等待人认定的行：存疑的附候选人，未匹配的附原因。")
@click.option("--region", default="", help="只看一个区域。")
@click.option("--batch", "batch_id", type=int, default=None, help="只看一个批次。")
@click.option("--kind", type=click.Choice(["doubtful", "unmatched"]), default=None, help="存疑或未匹配。")
@click.option("--limit", default=50, show_default=True, help="最多列多少行。")
@habits.format_option
def pending(region: str, batch_id: int | None, kind: str | None, limit: int, output_format: str) -> None:
    from shouwang.feeds import queries
    from shouwang.organisation.scope import Scope

    scope = Scope.everything()
    rows = queries.pending_rows(scope=scope, region_code=region, batch_id=batch_id, kind=kind or "")
    views = queries.described(rows[:limit], scope=scope)
    if output_format == "json":
        habits.say_json([_plain_pending(view) for view in views])
        return
    for view in views:
        row = view.row
        habits.say(
            f"{row.pk}  第 {row.batch_id} 批第 {row.row_number:,} 行  {view.name} {view.masked_number}  "
            f"{row.get_kind_display()}：{row.reason}"
        )
        for one in view.candidates:
            habits.say(
                f"    {one.score:>3} 分  {one.person.name}  {one.person.person_no}  {one.person.born_on or '出生日期不详'}  "
                f"{one.village}  （{'、'.join(one.reasons)}）"
            )
    habits.say(f"共 {rows.count():,} 行待认定。")


@group.command(help="认定一行来文是档案中的哪个人；同样的来文以后不再问。")
@click.argument("row", metavar="待认定行号", type=int)
@click.option("--person", "person_no", default="", help="档案中的人口编号。")
@click.option("--nobody", is_flag=True, help="不是档案中的任何人。")
@click.option("--correct", "reason", default="", metavar="原因", help="更正此前的认定，写明原因。")
def decide(row: int, person_no: str, nobody: bool, reason: str) -> None:
    from django.utils import timezone

    from shouwang.feeds import actions
    from shouwang.feeds.models import PendingRow
    from shouwang.foundation.errors import UserError
    from shouwang.registry.models import Person

    if bool(person_no) == nobody:
        raise UserError("请写 --person 人口编号，或写 --nobody，二者选一")
    found = PendingRow.objects.filter(pk=row).select_related("batch").first()
    if found is None:
        raise UserError(f"没有第 {row} 号待认定行", next_step="可用 shouwang feed pending 查看。")
    person = Person.objects.filter(person_no=person_no).first() if person_no else None
    if person_no and person is None:
        raise UserError(f"档案中没有人口编号 {person_no}", next_step="请从候选人中选择。")
    if reason:
        count = actions.correct(pending_row=found, person=person, by=None, reason=reason, now=timezone.now())
        habits.say(f"已更正，同样来文的 {count:,} 行一并处理。")
        return
    count = actions.decide(pending_row=found, person=person, by=None, now=timezone.now())
    habits.say(f"已认定，同样来文的 {count:,} 行一并处理。")


@group.command(help="档案更新后，为等待认定的行重新查找档案中的人。")
@click.option("--region", required=True, help="区划代码。")
def rematch(region: str) -> None:
    from django.utils import timezone

    from shouwang.feeds import actions
    from shouwang.regions import queries as regions

    with habits.progress() as progress:
        count = actions.rematch(region_code=regions.full_code(region), by=None, now=timezone.now(), progress=progress)
    habits.say(f"新匹配 {count:,} 行。")


@group.command(help="数据日历：各部门应报送什么、来了什么、哪些逾期。")
@click.option("--region", required=True, help="县级区划代码。")
@click.option("--from", "first", default="", help="从哪个月起；不写则为最近 6 个月。")
@click.option("--on", "on_text", default="", help="按哪一天判断逾期；不写则为今天。")
@habits.format_option
def calendar(region: str, first: str, on_text: str, output_format: str) -> None:
    from django.utils import timezone

    from shouwang import policy
    from shouwang.feeds import calendar as calendars
    from shouwang.foundation.periods import Month, parse_day
    from shouwang.organisation.scope import Scope
    from shouwang.regions import queries as regions

    today = parse_day(on_text) if on_text else timezone.localdate()
    entries = calendars.entries(
        policies=policy.load(),
        county_code=regions.county_of(region),
        scope=Scope.everything(),
        today=today,
        first_month=Month.parse(first) if first else Month.of(today).plus(-5),
    )
    if output_format == "json":
        habits.say_json([_plain_entry(entry) for entry in entries])
        return
    for entry in entries:
        due = f"应于 {entry.due_on} 前" if entry.due_on else ""
        came = "、".join(f"第 {batch.pk} 批" for batch in entry.batches)
        habits.say(
            f"{entry.label}  {entry.dataset.department}  {entry.dataset.label}  {entry.status}  {due}  {came}".rstrip()
        )
    habits.say(f"逾期 {sum(entry.is_late for entry in entries)} 项。")


@group.command(help="一份按县拆分的文件推送到各县多少行；各项之和等于原行数。")
@click.argument("batch", metavar="批次号", type=int)
@habits.format_option
def pushed(batch: int, output_format: str) -> None:
    from shouwang.feeds import queries
    from shouwang.organisation.scope import Scope

    parts = queries.pushed(scope=Scope.everything(), batch_id=_batch(batch).pk)
    if output_format == "json":
        habits.say_json([vars(part) for part in parts])
        return
    for part in parts:
        habits.say(f"{part.label}  {part.count:,} 行")
    habits.say(f"合计  {sum(part.count for part in parts):,} 行")


def _batch(number: int) -> Batch:
    from shouwang.foundation.errors import UserError
    from shouwang.intake.models import Batch

    found = Batch.objects.filter(pk=number, purpose="feed").first()
    if found is None:
        raise UserError(f"没有第 {number} 批部门数据", next_step="可用 shouwang feed batches 查看。")
    return found


def _say(outcome: Outcome) -> None:
    from shouwang.regions import queries as regions

    label = outcome.dataset.label
    if outcome.is_dry_run:
        habits.say(f"试运行，没有改动任何数据。{label}：")
    elif outcome.is_new:
        habits.say(f"已导入{label}，第 {outcome.batch.pk if outcome.batch else ''} 批。")
    else:
        habits.say(f"这个文件此前已导入（第 {outcome.batch.pk if outcome.batch else ''} 批），没有改动任何数据。")
    habits.say(f"  {_counts_sentence(outcome.counts)}")
    for share in outcome.shares:
        habits.say(f"  {regions.name(share.county_code)}：{_counts_sentence(share.counts)}")
    for notice in outcome.notices:
        habits.say(f"  提示：{notice}")
    for refusal in outcome.refusals[:_MOST_SENTENCES]:
        habits.say(f"  {refusal.sentence}")
    if len(outcome.refusals) > _MOST_SENTENCES:
        habits.say(f"  …… 另有 {len(outcome.refusals) - _MOST_SENTENCES:,} 行")
    if outcome.refused_path:
        habits.say(f"  退回 {outcome.counts.get('refused', 0):,} 行，退回文件：{outcome.refused_path}")
    if any(counts.get("doubtful") or counts.get("unmatched") for counts in _all_counts(outcome)):
        habits.say("  存疑和未匹配的行可用 shouwang feed pending 查看。")


def _all_counts(outcome: Outcome) -> list[dict[str, Any]]:
    return [outcome.counts, *(share.counts for share in outcome.shares)]


def _counts_sentence(counts: dict[str, Any]) -> str:
    from shouwang.feeds.queries import COUNT_LABELS, DETAIL_LABELS

    parts = [f"{label} {counts[key]:,}" for key, label in COUNT_LABELS.items() if counts.get(key)]
    detail = [
        f"{label} {counts['detail'][key]:,}"
        for key, label in DETAIL_LABELS.items()
        if counts.get("detail", {}).get(key)
    ]
    sentence = f"共 {counts.get('rows', 0):,} 行：{'，'.join(parts) or '没有数据'}"
    return f"{sentence}（其中{'，'.join(detail)}）" if detail else sentence


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "dataset": outcome.dataset.code,
        "batch": outcome.batch.pk if outcome.batch else None,
        "is_new": outcome.is_new,
        "is_dry_run": outcome.is_dry_run,
        "counts": outcome.counts,
        "shares": [
            {"region": share.county_code, "batch": share.batch.pk if share.batch else None, "counts": share.counts}
            for share in outcome.shares
        ],
        "notices": outcome.notices,
        "refused_file": str(outcome.refused_path) if outcome.refused_path else None,
        "refused": [
            {"row": one.row_number, "column": one.column, "reason": one.reason, "suggestion": one.suggestion}
            for one in outcome.refusals[:1000]
        ],
    }


def _plain_batch(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "dataset": batch.dataset,
        "region": batch.region_code,
        "period": batch.period,
        "state": batch.state,
        "sender": batch.sender,
        "file": batch.file_name,
        "received_at": batch.received_at,
        "counts": batch.counts,
        "split_from": batch.split_from_id,
    }


def _plain_pending(view: PendingView) -> dict[str, Any]:
    return {
        "row_id": view.row.pk,
        "batch": view.row.batch_id,
        "dataset": view.dataset.code,
        "row": view.row.row_number,
        "kind": view.row.kind,
        "reason": view.row.reason,
        "name": view.name,
        "number": view.masked_number,
        "candidates": [
            {"person_no": one.person.person_no, "name": one.person.name, "score": one.score, "reasons": one.reasons}
            for one in view.candidates
        ],
    }


def _plain_entry(entry: Any) -> dict[str, Any]:
    return {
        "dataset": entry.dataset.code,
        "department": entry.dataset.department,
        "county": entry.county_code,
        "label": entry.label,
        "due_on": entry.due_on,
        "status": entry.status,
        "why": entry.why,
        "batches": [batch.pk for batch in entry.batches],
    }
