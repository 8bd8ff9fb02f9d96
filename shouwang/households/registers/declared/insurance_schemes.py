"""防贫保方案: what the county insures for whom, the premium, the lines that the contract names (hengshui-2022-1#C.3.10.2)."""

from __future__ import annotations

from ..declaration import COUNTY_LEVEL, THING, Case, Figure, Register, choice, day, money, text, whole

_CLAUSE = "hengshui-2022-1#C.3.10.2"

REGISTER = Register(
    code="insurance_schemes",
    label="防贫保方案",
    description="防贫保险合同，一份一行；保障线按合同填写，不由本系统规定",
    department="rural_revitalisation",
    level=COUNTY_LEVEL,
    about=THING,
    name_label="方案名称",
    unit="份",
    columns=(
        text("insurer", "承保机构", is_required=True),
        day("since", "保险起期", is_required=True),
        day("until", "保险止期", is_required=True),
        whole("people", "保障人数", "人", is_required=True),
        money("premium", "保费总额", is_required=True),
        choice("risks", "保障范围", ("因病因学因灾", "因病", "因学", "因灾", "意外", "综合"), is_required=True),
        money("line", "合同保障线", "自付超过多少才赔，以合同为准"),
    ),
    key=("since",),
    starts="since",
    ends="until",
    due="until",
    amount="premium",
    figures=(
        Figure("schemes", "有效方案", unit="份", cites=(_CLAUSE,)),
        Figure("people", "保障人数", of="people", unit="人", cites=(_CLAUSE,)),
        Figure("premium", "保费合计", of="premium", unit="元", cites=(_CLAUSE,)),
    ),
    links=(("register:insurance_claims", "防贫保理赔"), ("register:prevention_fund", "防贫专项基金")),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "一份有效，一份已过期",
            (
                {
                    "insurer": "太平洋产险",
                    "since": "2022-01-01",
                    "until": "2022-12-31",
                    "people": 20000,
                    "premium": 100000000,
                    "risks": "因病因学因灾",
                },
                {
                    "insurer": "太平洋产险",
                    "since": "2021-01-01",
                    "until": "2021-12-31",
                    "people": 18000,
                    "premium": 90000000,
                    "risks": "因病因学因灾",
                },
            ),
            {"schemes": "1", "people": "20,000", "premium": "1,000,000.00"},
        ),
        Case(
            "止期早于起期",
            (
                {
                    "insurer": "太平洋产险",
                    "since": "2022-01-01",
                    "until": "2021-12-31",
                    "people": 1,
                    "premium": 1,
                    "risks": "综合",
                },
            ),
            refused="早于",
        ),
    ),
)
