"""月通报: how the places below stand in a month, ranked by the share of households that was visited; places only, never persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..papers import Block, Column, Heading, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass

NOT_CLOSED = "未结账"


@dataclass(frozen=True)
class BulletinPlace:
    """One place. ``rank`` None: not ranked, and ``why`` says so. Counts are None where they are not given."""

    name: str
    rank: int | None
    wanted: int | None
    seen: int | None
    missed: int | None
    percent: str
    leads: int | None
    verified: int | None
    confirmed: int | None
    included: int | None
    cleared: int | None
    planned: int | None
    done: int | None
    why: str = ""


@dataclass(frozen=True)
class MonthlyBulletin:
    """``below``: what the places are, 乡镇, 村 or 县; ``whole`` the place itself."""

    place: str
    below: str
    year: int
    month: int
    whole: BulletinPlace
    places: Sequence[BulletinPlace]
    recipients: str
    unit: str
    signed_on: dt.date
    data_on: dt.date
    closed_on: dt.date | None
    head: str = ""
    number: str = ""
    copies: str = ""


def monthly_bulletin(bulletin: MonthlyBulletin) -> Paper:
    ranked = [one for one in bulletin.places if one.rank is not None]
    others = [one for one in bulletin.places if one.rank is None]
    whole = bulletin.whole
    blocks: list[Block] = [
        Paragraph(f"现将{bulletin.place}{bulletin.year}年{bulletin.month}月防止返贫监测帮扶工作情况通报如下。"),
        Heading("一、总体情况"),
        Paragraph(_visits(bulletin)),
        Paragraph(
            f"本月新增线索{_n(whole.leads)}户，其中已核实{_n(whole.verified)}户、风险属实{_n(whole.confirmed)}户；"
            f"新纳入监测对象{_n(whole.included)}户，风险消除{_n(whole.cleared)}户；新列帮扶措施{_n(whole.planned)}项，完成{_n(whole.done)}项。"
        ),
        Heading(f"二、各{bulletin.below}走访完成情况"),
        Paragraph(
            f"按完成率从高到低排列，相同的并列；只比{bulletin.below}，不排人员。"
            + (f"{NOT_CLOSED}或没有应走访户的{len(others)}个不排位次。" if others else "")
        ),
        Table(
            [Column("位次", 0.6), Column(bulletin.below, 1.8, "left"), Column("应走访（户）", 1.1, "right"), Column("已走访（户）", 1.1, "right"), Column("未走访（户）", 1.1, "right"), Column("完成率", 0.9, "right")],
            [["—" if one.rank is None else str(one.rank), one.name, _n(one.wanted), _n(one.seen), _n(one.missed), f"{one.percent}%" if one.percent else "—"] for one in (*ranked, *others)],
        ),
        Heading("三、线索核实和帮扶情况"),
        Table(
            [Column(bulletin.below, 1.6, "left"), *(Column(label, 1, "right") for label in ("新增线索", "已核实", "属实", "新纳入", "消除", "新列措施", "完成措施"))],
            [[one.name, *(_n(number) for number in (one.leads, one.verified, one.confirmed, one.included, one.cleared, one.planned, one.done))] for one in bulletin.places],
        ),
    ]  # fmt: skip
    unsettled = [f"{one.name}：{one.why}" for one in bulletin.places if one.why]
    if unsettled:
        blocks.append(Heading("四、需要说明的情况"))
        told = {one.why for one in bulletin.places}
        if len(told) == 1:
            blocks.append(Paragraph(f"各{bulletin.below}本月走访{told.pop()}。"))
        else:
            blocks += [Paragraph(f"{number}. {text}") for number, text in enumerate(unsettled, start=1)]
    state = f"走访数字为{chinese_date(bulletin.closed_on)}结账数" if bulletin.closed_on else f"走访{NOT_CLOSED}"
    return Paper(
        title=f"关于{bulletin.place}{bulletin.year}年{bulletin.month}月\n防止返贫监测帮扶工作情况的通报",
        paper_class=PaperClass.INTERNAL,
        head=bulletin.head,
        number=bulletin.number,
        recipients=bulletin.recipients,
        blocks=blocks,
        signature=Signature(bulletin.unit, bulletin.signed_on),
        copies=bulletin.copies,
        notes=[f"{state}；其余数据截至{chinese_date(bulletin.data_on)}。“—”表示没有数字，不等于零。"],
    )


def _visits(bulletin: MonthlyBulletin) -> str:
    whole = bulletin.whole
    if whole.wanted is None:
        return f"本月走访情况未汇总：{whole.why}。"
    sentence = f"本月应走访{_n(whole.wanted)}户，已走访{_n(whole.seen)}户，未走访{_n(whole.missed)}户"
    sentence += f"，完成率{whole.percent}%。" if whole.percent else "。"
    return sentence if bulletin.closed_on else f"{sentence}（{whole.why or NOT_CLOSED}）"


def _n(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"
