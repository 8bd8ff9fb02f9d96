"""民主评议会议记录: when, where, who was there, what was said about each household and how they voted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shouwang.foundation.errors import UserError

from .. import scanner
from ..papers import Column, Form, Paper, Table, chinese_date, label, value
from ..scanner import PaperClass


@dataclass(frozen=True)
class ReviewedHousehold:
    """Votes for, against and without opinion; they add up to those present. None: to be written by hand."""

    head_name: str
    village_group: str
    size: int
    proposed: str  # 拟纳入，边缘易致贫户
    for_count: int | None = None
    against_count: int | None = None
    abstaining_count: int | None = None

    @property
    def votes(self) -> tuple[int | None, ...]:
        return self.for_count, self.against_count, self.abstaining_count


@dataclass(frozen=True)
class ReviewMinutes:
    """What is unknown (None, empty) is room to write by hand: the same sheet serves before the meeting and after it.

    ``held_at`` may be the day alone; ``present_count`` is for meetings of which only the number of people is known.
    """

    village: str
    held_at: dt.datetime | dt.date | None
    place: str
    chair: str
    recorder: str
    due_count: int | None  # 应到
    present: Sequence[str]  # names of those present and entitled to vote
    observers: Sequence[str]
    households: Sequence[ReviewedHousehold]
    discussion: str
    result: str
    present_count: int | None = None


def review_minutes(minutes: ReviewMinutes) -> Paper:
    """Raises UserError when the votes on a household are more or fewer than the people present."""
    count = minutes.present_count if minutes.present_count is not None else len(minutes.present) or None
    for one in minutes.households:
        votes = [vote for vote in one.votes if vote is not None]
        if votes and sum(votes) != (count or 0):
            raise UserError(
                f"同意、反对、弃权相加应为实到人数 {count or 0}",
                place=f"民主评议记录中{one.village_group}的一户",
                next_step="请核对票数或实到人员。",
            )
    rows = [
        [str(number), one.head_name, one.village_group, f"{one.size}", one.proposed, *("" if vote is None else str(vote) for vote in one.votes)]
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
                    [label("时间"), value(_moment(minutes.held_at)), label("地点"), value(minutes.place)],
                    [label("主持人"), value(minutes.chair), label("记录人"), value(minutes.recorder)],
                    [label("应到人数"), value(_people(minutes.due_count)), label("实到人数"), value(_people(count))],
                    [label("参加人员"), value("、".join(minutes.present), 3)],
                    [label("列席人员"), value("、".join(minutes.observers) or ("无" if minutes.present else ""), 3)],
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


def _moment(at: dt.datetime | dt.date | None) -> str:
    if at is None:
        return "　　年　　月　　日　　时"
    return chinese_date(at) + (f"{at:%H:%M}" if isinstance(at, dt.datetime) else "")


def _people(count: int | None) -> str:
    return "　　人" if count is None else f"{count}人"
