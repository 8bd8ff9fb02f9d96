"""What inspections ask: whether measures were carried out (S0-C-28), whether stations and grid workers are there (S0-C-35), whether
incomes are watched and helped as the documents want (S2-C-05)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEASURES, TEAMS, INCOME, INCOME_FOCUS = "measures", "teams", "income", "income_focus"
OF_INCOME = (INCOME, INCOME_FOCUS)
# Answers that are a problem and have to be put right.
PROBLEMS = frozenset({"no", "unsatisfied"})
_YES_NO = {"yes": "是", "no": "否"}


@dataclass(frozen=True)
class Question:
    """One line of a sheet; ``choices`` code → label."""

    label: str
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """What is inspected, when (a parameter of type window; empty: no document says), with which questions."""

    code: str
    label: str
    cite: str
    window: str
    questions: Mapping[str, Question]


# laiyuan-2022-9#3.4.1: what is to be made known in the whole county, by the question that finds it
FINDINGS = {"screened": "排查不精准", "effective": "帮扶措施不力", "points": "减收风险点未消除", "drop": "减收幅度较大"}
_OF_INCOME = {
    "screened": Question("排查精准（收入、家庭情况与实际一致）", _YES_NO),
    "effective": Question("帮扶措施有力（有措施、已落实、有效果）", _YES_NO),
    "points": Question("减收风险点", {"yes": "已消除", "none": "没有风险点", "no": "未消除"}),
    "drop": Question("减收幅度", {"yes": "没有减收或不大", "open": "有减收，界限未给出，不认定", "no": "较大"}),
}

# hengshui-2022-1#C.2.5.4, hengshui-2022-1#C.2.8.3
KINDS = {
    MEASURES: Kind(
        MEASURES,
        "帮扶措施落实专项督查",
        "hengshui-2022-1#C.2.5.4",
        "supervision.support_measures_check",
        {
            "planned": Question("措施在帮扶计划内", _YES_NO),
            "done": Question("措施已落实", {"yes": "是", "not_due": "未到期", "no": "否"}),
            "date": Question("落实日期与台账一致", {"yes": "是", "not_due": "未落实，不核对", "no": "否"}),
            "amount": Question("金额与台账一致", {"yes": "是", "none": "不涉及金额", "no": "否"}),
            "satisfied": Question("农户是否满意", {"satisfied": "满意", "fair": "基本满意", "unsatisfied": "不满意"}),
        },
    ),
    TEAMS: Kind(
        TEAMS,
        "防贫队伍建设运行专项检查",
        "hengshui-2022-1#C.2.8.3",
        "supervision.prevention_team_check",
        {
            "unit": Question("机构（岗位）已设立", _YES_NO),
            "posts": Question("人员已配足", _YES_NO),
            "duties": Question("职责明确到人", _YES_NO),
            "running": Question("正常运行", _YES_NO),
        },
    ),
    INCOME: Kind(INCOME, "稳定增收专项督查（全部脱贫户、监测对象）", "laiyuan-2022-9#3.4.1", "", _OF_INCOME),
    INCOME_FOCUS: Kind(INCOME_FOCUS, "稳定增收专项督查（减收或有风险点的户）", "laiyuan-2022-9#3.4.1", "", _OF_INCOME),
}
