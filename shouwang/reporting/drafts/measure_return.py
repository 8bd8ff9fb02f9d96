"""增收帮扶落实情况报告: households with measures and measures by kind, as the ledger has them, to the office that asked (S2-C-04)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..papers import Block, Column, Heading, Paper, Paragraph, Signature, Table
from ..scanner import PaperClass


@dataclass(frozen=True)
class KindCount:
    """One kind of measure, under the kind of the plan that it belongs to."""

    plan: str
    label: str
    measures: int
    done: int
    households: int


@dataclass(frozen=True)
class MeasureReturn:
    """``households``: with any measure; ``helped``: with one carried out. ``basis``: the clause that asks, with its own words."""

    place: str
    year: int
    recipients: str
    households: int
    helped: int
    measures: int
    done: int
    kinds: Sequence[KindCount]
    basis: str
    data_on: dt.date
    unit: str
    signed_on: dt.date
    note: str = ""
    number: str = ""
    head: str = ""


def measure_return(made: MeasureReturn) -> Paper:
    blocks: list[Block] = [
        Paragraph(f"按照{made.basis}要求，现将{made.place}增收帮扶措施落实情况报告如下。"),
        Heading("一、落实户数"),
        Paragraph(f"有帮扶措施的{made.households:,}户，其中已落实措施的{made.helped:,}户。"),
        Heading("二、措施数量"),
        Paragraph(f"共制定措施{made.measures:,}项，已落实{made.done:,}项，分类如下："),
        Table(
            [Column("类别", 1.3, "left"), Column("措施", 2.2, "left"), Column("制定（项）", 1, "right"), Column("落实（项）", 1, "right"), Column("涉及（户）", 1, "right")],
            [[one.plan, one.label, f"{one.measures:,}", f"{one.done:,}", f"{one.households:,}"] for one in made.kinds] or [["—"] * 5],
        ),
    ]  # fmt: skip
    if made.note:
        blocks += [Heading("三、说明"), Paragraph(made.note)]
    return Paper(
        title=f"关于{made.place}{made.year}年增收帮扶措施\n落实情况的报告",
        paper_class=PaperClass.INTERNAL,
        head=made.head,
        number=made.number,
        recipients=made.recipients,
        blocks=blocks,
        signature=Signature(made.unit, made.signed_on),
        notes=[
            f"数字由增收台账和帮扶计划汇总，数据时间{made.data_on.isoformat()}。一户有几类措施的在各类中各计一次，户数合计只计一次。"
        ],
    )
