"""`shouwang sums check`."""

from __future__ import annotations

import click

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums, watching
from shouwang.regions import queries as regions

from .. import clock
from . import habits


@click.group("sums", help="按乡镇存下的合计（各页面的数字由它汇总）。")
def group() -> None: ...


@group.command("check", help="逐项重算一个区域存下的合计，与库中所存核对，并检查触发器是否齐全。")
@click.option("--region", required=True)
@click.option("--mend", is_flag=True, help="补齐触发器，删去不一致的（打开页面时现算，后台随后重存）。")
def check(region: str, mend: bool) -> None:
    within = Scope.of_region(regions.full_code(region)).ranges
    is_watched = watching.is_installed(kept_sums.sources())
    if mend:
        watching.install(kept_sums.sources())
    elif not is_watched:
        raise UserError("数据库缺少记录变动的触发器，合计没有存下，页面都是现算的", next_step="可用 --mend 补齐。")
    wrong: dict[str, set[str]] = {}
    for one in kept_sums.all_sums():
        for key, ranges in one.wanted(today=clock.today(), policies=policy.load()):
            for codes in within:
                mine = Scope(ranges).limited(codes).ranges
                wrong.setdefault(one.name, set()).update(kept_sums.differing(one, ranges=mine, key=key))
        if mend:
            kept_sums.forget(one, places=wrong.get(one.name, ()))
    found = sorted({f"{place:0<12}" for places in wrong.values() for place in places})
    if mend:
        mended = [] if is_watched else ["触发器已补齐"]
        mended += [f"已改正 {len(found):,} 个地方"] if found else []
        habits.say("，".join(mended) or "全部一致")
    elif found:
        names = regions.names_of(found[:5])
        shown = "、".join(names.get(code, code) for code in found[:5])
        raise UserError(f"{len(found):,} 个地方存下的合计与重算不一致：{shown}", next_step="可用 --mend 改正。")
    else:
        habits.say("全部一致")
