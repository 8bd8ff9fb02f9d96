"""What a paper consists of, whichever way it is written: Word, PDF or, for its tables, Excel. Plain values only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..scanner import PaperClass

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Heading:
    """A heading of the text: level 1 一、 level 2 （一） level 3 1. — the number is part of ``text``."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body, first line indented by two letters unless ``is_indented`` is False."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True)
class Column:
    """A column of a table; ``share`` is its width against the others."""

    heading: str
    share: float = 1
    align: Align = "center"


@dataclass(frozen=True)
class Table:
    """A table whose heading is repeated on every page; ``caption`` stands above it. Cells are texts."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a form: a label (in 黑体) or a value, over ``span`` of the form's columns."""

    text: str
    is_label: bool = False
    span: int = 1


@dataclass(frozen=True)
class Form:
    """A form of labels and values; every row fills ``shares`` columns. ``heights`` in millimetres, 0: as high as needed."""

    shares: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    heights: Sequence[float] = ()


@dataclass(frozen=True)
class Code:
    """A machine-readable code that leads to ``address``, ``width_mm`` wide, in the middle of the line."""

    address: str
    width_mm: float


@dataclass(frozen=True)
class Large:
    """A line in large letters in the middle, for what hangs on a wall."""

    text: str
    size_pt: float = 26


Block = Heading | Paragraph | Table | Form | Code | Large


@dataclass(frozen=True)
class Signature:
    """Who issues the paper and when."""

    unit: str
    signed_on: dt.date


@dataclass(frozen=True)
class Attachment:
    """An attachment on pages of its own; ``is_wide`` turns them on their side."""

    title: str
    blocks: Sequence[Block]
    is_wide: bool = False


@dataclass(frozen=True)
class Paper:
    """A document in the order of GB/T 9704: head, number, title, recipients, body, attachments, signature, copies.

    ``allow`` are numbers that may stand in it although the scanner would stop them: the telephone of the office, the
    register's own numbers. ``is_on_one_page`` leaves out the page number; ``is_form`` has narrow margins: a sheet to fill in.
    """

    title: str
    paper_class: PaperClass
    blocks: Sequence[Block]
    head: str = ""  # 发文机关标志, printed red above the number: 涞源县……领导小组文件
    number: str = ""  # 发文字号
    recipients: str = ""  # 主送
    signature: Signature | None = None
    attachments: Sequence[Attachment] = field(default_factory=tuple)
    copies: str = ""  # 抄送
    notes: Sequence[str] = field(default_factory=tuple)  # small lines at the end, such as 数据时间
    allow: frozenset[str] = frozenset()
    is_on_one_page: bool = False
    is_form: bool = False


def label(text: str, span: int = 1) -> Cell:
    return Cell(text, is_label=True, span=span)


def value(text: str, span: int = 1) -> Cell:
    return Cell(text, span=span)


def chinese_date(day: dt.date) -> str:
    """2022年7月18日: Arabic figures without leading zeros (GB/T 9704-2012 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def tables(paper: Paper) -> list[tuple[str, Table]]:
    """The tables of a paper and its attachments, each with the name its sheet gets."""
    found: list[tuple[str, Table]] = []
    for title, blocks in ((paper.title, paper.blocks), *((part.title, part.blocks) for part in paper.attachments)):
        found += [(block.caption or title, block) for block in blocks if isinstance(block, Table)]
    return found
