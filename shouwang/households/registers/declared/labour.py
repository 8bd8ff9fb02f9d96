"""劳动力分类台账: every able person of 脱贫户 and 监测对象 by class, with the month's status and the jobs that were matched (laiyuan-2022-9#2.3.2.1)."""

from __future__ import annotations

from ...kinds import LABOURING
from ..declaration import PERSON, VILLAGE_LEVEL, Case, Eligible, Figure, Register, choice, day, money, month, text
from ..eligible import people_who

_CLAUSE = "laiyuan-2022-9#2.3.2.1"
_STATUS = {
    "外出务工": ("省外务工", "省内务工"),
    "本地务工": ("县内务工", "就近务工"),
    "自主经营": ("创业", "个体"),
    "公益岗位": ("公岗",),
    "在家务农": ("务农",),
    "未就业": ("待业", "无业"),
    "就学参军": ("在校", "参军"),
}

REGISTER = Register(
    code="labour",
    label="劳动力台账",
    description="脱贫户、监测对象的劳动力，一人一行；技能类别由农户档案查出，每月更新就业状况",
    department="human_resources",
    level=VILLAGE_LEVEL,
    about=PERSON,
    unit="人",
    known=("person.劳动技能", "person.户类型", "person.务工所在地"),
    columns=(
        choice("status", "就业状况", _STATUS, "本月的情况", is_required=True),
        month("told_in", "状况所属月份", "就业状况说的是哪个月", is_required=True),
        choice("wish", "就业意愿", ("愿外出", "愿就近", "愿上公益岗", "暂不愿")),
        text("skill", "技能特长", "会做什么、有什么证"),
        text("matched", "对接岗位", "推荐了哪个岗位"),
        day("matched_on", "对接日期"),
        choice("result", "对接结果", ("已上岗", "未上岗", "等待答复")),
        money("wage", "月工资"),
    ),
    status="status",
    figures=(
        Figure("people", "建档劳动力", unit="人", cites=(_CLAUSE,)),
        Figure("unemployed", "未就业", where={"status": "未就业"}, unit="人", cites=(_CLAUSE,)),
        Figure("out", "外出务工", where={"status": "外出务工"}, unit="人", cites=(_CLAUSE,)),
        Figure("local", "本地务工", where={"status": "本地务工"}, unit="人", cites=(_CLAUSE,)),
        Figure("placed", "对接后上岗", where={"result": "已上岗"}, unit="人", cites=(_CLAUSE,)),
        Figure("objects", "监测对象家庭的", where={"group": "monitored"}, unit="人", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible(
            "unregistered", "有劳动能力、没有建档的人员", people_who(LABOURING, "有劳动能力，台账里没有"), (_CLAUSE,)
        ),
    ),
    cites=(_CLAUSE,),
    open=("劳动力分几类、多久更新一次，文件没有给出；技能类别照全国系统，状况按月登记。",),
    cases=(
        Case(
            "一人在外、一人没有活干",
            (
                {"status": "外出务工", "told_in": "2022-06"},
                {"status": "未就业", "told_in": "2022-06", "wish": "愿上公益岗"},
            ),
            {"people": "2", "unemployed": "1", "out": "1", "local": "0"},
        ),
        Case("就业状况只能从列表中选", ({"status": "打零工", "told_in": "2022-06"},), refused="不能是“打零工”"),
    ),
)
