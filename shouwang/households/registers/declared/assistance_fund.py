"""社会救助基金: who applied, what was approved at which level and paid; whom the conditions fit (hengshui-2022-1#C.3.9.2)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, Case, Eligible, Figure, Register, choice, day, money, text
from ..eligible import measures_done
from ..sources import fund_conditions

_CLAUSE = "hengshui-2022-1#C.3.9.2"

REGISTER = Register(
    code="assistance_fund",
    label="社会救助基金",
    description="各项措施后仍困难、又不能靠产业就业消除风险的户，申请、审批、发放，一次一行",
    department="civil_affairs",
    about=HOUSEHOLD,
    unit="件",
    known=("monitored.监测对象类别", "monitored.整户无劳动能力兜底保障户", "household.家庭人口数"),
    columns=(
        day("applied_on", "基金申请日", is_required=True),
        text("reason", "申请理由", is_required=True),
        money("asked", "申请金额"),
        choice("level", "基金层级", ("县级", "市级", "省级"), is_required=True),
        choice("status", "基金审批进度", ("已申请", "乡镇已审核", "已批准", "未批准", "已发放"), is_required=True),
        day("decided_on", "基金审批日"),
        text("opinion", "审批意见"),
        money("paid", "基金救助额"),
        day("paid_on", "基金发放日"),
    ),
    key=("applied_on",),
    starts="applied_on",
    status="status",
    amount="paid",
    measures=("social_assistance_fund",),
    from_measure={"applied_on": "planned_on", "reason": "title", "paid": "amount_fen", "paid_on": "done_on"},
    figures=(
        Figure("waiting", "已申请", where={"status": "已申请"}, unit="件", cites=(_CLAUSE,)),
        Figure("reviewed", "乡镇已审核", where={"status": "乡镇已审核"}, unit="件", cites=(_CLAUSE,)),
        Figure("approved", "批准待发放", where={"status": "已批准"}, unit="件", cites=(_CLAUSE,)),
        Figure("paid", "已发放", where={"status": "已发放"}, unit="件", cites=(_CLAUSE,)),
        Figure("amount", "救助合计", of="paid", unit="元", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("conditions", "三项条件都符合、没有申请", fund_conditions, (_CLAUSE,)),
        Eligible("measures", "基金救助已落实、没有登记", measures_done("social_assistance_fund"), (_CLAUSE,)),
    ),
    cites=(_CLAUSE,),
    open=("救助标准和审批期限，文件没有给出。",),
    cases=(
        Case(
            "一件发放，一件等审核",
            (
                {
                    "applied_on": "2022-04-01",
                    "reason": "大病后仍困难",
                    "level": "县级",
                    "status": "已发放",
                    "paid": 500000,
                    "paid_on": "2022-05-10",
                },
                {"applied_on": "2022-06-15", "reason": "整户无劳动能力", "level": "县级", "status": "已申请"},
            ),
            {"waiting": "1", "paid": "1", "amount": "5,000.00"},
        ),
        Case(
            "没有写理由",
            ({"applied_on": "2022-04-01", "level": "县级", "status": "已申请"},),
            refused="“申请理由”不能为空",
        ),
    ),
)
