"""`shouwang registry`: the national system's sheets in and out, taken back, and checked; `shouwang keys`: the keys they are kept with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import habits

if TYPE_CHECKING:
    from shouwang.intake.models import Batch
    from shouwang.registry.actions import Outcome

_KINDS = ["auto", "household", "person", "monitored", "outwork"]
_MOST_SENTENCES = 10


@click.group(cls=habits.Group, help="农户档案：导入全国系统的表、导出、撤销、检查。")
def group() -> None: ...


@group.command("import", help="导入全国系统导出的人员、农户、监测对象或外出务工表。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(_KINDS), default="auto", help="哪一张表；auto 按表头识别。")
@click.option("--period", required=True, help="数据所属月份，如 2022-06。")
@click.option("--region", default="", help="只收这个区域的农户；不写则按文件内容。")
@click.option("--sender", default="", help="报送单位；表头的对应关系按报送单位记住。")
@click.option(
    "--map", "mappings", multiple=True, metavar="来文列=标准列", help="指定一列的含义，可多次使用；等号后留空表示不要。"
)
@click.option("--close-missing", is_flag=True, help="文件所列的村里，文件中没有的记录注销；不写则只作标记。")
@click.option("--dry-run", is_flag=True, help="只报告会怎样，不改动任何数据。")
@habits.format_option
def import_(
    file: Path,
    kind: str,
    period: str,
    region: str,
    sender: str,
    mappings: tuple[str, ...],
    close_missing: bool,
    dry_run: bool,
    output_format: str,
) -> None:
    from django.utils import timezone

    from shouwang.foundation.periods import Month
    from shouwang.intake import actions as intake
    from shouwang.registry import actions

    with habits.progress() as progress:
        outcome = actions.import_file(
            path=file,
            kind=kind,
            period=Month.parse(period),
            sender=sender,
            by=None,
            now=timezone.now(),
            region_code=region,
            mapping=intake.mapping_of(mappings),
            closes_missing=close_missing,
            dry_run=dry_run,
            progress=progress,
        )
    if output_format == "json":
        habits.say_json(_plain(outcome))
    else:
        _say(outcome)
    if outcome.refused_count:
        sys.exit(habits.SOME_REFUSED)


@group.command(help="撤销一个批次：所有记录逐项恢复到导入之前，批次留在记录里。")
@click.argument("batch", metavar="批次号", type=int)
@click.option("--reason", required=True, help="撤销的原因，留在记录里。")
def revert(batch: int, reason: str) -> None:
    from django.utils import timezone

    from shouwang.registry import actions

    found = _batch(batch)
    actions.revert(batch=found, by=None, reason=reason, now=timezone.now())
    habits.say(f"第 {batch} 批已撤销：{found.file_name}")


@click.group(cls=habits.Group, help="密钥：更换、核对。")
def keys() -> None: ...


def _batch(number: int) -> Batch:
    from shouwang.foundation.errors import UserError
    from shouwang.intake.models import Batch

    found = Batch.objects.filter(pk=number, purpose="registry").first()
    if found is None:
        raise UserError(f"没有第 {number} 批农户档案", next_step="请核对批次号。")
    return found


def _say(outcome: Outcome) -> None:
    from shouwang.registry.plan import LABELS, ROW_KINDS
    from shouwang.registry.sheets import SHEETS

    label = SHEETS[outcome.kind].label
    number = outcome.batch.pk if outcome.batch else ""
    if outcome.is_dry_run:
        habits.say(f"试运行，没有改动任何数据。{label}：")
    elif outcome.is_new:
        habits.say(f"已导入{label}，第 {number} 批。")
    else:
        habits.say(f"这个文件此前已导入（第 {number} 批），没有改动任何数据。")
    parts = [f"{LABELS[kind]} {outcome.counts[kind]:,}" for kind in ROW_KINDS if outcome.counts.get(kind)]
    habits.say(f"  共 {outcome.counts.get('rows', 0):,} 行：{'，'.join(parts) or '没有数据'}")
    for name in ("missing", "returned"):
        if outcome.counts.get(name):
            habits.say(f"  {LABELS[name]} {outcome.counts[name]:,} 条记录")
    for notice in outcome.notices:
        habits.say(f"  提示：{notice}")
    for refusal in outcome.refusals[:_MOST_SENTENCES]:
        habits.say(f"  {refusal.sentence}")
    if len(outcome.refusals) > _MOST_SENTENCES:
        habits.say(f"  …… 另有 {len(outcome.refusals) - _MOST_SENTENCES:,} 行")
    if outcome.refused_path:
        habits.say(f"  退回 {outcome.refused_count:,} 行，退回文件：{outcome.refused_path}")


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "region": outcome.region_code,
        "batch": outcome.batch.pk if outcome.batch else None,
        "is_new": outcome.is_new,
        "is_dry_run": outcome.is_dry_run,
        "counts": outcome.counts,
        "notices": outcome.notices,
        "refused_file": str(outcome.refused_path) if outcome.refused_path else None,
        "refused": [
            {"row": one.row_number, "column": one.column, "reason": one.reason, "suggestion": one.suggestion}
            for one in outcome.refusals[:1000]
        ],
    }
