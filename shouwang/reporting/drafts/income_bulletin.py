"""增收专项督查通报: what was found in which township and village, by the four kinds of the document; no household, no person (S2-C-05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import scanner
from ..papers import Attachment, Block, Column, Heading, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass


@dataclass(frozen=True)
class InspectedPlace:
    """One township: how many were checked, what was found by kind (label → count), and how far it was put right."""

    name: str
    checked: int
    problems: int
    by_finding: Mapping[str, int]
    rectified: int
    closed: int
    late: int


@dataclass(frozen=True)
class Problem:
    """One sheet with a problem, without its household."""

    village: str
    findings: Sequence[str]
    note: str
    rectify_by: dt.date | None
    state: str


@dataclass(frozen=True)
class IncomeBulletin:
    """``open_parameter``: why the size of a drop is not judged; empty where the county has a limit."""

    place: str
    findings: Sequence[str]
    places: Sequence[InspectedPlace]
    problems: Sequence[Problem]
    basis: str
    drawn_on: dt.date
    population: int
    seed: str
    as_of: dt.date
    unit: str
    open_parameter: str = ""
    head: str = ""
    number: str = ""


def income_bulletin(bulletin: IncomeBulletin) -> Paper:
    places, findings = bulletin.places, bulletin.findings
    total = {label: sum(one.by_finding.get(label, 0) for one in places) for label in findings}
    checked, problems = sum(one.checked for one in places), sum(one.problems for one in places)
    told = "、".join(f"{label}{count:,}户" for label, count in total.items() if count)
    blocks: list[Block] = [
        Paragraph(f"按照{bulletin.basis}，{chinese_date(bulletin.drawn_on)}组织稳定增收专项督查。从{bulletin.population:,}户中按随机种子抽取，已检查{checked:,}户，发现有问题的{problems:,}户"
                  + (f"，其中{told}（一户有几项的各计一次）。" if told else "。")),
        Heading("一、各乡镇情况"),
        Table(
            [Column("乡镇", 1.4, "left"), Column("已检查", 0.8, "right"), Column("有问题", 0.8, "right"), *(Column(label, 1.1, "right") for label in findings), Column("已整改", 0.8, "right"), Column("已销号", 0.8, "right")],
            [[one.name, f"{one.checked:,}", f"{one.problems:,}", *(f"{one.by_finding.get(label, 0):,}" for label in findings), f"{one.rectified:,}", f"{one.closed:,}"] for one in places],
        ),
        Heading("二、整改要求"),
        Paragraph("有问题的单位按附件所列期限整改，整改后由检查单位核对销号；减收风险点持续跟踪，直到消除。"),
    ]  # fmt: skip
    late = [one for one in places if one.late]
    if late:
        blocks.append(Paragraph("整改已经超期的：" + "、".join(f"{one.name}{one.late:,}户" for one in late) + "。"))
    if bulletin.open_parameter:
        blocks += [Heading("三、需要说明的情况"), Paragraph(bulletin.open_parameter)]
    columns = [
        Column("序号", 0.5),
        Column("村", 1.8, "left"),
        Column("问题种类", 2, "left"),
        Column("情况", 3, "left"),
        Column("整改期限", 1),
        Column("现在", 1),
    ]
    rows = [
        [str(number), one.village, "、".join(one.findings), scanner.masked(one.note), one.rectify_by.isoformat() if one.rectify_by else "", one.state]
        for number, one in enumerate(bulletin.problems, start=1)
    ]  # fmt: skip
    return Paper(
        title=f"关于{bulletin.place}稳定增收专项督查情况的通报",
        paper_class=PaperClass.INTERNAL,
        head=bulletin.head,
        number=bulletin.number,
        recipients="各乡镇，县直有关部门",
        blocks=blocks,
        signature=Signature(bulletin.unit, bulletin.as_of),
        attachments=[Attachment("问题清单", [Table(columns, rows)], is_wide=True)] if rows else [],
        notes=[
            f"只列单位和问题，不列农户和人员。随机种子{bulletin.seed}，可据以重抽。数据截至{bulletin.as_of.isoformat()}。"
        ],
    )
