"""结对帮村: which unit is paired with which village since when, what the village lacks and what was brought (xuchang-2022-1#3.1.3.5)."""

from __future__ import annotations

from ..declaration import VILLAGE, Case, Figure, Register, choice, day, text

_CLAUSE = "xuchang-2022-1#3.1.3.5"
_GOES_ON = "laiyuan-2022-9#2.3.6"

REGISTER = Register(
    code="village_pairings",
    label="结对帮村",
    description="联乡帮村的单位、企业、学校与村的结对关系，一个单位在一个村一行；缺什么补什么",
    department="rural_revitalisation",
    about=VILLAGE,
    unit="对",
    columns=(
        text("unit", "结对单位", is_required=True),
        choice("kind", "结对方式", ("联乡", "帮村", "企业结对", "学校结对", "其他"), is_required=True),
        day("since", "结对开始日", is_required=True),
        day("until", "结对截止日"),
        text("liaison", "结对联系人", "姓名，不写电话"),
        text("lacks", "村里缺什么"),
        text("brought", "结对已补什么"),
    ),
    key=("unit", "since"),
    starts="since",
    ends="until",
    figures=(
        Figure("pairs", "在结对", unit="对", cites=(_CLAUSE,)),
        Figure("villages", "帮村", where={"kind": "帮村"}, unit="对", cites=(_CLAUSE,)),
        Figure("companies", "企业结对", where={"kind": "企业结对"}, unit="对", cites=(_CLAUSE,)),
        Figure("schools", "学校结对", where={"kind": "学校结对"}, unit="对", cites=(_CLAUSE,)),
    ),
    cites=(_CLAUSE, _GOES_ON),
    open=("结对单位的派出范围和轮换时间，文件没有给出。",),
    cases=(
        Case(
            "两村各有一个单位，一个是企业",
            (
                {"unit": "县农业农村局", "kind": "帮村", "since": "2022-03-07", "lacks": "灌溉设施"},
                {"unit": "某食品公司", "kind": "企业结对", "since": "2021-05-01"},
            ),
            {"pairs": "2", "villages": "1", "companies": "1", "schools": "0"},
        ),
        Case("没有写单位", ({"kind": "帮村", "since": "2022-03-07"},), refused="“结对单位”不能为空"),
    ),
)
