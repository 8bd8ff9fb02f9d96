"""督办函: what is late, whose it is, and until when an answer is expected. It names units and matters, never ranks people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from .. import scanner
from ..papers import Column, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass


@dataclass(frozen=True)
class SupervisedItem:
    reference: str  # number of the lead or case
    matter: str
    unit: str
    due_on: dt.date
    late_days: int


@dataclass(frozen=True)
class SupervisionNote:
    head: str
    number: str
    recipients: str
    items: Sequence[SupervisedItem]
    as_of: dt.date
    reply_by: dt.date
    basis: str  # the clause that sets the limit
    contact_unit: str
    phone: str
    unit: str
    signed_on: dt.date
    copies: str = ""


def supervision_note(note: SupervisionNote) -> Paper:
    references = frozenset(item.reference for item in note.items)
    rows = [
        [str(number), item.reference, scanner.masked(item.matter, allow=references), item.unit, item.due_on.isoformat(), f"{item.late_days}天"]
        for number, item in enumerate(note.items, start=1)
    ]  # fmt: skip
    return Paper(
        title="关于限期办理防止返贫监测帮扶事项的督办函",
        paper_class=PaperClass.INTERNAL,
        head=note.head,
        number=note.number,
        recipients=note.recipients,
        blocks=[
            Paragraph(f"截至{chinese_date(note.as_of)}，你单位有{len(note.items)}件事项超过规定时限（{note.basis}），情况如下："),
            Table([Column("序号", 0.6), Column("编号", 1.9), Column("事项", 1.7, "left"), Column("责任单位", 2), Column("应办结日", 1.2), Column("超期", 0.7)], rows),
            Paragraph(f"请抓紧办理，并于{chinese_date(note.reply_by)}前书面反馈办理结果；未能办结的，说明原因和预计办结日期。"),
            Paragraph(f"联系单位：{note.contact_unit}，电话：{note.phone}。"),
        ],
        signature=Signature(note.unit, note.signed_on),
        copies=note.copies,
        allow=references | {note.phone},
    )  # fmt: skip
