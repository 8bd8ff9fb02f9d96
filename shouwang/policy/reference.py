"""The reference pages that are printed from the policy files: all parameters, and how far each document is implemented."""

from __future__ import annotations

from collections import Counter

from . import coverage
from .parameters import COMBINE_LABELS, Parameter, Value
from .policies import Policies


def parameters_page(policies: Policies) -> str:
    """Markdown: one section per parameter with its values; those that the documents leave open say so."""
    lines = [
        "# 政策参数",
        "",
        f"本页由 `policies/` 生成，共 {len(policies.parameters)} 个参数。没有取值的参数是文件没有规定的，相关计算显示“未计算”，不以任何数代替。",
        "",
    ]
    for parameter in policies.parameters.values():
        lines += _parameter(policies, parameter)
    return "\n".join(lines).rstrip() + "\n"


def _parameter(policies: Policies, parameter: Parameter) -> list[str]:
    unit = f"单位：{parameter.shape.unit_label}；{COMBINE_LABELS[parameter.combine]}"
    lines = [f"## `{parameter.name}` {parameter.label}", "", unit, ""]
    if parameter.description:
        lines += [parameter.description, ""]
    if parameter.open:
        lines += [f"**没有取值**：{parameter.open}", ""]
    if parameter.values:
        lines += ["| 地区 | 自 | 至（不含） | 取值 | 依据 | 说明 |", "|---|---|---|---|---|---|"]
        lines += [_value(parameter, value) for value in parameter.values]
        lines.append("")
    return lines


def _value(parameter: Parameter, value: Value) -> str:
    figure = f"{value.comparator} {parameter.text(value.value)}".strip()
    cells = (value.region, value.from_on, value.ends_on or "", figure, "、".join(value.cites), value.note)
    return f"| {' | '.join(str(cell).replace('|', '｜').replace(chr(10), ' ') for cell in cells)} |"


def coverage_page(policies: Policies) -> str:
    """Markdown: per document how many duties are implemented, open or guidance, and every duty with its state."""
    rows = coverage.rows(policies)
    lines = [
        "# 条款落实情况",
        "",
        "本页由 `policies/documents/` 和程序的认领表生成；同样的内容见 `shouwang policy coverage`。",
        "",
    ]
    lines += ["| 文件 | 职责 | 已实现 | 未实现 | 政策指引 |", "|---|--:|--:|--:|--:|"]
    for document in policies.documents.values():
        counts = Counter(row.status for row in rows if row.document == document.id and row.duty)
        figures = [sum(counts.values()), *(counts[status] for status in coverage.STATUS_LABELS)]
        lines.append(f"| {document.title} | {' | '.join(map(str, figures))} |")
    total = Counter(row.status for row in rows if row.duty)
    figures = [sum(total.values()), *(total[status] for status in coverage.STATUS_LABELS)]
    lines += [f"| 合计 | {' | '.join(map(str, figures))} |", ""]
    for document in policies.documents.values():
        lines += [f"## {document.title}", "", "| 条款 | 职责 | 状态 | 由什么实现 / 尚缺什么 |", "|---|---|---|---|"]
        for row in rows:
            if row.document == document.id:
                what = "、".join(row.implemented_by) or row.reason
                lines.append(f"| {row.clause} | {row.duty} | {coverage.STATUS_LABELS[row.status]} | {what} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
