"""How far each of the demonstration's cases came: courses as tables of moves, each so many days after the verification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Move:
    """One step: how many days after the verification, by which level, with what filled in (``shown_for`` days of a notice)."""

    step: str
    after: int
    level: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Course:
    """A course that ``count`` households take. ``since`` None: found by the screenings of July.

    ``plans``: how many risks get a measure; ``is_over``: the register has the household as cleared.
    """

    count: int
    moves: tuple[Move, ...] = ()
    result: str = "confirm"
    data: Mapping[str, Any] = field(default_factory=dict)
    since: dt.date | None = None
    verified_after: int = 4
    plans: int = 0
    is_carried_out: bool = True
    is_green_channel: bool = False
    is_over: bool = False


_MINUTES = {
    "place": "村委会会议室",
    "chair": "村主任",
    "recorder": "村文书",
    "eligible": "32",
    "present": "27",
    "votes_for": "26",
    "votes_against": "1",
    "minutes": "大家了解情况，同意",
}
_AGAINST = _MINUTES | {"votes_for": "6", "votes_against": "21", "minutes": "多数认为家里有固定收入，不符合条件"}
_NOTICE = {"place": "村务公开栏", "phone": "0312-7000000", "shown_for": 5}


def _passed() -> dict[str, str]:
    evidence = {
        "income_stable": "上年和今年收入台账，均超过监测范围",
        "guarantees_kept": "住房、饮水、参保、就学逐项看过",
        "spending_solved": "大额支出已解决，票据已核对",
        "risk_gone": "措施已落实，半年内没有新的风险",
    }
    return {
        name: text for code, words in evidence.items() for name, text in ((code, "passed"), (f"{code}_evidence", words))
    }


REVIEW = (Move("review", 2, "village", _MINUTES),)
PUBLISHED = (*REVIEW, Move("publish", 2, "village", _NOTICE))
OBJECTED = (*PUBLISHED, Move("object", 4, "village", {"text": "他家儿子在外打工，应当算收入"}))
LATELY_PUBLISHED = (Move("review", 5, "village", _MINUTES), Move("publish", 7, "village", _NOTICE))
CLOSED = (*PUBLISHED, Move("close_publicity", 7, "village", {"result": "kept"}))
REVIEWED = (*CLOSED, Move("township_review", 8, "township", {"opinion": "程序齐全，情况属实，同意上报"}))
INCLUDED = (*REVIEWED, Move("county_decision", 9, "county", {"decision_no": "（演示）2022年第3批"}))
REFUSED = (*REVIEWED, Move("refuse", 9, "county", {"reason": "家庭有稳定收入，支出已由保险解决"}))
PLANNED = (*INCLUDED, Move("name_contact", 12, "township"), Move("settle_plan", 14, "township"))

_ASKED = (*PLANNED, Move("ask_clearance", 195, "village", _passed()))
_OUT_REVIEWED = (*_ASKED, Move("out_review", 197, "village", _MINUTES))
_OUT_PUBLISHED = (*_OUT_REVIEWED, Move("out_publish", 197, "village", _NOTICE))
_OUT_CLOSED = (*_OUT_PUBLISHED, Move("out_close_publicity", 202, "village", {"result": "kept"}))
_OUT_AGREED = (*_OUT_CLOSED, Move("out_township_review", 203, "township", {"opinion": "四项指标均通过，同意"}))
_CLEARED = (*_OUT_AGREED, Move("out_county_decision", 204, "county", {"decision_no": "（演示）消除第1批"}))
_REOPENED = (*_CLEARED, Move("reopen", 206, "county", {"reason": "抽查发现收入没有达到标准"}))

# What July's screenings found: not yet looked at, answered, and every stage of the way in.
CURRENT: tuple[Course, ...] = (
    Course(24),
    Course(40, result="clear", data={"reason": "子女有稳定收入，支出已报销，三保障都有"}),
    Course(8, result="give_back", data={"kind": "moved"}),
    Course(4, result="give_back", data={"kind": "died"}),
    Course(5, result="give_back", data={"kind": "wrong_data", "reason": "收入少登了一项，实际有打工收入"}),
    Course(14, REVIEW),
    Course(14, PUBLISHED),
    Course(10, LATELY_PUBLISHED, verified_after=6),
    Course(6, OBJECTED),
    Course(16, CLOSED),
    Course(16, REVIEWED),
    Course(18, INCLUDED, plans=1),
    Course(5, REFUSED),
    Course(3, (Move("review_against", 2, "village", _AGAINST),)),
    Course(2, (*REVIEW, Move("pause", 3, "county"))),
    Course(8, PUBLISHED, is_green_channel=True, plans=1),
)

_WINTER, _SPRING = dt.date(2021, 12, 1), dt.date(2022, 3, 1)
_EARLY = dt.date(2021, 12, 1)
# What was found on visits and by telephone since last winter.
PAST: tuple[Course, ...] = (
    Course(50, PLANNED, since=_WINTER, plans=3),
    Course(36, PLANNED, since=_SPRING, plans=3, is_carried_out=False),
    Course(14, INCLUDED, since=_SPRING, plans=1),
    Course(6, INCLUDED, since=_SPRING),
    Course(8, REFUSED, since=_SPRING),
    Course(6, _ASKED, since=_EARLY, plans=2),
    Course(6, _OUT_PUBLISHED, since=_EARLY, plans=2),
    Course(5, _OUT_CLOSED, since=_EARLY, plans=2),
    Course(5, _OUT_AGREED, since=_EARLY, plans=2),
    Course(16, _CLEARED, since=_EARLY, plans=2, is_over=True),
    Course(3, _REOPENED, since=_EARLY, plans=2),
    Course(
        3,
        (*INCLUDED, Move("clear_naturally", 60, "county", {"kind": "moved", "reason": "整户迁往县城落户"})),
        since=_SPRING,
        is_over=True,
    ),
)
