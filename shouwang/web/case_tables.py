"""The cases of a rule as small Chinese tables: a sentence, what is given, what comes out. The manual that officers read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shouwang import policy
from shouwang.feeds.datasets import DATASETS
from shouwang.foundation import money
from shouwang.policy.parameters import COMPARATORS
from shouwang.screening import figures
from shouwang.screening.cases import Case
from shouwang.screening.rule import STATUS_LABELS, Rule, Setting

_PLACES = {
    "person": "某人",
    "observed": "观察值",
    "comparator": "低于或超过",
    "threshold": "标准",
    "present": "已有",
    "expected": "应有",
    "year": "年度",
    "as_of": "截至日",
    "month": "本月",
    "months": "若干",
}
_TRAITS = {"type": "户类型", "monitored": "监测对象", "members": "成员", "village": "村"}
_PERSON_TRAITS = {"born_on": "出生日期", "labour_capacity": "劳动技能"}
_INCOME = {
    "wage": "工资性收入",
    "business": "生产经营性收入",
    "property": "财产性收入",
    "transfer": "转移性收入",
    "business_cost": "生产经营性支出",
    "period": "档案月份",
}
_EXPECTED = {
    "household": "户",
    "person": "人",
    "status": "结果",
    "observed": "观察值",
    "threshold": "标准",
    "present": "已有月数",
    "expected": "应有月数",
    "reason": "原因",
}
_SUBJECTS = {"household": "户", "person": "人", "village": "村"}


@dataclass
class Table:
    """A tiny table: headings in the order of first use, one dictionary per row."""

    title: str
    headings: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)

    def add(self, row: dict[str, str]) -> None:
        self.headings += [heading for heading in row if heading not in self.headings]
        self.rows.append(row)

    @property
    def cells(self) -> list[list[str]]:
        return [[row.get(heading, "") for heading in self.headings] for row in self.rows]


@dataclass(frozen=True)
class CaseView:
    """One case: what stands before the line, and what must come out."""

    sentence: str
    as_of: dt.date
    parameters: list[tuple[str, str]]
    given: list[Table]
    expected: Table


def tables(case: Case, rule: Rule) -> CaseView:
    return CaseView(
        sentence=case.sentence,
        as_of=case.as_of,
        parameters=[_parameter(name, setting) for name, setting in case.parameters.items() if name in rule.parameters],
        given=[table for table in (_households(case), _people(case), _income(case), *_facts(case)) if table.rows],
        expected=_expectations(case, rule),
    )


def sentence_with_places(sentence: str) -> str:
    """The sentence of a rule with words where figures will stand: 〔观察值〕."""
    return re.sub(r"\{(\w+)\}", lambda match: f"〔{_PLACES.get(match[1], match[1])}〕", sentence)


def _parameter(name: str, setting: Setting) -> tuple[str, str]:
    parameter = policy.load().parameters.get(name)
    label = parameter.label if parameter else name
    if setting.value is None:
        return label, "没有取值"
    try:
        text = parameter.text(setting.value) if parameter else _text(setting.value)
    except (AttributeError, KeyError, TypeError, ValueError):
        text = _text(setting.value)  # a case may state a value more plainly than a policy file
    return label, f"{COMPARATORS.get(setting.comparator, '')} {text}".strip()


def _households(case: Case) -> Table:
    table = Table("农户")
    for name, traits in case.households.items():
        table.add({"户": name} | {_TRAITS.get(key, key): _text(value) for key, value in traits.items()})
    return table


def _people(case: Case) -> Table:
    table = Table("人口")
    for name, traits in case.people.items():
        table.add({"人": name} | {_PERSON_TRAITS.get(key, key): _text(value) for key, value in traits.items()})
    return table


def _income(case: Case) -> Table:
    table = Table("上年收入（元）")
    for household, years in case.income.items():
        for year, parts in years.items():
            row = {"户": household, "年度": str(year)}
            table.add(row | {_INCOME.get(key, key): _amount(value) for key, value in parts.items()})
    return table


def _facts(case: Case) -> list[Table]:
    found = []
    for dataset, rows in case.facts.items():
        table = Table(DATASETS[dataset].label)
        headings = _headings(dataset)
        for row in rows:
            table.add({headings.get(key, key): _text(value) for key, value in row.items()})
        found.append(table)
    return found


def _headings(dataset: str) -> dict[str, str]:
    """Names in the case file → headings of the department's file."""
    columns = {column.name: column.heading for column in DATASETS[dataset].columns if column.name}
    short = {name.removesuffix("_fen"): heading for name, heading in columns.items()}
    return columns | short | _SUBJECTS


def _expectations(case: Case, rule: Rule) -> Table:
    table = Table("结果")
    for wanted in case.expect:
        row = {}
        for key, value in wanted.items():
            if key not in _EXPECTED or value in (None, ""):
                continue
            if key == "status":
                text = STATUS_LABELS[value]
            elif key in ("observed", "threshold"):
                text = figures.spoken(rule.unit, str(value))
            else:
                text = _text(value)
            row[_EXPECTED[key]] = text
        table.add(row)
    return table


def _text(value: Any) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_text(entry) for entry in value)
    if isinstance(value, dict):
        return "，".join(f"{key} {_text(entry)}" for key, entry in value.items())
    return _amount(value) if isinstance(value, Decimal | float) else str(value)


def _amount(value: Any) -> str:
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        return money.grouped(Decimal(str(value)))
    return _text(value)
