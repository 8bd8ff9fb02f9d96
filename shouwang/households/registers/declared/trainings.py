"""培训和劳务输出: who was trained or sent to work where, with what result and allowance (laiyuan-2022-9#2.3.2.4, hengshui-2022-1#C.3.2.2)."""

from __future__ import annotations

from ..declaration import PERSON, Case, Eligible, Figure, Register, choice, day, money, text
from ..eligible import fits, measures_done
from ..sources import able_with_land

_CLAUSE, _PLAN, _INDUSTRY = "laiyuan-2022-9#2.3.2.4", "hengshui-2022-1#C.3.2.2", "hengshui-2022-1#C.3.1.2"
_YULU, _OUTPUT = "雨露计划", "组织劳务输出"
_MEASURES = ("training_living_allowance", "training_subsidy", "qualification_subsidy", "yulu_plan", "industry_training")

REGISTER = Register(
    code="trainings",
    label="培训和劳务输出",
    description="技能培训、资格培训、雨露计划和有组织的劳务输出，一人一次一行",
    department="human_resources",
    about=PERSON,
    unit="人次",
    known=("person.劳动技能", "person.在校生状况", "person.户类型"),
    columns=(
        choice(
            "kind", "培训输出种类", ("技能培训", "创业培训", "资格培训", "产业培训", _YULU, _OUTPUT), is_required=True
        ),
        text("course", "培训内容或输出去向", is_required=True),
        text("organiser", "组织单位"),
        day("began_on", "培训输出开始日", is_required=True),
        day("finished_on", "培训输出结束日"),
        choice("result", "培训输出结果", ("进行中", "结业", "取得证书", "已上岗", "中途退出")),
        choice(
            "allowance_kind", "培训补助种类", ("生活费补贴", "职业培训补贴", "资格培训补助", "雨露计划补助", "没有补助")
        ),
        money("allowance", "培训补助额"),
        day("paid_on", "补助发放日"),
    ),
    key=("kind", "course", "began_on"),
    starts="began_on",
    amount="allowance",
    measures=_MEASURES,
    from_measure={"course": "title", "began_on": "started_on", "finished_on": "done_on", "allowance": "amount_fen"},
    figures=(
        Figure("times", "培训和输出", unit="人次", cites=(_CLAUSE,)),
        Figure("output", "组织劳务输出", where={"kind": _OUTPUT}, unit="人次", cites=(_CLAUSE,)),
        Figure("certified", "取得证书", where={"result": "取得证书"}, unit="人次", cites=(_CLAUSE,)),
        Figure("yulu", "雨露计划", where={"kind": _YULU}, unit="人次", cites=(_PLAN,)),
        Figure("objects", "监测对象家庭的", where={"group": "monitored"}, unit="人次", cites=(_PLAN,)),
        Figure("allowance", "补助合计", of="allowance", unit="元", cites=(_PLAN,)),
    ),
    eligible=(
        Eligible("yulu", "中职、高职在校生，没有雨露计划", fits("yulu"), (_PLAN,), where={"kind": _YULU}),
        Eligible("land", "有劳动能力和耕地的监测对象，没有培训", able_with_land, (_INDUSTRY,)),
        Eligible("measures", "培训措施已落实、没有登记", measures_done(*_MEASURES), (_PLAN,)),
    ),
    cites=(_CLAUSE, _PLAN, _INDUSTRY),
    open=("补助标准和培训天数，文件没有给出，按实际登记。",),
    cases=(
        Case(
            "一人培训取得证书，一人输出",
            (
                {
                    "kind": "技能培训",
                    "course": "家政服务",
                    "began_on": "2022-05-10",
                    "finished_on": "2022-05-25",
                    "result": "取得证书",
                    "allowance_kind": "职业培训补贴",
                    "allowance": 80000,
                },
                {"kind": _OUTPUT, "course": "北京家政", "began_on": "2022-06-01", "result": "已上岗"},
            ),
            {"times": "2", "output": "1", "certified": "1", "allowance": "800.00"},
        ),
        Case("没有写种类", ({"course": "家政服务", "began_on": "2022-05-10"},), refused="“培训输出种类”不能为空"),
    ),
)
