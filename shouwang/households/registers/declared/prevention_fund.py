"""防贫专项基金: every amount in and out with its approval, and what is left (hengshui-2022-1#C.3.10.2)."""

from __future__ import annotations

from ..declaration import COUNTY_LEVEL, THING, Case, Figure, Register, choice, day, key_text, money, text

_CLAUSE = "hengshui-2022-1#C.3.10.2"
_IN, _OUT = "收入", "支出"

REGISTER = Register(
    code="prevention_fund",
    label="防贫专项基金",
    description="基金收支，一笔一行；收入减支出就是结余，每笔写明依据",
    department="rural_revitalisation",
    level=COUNTY_LEVEL,
    about=THING,
    name_label="收支事项",
    unit="笔",
    columns=(
        choice("direction", "收支方向", (_IN, _OUT), is_required=True),
        choice(
            "kind",
            "收支种类",
            ("财政安排", "社会捐赠", "其他收入", "救助支出", "保费支出", "其他支出"),
            is_required=True,
        ),
        money("amount", "收支金额", is_required=True),
        day("on", "收支日期", is_required=True),
        key_text("approval", "审批文号", "批准这笔收支的文号", is_required=True),
        text("to", "对方单位或用途说明"),
    ),
    key=("direction", "on", "approval"),
    starts="on",
    amount="amount",
    figures=(
        Figure("in", "收入合计", of="amount", where={"direction": _IN}, unit="元", cites=(_CLAUSE,)),
        Figure("out", "支出合计", of="amount", where={"direction": _OUT}, unit="元", cites=(_CLAUSE,)),
        Figure("balance", "结余", of="amount", where={"direction": _IN}, minus="out", unit="元", cites=(_CLAUSE,)),
        Figure("relief", "救助支出", of="amount", where={"kind": "救助支出"}, unit="元", cites=(_CLAUSE,)),
    ),
    links=(("register:insurance_schemes", "防贫保方案"), ("register:insurance_claims", "防贫保理赔")),
    cites=(_CLAUSE,),
    open=("基金规模和救助标准，文件没有给出。",),
    cases=(
        Case(
            "财政安排十万元，救助三万元，结余七万元",
            (
                {
                    "direction": _IN,
                    "kind": "财政安排",
                    "amount": 10000000,
                    "on": "2022-01-10",
                    "approval": "涞财〔2022〕3号",
                },
                {
                    "direction": _OUT,
                    "kind": "救助支出",
                    "amount": 3000000,
                    "on": "2022-05-10",
                    "approval": "涞防贫〔2022〕8号",
                },
            ),
            {"in": "100,000.00", "out": "30,000.00", "balance": "70,000.00"},
        ),
        Case(
            "没有审批文号",
            ({"direction": _IN, "kind": "财政安排", "amount": 1, "on": "2022-01-10"},),
            refused="“审批文号”不能为空",
        ),
    ),
)
