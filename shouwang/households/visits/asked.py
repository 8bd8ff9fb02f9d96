"""What a visit alone supplies: the fields that nobody but a visitor knows, and what each sets off. Everything else is shown, never asked.

A field that touches what another source keeps (where somebody works) tells of the change only; ``reports_to`` names the field that
its owner will bring up to date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shouwang.casework.procedure import CHOICE, CHOICES, DAY, LONG_TEXT, NUMBER, TEXT
from shouwang.feeds.datasets.population_change import ADDING_KINDS, REMOVING_KINDS
from shouwang.intake.contract import Privacy

# One of the household's members, by the person's key.
MEMBER = "member"

# What a visitor sees or is told, and the risk of the national form that it points to.
PROBLEMS = {
    "income": ("收入明显减少", "other"),
    "work": ("没活干、丢了活", "unstable_work"),
    "industry": ("种养、经营亏损", "industry_failure"),
    "illness": ("看病负担重", "illness"),
    "accident": ("意外事故", "accident"),
    "disaster": ("受灾", "disaster"),
    "schooling": ("上学有困难", "schooling"),
    "housing": ("住房不安全", "housing"),
    "water": ("饮水有问题", "water"),
    "food": ("吃饭、穿衣、被褥不够", "other"),
    "labour": ("没有人能劳动", "labour_shortage"),
    "other": ("其他困难", "other"),
}
POLICIES_MISSING = {
    "dibao": "低保",
    "tekun": "特困供养",
    "medical": "医疗报销、救助",
    "education": "教育资助",
    "disability": "残疾人补贴",
    "pension": "养老金",
    "post": "公益岗位",
    "loan": "小额信贷",
    "housing": "危房改造",
    "water": "饮水工程",
    "industry": "产业帮扶",
}
WORK_CHANGES = {
    "went_out": "外出务工",
    "came_back": "返乡在家",
    "lost_job": "没有活干了",
    "moved_job": "换了地方或工作",
}


@dataclass(frozen=True)
class Asked:
    """One field of the visit. Fields of one ``group`` are one thing and are merged together; ``item`` is the line of the income
    ledger that an amount of the month goes to."""

    name: str
    label: str
    kind: str
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    required_if: tuple[str, tuple[str, ...]] | None = None
    help: str = ""
    group: str = ""
    item: str = ""
    reports_to: str = ""
    privacy: Privacy = Privacy.PERSONAL
    cites: tuple[str, ...] = ()

    @property
    def is_of_month(self) -> bool:
        """Whether it tells of the visit's month, and so begins anew with the next."""
        return bool(self.item) or self.name in ("problems", "problem_note", "policies_missing")


def _amount(name: str, label: str, item: str, help_text: str) -> Asked:
    return Asked(name, label, NUMBER, unit="元", item=item, help=help_text, privacy=Privacy.SENSITIVE)


MEMBER_CHANGE, WORK_CHANGE = "member_change", "work_change"

ASKED: tuple[Asked, ...] = (
    Asked(
        "change_kind",
        "家里人变动",
        CHOICE,
        choices={kind: kind for kind in (*ADDING_KINDS, *REMOVING_KINDS)},
        group=MEMBER_CHANGE,
        reports_to="population_change.变动类型",
    ),
    Asked("change_member", "是谁", MEMBER, required_if=("change_kind", REMOVING_KINDS), group=MEMBER_CHANGE),
    Asked(
        "change_name",
        "新增的人叫什么",
        TEXT,
        required_if=("change_kind", ADDING_KINDS),
        help="没起名的写“某某之子”",
        group=MEMBER_CHANGE,
    ),
    Asked(
        "change_on",
        "哪天",
        DAY,
        required_if=("change_kind", (*ADDING_KINDS, *REMOVING_KINDS)),
        group=MEMBER_CHANGE,
        reports_to="population_change.变动日期",
    ),
    Asked(
        "work_kind",
        "务工变化",
        CHOICE,
        choices=WORK_CHANGES,
        group=WORK_CHANGE,
        reports_to="outwork.是否已务工",
    ),
    Asked("work_member", "是谁", MEMBER, required_if=("work_kind", tuple(WORK_CHANGES)), group=WORK_CHANGE),
    Asked(
        "work_place",
        "到哪里",
        TEXT,
        required_if=("work_kind", ("went_out", "moved_job")),
        help="省、市就行",
        group=WORK_CHANGE,
        reports_to="outwork.务工所在地",
    ),
    _amount("income_wage", "本月工资、务工收入", "wage", "全家合计，没有变化不填"),
    _amount("income_business", "本月种养、经营收入", "business", "卖粮、卖牲口、做买卖"),
    _amount("cost_business", "本月种养、经营花费", "business_cost", "种子、化肥、饲料等"),
    _amount("income_property", "本月租金、分红", "property", "流转、入股、出租"),
    _amount("income_alimony", "本月子女给的赡养费", "transfer.alimony", "低保、养老金等由部门提供，不填"),
    Asked(
        "problems",
        "看到的困难",
        CHOICES,
        choices={code: label for code, (label, _) in PROBLEMS.items()},
        privacy=Privacy.SENSITIVE,
        help="选了就立线索，按时限核实",
    ),
    Asked("problem_note", "怎么回事", LONG_TEXT, help="一两句话；不写病名和证件号码", privacy=Privacy.SENSITIVE),
    Asked(
        "policies_missing",
        "该享受还没享受的政策",
        CHOICES,
        choices=POLICIES_MISSING,
        privacy=Privacy.SENSITIVE,
        help="已发放的由部门提供，不问",
    ),
)
BY_NAME = {one.name: one for one in ASKED}
