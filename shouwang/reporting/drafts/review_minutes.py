"""民主评议会议记录: when, where, who was there, what was said about each household and how they voted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shouwang.foundation.errors import UserError

from .. import scanner
from ..papers import Column, Form, Paper, Table, label, value
from ..scanner import PaperClass


@dataclass(frozen=True)
class ReviewedHousehold:
    """Votes for, against and without opinion; they add up to those present."""

    head_name: str
    village_group: str
    size: int
    proposed: str  # 拟纳入，边缘易致贫户
    for_count: int
    against_count: int
    abstaining_count: int


@dataclass(frozen=True)
class ReviewMinutes:
    village: str
    held_at: dt.datetime
    place: str
    chair: str
    recorder: str
    due_count: int  # 应到
    present: Sequence[str]  # names of those present and entitled to vote
    observers: Sequence[str]
    households: Sequence[ReviewedHousehold]
    discussion: str
    result: str


def review_minutes(minutes: ReviewMinutes) -> Paper:
    """Raises UserError when the votes on a household are more or fewer than the people present."""
    count = len(minutes.present)
    for one in minutes.households:
        if one.for_count + one.against_count + one.abstaining_count != count:
            raise UserError(
                f"同意、反对、弃权相加应为实到人数 {count}",
                place=f"民主评议记录中{one.village_group}的一户",
                next_step="请核对票数或实到人员。",
            )
    at = minutes.held_at
    rows = [
        [str(number), one.head_name, one.village_group, f"{one.size}", one.proposed, str(one.for_count), str(one.against_count), str(one.abstaining_count)]
        for number, one in enumerate(minutes.households, start=1)
    ]  # fmt: skip
    return Paper(
        title=f"{minutes.village}民主评议会议记录",
        is_form=True,
        paper_class=PaperClass.INTERNAL,
        blocks=[
            Form(
                (1.1, 2, 1.1, 2),
                [
                    [label("时间"), value(f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"), label("地点"), value(minutes.place)],
                    [label("主持人"), value(minutes.chair), label("记录人"), value(minutes.recorder)],
                    [label("应到人数"), value(f"{minutes.due_count}人"), label("实到人数"), value(f"{count}人")],
                    [label("参加人员"), value("、".join(minutes.present), 3)],
                    [label("列席人员"), value("、".join(minutes.observers) or "无", 3)],
                ],
            ),
            Table(
                [Column("序号", 0.6), Column("户主", 1), Column("村组", 1.5), Column("人口", 0.6), Column("评议事项", 2.2), Column("同意", 0.6), Column("反对", 0.6), Column("弃权", 0.6)],
                rows,
            ),
            Form(
                (1.1, 5.1),
                [
                    [label("发言要点"), value(scanner.masked(minutes.discussion))],
                    [label("评议结果"), value(scanner.masked(minutes.result))],
                    [label("签字"), value("主持人：　　　　　　　　　记录人：\n\n参加人员：")],
                ],
                (40, 18, 36),
            ),
        ],
    )  # fmt: skip
