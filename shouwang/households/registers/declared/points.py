"""积分: points that a household earns and spends, each with its reason (hengshui-2022-1#C.3.11.1). Households are not ranked."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, VILLAGE_LEVEL, Case, Eligible, Figure, Register, choice, day, text, whole
from ..eligible import measures_done

_CLAUSE = "hengshui-2022-1#C.3.11.1"
_EARNED, _SPENT = "得分", "兑换"

REGISTER = Register(
    code="points",
    label="积分和奖励",
    description="道德银行、文明积分和自强奖励，一户一次一行；只记账，不排名",
    department="publicity",
    level=VILLAGE_LEVEL,
    about=HOUSEHOLD,
    unit="次",
    known=("person.户类型",),
    columns=(
        choice("direction", "积分方向", (_EARNED, _SPENT), is_required=True),
        choice(
            "kind",
            "积分事由",
            ("自强致富", "移风易俗", "环境卫生", "公益劳动", "邻里互助", "学习技能", "兑换物品", "其他"),
            is_required=True,
        ),
        whole("points", "分值", "分", is_required=True),
        day("on", "积分日期", is_required=True),
        text("reward", "奖励或兑换物品"),
    ),
    key=("direction", "kind", "on"),
    starts="on",
    measures=("motivation",),
    from_measure={"on": "done_on", "reward": "title"},
    figures=(
        Figure("homes", "参加农户", of="households", unit="户", cites=(_CLAUSE,)),
        Figure("earned", "得分合计", of="points", where={"direction": _EARNED}, unit="分", cites=(_CLAUSE,)),
        Figure("spent", "兑换合计", of="points", where={"direction": _SPENT}, unit="分", cites=(_CLAUSE,)),
        Figure(
            "left", "结余积分", of="points", where={"direction": _EARNED}, minus="spent", unit="分", cites=(_CLAUSE,)
        ),
    ),
    eligible=(Eligible("measures", "奖励措施已落实、没有登记", measures_done("motivation"), (_CLAUSE,)),),
    links=(("register:village_rules", "村规和两会一约"),),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "得三十分，换二十分",
            (
                {"direction": _EARNED, "kind": "公益劳动", "points": 30, "on": "2022-05-01"},
                {"direction": _SPENT, "kind": "兑换物品", "points": 20, "on": "2022-06-01", "reward": "洗衣液"},
            ),
            {"homes": "2", "earned": "30", "left": "10"},
        ),
        Case("分值不写不行", ({"direction": _EARNED, "kind": "其他", "on": "2022-05-01"},), refused="“分值”不能为空"),
    ),
)
