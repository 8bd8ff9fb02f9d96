"""Prints the reference page of the datasets from their declarations."""

from __future__ import annotations

from shouwang.intake.contract import Column, Kind

from .dataset import HELPERS, Dataset, Subject
from .datasets import DATASETS

_INTRODUCTION = """# 部门数据集

本页由 `shouwang/feeds/datasets/` 打印，请勿手改；重新打印：`make docs`。

每个数据集一个文件，声明列、类型、代码表、隐私级别，以及什么算同一件事、后来的行怎样取代先前的行。空白模板：
`shouwang feed template 数据集 -o 文件.xlsx`；导入：`shouwang feed import 数据集 文件 --region 县代码 --period 2022-06`。

表头不分空格、括号、全角半角和单位，“也认作”里的写法同样可用；缺少必有的列，整个文件退回并指出最接近的列名。金额以元计，表头写明万元的
自动换算；日期、月份认得常见的各种写法。证件号码和姓名只用来与农户档案匹配，不进入数据湖。
"""
_MATCHING = """## 怎样与农户档案匹配

1. 证件号码（残疾证号取前 18 位）在档案里只属于一个人、姓名也一致：自动匹配。姓名比较不计空格、间隔号、括号里的说明和异体字。
2. 姓名不同，号码为空、位数不对或校验位不符：列出候选人、分数和理由，由人认定。认定一次，以后同样的来文不再问；只有姓名、没有其他信息而
   县内不止一人同名的，每次都问。
3. 号码不对又找不到任何相近的人：退回报送单位。号码正确而档案里没有：列为未匹配。属于其他县的人：只写明属于其他县。
4. 每一行都有去处：行数 = 已入库 + 此前已有 + 存疑 + 未匹配 + 属于其他县 + 退回。市、省的文件按县拆分后，各县之和加留下的行等于原行数。

文件里另有下列列时用来查找候选人和拆分到县，不要求有，也不进入数据湖：
"""


def page() -> str:
    """The page as Markdown."""
    parts = [_INTRODUCTION, _overview(), _MATCHING, _helpers(), *(_section(dataset) for dataset in DATASETS.values())]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def subject_sentence(dataset: Dataset) -> str:
    """How rows find their subject."""
    return {
        Subject.PERSON: "按证件号码和姓名匹配到人",
        Subject.HOUSEHOLDER: "按户主的证件号码和姓名匹配到户",
        Subject.HOUSEHOLD: "按户编号匹配到户",
        Subject.VILLAGE: "按行政村代码归村",
        Subject.COUNTY: "属于来文的县；市、省的文件按“县”这一列归县",
    }[dataset.subject]


def type_of(column: Column) -> str:
    """What a cell holds, in words."""
    if column.codes:
        return f"代码：{'、'.join(column.codes.values)}"
    unit = f"（{column.unit}）" if column.unit else ""
    return f"{column.kind.value}{unit}"


def _overview() -> str:
    lines = ["| 数据集 | 名称 | 部门 | 报送 | 匹配 |", "|---|---|---|---|---|"]
    for dataset in DATASETS.values():
        rhythm = f"参数 `{dataset.frequency_parameter}`" if dataset.frequency_parameter else "发生时"
        link = f"[`{dataset.code}`](#{dataset.code})"
        lines.append(f"| {link} | {dataset.label} | {dataset.department} | {rhythm} | {dataset.subject.value} |")
    return "\n".join(lines) + "\n"


def _helpers() -> str:
    return "\n".join(
        f"- {column.heading}：{column.description}。也认作：{'、'.join(column.aliases)}。" for column in HELPERS
    )


def _section(dataset: Dataset) -> str:
    lines = [
        f'<a id="{dataset.code}"></a>',
        "",
        f"## {dataset.label} `{dataset.code}`",
        "",
        f"{dataset.department}。{dataset.description}",
        "",
        f"- 匹配：{subject_sentence(dataset)}。",
        f"- 后来的行：{dataset.supersession}。",
        f"- 依据：{'、'.join(f'`{cite}`' for cite in dataset.cites)}。",
        "",
        "| 列 | 必有 | 可空 | 内容 | 说明 | 数据湖 | 隐私 |",
        "|---|---|---|---|---|---|---|",
        *(_line(column) for column in dataset.columns),
        "",
        *(f"- {column.heading}也认作：{'、'.join(column.aliases)}。" for column in dataset.columns if column.aliases),
    ]
    return "\n".join(lines) + "\n"


def _line(column: Column) -> str:
    lake = f"`{column.name}`" if column.name else "不进入"
    required, may_be_empty = ("是" if column.is_required else ""), ("是" if column.may_be_empty else "")
    if column.kind in (Kind.IDENTITY, Kind.CERTIFICATE):
        may_be_empty = "转人工认定"
    cells = [
        column.heading,
        required,
        may_be_empty,
        type_of(column),
        column.description,
        lake,
        column.privacy.value,
    ]
    return f"| {' | '.join(cells)} |"
