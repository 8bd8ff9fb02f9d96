"""县级确定批复: the county's decision on many households, with the list of them as its attachment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..papers import Attachment, Column, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass
from .public_notice import Matter


@dataclass(frozen=True)
class DecidedHousehold:
    township: str
    village: str
    head_name: str
    household_no: str
    size: int
    category: str
    risks: Sequence[str]


@dataclass(frozen=True)
class CountyDecision:
    """``head`` is the name in red above the number, such as 涞源县巩固拓展脱贫攻坚成果领导小组文件."""

    matter: Matter
    head: str
    number: str
    recipients: str
    households: Sequence[DecidedHousehold]
    reviewed_on: dt.date
    unit: str
    signed_on: dt.date
    follow_up: Sequence[str] = ()  # what the townships are asked to do next, a sentence each
    copies: str = ""


def county_decision(decision: CountyDecision) -> Paper:
    count, people = len(decision.households), sum(one.size for one in decision.households)
    is_inclusion = decision.matter is Matter.INCLUSION
    whom = (
        f"将{count:,}户{people:,}人纳入防止返贫监测对象" if is_inclusion else f"对{count:,}户{people:,}人标注风险消除"
    )
    subject = "防止返贫监测对象" if is_inclusion else "监测对象风险消除"
    columns = [Column("序号", 0.6), Column("乡镇", 1.2), Column("村", 1.2), Column("户主", 1), Column("户编号", 2), Column("人口", 0.6), Column("类别", 1.7), Column("风险", 2)]  # fmt: skip
    rows = [
        [str(number), one.township, one.village, one.head_name, one.household_no, str(one.size), one.category, "、".join(one.risks)]
        for number, one in enumerate(decision.households, start=1)
    ]  # fmt: skip
    return Paper(
        title=f"关于确定{subject}的批复",
        paper_class=PaperClass.INTERNAL,
        head=decision.head,
        number=decision.number,
        recipients=decision.recipients,
        blocks=[
            Paragraph(
                f"报来的审核意见收悉。经{chinese_date(decision.reviewed_on)}研究，同意{whom}（名单附后）。现就有关事项批复如下："
                if decision.follow_up
                else f"报来的审核意见收悉。经{chinese_date(decision.reviewed_on)}研究，同意{whom}（名单附后）。"
            ),
            *(Paragraph(f"{number}. {sentence}") for number, sentence in enumerate(decision.follow_up, start=1)),
            Paragraph("此复。"),
        ],
        signature=Signature(decision.unit, decision.signed_on),
        attachments=[Attachment(f"{subject}名单", [Table(columns, rows)], is_wide=True)],
        copies=decision.copies,
        allow=frozenset(one.household_no for one in decision.households),
    )
