"""一户一案: everything about one household on a few pages: members, income, risks, measures, and what happened when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from shouwang.foundation import identity

from .. import scanner
from ..papers import Column, Form, Heading, Paper, Table, chinese_date, label, value
from ..scanner import PaperClass


@dataclass(frozen=True)
class Member:
    """``identity_number`` may come in full; it is masked here. ``state`` is a general word: 健康, 长期慢性病, 患有大病, 残疾."""

    name: str
    relation: str
    age: int | None
    identity_number: str = ""
    labour: str = ""
    schooling: str = ""
    state: str = ""


@dataclass(frozen=True)
class FileMeasure:
    risk: str
    measure: str
    department: str
    responsible: str
    planned_on: dt.date | None = None
    done_on: dt.date | None = None
    amount: str = ""  # yuan, as text
    result: str = ""


@dataclass(frozen=True)
class FileEvent:
    on: dt.date
    what: str
    by: str


@dataclass(frozen=True)
class HouseholdFile:
    """``incomes``: what, how much (text; 未计算 when unknown) and of when. Free text is masked, never a reason to stop."""

    head_name: str
    household_no: str
    place: str
    household_type: str
    category: str
    identified_on: dt.date | None
    risks: Sequence[str]
    size: int
    members: Sequence[Member]
    incomes: Sequence[tuple[str, str, str]]
    measures: Sequence[FileMeasure]
    events: Sequence[FileEvent]
    unit: str
    printed_on: dt.date
    contact: str = ""  # 监测联系人
    support_person: str = ""  # 帮扶责任人
    state: str = ""  # 办理状态
    has_full_names: bool = False
    clauses: Sequence[str] = field(default_factory=tuple)  # 认定依据


def household_file(household: HouseholdFile) -> Paper:
    vocabulary = scanner.current()

    def free(text: str) -> str:
        return scanner.masked(text, vocabulary=vocabulary, allow=frozenset({household.household_no}))

    def named(name: str) -> str:
        return name if household.has_full_names else identity.masked_name(name)

    members = [
        [named(one.name), one.relation, "" if one.age is None else str(one.age), identity.masked(identity.clean(one.identity_number)), one.labour, one.schooling, free(one.state)]
        for one in household.members
    ]  # fmt: skip
    measures = [
        [one.risk, free(one.measure), one.department, one.responsible, _day(one.planned_on), _day(one.done_on), one.amount, free(one.result)]
        for one in household.measures
    ]  # fmt: skip
    return Paper(
        title="防止返贫监测帮扶一户一案",
        is_form=True,
        paper_class=PaperClass.INTERNAL,
        blocks=[
            Form(
                (1.35, 1.5, 1.35, 1.6, 1.2, 1.5),
                [
                    [label("户主"), value(named(household.head_name)), label("户编号"), value(household.household_no, 3)],
                    [label("住址"), value(household.place, 3), label("家庭人口"), value(f"{household.size}人")],
                    [label("户类型"), value(household.household_type), label("监测对象\n类别"), value(household.category), label("纳入日期"), value(_day(household.identified_on))],
                    [label("致贫返贫\n风险"), value("、".join(map(free, household.risks)), 3), label("办理状态"), value(household.state)],
                    [label("监测联系人"), value(household.contact, 2), label("帮扶责任人"), value(household.support_person, 2)],
                    *([[label("认定依据"), value("；".join(household.clauses), 5)]] if household.clauses else []),
                ],
            ),
            Heading("一、家庭成员"),
            Table(
                [Column("姓名", 1), Column("与户主关系", 1.1), Column("年龄", 0.6), Column("证件号码", 2.4), Column("劳动技能", 1.4), Column("在校情况", 1.1), Column("健康状况", 1.2)],
                members,
            ),
            Heading("二、家庭收支"),
            Table([Column("项目", 2, "left"), Column("金额", 1, "right"), Column("数据时间", 1.4)], [list(map(str, row)) for row in household.incomes]),
            Heading("三、帮扶措施"),
            Table(
                [Column("风险", 0.9), Column("措施", 1.8, "left"), Column("责任部门", 1.2), Column("责任人", 0.9), Column("计划完成", 1.25), Column("实际完成", 1.25), Column("金额（元）", 1, "right"), Column("成效", 1.1, "left")],
                measures or [["—"] * 8],
            ),
            Heading("四、办理经过"),
            Table(
                [Column("日期", 1), Column("事项", 4, "left"), Column("办理人", 1.2)],
                [[_day(one.on), free(one.what), one.by] for one in sorted(household.events, key=lambda event: event.on)],
            ),
        ],
        notes=[f"{household.unit}　{chinese_date(household.printed_on)}打印。本材料含个人信息，只用于防止返贫监测帮扶工作，不得公开。"],
        allow=frozenset({household.household_no}),
    )  # fmt: skip


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
