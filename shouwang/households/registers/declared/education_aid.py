"""教育资助: who gets which aid at which stage, and who fits and does not (hengshui-2022-1#C.3.5.2)."""

from __future__ import annotations

from ..declaration import PERSON, YEARLY, Case, Eligible, Figure, Register, choice, day, money
from ..eligible import fits, measures_done

_CLAUSE = "hengshui-2022-1#C.3.5.2"
_MEASURES = ("education_aid", "compulsory_education_aid")

REGISTER = Register(
    code="education_aid",
    label="教育资助",
    description="两免一补和学前、高中、高等教育各段资助，一人一项一年一行",
    department="education",
    about=PERSON,
    period=YEARLY,
    unit="人次",
    known=("person.在校生状况", "person.户类型", "monitored.监测对象类别"),
    columns=(
        choice("stage", "资助学段", ("学前", "小学", "初中", "普通高中", "中职", "高等教育"), is_required=True),
        choice(
            "kind",
            "资助项目",
            ("两免一补", "学前资助", "国家助学金", "免学杂费", "助学贷款", "其他资助"),
            is_required=True,
        ),
        choice("status", "资助情况", ("已享受", "申请中", "不符合"), is_required=True),
        money("paid", "资助金额"),
        day("paid_on", "资助发放日"),
    ),
    key=("stage", "kind"),
    status="status",
    amount="paid",
    measures=_MEASURES,
    from_measure={"paid": "amount_fen", "paid_on": "done_on"},
    figures=(
        Figure("received", "已享受", where={"status": "已享受"}, unit="人次", cites=(_CLAUSE,)),
        Figure("waiting", "申请中", where={"status": "申请中"}, unit="人次", cites=(_CLAUSE,)),
        Figure("objects", "监测对象家庭的", where={"group": "monitored"}, unit="人次", cites=(_CLAUSE,)),
        Figure("paid", "资助合计", of="paid", unit="元", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible(
            "missing", "在校、没有资助登记（应享未享）", fits("education_aid"), (_CLAUSE,), where={"status": "已享受"}
        ),
        Eligible("measures", "资助措施已落实、没有登记", measures_done(*_MEASURES), (_CLAUSE,)),
    ),
    links=(("entitlements", "应享尽享"),),
    cites=(_CLAUSE,),
    open=("各学段的资助标准和条件由教育部门规定，文件没有给出；是否符合由部门核对。",),
    cases=(
        Case(
            "一人已享受，一人申请中",
            (
                {"stage": "小学", "kind": "两免一补", "status": "已享受", "paid": 50000},
                {"stage": "普通高中", "kind": "国家助学金", "status": "申请中"},
            ),
            {"received": "1", "waiting": "1", "paid": "500.00"},
        ),
        Case("学段要选", ({"kind": "两免一补", "status": "已享受"},), refused="“资助学段”不能为空"),
    ),
)
