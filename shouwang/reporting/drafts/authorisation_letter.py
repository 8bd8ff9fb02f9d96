"""承诺授权书: the household promises to tell the truth and allows its income and property to be looked up.

Numbers and signatures are left to be written by hand, so that the printed sheet itself carries none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..papers import Column, Heading, Paper, Paragraph, Table
from ..scanner import PaperClass


@dataclass(frozen=True)
class AuthorisationLetter:
    """``members``: name and relation to the head, the head first. ``subjects``: what may be looked up, as the county asks."""

    head_name: str
    place: str
    members: Sequence[tuple[str, str]]
    county_unit: str  # 县防贫中心
    subjects: Sequence[str] = ("户籍", "不动产", "车辆", "市场主体登记", "社会保险", "财政补贴", "金融资产")


def authorisation_letter(letter: AuthorisationLetter) -> Paper:
    rows = [[str(number), name, relation, "", ""] for number, (name, relation) in enumerate(letter.members, start=1)]
    return Paper(
        title="防止返贫监测承诺授权书",
        is_form=True,
        paper_class=PaperClass.INTERNAL,
        recipients=letter.county_unit,
        blocks=[
            Paragraph(f"本户户主{letter.head_name}，住{letter.place}，现申请（同意）进行防止返贫监测，全体成年家庭成员承诺并授权如下："),
            Heading("一、承诺"),
            Paragraph("所说明的家庭人口、收入、支出和困难情况真实，没有隐瞒；情况有变化时及时告知村委会。"),
            Heading("二、授权"),
            Paragraph(f"同意{letter.county_unit}为核实本户情况，向有关部门和机构查询本户成员的{'、'.join(letter.subjects)}信息。"),
            Paragraph("查询结果只用于防止返贫监测和帮扶，不作他用，不对外公开。"),
            Heading("三、知情"),
            Paragraph("已知道：公示只写户主姓名（隐去部分文字）、村组、人口、类别和风险大类；可以随时查询办理进度、提出异议或撤回申请。"),
            Table([Column("序号", 0.6), Column("姓名", 1.2), Column("与户主关系", 1.2), Column("证件号码（本人填写）", 2.6), Column("签字、按指印", 1.8)], rows),
            Paragraph("未成年人和不能签字的成员由监护人代签，并注明关系。", is_indented=False),
            Paragraph("\n户主（签字）：　　　　　　　　　　　　　　年　　月　　日", is_indented=False),
        ],
    )  # fmt: skip
