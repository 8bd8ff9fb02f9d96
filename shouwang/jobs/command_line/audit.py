"""`shouwang audit verify`: whether the log of actions is as it was written."""

from __future__ import annotations

import sys

import click

from . import habits


@click.group("audit", help="操作日志。")
def group() -> None: ...


@group.command("verify", help="核对操作日志是否被改动：逐行重算指纹，报出第一处对不上的行。")
@click.option(
    "--known",
    default="",
    help="以前核对时记下的末行指纹。日志末尾被截掉时，只有它能看出来。",
)
@habits.format_option
def verify(known: str, output_format: str) -> None:
    """Exit status 0: whole · 1: a line does not fit, or the known line is gone."""
    from django.utils import timezone

    from shouwang.organisation import audit
    from shouwang.organisation.models import AuditEvent

    broken = audit.broken_line()
    last = AuditEvent.objects.order_by("-id").values_list("hash", flat=True).first() or ""
    is_cut = bool(known) and not AuditEvent.objects.filter(hash=known).exists()
    found = {"lines": AuditEvent.objects.count(), "last": last, "is_whole": broken is None and not is_cut}
    if broken is not None:
        at = timezone.localtime(broken.at).strftime("%Y-%m-%d %H:%M:%S")
        found["broken"] = {"line": broken.pk, "at": at, "by": broken.by_name, "action": broken.action}
    if output_format == "json":
        habits.say_json(found | ({"known_is_missing": is_cut} if known else {}))
    elif broken is not None:
        habits.say(
            f"✗ 第 {broken.pk:,} 行（{at}，{broken.by_name}，{broken.action}）与指纹不符：这一行被改过，或它前面的行被删改过。"
            "请保留现状，用备份比对这一行及以前的记录。"
        )
    elif is_cut:
        habits.say("✗ 记下的那一行已不在日志中：日志末尾的记录被删去了。请用备份比对。")
    else:
        habits.say(f"✓ 操作日志完整，共 {found['lines']:,} 行。")
        if last:
            habits.say(f"  末行指纹 {last}（另行保存，下次用 --known 核对末尾没有被截掉）")
    if not found["is_whole"]:
        sys.exit(habits.SOME_REFUSED)
