"""`shouwang screen`, `findings export`, `leads export` and `leads check`."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.casework import courses
from shouwang.casework import queries as lead_queries
from shouwang.casework.models import Lead
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import parse_day
from shouwang.households import measures
from shouwang.intake import spreadsheet
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.reporting import scanner
from shouwang.screening import actions, queries

from .. import told_months
from . import habits

_FORMATS = click.Choice(["jsonl", "csv", "xlsx"])


@click.command("screen", help="对一个区域执行筛查，并把发现归并为线索。")
@click.option("--region", required=True, help="区划代码，如 130630。")
@click.option("--as-of", required=True, help="截至日期，一般为所筛查月份的最后一天。")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--spark-master", default="", help="如 spark://127.0.0.1:7077；不写则用本机各核。")
@click.option("--opened-on", default="", help="线索发现日；不写则为今天，补做历史月份时为截至日期。")
@habits.format_option
def screen(region: str, as_of: str, engine: str, spark_master: str, opened_on: str, output_format: str) -> None:
    code, day, now = regions.full_code(region), parse_day(as_of), timezone.now()
    opened = (
        parse_day(opened_on) if opened_on else casework.discovery_day(as_of=day, today=timezone.localtime(now).date())
    )
    policies = policy.load()
    with habits.progress() as progress:
        told_months.hand_in(region_code=code, now=now, progress=progress)
        run = actions.run(
            region_code=code,
            as_of=day,
            policies=policies,
            by=None,
            now=now,
            engine=engine,
            spark_master=spark_master,
            progress=progress,
        )
        folded = casework.fold(run=run, opened_on=opened, policies=policies, progress=progress)
    summary = queries.run_summary(run=run, scope=Scope.everything())
    if output_format == "json":
        habits.say_json(
            {
                "run": run.pk,
                "policy_version": run.policy_version,
                "code_version": run.code_version,
                "engine": run.engine,
                "rules": [
                    {
                        "rule": row["rule"],
                        **row["counts"],
                        "missing": row["missing"],
                        "not_computed": dict(row["gaps"]),
                    }
                    for row in summary
                ],
                "leads": vars(folded),
            }
        )
        return
    habits.say(f"筛查完成：{regions.full_name(code)}，截至 {day}（第 {run.pk} 次，政策版本 {run.policy_version}）")
    for row in summary:
        habits.say(f"  {row['label']}：{_counted(row)}")
    habits.say(
        f"线索：新增 {folded.opened_count:,} 条，并入 {folded.joined_count:,} 项原因，撤回 {folded.withdrawn_count:,} 条；"
        f"已在监测、不另立线索 {folded.already_monitored_count:,} 户；新增补采任务 {folded.task_count:,} 项。"
    )


def _counted(row: dict) -> str:
    counts, parts = row["counts"], []
    for name, label in (("hit", "命中"), ("judgement", "需研判"), ("provisional", "暂定")):
        if counts[name]:
            parts.append(f"{label} {counts[name]:,}")
    gaps = sum(row["gaps"].values())
    if gaps:
        parts.append(f"缺数据未计算 {gaps:,}")
    if row["missing"]:
        parts.append("未计算：" + "；".join(row["missing"]))
    return "，".join(parts) or "没有发现"


@click.group("findings", help="筛查发现。")
def findings() -> None: ...


@findings.command("export", help="导出一个区域截至某日的全部发现，每条附依据。")
@click.option("--region", required=True)
@click.option("--as-of", required=True)
@click.option("--format", "file_format", type=_FORMATS, default="jsonl", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
def export_findings(region: str, as_of: str, file_format: str, output: Path) -> None:
    code, day = regions.full_code(region), parse_day(as_of)
    rows = queries.finding_rows(region_code=code, as_of=day, scope=Scope.everything())
    clean = scanner.watched_records(rows, scanner.current(), named="发现")
    count = spreadsheet.write_rows(output, file_format, clean)
    audit.record(
        by=None, action="导出发现", region_code=code, target=str(day), detail={"rows": count, "format": file_format}
    )
    habits.say(f"已写入 {count:,} 条发现：{output}")


@click.group("leads", help="线索。")
def leads() -> None: ...


@leads.command("export", help="导出一个区域的线索。")
@click.option("--region", required=True)
@click.option("--format", "file_format", type=_FORMATS, default="jsonl", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
def export_leads(region: str, file_format: str, output: Path) -> None:
    code = regions.full_code(region)
    rows = lead_queries.export_rows(scope=Scope.of_region(code))
    clean = scanner.watched_records(rows, scanner.current(), named="线索")
    count = spreadsheet.write_rows(output, file_format, clean)
    audit.record(by=None, action="导出线索", region_code=code, detail={"rows": count, "format": file_format})
    habits.say(f"已写入 {count:,} 条线索：{output}")


@leads.command("check", help="逐条重算线索进程（线索成效页的数字由它汇总），与库中所存核对。")
@click.option("--region", required=True)
@click.option("--mend", is_flag=True, help="不一致的按重算结果改正。")
def check_leads(region: str, mend: bool) -> None:
    scope = Scope.of_region(regions.full_code(region))
    begun = measures.first_begun(scope=scope)
    if mend:
        count = courses.rebuild(scope=scope, measured_on=begun)
        habits.say(f"已改正 {count:,} 条" if count else "全部一致")
        return
    wrong = list(courses.differing(scope=scope, measured_on=begun))
    if wrong:
        shown = "、".join(Lead.objects.filter(pk__in=wrong[:5]).order_by("pk").values_list("lead_no", flat=True))
        raise UserError(f"{len(wrong):,} 条线索的进程与重算不一致：{shown}", next_step="可用 --mend 改正。")
    habits.say("全部一致")
