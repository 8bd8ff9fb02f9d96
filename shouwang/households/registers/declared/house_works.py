"""住房改造: from application to moving in, why the house is unsafe and how the household gets a safe one (hengshui-2022-1#C.3.6.1)."""

from __future__ import annotations

from ...rules import housing_unsafe
from ..declaration import HOUSEHOLD, Case, Eligible, Figure, Register, choice, day, money
from ..eligible import found_by, measures_done

_CLAUSE = "hengshui-2022-1#C.3.6.1"
_STATUS = ("已申请", "已审批", "已开工", "已竣工", "已验收", "已入住", "不再需要")

REGISTER = Register(
    code="house_works",
    label="住房改造过程",
    description="住房不安全的农户怎样解决，一户一次一行；鉴定等级由住建数据给出，这里不填",
    department="housing",
    about=HOUSEHOLD,
    unit="户次",
    known=("household.危房级别", "monitored.监测对象类别"),
    columns=(
        choice("cause", "住房问题原因", ("自然灾害", "意外事故", "年久失修", "其他"), is_required=True),
        choice(
            "way",
            "住房解决办法",
            ("原址重建", "维修加固", "选址新建", "租住", "借住", "投亲", "集中安置"),
            is_required=True,
        ),
        choice("status", "改造进展", _STATUS, is_required=True),
        day("applied_on", "改造申请日", is_required=True),
        day("approved_on", "改造审批日"),
        day("started_on", "开工日"),
        day("finished_on", "竣工日"),
        day("accepted_on", "验收日"),
        day("moved_on", "入住日"),
        money("subsidy", "改造补助"),
    ),
    key=("applied_on",),
    starts="applied_on",
    status="status",
    amount="subsidy",
    measures=("house_rebuilding", "safe_dwelling"),
    from_measure={
        "applied_on": "planned_on",
        "started_on": "started_on",
        "finished_on": "done_on",
        "subsidy": "amount_fen",
    },
    figures=(
        *(
            Figure(f"status_{place}", label, where={"status": label}, unit="户", cites=(_CLAUSE,))
            for place, label in enumerate(_STATUS[:6])
        ),
        Figure("objects", "监测对象", of="households", where={"group": "monitored"}, unit="户", cites=(_CLAUSE,)),
        Figure("subsidy", "补助合计", of="subsidy", unit="元", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("unsafe", "住房不安全、没有解决过程", found_by(housing_unsafe.RULE.code), (_CLAUSE,)),
        Eligible(
            "measures", "住房措施已落实、没有登记", measures_done("house_rebuilding", "safe_dwelling"), (_CLAUSE,)
        ),
    ),
    cites=(_CLAUSE,),
    open=("每一步的期限，文件没有给出，只登记日期，不计逾期。",),
    cases=(
        Case(
            "一户在建，一户入住",
            (
                {
                    "cause": "自然灾害",
                    "way": "原址重建",
                    "status": "已开工",
                    "applied_on": "2022-04-01",
                    "started_on": "2022-05-01",
                },
                {
                    "cause": "年久失修",
                    "way": "维修加固",
                    "status": "已入住",
                    "applied_on": "2021-09-01",
                    "moved_on": "2022-01-10",
                    "subsidy": 1500000,
                },
            ),
            {"status_2": "1", "status_5": "1", "subsidy": "15,000.00"},
        ),
        Case("没有申请日", ({"cause": "其他", "way": "租住", "status": "已申请"},), refused="“改造申请日”不能为空"),
    ),
)
