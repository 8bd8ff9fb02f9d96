"""乡级审核表: what the village found, and room for what the township says about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from .. import scanner
from ..papers import Form, Paper, label, value
from ..scanner import PaperClass

_SIGNED = "\n\n\n经办人（签字）：　　　　　　　负责人（签字）：\n\n（公章）　　　　　　年　　月　　日"


@dataclass(frozen=True)
class TownshipReview:
    """The sheet of one household; texts that are empty leave room to write by hand."""

    township: str
    village: str
    head_name: str
    household_no: str
    size: int
    household_type: str
    category: str
    risks: Sequence[str]
    found_on: dt.date
    due_on: dt.date | None
    source: str  # how the lead came: 部门比对 医保
    income_per_head: str  # yuan, or 未计算
    verification: str
    meeting: str  # 2022年7月9日，应到35人，实到31人，同意30票……
    notice: str  # 2022年7月10日至7月15日，无异议
    opinion: str = ""
    reviewed_on: dt.date | None = None


def township_review(review: TownshipReview) -> Paper:
    allow = frozenset({review.household_no})
    verification, meeting, notice, opinion = (
        scanner.masked(text, allow=allow)
        for text in (review.verification, review.meeting, review.notice, review.opinion)
    )
    return Paper(
        title=f"{review.township}防止返贫监测对象审核表",
        paper_class=PaperClass.INTERNAL,
        blocks=[
            Form(
                (1.2, 1.4, 1.2, 1.5, 1.35, 1.5),
                [
                    [label("户主"), value(review.head_name), label("户编号"), value(review.household_no, 3)],
                    [label("村"), value(review.village, 3), label("家庭人口"), value(f"{review.size}人")],
                    [label("户类型"), value(review.household_type), label("拟定类别"), value(review.category), label("人均纯收入"), value(review.income_per_head)],
                    [label("风险"), value("、".join(review.risks), 5)],
                    [label("线索来源"), value(review.source), label("发现日"), value(review.found_on.isoformat()), label("应办结日"), value(review.due_on.isoformat() if review.due_on else "未定")],
                    [label("入户核实"), value(verification, 5)],
                    [label("民主评议"), value(meeting, 5)],
                    [label("村内公示"), value(notice, 5)],
                    [label("村级意见"), value(_SIGNED, 5)],
                    [label("乡级审核\n意见"), value(opinion + _SIGNED, 5)],
                ],
                (0, 0, 0, 0, 0, 30, 16, 16, 34, 42),
            )
        ],
        allow=allow,
        is_on_one_page=True,
        is_form=True,
    )  # fmt: skip
