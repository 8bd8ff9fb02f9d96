"""防贫保理赔: reported, checked, paid, refused; what is paid of the premium (hengshui-2022-1#C.3.10.2)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, Case, Eligible, Figure, Register, choice, day, money, text
from ..eligible import fits, measures_done
from ..sources import premium

_CLAUSE, _LAIYUAN = "hengshui-2022-1#C.3.10.2", "laiyuan-2022-9#2.3.4.4"

REGISTER = Register(
    code="insurance_claims",
    label="防贫保理赔",
    description="防贫保报案和赔付，一户一次一行",
    department="rural_revitalisation",
    about=HOUSEHOLD,
    unit="件",
    known=("person.户类型", "monitored.监测对象类别"),
    columns=(
        choice("risk", "出险种类", ("因病", "因学", "因灾", "意外", "产业受损"), is_required=True),
        day("reported_on", "报案日", is_required=True),
        choice("status", "理赔进度", ("已报案", "已核查", "已赔付", "不予赔付"), is_required=True),
        money("paid", "防贫保赔付额"),
        day("paid_on", "赔付日"),
        text("why", "不予赔付的原因"),
    ),
    key=("risk", "reported_on"),
    starts="reported_on",
    status="status",
    amount="paid",
    measures=("anti_poverty_insurance", "prevention_fund"),
    from_measure={"reported_on": "planned_on", "paid": "amount_fen", "paid_on": "done_on"},
    figures=(
        Figure("open", "已报案", where={"status": "已报案"}, unit="件", cites=(_CLAUSE,)),
        Figure("paid", "已赔付", where={"status": "已赔付"}, unit="件", cites=(_CLAUSE,)),
        Figure("amount", "赔付合计", of="paid", unit="元", cites=(_CLAUSE,)),
        Figure("premium", "保费", worked_out=premium, is_money=True, unit="元", cites=(_CLAUSE,)),
        Figure("ratio", "赔付率", of="paid", share_of="premium", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("rigid", "刚性支出较大、没有理赔", fits("anti_poverty_insurance"), (_LAIYUAN,)),
        Eligible(
            "measures",
            "防贫保和基金措施已落实、没有登记",
            measures_done("anti_poverty_insurance", "prevention_fund"),
            (_CLAUSE,),
        ),
    ),
    links=(("register:insurance_schemes", "防贫保方案"), ("register:prevention_fund", "防贫专项基金")),
    cites=(_CLAUSE, _LAIYUAN),
    open=("保障线和赔付时限，文件没有给出，以合同为准。",),
    cases=(
        Case(
            "一件赔付，没有登记保费就没有赔付率",
            (
                {
                    "risk": "因病",
                    "reported_on": "2022-04-01",
                    "status": "已赔付",
                    "paid": 800000,
                    "paid_on": "2022-04-20",
                },
                {"risk": "因灾", "reported_on": "2022-06-20", "status": "已报案"},
            ),
            {"open": "1", "paid": "1", "amount": "8,000.00", "ratio": ""},
        ),
        Case("没有报案日", ({"risk": "因病", "status": "已报案"},), refused="“报案日”不能为空"),
    ),
)
