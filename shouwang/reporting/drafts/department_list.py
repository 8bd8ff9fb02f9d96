"""A list to a department: as few columns as it needs, and one for its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..papers import Attachment, Column, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass

REPLY = "回复"
_MOST_COLUMNS_UPRIGHT = 6


@dataclass(frozen=True)
class DepartmentList:
    """``headings`` and ``rows`` in the asker's own order (see reporting.columns). ``own_numbers``: the register's numbers in
    them. A list that must carry numbers in full is ``OFFICIAL``: its writer has checked the permission and logs it."""

    title: str
    department: str
    purpose: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    reply_by: dt.date
    contact_unit: str
    phone: str
    unit: str
    signed_on: dt.date
    number: str = ""
    own_numbers: frozenset[str] = frozenset()
    paper_class: PaperClass = PaperClass.INTERNAL


def department_list(asked: DepartmentList) -> Paper:
    columns = [Column("序号", 0.5), *(Column(heading, _share(place, asked)) for place, heading in enumerate(asked.headings)), Column(REPLY, 1.8, "left")]  # fmt: skip
    rows = [[str(number), *map(str, row), ""] for number, row in enumerate(asked.rows, start=1)]
    return Paper(
        title=f"关于{asked.title}的函",
        paper_class=asked.paper_class,
        number=asked.number,
        recipients=asked.department,
        blocks=[
            Paragraph(f"为{asked.purpose}，现将{len(asked.rows):,}条名单送你单位（见附件）。"),
            Paragraph(f"请在“{REPLY}”栏逐条填写办理情况，于{chinese_date(asked.reply_by)}前将电子表格原样返回，不要改动其他列。"),
            Paragraph("名单只用于上述事项，请按个人信息保护要求保管，不得转发。"),
            Paragraph(f"联系单位：{asked.contact_unit}，电话：{asked.phone}。"),
        ],
        signature=Signature(asked.unit, asked.signed_on),
        attachments=[Attachment(asked.title + "名单", [Table(columns, rows)], is_wide=len(columns) > _MOST_COLUMNS_UPRIGHT)],
        allow=asked.own_numbers | {asked.phone},
    )  # fmt: skip


def _share(place: int, asked: DepartmentList) -> float:
    """A column's width by the longest text in its first rows, a Chinese letter counting double."""
    texts = [asked.headings[place], *(str(row[place]) for row in asked.rows[:200])]
    longest = max(sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) for text in texts)
    return min(3.0, max(0.8, longest / 8))
