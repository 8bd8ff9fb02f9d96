"""小额信贷台账: who borrowed how much until when, what was subsidised, what falls due (hengshui-2022-1#C.3.3.1)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, Case, Eligible, Figure, Register, choice, day, money, text
from ..eligible import measures_done
from ..sources import lent, wants_loan

_CLAUSE, _LAIYUAN = "hengshui-2022-1#C.3.3.1", "laiyuan-2022-9#2.3.3.1"

REGISTER = Register(
    code="loans",
    label="小额信贷台账",
    description="小额信贷和创业担保贷款，一笔一行；到期前按日期提醒，还清后结束",
    department="financial_work",
    about=HOUSEHOLD,
    unit="笔",
    known=("person.户类型", "monitored.监测对象类别"),
    columns=(
        choice("kind", "贷款种类", ("小额信贷", "创业担保贷款"), is_required=True),
        text("bank", "放款机构", is_required=True),
        day("lent_on", "放款日", is_required=True),
        money("amount", "贷款金额", is_required=True),
        day("due_on", "还款到期日", is_required=True),
        money("subsidy", "已贴息"),
        money("balance", "贷款余额"),
        choice("status", "还款情况", ("正常", "展期", "续贷", "逾期", "已还清"), is_required=True),
        choice("purpose", "贷款用途", ("种植", "养殖", "加工", "经商", "其他")),
    ),
    key=("kind", "bank", "lent_on"),
    starts="lent_on",
    due="due_on",
    status="status",
    amount="amount",
    measures=("micro_credit", "startup_loan"),
    from_measure={"lent_on": "done_on", "amount": "amount_fen", "bank": "result"},
    figures=(
        Figure("loans", "贷款", unit="笔", cites=(_CLAUSE,)),
        Figure("amount", "贷款合计", of="amount", unit="元", cites=(_CLAUSE,)),
        Figure("balance", "余额合计", of="balance", unit="元", cites=(_CLAUSE,)),
        Figure("subsidy", "贴息合计", of="subsidy", unit="元", cites=(_CLAUSE,)),
        Figure("overdue", "逾期", where={"status": "逾期"}, unit="笔", cites=(_CLAUSE,)),
        Figure("objects", "监测对象贷款", of="households", where={"group": "monitored"}, unit="户", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("lent", "需求排查里已放款、没有台账", lent, (_LAIYUAN,)),
        Eligible("wants", "有意愿、还没有贷到", wants_loan, (_LAIYUAN,)),
        Eligible("measures", "贷款措施已落实、没有登记", measures_done("micro_credit", "startup_loan"), (_CLAUSE,)),
    ),
    links=(("entitlements", "应贷尽贷需求排查"),),
    cites=(_CLAUSE, _LAIYUAN),
    open=("额度、期限和提前几天提醒，文件没有给出；到期日按合同登记，下月底前到期的先列出。",),
    cases=(
        Case(
            "两笔贷款，一笔逾期",
            (
                {
                    "kind": "小额信贷",
                    "bank": "农信社",
                    "lent_on": "2020-08-01",
                    "amount": 5000000,
                    "due_on": "2022-08-01",
                    "balance": 5000000,
                    "status": "正常",
                },
                {
                    "kind": "小额信贷",
                    "bank": "农信社",
                    "lent_on": "2019-06-01",
                    "amount": 3000000,
                    "due_on": "2022-06-01",
                    "balance": 1000000,
                    "status": "逾期",
                },
            ),
            {"loans": "2", "amount": "80,000.00", "balance": "60,000.00", "overdue": "1"},
        ),
        Case(
            "没有到期日就没有提醒",
            ({"kind": "小额信贷", "bank": "农信社", "lent_on": "2020-08-01", "amount": 1, "status": "正常"},),
            refused="“还款到期日”不能为空",
        ),
    ),
)
