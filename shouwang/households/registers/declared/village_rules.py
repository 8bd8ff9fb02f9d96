"""村规和两会一约: which village has which rules and councils since when (hengshui-2022-1#C.3.11.1)."""

from __future__ import annotations

from ..declaration import VILLAGE, VILLAGE_LEVEL, Case, Figure, Register, choice, day, text

_CLAUSE = "hengshui-2022-1#C.3.11.1"

REGISTER = Register(
    code="village_rules",
    label="村规和两会一约",
    description="村规民约、红白理事会、道德评议会、道德银行、积分办法，一村一项一行",
    department="publicity",
    level=VILLAGE_LEVEL,
    about=VILLAGE,
    unit="项",
    columns=(
        choice("kind", "制度种类", ("村规民约", "红白理事会", "道德评议会", "道德银行", "积分办法"), is_required=True),
        day("made_on", "建立日期", is_required=True),
        text("summary", "主要内容"),
    ),
    key=("kind",),
    starts="made_on",
    figures=tuple(
        Figure(f"kind_{place}", label, where={"kind": label}, unit="村", cites=(_CLAUSE,))
        for place, label in enumerate(("村规民约", "红白理事会", "道德评议会", "道德银行", "积分办法"))
    ),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "两村有村规民约",
            ({"kind": "村规民约", "made_on": "2020-01-01"}, {"kind": "村规民约", "made_on": "2021-01-01"}),
            {"kind_0": "2", "kind_3": "0"},
        ),
        Case("没有建立日期", ({"kind": "道德银行"},), refused="“建立日期”不能为空"),
    ),
)
