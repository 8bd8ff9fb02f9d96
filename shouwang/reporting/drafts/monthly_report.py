"""防止返贫监测帮扶工作月报: every figure with the time of its data; what cannot be computed says so and why, never 0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..papers import Attachment, Block, Column, Heading, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass

NOT_COMPUTED = "未计算"
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Figure:
    """``amount`` None: it cannot be computed, and ``note`` says why. ``data_on``: the day up to which the data goes."""

    label: str
    amount: int | Decimal | None
    unit: str
    data_on: dt.date
    note: str = ""

    def __post_init__(self) -> None:
        if self.amount is None and not self.note:
            raise ValueError(f"{self.label}: a figure that cannot be computed says why")

    @property
    def text(self) -> str:
        return NOT_COMPUTED if self.amount is None else f"{self.amount:,}"


@dataclass(frozen=True)
class Section:
    """Figures under a heading; ``breakdown`` is a table by township or department with its own time of data in the caption."""

    title: str
    figures: Sequence[Figure]
    breakdown: Table | None = None


@dataclass(frozen=True)
class MonthlyReport:
    place: str
    year: int
    month: int
    recipients: str
    sections: Sequence[Section]
    unit: str
    signed_on: dt.date
    number: str = ""
    remarks: Sequence[str] = ()
    head: str = ""
    attachments: Sequence[Attachment] = ()


def monthly_report(report: MonthlyReport) -> Paper:
    blocks: list[Block] = [
        Paragraph(f"现将{report.place}{report.year}年{report.month}月防止返贫监测帮扶工作情况报告如下。"),
    ]
    for number, section in enumerate(report.sections):
        blocks.append(Heading(f"{_NUMERALS[number]}、{section.title}"))
        blocks.append(
            Table(
                [
                    Column("指标", 2.4, "left"),
                    Column("数值", 1.1, "right"),
                    Column("单位", 0.7),
                    Column("数据时间", 1.3),
                    Column("说明", 2, "left"),
                ],
                [[one.label, one.text, one.unit, one.data_on.isoformat(), one.note] for one in section.figures],
            )
        )
        if section.breakdown:
            blocks.append(section.breakdown)
    if report.remarks:
        blocks.append(Heading(f"{_NUMERALS[len(report.sections)]}、需要说明的情况"))
        blocks += [Paragraph(f"{number}. {text}") for number, text in enumerate(report.remarks, start=1)]
    return Paper(
        title=f"{report.place}{report.year}年{report.month}月\n防止返贫监测帮扶工作月报",
        paper_class=PaperClass.INTERNAL,
        head=report.head,
        number=report.number,
        recipients=report.recipients,
        blocks=blocks,
        signature=Signature(report.unit, report.signed_on),
        attachments=report.attachments,
        notes=[f"“数据时间”为该数所依据数据的截止日；“{NOT_COMPUTED}”表示缺少数据，不等于零。{chinese_date(report.signed_on)}编制。"],
    )  # fmt: skip
