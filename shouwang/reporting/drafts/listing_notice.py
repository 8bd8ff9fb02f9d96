"""挂牌督办通知 and 摘牌通知: to a place, with the figures behind, the day, and what showed that it was put right (S1-C-12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..papers import Block, Column, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass


@dataclass(frozen=True)
class TriggerLine:
    """One comparison: what, the figures of both sides as text, how far apart, and whether it holds."""

    label: str
    figures: str
    margin: str
    result: str
    sources: str


@dataclass(frozen=True)
class ListingNotice:
    place: str
    recipients: str
    reason: str
    basis: str
    triggers: Sequence[TriggerLine]
    listed_on: dt.date
    due_on: dt.date
    due_reason: str  # the clause, or why the officer chose the day
    phone: str
    unit: str
    number: str = ""
    head: str = ""


@dataclass(frozen=True)
class ReleaseNotice:
    place: str
    recipients: str
    listed_on: dt.date
    released_on: dt.date
    progress: Sequence[tuple[dt.date, str]]
    evidence: str
    phone: str
    unit: str
    head: str = ""


def listing_notice(notice: ListingNotice) -> Paper:
    blocks: list[Block] = [
        Paragraph(f"根据{notice.basis}，决定自{chinese_date(notice.listed_on)}起对{notice.place}挂牌督办。事由：{notice.reason}。"),
    ]  # fmt: skip
    if notice.triggers:
        blocks += [
            Paragraph("有关数字如下："),
            Table(
                [Column("条件", 2, "left"), Column("数字", 2.6, "left"), Column("相差\n（百分点）", 1, "right"), Column("结果", 0.9), Column("数据来源", 2, "left")],
                [[one.label, one.figures, one.margin, one.result, one.sources] for one in notice.triggers],
            ),
        ]  # fmt: skip
    blocks += [
        Paragraph(f"请认真分析原因，采取措施，于{chinese_date(notice.due_on)}前完成整改（{notice.due_reason}），并及时登记整改进展。整改到位的，由我单位核实后摘牌。"),
        Paragraph(f"联系单位：{notice.unit}，电话：{notice.phone}。"),
    ]  # fmt: skip
    return Paper(
        title=f"关于对{notice.place}挂牌督办的通知",
        paper_class=PaperClass.INTERNAL,
        head=notice.head,
        number=notice.number,
        recipients=notice.recipients,
        blocks=blocks,
        signature=Signature(notice.unit, notice.listed_on),
        allow=frozenset({notice.phone}),
    )


def release_notice(notice: ReleaseNotice) -> Paper:
    return Paper(
        title=f"关于对{notice.place}摘牌的通知",
        paper_class=PaperClass.INTERNAL,
        head=notice.head,
        recipients=notice.recipients,
        blocks=[
            Paragraph(f"{notice.place}于{chinese_date(notice.listed_on)}挂牌督办，整改进展如下："),
            Table([Column("日期", 1), Column("整改进展", 4, "left")], [[on.isoformat(), text] for on, text in notice.progress]),
            Paragraph(f"经核实（{notice.evidence}），决定自{chinese_date(notice.released_on)}起摘牌。请继续巩固成果，防止反弹。"),
            Paragraph(f"联系单位：{notice.unit}，电话：{notice.phone}。"),
        ],
        signature=Signature(notice.unit, notice.released_on),
        allow=frozenset({notice.phone}),
    )  # fmt: skip
