"""滞销农产品: what a household cannot sell, how much, and who took it (laiyuan-2022-9#2.3.3.2, hengshui-2022-1#C.3.1.3)."""

from __future__ import annotations

from ..declaration import (
    HOUSEHOLD,
    VILLAGE_LEVEL,
    Case,
    Eligible,
    Figure,
    Register,
    choice,
    day,
    key_text,
    money,
    number,
    text,
)
from ..eligible import measures_done

_CLAUSE, _MATCH = "laiyuan-2022-9#2.3.3.2", "hengshui-2022-1#C.3.1.3"

REGISTER = Register(
    code="unsold_produce",
    label="滞销农产品",
    description="卖难的农产品，一户一种一行；对接上了写明买方和数量",
    department="agriculture",
    level=VILLAGE_LEVEL,
    about=HOUSEHOLD,
    unit="笔",
    known=("person.户类型", "monitored.监测对象类别"),
    columns=(
        text("produce", "滞销品名", "品名，如土豆、核桃", is_required=True),
        day("told_on", "反映日期", is_required=True),
        number("quantity", "滞销数量", "公斤", is_required=True),
        key_text("expected_price", "期望单价说明", "如 1.2元每公斤"),
        choice("status", "对接情况", ("未对接", "对接中", "已售完", "部分售出"), is_required=True),
        choice("way", "销售渠道", ("线上", "线下", "消费帮扶", "合作社收购", "企业收购")),
        text("buyer", "买方"),
        number("sold", "已售数量", "公斤"),
        money("sold_amount", "销售额"),
        day("matched_on", "对接成功日期"),
    ),
    key=("produce", "told_on"),
    starts="told_on",
    status="status",
    amount="sold_amount",
    measures=("sales_matching",),
    from_measure={"matched_on": "done_on", "sold_amount": "amount_fen", "buyer": "result"},
    figures=(
        Figure("open", "未对接", where={"status": "未对接"}, unit="笔", cites=(_CLAUSE,)),
        Figure("homes", "涉及农户", of="households", unit="户", cites=(_CLAUSE,)),
        Figure("objects", "其中监测对象", of="households", where={"group": "monitored"}, unit="户", cites=(_MATCH,)),
        Figure("sold", "销售额", of="sold_amount", unit="元", cites=(_CLAUSE,)),
    ),
    eligible=(Eligible("measures", "产销对接措施已落实、没有登记", measures_done("sales_matching"), (_MATCH,)),),
    cites=(_CLAUSE, _MATCH),
    cases=(
        Case(
            "一笔没有对接，一笔卖了 800 元",
            (
                {"produce": "土豆", "told_on": "2022-06-01", "quantity": "500", "status": "未对接"},
                {
                    "produce": "核桃",
                    "told_on": "2022-06-02",
                    "quantity": "80",
                    "status": "已售完",
                    "sold_amount": 80000,
                },
            ),
            {"open": "1", "sold": "800.00"},
        ),
        Case(
            "没有写数量",
            ({"produce": "土豆", "told_on": "2022-06-01", "status": "未对接"},),
            refused="“滞销数量”不能为空",
        ),
    ),
)
