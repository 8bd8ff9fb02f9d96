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

    from .. import ledger

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
        if not dry_run:
            ledger.follow(batch=outcome.batch, now=timezone.now(), progress=progress)
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

    from .. import ledger

    found = _batch(batch)
    actions.revert(batch=found, by=None, reason=reason, now=timezone.now())
    ledger.follow(batch=found, now=timezone.now())
    habits.say(f"第 {batch} 批已撤销：{found.file_name}")


@group.command(help="按最近一次导入的列导出：列和顺序不变，数字为文本。证件号码是完整的，导出会记入日志。")
@click.option("--kind", type=click.Choice(_KINDS[1:]), required=True, help="哪一张表。")
@click.option("--region", required=True, help="区划代码。")
@click.option(
    "-o", "output", type=click.Path(path_type=Path, dir_okay=False), required=True, help=".xlsx 或 .csv 文件。"
)
@click.option("--reason", default="", help="导出的用途，记入日志。")
def export(kind: str, region: str, output: Path, reason: str) -> None:
    from shouwang.registry import exporting

    with habits.progress() as progress:
        count = exporting.export(kind=kind, region_code=region, path=output, by=None, reason=reason, progress=progress)
    habits.say(f"已写入 {count:,} 行：{output}")


@group.command(help="检查团会问的问题：按村、按检查列出，可写成电子表格。")
@click.option("--region", default="", help="区划代码；不写则为有档案的全部区域。")
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="写成 .xlsx 文件。")
@click.option("--on", "on_text", default="", help="年龄和月数算到哪一天；不写则为档案最新月份的月末。")
@click.option("--list", "is_list", is_flag=True, help="只列出各项检查、级别和限值。")
@habits.format_option
def check(region: str, output: Path | None, on_text: str, is_list: bool, output_format: str) -> None:
    from shouwang.foundation.periods import parse_day
    from shouwang.organisation.scope import Scope
    from shouwang.registry import checks

    from ..checking import write_report

    if is_list:
        _list_checks(output_format)
        return
    with habits.progress() as progress:
        answer = checks.run(
            region_code=region or _whole_register(),
            scope=Scope.everything(),
            as_of=parse_day(on_text) if on_text else None,
            resolve=_parameter_of(on_text),
            progress=progress,
        )
    if output:
        write_report(answer, output)
    if output_format == "json":
        habits.say_json(
            {
                "region": answer.region_code,
                "as_of": answer.as_of,
                "checks": [
                    {
                        "code": one.code,
                        "label": one.setting.label,
                        "severity": one.setting.severity,
                        "count": one.count,
                        "not_computed": one.not_computed,
                    }
                    for one in answer.checks
                ],
                "questions": [vars(question) for question in answer.questions],
            }
        )
        return
    for one in answer.checks:
        if one.count or one.not_computed:
            habits.say(f"  {one.setting.severity}  {one.setting.label}  {one.not_computed or f'{one.count:,} 行'}")
    habits.say(
        f"截至 {answer.as_of}：必须改正 {answer.count(checks.ERROR):,} 行，需要说明 {answer.count(checks.WARNING):,} 行，"
        f"涉及 {len(answer.by_village()):,} 个村。"
    )
    if output:
        habits.say(f"清单：{output}")


def _whole_register() -> str:
    """The smallest region that holds every county with a register. Raises UserError when there is none."""
    from shouwang.foundation.errors import UserError
    from shouwang.registry import queries

    code = queries.whole_region()
    if not code:
        raise UserError("还没有人员档案，无法检查", next_step="请先用 shouwang registry import 导入。")
    return code


def _parameter_of(on_text: str) -> Any:
    """A parameter's value in a county on the day of the check, as a decimal; None where there is none."""
    import datetime as dt
    from decimal import Decimal, InvalidOperation

    from shouwang import policy
    from shouwang.foundation.periods import parse_day
    from shouwang.registry import queries

    policies = policy.load()
    day: dt.date | None = parse_day(on_text) if on_text else queries.newest_day()

    def resolve(name: str, county_code: str) -> Decimal | None:
        if day is None:
            return None
        value = policies.resolve(name, region_code=county_code, on=day).value
        try:
            return None if value is None else Decimal(str(value))
        except InvalidOperation:
            return None

    return resolve


def _list_checks(output_format: str) -> None:
    from shouwang.registry import checks

    settings = checks.settings()
    if output_format == "json":
        habits.say_json(
            {
                code: {
                    "label": one.label,
                    "severity": one.severity,
                    "thresholds": {name: vars(limit) for name, limit in one.thresholds.items()},
                }
                for code, one in settings.items()
            }
        )
        return
    for code, one in settings.items():
        limits = "，".join(
            f"{name} = {limit.value if isinstance(limit.value, str) else '…'} {limit.unit}".rstrip()
            for name, limit in one.thresholds.items()
        )
        habits.say(f"  {one.severity:3}  {code}  {one.label}  {limits}".rstrip())


@click.group(cls=habits.Group, help="密钥：更换、核对。")
def keys() -> None: ...


@keys.command(help="更换加密密钥：所有密文和收到的文件逐批重新加密，中断后再次运行即继续。")
def rotate() -> None:
    from shouwang.registry import keys as rotation

    with habits.progress() as progress:
        done = rotation.rotate(by=None, progress=progress)
    begun = "接着上次未完成的更换，" if done.was_unfinished else ""
    habits.say(f"{begun}密钥已更换：重新加密 {done.values:,} 个值、{done.files:,} 个文件。请立即备份新的密钥文件。")


@keys.command("check", help="核对密钥：密文都能读出，盲索引与号码相符。")
def check_keys() -> None:
    from shouwang.registry import keys as rotation

    report = rotation.check()
    for label, counts in report.by_key.items():
        if counts:
            held = "，".join(f"第 {number} 号密钥 {count:,} 个" for number, count in sorted(counts.items()))
            habits.say(f"  {label}：{held}")
    habits.say(f"  收到的文件：{report.files:,} 个")
    for defect in report.defects:
        habits.say(f"  ✗ {defect}")
    if report.defects:
        sys.exit(habits.REFUSED)
    habits.say("密钥完好。")


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
