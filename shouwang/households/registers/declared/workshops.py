"""帮扶车间: where they are, whom they employ, what they are paid for it (laiyuan-2022-9#2.3.2.2)."""

from __future__ import annotations

from ..declaration import UNIT, Case, Figure, Register, choice, day, money, text, whole

_CLAUSE, _PLAN = "laiyuan-2022-9#2.3.2.2", "hengshui-2022-1#C.3.2.1"

REGISTER = Register(
    code="workshops",
    label="帮扶车间",
    description="帮扶车间，一间一行；人数和补贴变了就变更这一行，以前的留在记录里",
    department="human_resources",
    about=UNIT,
    name_label="车间名称",
    unit="间",
    columns=(
        text("product", "加工产品", is_required=True),
        choice("status", "生产情况", ("正常生产", "季节停产", "停产", "已撤销"), is_required=True),
        whole("workers", "用工人数", "人", is_required=True),
        whole("alleviated", "吸纳脱贫人口", "人", is_required=True),
        whole("objects", "吸纳监测对象", "人", is_required=True),
        day("recognised_on", "车间认定日", is_required=True),
        money("subsidy", "本年补贴", "优惠政策兑现的金额"),
        choice("policy", "享受的政策", ("吸纳就业补贴", "租金减免", "一次性奖补", "贷款贴息", "没有享受")),
    ),
    starts="recognised_on",
    status="status",
    amount="subsidy",
    figures=(
        Figure("workshops", "车间", unit="间", cites=(_CLAUSE,)),
        Figure("stopped", "停产", where={"status": "停产"}, unit="间", cites=(_CLAUSE,)),
        Figure("workers", "用工", of="workers", unit="人", cites=(_CLAUSE,)),
        Figure("alleviated", "吸纳脱贫人口", of="alleviated", unit="人", cites=(_CLAUSE,)),
        Figure("objects", "吸纳监测对象", of="objects", unit="人", cites=(_CLAUSE,)),
        Figure("unpaid", "没有享受政策", where={"policy": "没有享受"}, unit="间", cites=(_CLAUSE,)),
        Figure("subsidy", "本年补贴", of="subsidy", unit="元", cites=(_CLAUSE,)),
    ),
    cites=(_CLAUSE, _PLAN),
    cases=(
        Case(
            "两间车间四十人",
            (
                {
                    "product": "箱包",
                    "status": "正常生产",
                    "workers": 30,
                    "alleviated": 12,
                    "objects": 2,
                    "recognised_on": "2020-05-01",
                    "subsidy": 1200000,
                },
                {
                    "product": "手工编织",
                    "status": "停产",
                    "workers": 10,
                    "alleviated": 8,
                    "objects": 1,
                    "recognised_on": "2021-05-01",
                },
            ),
            {"workshops": "2", "stopped": "1", "workers": "40", "objects": "3", "subsidy": "12,000.00"},
        ),
        Case(
            "没有写吸纳人数",
            ({"product": "箱包", "status": "停产", "workers": 3, "alleviated": 0, "recognised_on": "2021-05-01"},),
            refused="“吸纳监测对象”不能为空",
        ),
    ),
)
