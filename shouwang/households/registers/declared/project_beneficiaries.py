"""项目受益户: which households a project benefits, and which share of them is monitored (hengshui-2022-1#C.3.1.1)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, YEARLY, Case, Eligible, Figure, Register, choice, money, text
from ..eligible import households_who, measures_done

_CLAUSE = "hengshui-2022-1#C.3.1.1"

REGISTER = Register(
    code="project_beneficiaries",
    label="项目受益户",
    description="产业项目带动的农户，一户一个项目一年一行；项目优先向监测对象倾斜",
    department="agriculture",
    about=HOUSEHOLD,
    period=YEARLY,
    unit="户次",
    known=("person.户类型", "monitored.监测对象类别"),
    columns=(
        text("project", "受益项目", "项目名称，与项目库一致", is_required=True),
        choice("kind", "项目种类", ("特色产业", "科技服务", "经营主体带动", "加工流通", "其他"), is_required=True),
        choice("way", "带动方式", ("到户补助", "订单收购", "土地流转", "就近务工", "入股分红", "技术服务", "其他")),
        money("amount", "受益资金"),
    ),
    key=("project",),
    amount="amount",
    measures=("industry_project",),
    from_measure={"project": "title", "amount": "amount_fen"},
    figures=(
        Figure("homes", "受益户", of="households", unit="户", cites=(_CLAUSE,)),
        Figure("objects", "其中监测对象", of="households", where={"group": "monitored"}, unit="户", cites=(_CLAUSE,)),
        Figure(
            "share", "监测对象占比", of="households", where={"group": "monitored"}, share_of="homes", cites=(_CLAUSE,)
        ),
        Figure("amount", "受益资金", of="amount", unit="元", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("measures", "产业措施已落实、没有登记", measures_done("industry_project"), (_CLAUSE,)),
        Eligible(
            "objects",
            "有劳动能力、没有项目带动的监测对象",
            households_who(True, "监测对象，有劳动能力", objects_only=True),
            (_CLAUSE,),
        ),
    ),
    cites=(_CLAUSE,),
    open=("优先到什么程度、占比多少，文件没有给出，只显示占比，不作认定。",),
    cases=(
        Case(
            "一户两个项目算一户",
            (
                {"project": "食用菌大棚", "kind": "特色产业", "amount": 300000},
                {"project": "中药材订单", "kind": "经营主体带动", "amount": 100000},
            ),
            {"homes": "2", "amount": "4,000.00"},
        ),
        Case("没有写项目", ({"kind": "特色产业"},), refused="“受益项目”不能为空"),
    ),
)
