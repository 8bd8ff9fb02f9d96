"""农资供应: what was given to households in trouble with disaster or market (hengshui-2022-1#C.3.1.3)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, VILLAGE_LEVEL, Case, Eligible, Figure, Register, choice, day, money, number, text
from ..eligible import measures_done

_CLAUSE = "hengshui-2022-1#C.3.1.3"

REGISTER = Register(
    code="farm_supplies",
    label="农资供应",
    description="因灾害、市场出现风险的户得到的农资，一户一次一行",
    department="agriculture",
    level=VILLAGE_LEVEL,
    about=HOUSEHOLD,
    unit="次",
    known=("person.户类型", "monitored.监测对象类别", "household.耕地面积（亩）"),
    columns=(
        choice("kind", "农资种类", ("种子", "化肥", "农药", "农膜", "饲料", "农机服务", "其他"), is_required=True),
        text("detail", "农资名称"),
        number("quantity", "供应数量", "公斤"),
        money("value", "农资价值", is_required=True),
        day("given_on", "供应日期", is_required=True),
        choice("cause", "供应缘由", ("受灾", "市场风险", "其他"), is_required=True),
    ),
    key=("kind", "given_on"),
    starts="given_on",
    amount="value",
    measures=("farm_supplies",),
    from_measure={"detail": "title", "value": "amount_fen", "given_on": "done_on"},
    figures=(
        Figure("homes", "得到农资的户", of="households", unit="户", cites=(_CLAUSE,)),
        Figure("objects", "其中监测对象", of="households", where={"group": "monitored"}, unit="户", cites=(_CLAUSE,)),
        Figure("value", "价值合计", of="value", unit="元", cites=(_CLAUSE,)),
    ),
    eligible=(Eligible("measures", "农资措施已落实、没有登记", measures_done("farm_supplies"), (_CLAUSE,)),),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "两户共 900 元",
            (
                {"kind": "化肥", "value": 60000, "given_on": "2022-04-01", "cause": "受灾"},
                {"kind": "种子", "value": 30000, "given_on": "2022-04-02", "cause": "市场风险"},
            ),
            {"homes": "2", "value": "900.00"},
        ),
        Case("缘由要选", ({"kind": "化肥", "value": 1, "given_on": "2022-04-01"},), refused="“供应缘由”不能为空"),
    ),
)
