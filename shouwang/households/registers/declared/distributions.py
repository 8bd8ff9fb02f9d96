"""资产收益分配: who got what from the income of project assets in which form; households without labour are to get a share of their own
(laiyuan-2022-9#2.3.1.2, hengshui-2022-1#C.3.8.1)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, YEARLY, Case, Eligible, Figure, Register, choice, day, money, text
from ..eligible import households_who, measures_done

_CLAUSE, _PLAN = "laiyuan-2022-9#2.3.1.2", "hengshui-2022-1#C.3.8.1"
_DIRECT, _DIFFERENTIAL = "收益再分配", "差异化分配"

REGISTER = Register(
    code="distributions",
    label="资产收益分配",
    description="项目资产收益分到户，一户一笔一行；有劳动能力的引导劳动，整户无劳动能力的差异化分配",
    department="rural_revitalisation",
    about=HOUSEHOLD,
    period=YEARLY,
    unit="笔",
    known=("person.户类型", "monitored.监测对象类别", "monitored.整户无劳动能力兜底保障户"),
    columns=(
        text("asset", "收益资产", "资产名称，如某村光伏电站", is_required=True),
        choice(
            "form",
            "分配形式",
            (_DIRECT, "公益岗位", "临时用工", "公益事业", "小微奖补", _DIFFERENTIAL),
            is_required=True,
        ),
        money("paid", "分配额", is_required=True),
        day("paid_on", "分配日期", is_required=True),
        choice("announced", "分配公示", ("已公示", "未公示")),
        text("condition", "分配条件", "如参加村内保洁"),
    ),
    key=("asset", "form", "paid_on"),
    status="form",
    amount="paid",
    measures=("asset_income", "asset_public_work", "asset_small_award"),
    from_measure={"asset": "title", "paid": "amount_fen", "paid_on": "done_on"},
    figures=(
        Figure("paid", "分配合计", of="paid", unit="元", cites=(_PLAN,)),
        Figure("objects", "其中分给监测对象", of="paid", where={"group": "monitored"}, unit="元", cites=(_PLAN,)),
        Figure(
            "objects_share",
            "监测对象所得占比",
            of="paid",
            where={"group": "monitored"},
            share_of="paid",
            cites=(_PLAN,),
        ),
        Figure(
            "differential",
            "无劳动能力户差异化分配",
            of="households",
            where={"form": _DIFFERENTIAL, "group": "no_labour"},
            unit="户",
            cites=(_CLAUSE,),
        ),
        Figure(
            "direct_able",
            "有劳动能力而直接分钱",
            of="households",
            where={"form": _DIRECT, "group": "labour"},
            unit="户",
            cites=(_CLAUSE,),
        ),
    ),
    eligible=(
        Eligible(
            "no_labour",
            "整户无劳动能力、没有差异化分配",
            households_who(False, "整户无劳动能力"),
            (_CLAUSE,),
            where={"form": _DIFFERENTIAL},
        ),
        Eligible(
            "measures",
            "资产收益措施已落实、没有登记",
            measures_done("asset_income", "asset_public_work", "asset_small_award"),
            (_PLAN,),
        ),
    ),
    cites=(_CLAUSE, _PLAN),
    open=("差异化分配的标准和监测对象应占的份额，文件没有给出，只显示谁有谁没有，不作认定。",),
    cases=(
        Case(
            "有劳动能力的户直接分钱要看得见",
            (
                {"asset": "东关村光伏电站", "form": _DIRECT, "paid": 60000, "paid_on": "2022-03-01"},
                {"asset": "东关村光伏电站", "form": "公益岗位", "paid": 90000, "paid_on": "2022-03-01"},
            ),
            {"paid": "1,500.00", "direct_able": "1", "differential": "0"},
        ),
        Case("没有写分配日期", ({"asset": "光伏电站", "form": _DIRECT, "paid": 60000},), refused="“分配日期”不能为空"),
    ),
)
