"""股权登记: which household holds what in the collective's assets, so that it is a shareholder (laiyuan-2022-9#2.3.1.3)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, VILLAGE_LEVEL, Case, Eligible, Figure, Register, choice, day, money, text, whole
from ..eligible import households_who

_CLAUSE = "laiyuan-2022-9#2.3.1.3"

REGISTER = Register(
    code="shares",
    label="集体股权登记",
    description="农村集体产权改革后的成员股权，一户一个组织一类股一行",
    department="agriculture",
    level=VILLAGE_LEVEL,
    about=HOUSEHOLD,
    unit="行",
    known=("person.户类型", "household.家庭人口数"),
    columns=(
        text("organisation", "集体经济组织", "如东关村股份经济合作社", is_required=True),
        choice("kind", "股权种类", ("成员股", "资源股", "资金股", "劳龄股", "帮扶股", "其他"), is_required=True),
        whole("shares", "持股数", "股", is_required=True),
        day("since", "确权日期", is_required=True),
        choice("certificate", "股权证", ("已发", "未发")),
        money("dividend", "最近一年分红"),
    ),
    key=("organisation", "kind"),
    starts="since",
    amount="dividend",
    figures=(
        Figure("homes", "持股农户", of="households", unit="户", cites=(_CLAUSE,)),
        Figure("objects", "其中监测对象", of="households", where={"group": "monitored"}, unit="户", cites=(_CLAUSE,)),
        Figure("shares", "股数合计", of="shares", unit="股", cites=(_CLAUSE,)),
        Figure("dividend", "分红合计", of="dividend", unit="元", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("without", "没有股权登记的脱贫户和监测对象", households_who(None, "台账里没有股权"), (_CLAUSE,)),
    ),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "两户共八股，一户有分红",
            (
                {
                    "organisation": "东关村合作社",
                    "kind": "成员股",
                    "shares": 3,
                    "since": "2021-12-01",
                    "dividend": 20000,
                },
                {"organisation": "东关村合作社", "kind": "成员股", "shares": 5, "since": "2021-12-01"},
            ),
            {"homes": "2", "shares": "8", "dividend": "200.00"},
        ),
        Case(
            "股数不能是负数",
            ({"organisation": "东关村合作社", "kind": "成员股", "shares": -1, "since": "2021-12-01"},),
            refused="不小于 0",
        ),
    ),
)
