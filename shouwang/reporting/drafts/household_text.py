"""一户一案 as the text of an official document: the same content as the sheet, laid out by GB/T 9704 with title, recipients and signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouwang.foundation import identity

from .. import scanner
from ..papers import Block, Column, Heading, Paper, Paragraph, Signature, Table, chinese_date
from ..scanner import PaperClass
from .household_file import HouseholdFile


# hengshui-2022-1#C.2.5.2
def household_text(household: HouseholdFile, *, recipients: str, signed_by: str, number: str = "") -> Paper:
    """Free text is masked, numbers do not stand in it at all; whoever asks for them takes the sheet."""
    vocabulary = scanner.current()

    def free(text: str) -> str:
        return scanner.masked(text, vocabulary=vocabulary, allow=frozenset({household.household_no}))

    def named(name: str) -> str:
        return name if household.has_full_names else identity.masked_name(name)

    head = named(household.head_name)
    taken_in = f"，{chinese_date(household.identified_on)}纳入监测" if household.identified_on else ""
    risks = "、".join(map(free, household.risks)) or "未登记"
    measures = [
        [one.risk, free(one.measure), one.department, _day(one.planned_on), _day(one.done_on), one.amount, free(one.result)]
        for one in household.measures
    ]  # fmt: skip
    planned, done = len(household.measures), sum(one.done_on is not None for one in household.measures)
    blocks: list[Block] = [
        Heading("一、家庭基本情况"),
        Paragraph(f"户主{head}（户编号{household.household_no}），住{household.place}，{household.household_type or '户类型未填'}，家庭人口{household.size}人。监测对象类别：{household.category}{taken_in}，目前状态：{household.state or '未登记'}。"),
        Table(
            [Column("姓名", 1), Column("与户主关系", 1.1), Column("年龄", 0.6), Column("劳动技能", 1.5), Column("在校情况", 1.1), Column("健康状况", 1.2)],
            [[named(one.name), one.relation, "" if one.age is None else str(one.age), one.labour, one.schooling, free(one.state)] for one in household.members],
        ),
        Heading("二、致贫返贫风险和家庭收支"),
        Paragraph(f"风险：{risks}。" + (f"认定依据：{'；'.join(household.clauses)}。" if household.clauses else "")),
        Table([Column("项目", 2, "left"), Column("金额", 1.2, "right"), Column("数据时间", 1.2)], _texts(household.incomes)),
        Heading("三、帮扶计划和措施"),
        Paragraph(f"按“缺什么补什么”制定措施{planned}项，已完成{done}项。" if planned else "还没有制定措施。"),
    ]  # fmt: skip
    if measures:
        columns = [Column("风险", 0.9), Column("措施", 1.8, "left"), Column("牵头部门", 1.1), Column("计划完成", 1.2), Column("实际完成", 1.2), Column("金额（元）", 1, "right"), Column("成效", 1.2, "left")]  # fmt: skip
        blocks.append(Table(columns, measures))
    blocks += [
        Heading("四、责任落实"),
        Paragraph(f"监测联系人：{household.contact or '还没有落实'}；帮扶责任人：{household.support_person or '还没有落实'}；责任单位：{signed_by}。"),
        Heading("五、办理经过"),
        Table(
            [Column("日期", 1), Column("事项", 4, "left"), Column("办理人", 1.1)],
            [[_day(one.on), free(one.what), one.by] for one in sorted(household.events, key=lambda event: event.on)] or [["—"] * 3],
        ),
    ]  # fmt: skip
    return Paper(
        title=f"{head}户防止返贫监测帮扶\n一户一案",
        paper_class=PaperClass.INTERNAL,
        head=f"{signed_by}文件",
        number=number,
        recipients=recipients,
        blocks=blocks,
        signature=Signature(signed_by, household.printed_on),
        notes=["本材料含个人信息，只用于防止返贫监测帮扶工作，不得公开。"],
        allow=frozenset({household.household_no}),
    )


def _texts(rows: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    return [list(map(str, row)) for row in rows]


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
