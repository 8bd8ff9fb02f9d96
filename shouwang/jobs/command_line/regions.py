"""`shouwang regions`: find a division, see its history, apply changes that a county was notified of, load boundaries."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from shouwang.organisation import audit
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.regions import actions, queries
from shouwang.regions.divisions import ALWAYS
from shouwang.regions.models import Level, Region

from . import habits

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("regions", help="行政区划。", cls=habits.Group)
def group() -> None: ...


@group.command("search", help="按名称、曾用名、代码或拼音首字母查找；“涞源 南关”先限定地方。")
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, help="最多列出多少个。")
@habits.format_option
def search(text: tuple[str, ...], limit: int, output_format: str) -> None:
    found = queries.search(" ".join(text), Scope.everything(), limit=limit)
    if output_format == "json":
        habits.say_json([_fields(region) for region in found])
        return
    for region in found:
        habits.say(f"{region.code}  {_full_name(region)}  {Level(region.level).label}{_also(region)}")
    if not found:
        habits.say(f"没有找到“{' '.join(text)}”。")


@group.command("show", help="一个区划的沿革、上级和下级。")
@click.argument("code")
@habits.format_option
def show(code: str, output_format: str) -> None:
    history = queries.history(code)
    region = history[-1]
    above = queries.ancestors(region.code)[1:]
    below = queries.children(region.code)
    if output_format == "json":
        habits.say_json(
            {
                **_fields(region),
                "history": [_fields(line) for line in history],
                "ancestors": above,
                "children": [_fields(child) for child in below],
                "ranges": queries.ranges(region.code),
            }
        )
        return
    names = queries.names_of(
        [*above, *(line.successor_code for line in history), *(line.parent_code for line in history)]
    )
    habits.say(f"{region.code}  {_full_name(region)}  {Level(region.level).label}{_also(region)}")
    for line in history:
        since = "早先" if line.valid_from == ALWAYS else str(line.valid_from)
        until = f"{line.valid_to} 停用" if line.valid_to else "现行"
        went = f"，去向 {names.get(line.successor_code, '')} {line.successor_code}" if line.successor_code else ""
        habits.say(f"  {since} 起 {line.name}，属{names.get(line.parent_code, '—')}，{until}{went}（{line.source}）")
    habits.say("上级：" + " → ".join(f"{names[step]} {step}" for step in above))
    if below:
        habits.say(f"下级 {len(below)} 个：" + "、".join(child.name for child in below))


@group.command("apply-changes", help="导入区划变更（YAML 或 CSV：更名、合并、拆分、划转、新设），整体成功或整体不动。")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="只检查并列出将发生的变更，不写入。")
@habits.format_option
def apply_changes(file: Path, dry_run: bool, output_format: str) -> None:
    today = timezone.localdate()
    effective = actions.apply_changes(file, today=today, is_dry_run=dry_run)
    stranded = [] if dry_run else _accounts_of_former_regions()
    if effective and not dry_run:
        audit.record(by=None, action="导入区划变更", target=file.name, detail={"changes": len(effective)})
    if output_format == "json":
        habits.say_json(
            {
                "is_dry_run": dry_run,
                "changes": [vars(change) for change in effective],
                "accounts_to_reassign": [account.login for account in stranded],
            }
        )
        return
    for change in effective:
        habits.say(f"  {change}（{change.source}）")
    if not effective:
        habits.say("没有新的变更：文件中的变更都已导入。")
    else:
        habits.say(f"{'将导入' if dry_run else '已导入'} {len(effective)} 项变更。")
    for account in stranded:
        habits.say(f"注意：账号 {account.login}（{account.name}）的管辖区域 {account.region_code} 已停用，请重新指定。")


@group.command("load-boundaries", help="导入边界（GeoJSON，CGCS2000 经纬度），替换同一区划原有的边界。")
@click.argument("file", type=_FILE)
@click.option("--source", required=True, help="数据由谁提供；地图上会注明。")
@click.option("--approval", default="", help="审图号；地图上会注明。")
def load_boundaries(file: Path, source: str, approval: str) -> None:
    count = actions.load_boundaries(file, source=source, approval_number=approval, today=timezone.localdate())
    audit.record(by=None, action="导入区划边界", target=file.name, reason=source, detail={"outlines": count})
    habits.say(f"已导入 {count:,} 个区划的边界。")


def _full_name(region: Region) -> str:
    return queries.full_name(region.code) or region.name


def _also(region: Region) -> str:
    return f"（又称 {region.other_names}）" if region.other_names else ""


def _fields(region: Region) -> dict[str, object]:
    return {
        "code": region.code,
        "name": region.name,
        "full_name": _full_name(region),
        "level": region.level,
        "other_names": [name for name in region.other_names.split("、") if name],
        "parent_code": region.parent_code,
        "is_functional_zone": region.is_functional_zone,
        "valid_from": None if region.valid_from == ALWAYS else region.valid_from,
        "valid_to": region.valid_to,
        "successor_code": region.successor_code,
        "source": region.source,
    }


def _accounts_of_former_regions() -> list[Account]:
    """Accounts whose region was merged away: they see nothing of where it went until somebody gives them a region."""
    former = Region.objects.filter(valid_to__isnull=False).values("code")
    there = Region.objects.filter(valid_to__isnull=True).values("code")
    return list(Account.objects.filter(is_active=True, region_code__in=former).exclude(region_code__in=there))
