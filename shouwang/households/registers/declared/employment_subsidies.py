"""就业补贴发放: applied for, checked, paid; who works far enough away for the transport subsidy (hengshui-2022-1#C.3.2.1)."""

from __future__ import annotations

from ..declaration import PERSON, Case, Eligible, Figure, Register, choice, day, money, text
from ..eligible import measures_done
from ..sources import works_outside

_CLAUSE, _LAIYUAN = "hengshui-2022-1#C.3.2.1", "laiyuan-2022-9#2.3.2.2"
_TRANSPORT = "跨省跨市交通补助"
_MEASURES = ("job_search_subsidy", "insurance_subsidy", "job_transfer", "transport_subsidy", "work_relief")

REGISTER = Register(
    code="employment_subsidies",
    label="就业补贴发放",
    description="五项稳岗政策的申请、核对和发放，一人一笔一行；务工所在地由档案查出",
    department="human_resources",
    about=PERSON,
    unit="笔",
    known=("person.务工所在地", "person.务工时间（月）", "monitored.监测对象类别"),
    columns=(
        choice(
            "kind",
            "稳岗政策",
            ("一次性求职补贴", "社保补贴", "转岗服务", _TRANSPORT, "以工代赈劳务报酬"),
            is_required=True,
        ),
        day("applied_on", "补贴申请日", is_required=True),
        choice("status", "核对结果", ("待核对", "符合", "不符合", "已发放"), is_required=True),
        text("why_not", "不符合的原因"),
        money("paid", "补贴发放额"),
        day("paid_on", "补贴发放日"),
    ),
    key=("kind", "applied_on"),
    starts="applied_on",
    status="status",
    amount="paid",
    measures=_MEASURES,
    from_measure={"applied_on": "planned_on", "paid": "amount_fen", "paid_on": "done_on"},
    figures=(
        Figure("waiting", "待核对", where={"status": "待核对"}, unit="笔", cites=(_CLAUSE,)),
        Figure("unpaid", "符合未发放", where={"status": "符合"}, unit="笔", cites=(_CLAUSE,)),
        Figure("paid", "已发放", where={"status": "已发放"}, unit="笔", cites=(_CLAUSE,)),
        Figure("amount", "发放合计", of="paid", unit="元", cites=(_CLAUSE,)),
        Figure("objects", "监测对象家庭的", where={"group": "monitored"}, unit="笔", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("transport", "在外市外省务工、没有交通补助", works_outside, (_CLAUSE,), where={"kind": _TRANSPORT}),
        Eligible("measures", "稳岗措施已落实、没有登记", measures_done(*_MEASURES), (_CLAUSE,)),
    ),
    cites=(_CLAUSE, _LAIYUAN),
    open=("各项补贴的标准和申请条件由人社部门规定，文件没有给出；是否符合由部门核对。",),
    cases=(
        Case(
            "一笔已发，一笔待核对",
            (
                {
                    "kind": _TRANSPORT,
                    "applied_on": "2022-04-01",
                    "status": "已发放",
                    "paid": 30000,
                    "paid_on": "2022-05-01",
                },
                {"kind": "一次性求职补贴", "applied_on": "2022-06-01", "status": "待核对"},
            ),
            {"waiting": "1", "paid": "1", "amount": "300.00"},
        ),
        Case("没有申请日", ({"kind": "社保补贴", "status": "待核对"},), refused="“补贴申请日”不能为空"),
    ),
)
