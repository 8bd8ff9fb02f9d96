"""`shouwang policy`: which value applies and why, whether the policy files hold together, what implements each clause."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from . import habits

if TYPE_CHECKING:
    from shouwang.policy import Parameter, Policies, Resolution, Value
    from shouwang.policy.places import Places


@click.group(cls=habits.Group, help="政策文件：参数取值及理由、检查、条款落实情况。")
def group() -> None: ...


@group.command(help="某地某日适用的参数值、理由、沿革，以及没有采用的值。")
@click.argument("name", metavar="参数名")
@click.option("--region", "region_code", required=True, help="区划代码，2 至 12 位，例如 130630；全国写 00。")
@click.option("--on", "on_text", required=True, help="日期，例如 2022-06-30。")
@habits.format_option
def show(name: str, region_code: str, on_text: str, output_format: str) -> None:
    from shouwang.foundation.periods import parse_day
    from shouwang.policy import load, places

    policies, register = load(), places.current()
    found = policies.resolve(name, region_code=region_code, on=parse_day(on_text))
    if output_format == "json":
        habits.say_json(_plain_resolution(policies, found, register))
    else:
        _say_resolution(policies, found, register)


@group.command(help="检查程序自带和工作区自有的政策文件，一次列出全部问题；有问题时退出码为 2。")
@habits.format_option
def check(output_format: str) -> None:
    from shouwang.policy import coverage, load
    from shouwang.policy.defects import PolicyFilesError

    try:
        policies = load()
        coverage.check(policies)
    except PolicyFilesError as error:
        if output_format == "json":
            defects = [vars(defect) for defect in error.defects]
            habits.say_json({"version": None, "defects": defects})
        habits.refuse(str(error))
        return
    clauses = sum(len(document.clauses) for document in policies.documents.values())
    values = [value for parameter in policies.parameters.values() for value in parameter.values]
    without = sum(1 for parameter in policies.parameters.values() if not parameter.values)
    counts = {
        "documents": len(policies.documents),
        "clauses": clauses,
        "duties": len(policies.duties),
        "parameters": len(policies.parameters),
        "parameters_without_value": without,
        "values": len(values),
        "own_values": sum(1 for value in values if value.is_own),
    }
    if output_format == "json":
        habits.say_json({"version": policies.version, "defects": [], **counts})
        return
    habits.say(
        f"✓ {counts['documents']} 份文件、{clauses} 条、{counts['duties']} 项职责，{counts['parameters']} 个参数"
        f"（{without} 个文件未给出数值），{counts['values']} 个值，其中工作区自有 {counts['own_values']} 个。"
        f"版本 {policies.version}。"
    )


@group.command(help="每项职责由什么实现，哪些还没有实现。")
@click.option("--document", "document_id", default="", help="只看一份文件，写文件编号。")
@habits.format_option
def coverage(document_id: str, output_format: str) -> None:
    from shouwang.policy import coverage as policy_coverage
    from shouwang.policy import load

    policies = load()
    rows = policy_coverage.rows(policies)
    if document_id:
        document_id = policies.document(document_id).id
        rows = [row for row in rows if row.document == document_id]
    if output_format == "json":
        habits.say_json([row.plain() for row in rows])
        return
    for document in policies.documents.values():
        own = [row for row in rows if row.document == document.id]
        if not own:
            continue
        habits.say(f"\n{document.name} {document.title}（{document.id}）")
        for row in own:
            status = policy_coverage.STATUS_LABELS[row.status]
            what = "、".join(row.implemented_by) or row.reason
            habits.say(f"  {row.clause:<10} {row.duty or '—':<8} {status}  {what}")
    duties = [row for row in rows if row.duty]
    done = {status: sum(row.status == status for row in duties) for status in policy_coverage.STATUS_LABELS}
    counted = "、".join(f"{policy_coverage.STATUS_LABELS[status]} {count} 项" for status, count in done.items())
    habits.say(f"\n共 {len(duties)} 项职责：{counted}。")


@group.command("list", help="全部参数：名称、含义、单位，以及是否有有效的值。")
@click.option("--region", "region_code", default="", help="区划代码；写了就列出该地当日适用的值。")
@click.option("--on", "on_text", default="", help="日期，默认今天。")
@habits.format_option
def list_(region_code: str, on_text: str, output_format: str) -> None:
    from shouwang.foundation.periods import parse_day
    from shouwang.policy import load, places, shapes

    policies, on = load(), parse_day(on_text) if on_text else dt.date.today()  # noqa: DTZ011 the officer's own day
    register = places.current()
    chain = register.ancestors(region_code) if region_code else ()
    listed = []
    for parameter in policies.parameters.values():
        found = (
            policies.resolve(
                parameter.name, region_code=region_code, on=on, ancestors=lambda _: chain, name_of=register.name
            )
            if region_code
            else None
        )
        listed.append((parameter, found, [value for value in parameter.values if value.is_in_force(on)]))
    if output_format == "json":
        habits.say_json(
            [
                {
                    "name": parameter.name,
                    "label": parameter.label,
                    "unit": parameter.shape.unit,
                    "combine": parameter.combine,
                    "comparator": found.comparator if found else parameter.comparator,
                    "value": shapes.plain(found.value) if found else None,
                    "values_in_force": len(in_force),
                    "values": len(parameter.values),
                    "open": parameter.open,
                }
                for parameter, found, in_force in listed
            ]
        )
        return
    width = max(len(name) for name in policies.parameters)
    for parameter, found, in_force in listed:
        habits.say(
            f"{parameter.name:<{width}}  {parameter.label}〔{parameter.shape.unit_label}〕"
            f"{_state(parameter, found, in_force)}"
        )
    habits.say(f"共 {len(listed)} 个参数，{on} 有有效值的 {sum(bool(in_force) for _, _, in_force in listed)} 个。")


def _state(parameter: Parameter, found: Resolution | None, in_force: list[Value]) -> str:
    if not parameter.values:
        return "文件未给出"
    if found is not None:
        return found.text if found.source else "该地当日没有"
    return f"{len(in_force)} 个值有效" if in_force else "当日没有有效的值"


def _say_resolution(policies: Policies, found: Resolution, register: Places) -> None:
    from shouwang.policy.parameters import COMBINE_LABELS
    from shouwang.policy.shapes import plain

    parameter = found.parameter
    habits.say(f"{parameter.label}（{parameter.name}），单位：{parameter.shape.unit_label}")
    written = plain(found.value)
    shown = f"（{written}）" if isinstance(written, str | int) and str(written) != found.text else ""
    comparator = f" {found.comparator}" if found.comparator else ""
    habits.say(
        f"{register.name(found.region_code)} {found.on}：{comparator.strip()} {found.text}{shown}".replace("： ", "：")
    )
    habits.say(f"理由：{found.why}")
    habits.say(f"合并方式：{COMBINE_LABELS[parameter.combine]}")
    if parameter.description:
        habits.say(f"说明：{parameter.description}")
    if found.source is not None:
        for citation in found.source.cites:
            habits.say(f"依据：{policies.citation_text(citation)}（{citation}）{_summary(policies, citation)}")
        if found.source.note:
            habits.say(f"备注：{found.source.note}")
    if found.losers:
        habits.say("未采用：")
        for value, reason in found.losers:
            habits.say(f"  {_line(parameter, value, register)}；{reason}")
    if found.history:
        habits.say("沿革：")
        for value in found.history:
            habits.say(f"  {_line(parameter, value, register)}；{value.cite}{'（工作区自有）' if value.is_own else ''}")


def _line(parameter: Parameter, value: Value, register: Places) -> str:
    until = f"至 {value.ends_on} 前" if value.ends_on else "起"
    return f"{register.name(value.region_code)} {value.from_on} {until}：{parameter.text(value.value)}"


def _summary(policies: Policies, citation: str) -> str:
    return f"：{policies.clause(citation).summary}" if "#" in citation else ""


def _plain_resolution(policies: Policies, found: Resolution, register: Places) -> dict[str, Any]:
    from shouwang.policy.shapes import plain

    def one(value: Value) -> dict[str, Any]:
        return {
            "region": value.region,
            "region_code": value.region_code,
            "region_name": register.name(value.region_code),
            "from": value.from_on,
            "until": value.ends_on,
            "value": plain(value.value),
            "text": found.parameter.text(value.value),
            "comparator": value.comparator,
            "cite": value.cite,
            "cites": list(value.cites),
            "note": value.note,
            "is_own": value.is_own,
        }

    return {
        "name": found.parameter.name,
        "label": found.parameter.label,
        "unit": found.parameter.shape.unit,
        "combine": found.parameter.combine,
        "region_code": found.region_code,
        "region_name": register.name(found.region_code),
        "on": found.on,
        "value": plain(found.value),
        "text": found.text,
        "comparator": found.comparator,
        "why": found.why,
        "source": one(found.source) if found.source else None,
        "losers": [one(value) | {"reason": reason} for value, reason in found.losers],
        "history": [one(value) for value in found.history],
        "open": found.parameter.open,
        "policy_version": policies.version,
    }
