"""The manual of the rules as a page of text, printed from the rules and their cases."""

from __future__ import annotations

from collections.abc import Iterable

from . import cases, figures
from .rule import STATUS_LABELS, BoundRule

_SUBJECTS = {"household": "按户", "person": "按人"}


def page(rules: Iterable[BoundRule]) -> str:
    """Markdown, one section per rule: what it finds, on which clause, from which data and parameters, and its cases."""
    parts = ["# 筛查规则", "", "本页由规则及其用例生成；用例在每个计算引擎上执行，与这里所写不符就不能发布。", ""]
    for rule in rules:
        parts += section(rule)
    return "\n".join(parts).rstrip() + "\n"


def section(rule: BoundRule) -> list[str]:
    declaration = rule.rule
    rows = [
        ("代码", f"`{declaration.code}`"),
        ("条款", "、".join(f"`{cite}`" for cite in declaration.cites)),
        ("适用对象", f"{declaration.applies_to}（{_SUBJECTS[declaration.subject]}）"),
        ("必需参数", _names(declaration.uses)),
        ("至少一项有取值", _names(declaration.needs_one_of)),
        ("可缺的参数", _names(declaration.optional)),
        ("必需数据", _names(declaration.datasets)),
        ("至少有一种数据", _names(declaration.needs_one_dataset_of)),
        ("可缺的数据", _names(declaration.optional_datasets)),
        ("对应风险", "、".join(declaration.causes)),
    ]
    lines = [f"## {declaration.label}", "", rule.description, ""]
    lines += [f"- {label}：{text}" for label, text in rows if text]
    lines += ["", "| 用例 | 截至 | 结果 |", "|---|---|---|"]
    lines += [f"| {case.sentence} | {case.as_of} | {_expected(case, declaration.unit)} |" for case in cases.read(rule)]
    return [*lines, ""]


def _names(names: Iterable[str]) -> str:
    return "、".join(f"`{name}`" for name in names)


def _expected(case: cases.Case, unit: str) -> str:
    if not case.expect:
        return "不命中"
    return "；".join(_one(wanted, unit) for wanted in case.expect)


def _one(wanted: dict, unit: str) -> str:
    who = wanted.get("person") or wanted.get("household") or ""
    text = f"{who}{STATUS_LABELS[wanted['status']]}"
    if wanted.get("observed"):
        text += f"，{figures.spoken(unit, wanted['observed'])}"
    if wanted.get("present") is not None and wanted.get("present") != wanted.get("expected"):
        text += f"，已有 {wanted['present']} 个月"
    if wanted.get("reason"):
        text += f"（{wanted['reason']}）"
    return text
