"""救助转介: which household was referred to civil affairs for what, and with which result (hengshui-2022-1#C.3.9.1)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, Case, Eligible, Figure, Register, choice, day, text
from ..eligible import measures_done
from ..sources import policies_missing

_CLAUSE, _LAIYUAN = "hengshui-2022-1#C.3.9.1", "laiyuan-2022-9#2.3.4.1"
_MEASURES = ("dibao", "tekun", "temporary_relief")

REGISTER = Register(
    code="referrals",
    label="救助转介",
    description="转给民政办理的救助，一户一项一次一行，写明结果和日期",
    department="civil_affairs",
    about=HOUSEHOLD,
    unit="件",
    known=("person.户类型", "monitored.监测对象类别"),
    columns=(
        choice(
            "kind",
            "转介救助种类",
            ("最低生活保障", "单人保", "刚性支出扣除后低保", "特困供养", "临时救助", "渐退期保留"),
            is_required=True,
        ),
        day("sent_on", "转介日", is_required=True),
        choice("status", "转介结果", ("办理中", "已纳入", "不符合", "本人不申请"), is_required=True),
        day("decided_on", "转介办结日"),
        text("why", "没有纳入的原因"),
    ),
    key=("kind", "sent_on"),
    starts="sent_on",
    status="status",
    measures=_MEASURES,
    from_measure={"sent_on": "planned_on", "decided_on": "done_on"},
    figures=(
        Figure("open", "办理中", where={"status": "办理中"}, unit="件", cites=(_CLAUSE,)),
        Figure("included", "已纳入", where={"status": "已纳入"}, unit="件", cites=(_CLAUSE,)),
        Figure("refused", "不符合", where={"status": "不符合"}, unit="件", cites=(_CLAUSE,)),
        Figure("single", "单人保", where={"kind": "单人保", "status": "已纳入"}, unit="件", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible(
            "uncovered",
            "符合条件、没有保障也没有转介（应保未保）",
            policies_missing("dibao", "individual_dibao", "special_relief"),
            (_CLAUSE, _LAIYUAN),
        ),
        Eligible("measures", "救助措施已落实、没有登记", measures_done(*_MEASURES), (_CLAUSE,)),
    ),
    links=(("entitlements", "应享尽享"),),
    cites=(_CLAUSE, _LAIYUAN),
    cases=(
        Case(
            "一件已纳入单人保，一件办理中",
            (
                {"kind": "单人保", "sent_on": "2022-05-01", "status": "已纳入", "decided_on": "2022-05-20"},
                {"kind": "临时救助", "sent_on": "2022-06-01", "status": "办理中"},
            ),
            {"open": "1", "included": "1", "single": "1"},
        ),
        Case("没有转介日", ({"kind": "单人保", "status": "办理中"},), refused="“转介日”不能为空"),
    ),
)
