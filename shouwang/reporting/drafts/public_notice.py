"""公示 and 公告: what hangs on the wall of the village. Only the permitted fields have a place in them (domain 2.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from shouwang.foundation import identity
from shouwang.foundation.errors import UserError

from .. import scanner
from ..papers import Column, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass


class Matter(Enum):
    """What is made public: the first word is what the notice asks, the second what the announcement says."""

    INCLUSION = ("拟纳入", "纳入")
    CLEARANCE = ("拟标注风险消除", "标注风险消除")


@dataclass(frozen=True)
class NoticedHousehold:
    """``head_name`` in full; it is masked here. ``risks`` are general words, a detail behind them is left away."""

    head_name: str
    village_group: str  # 东关村三组
    size: int
    category: str
    risks: Sequence[str]


@dataclass(frozen=True)
class Contact:
    """An office that takes objections; its telephone may stand on the wall."""

    unit: str
    phone: str


@dataclass(frozen=True)
class PublicNotice:
    """``from_on`` and ``until_on`` are the first and the last day on the wall."""

    matter: Matter
    village: str
    households: Sequence[NoticedHousehold]
    from_on: dt.date
    until_on: dt.date
    contacts: Sequence[Contact]
    unit: str  # who issues it: the village committee
    signed_on: dt.date


@dataclass(frozen=True)
class Announcement:
    """``unit`` is the township: the result is announced in its name."""

    matter: Matter
    village: str
    households: Sequence[NoticedHousehold]
    decided_on: dt.date
    contacts: Sequence[Contact]
    unit: str
    signed_on: dt.date
    decision: str = ""  # number of the county's decision


def public_notice(notice: PublicNotice) -> Paper:
    """村内公示. Raises UserError when a risk is no general word, nobody takes objections, or the days are out of order."""
    _require(notice.households, notice.contacts)
    if notice.until_on < notice.from_on:
        raise UserError("公示的截止日早于开始日", next_step="请改正公示日期。")
    asked, _ = notice.matter.value
    count = len(notice.households)
    steps = "入户核实、信息比对、民主评议" if notice.matter is Matter.INCLUSION else "入户核实、民主评议"
    rest = "防止返贫监测对象" if notice.matter is Matter.INCLUSION else ""
    whom = f"将以下{count}户农户{_verb(asked)}{rest}" if rest else f"对以下{count}户监测对象{_verb(asked)}"
    return Paper(
        title=f"{notice.village}{asked}{rest}公示",
        paper_class=PaperClass.PUBLIC,
        blocks=[
            Paragraph(f"按照防止返贫动态监测和帮扶工作的规定，经{steps}，拟{whom}，现予公示。"),
            Paragraph(f"公示时间：{chinese_date(notice.from_on)}至{chinese_date(notice.until_on)}。"),
            _table(notice.households),
            Paragraph("公示期内如有异议，请向以下单位反映，反映人的信息予以保密。"),
            *_contacts(notice.contacts),
        ],
        signature=Signature(notice.unit, notice.signed_on),
        allow=_phones(notice.contacts),
    )


def announcement(notice: Announcement) -> Paper:
    """结果公告, in the township's name. Raises UserError as ``public_notice`` does."""
    _require(notice.households, notice.contacts)
    _, done = notice.matter.value
    rest = "防止返贫监测对象" if notice.matter is Matter.INCLUSION else ""
    by = f"（{notice.decision}）" if notice.decision else ""
    count = len(notice.households)
    whom = f"将以下{count}户农户{done}{rest}" if rest else f"对以下{count}户监测对象{done}"
    return Paper(
        title=f"关于{notice.village}{done}{rest}的公告",
        paper_class=PaperClass.PUBLIC,
        blocks=[
            Paragraph(f"经村内公示、乡级审核，县级于{chinese_date(notice.decided_on)}确定{by}，{whom}，现予公告。"),
            _table(notice.households),
            Paragraph("对结果有疑问的，请向以下单位咨询或反映。"),
            *_contacts(notice.contacts),
        ],
        signature=Signature(notice.unit, notice.signed_on),
        allow=_phones(notice.contacts),
    )


def general_risk(text: str) -> str:
    """The general word a risk begins with: 因病 of 因病（…）. Raises UserError when it begins with none of them."""
    words = scanner.words_only().public_risks
    found = max((word for word in words if text.startswith(word)), key=len, default="")
    if not found:
        raise UserError(
            "风险只能写大类，不能写具体情形", place="公示内容", next_step=f"可以写：{'、'.join(sorted(words))}。"
        )
    return found


def _verb(asked: str) -> str:
    return asked.removeprefix("拟")


def _table(households: Sequence[NoticedHousehold]) -> Table:
    columns = [Column("序号", 0.6), Column("户主", 1), Column("村组", 1.8), Column("家庭人口", 0.9), Column("类别", 1.7), Column("风险", 1.6)]  # fmt: skip
    rows = [
        [
            str(number),
            identity.masked_name(one.head_name),
            one.village_group,
            f"{one.size}人",
            one.category,
            "、".join(dict.fromkeys(map(general_risk, one.risks))),
        ]
        for number, one in enumerate(households, start=1)
    ]
    return Table(columns, rows)


def _require(households: Sequence[NoticedHousehold], contacts: Sequence[Contact]) -> None:
    if not households:
        raise UserError("没有农户，不能公示", next_step="请先选择要公示的农户。")
    if not contacts or not all(contact.phone.strip() for contact in contacts):
        raise UserError("没有受理异议的电话，不能公示", next_step="请填写村或乡镇受理异议的单位和电话。")


def _contacts(contacts: Sequence[Contact]) -> list[Paragraph]:
    return [Paragraph(f"{contact.unit}　电话：{contact.phone}") for contact in contacts]


def _phones(contacts: Sequence[Contact]) -> frozenset[str]:
    return frozenset(contact.phone for contact in contacts)
