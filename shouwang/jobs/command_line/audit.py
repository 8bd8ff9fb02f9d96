"""`shouwang audit verify`: whether the log of actions is as it was written.

A chain shows what was altered or taken out, not what was cut off at its end. So every run that finds the log whole keeps its last line's
fingerprint in the workspace, and the next run asks for all that were kept. Who can write there too is caught by ``--known`` alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from . import habits


@click.group("audit", help="操作日志。")
def group() -> None: ...


@group.command("verify", help="核对操作日志是否被改动：逐行重算指纹，报出第一处对不上的行。")
@click.option(
    "--known",
    default="",
    help="另行保存的末行指纹：工作区里记下的也被改动时，靠它看出日志末尾被截掉。",
)
@habits.format_option
def verify(known: str, output_format: str) -> None:
    """Exit status 0: whole · 1: a line does not fit, or the known line is gone."""
    from django.utils import timezone

    from shouwang.organisation import audit
    from shouwang.organisation.models import AuditEvent

    broken = audit.broken_line()
    last = AuditEvent.objects.order_by("-id").values_list("hash", flat=True).first() or ""
    kept = _kept()
    asked = {*kept, *filter(None, [known])}
    gone = asked - {one for one in asked if AuditEvent.objects.filter(hash=one).exists()}
    is_cut = bool(gone)
    found = {"lines": AuditEvent.objects.count(), "last": last, "is_whole": broken is None and not is_cut}
    if found["is_whole"] and last and last not in kept:
        _keep([*kept[-_MOST_KEPT:], last])
    if broken is not None:
        at = timezone.localtime(broken.at).strftime("%Y-%m-%d %H:%M:%S")
        found["broken"] = {"line": broken.pk, "at": at, "by": broken.by_name, "action": broken.action}
    if output_format == "json":
        said = {"end_is_missing": True} if is_cut else {}
        habits.say_json(found | said | ({"known_is_missing": known in gone} if known else {}))
    elif broken is not None:
        habits.say(
            f"✗ 第 {broken.pk:,} 行（{at}，{broken.by_name}，{broken.action}）与指纹不符：这一行被改过，或它前面的行被删改过。"
            "请保留现状，用备份比对这一行及以前的记录。"
        )
    elif is_cut:
        habits.say(
            "✗ 以前核对时记下的末行已不在日志中：日志末尾的记录被删去了，或数据库换成了更早的备份。请用备份比对。"
        )
    else:
        habits.say(f"✓ 操作日志完整，共 {found['lines']:,} 行。")
        if last:
            habits.say(f"  末行指纹 {last}（已记在工作区，下次自动核对；最好再另存一份，用 --known 核对）")
    if not found["is_whole"]:
        sys.exit(habits.SOME_REFUSED)


_MOST_KEPT = 400


def _file() -> Path:
    from shouwang.foundation import workspace

    return workspace.home() / "audit-ends.txt"


def _kept() -> list[str]:
    """The last lines of earlier runs, oldest first."""
    return _file().read_text().split() if _file().exists() else []


def _keep(ends: list[str]) -> None:
    from shouwang.foundation import workspace

    workspace.private_file(_file(), "".join(f"{end}\n" for end in ends).encode())
