"""社会帮扶方: who helps which village with what, worth how much, reaching whom (hengshui-2022-1#C.3.10.1)."""

from __future__ import annotations

from ..declaration import UNIT, Case, Figure, Register, choice, day, money, text, whole

_CLAUSE = "hengshui-2022-1#C.3.10.1"

REGISTER = Register(
    code="helpers",
    label="社会帮扶方",
    description="中央定点、县际结对、万企兴万村、社会组织和志愿者，一方在一地的一项帮扶一行",
    department="rural_revitalisation",
    about=UNIT,
    name_label="帮扶方名称",
    unit="项",
    columns=(
        choice(
            "kind",
            "帮扶方种类",
            ("中央定点", "县际结对", "万企兴万村", "结对单位", "社会组织", "志愿服务", "爱心人士"),
            is_required=True,
        ),
        choice("item", "帮扶内容", ("资金", "物资", "项目", "人才", "消费帮扶", "志愿服务"), is_required=True),
        text("detail", "帮扶事项", is_required=True),
        money("value", "折合金额"),
        whole("objects", "惠及监测对象户数", "户", is_required=True),
        day("since", "帮扶开始日", is_required=True),
        day("until", "帮扶截止日"),
    ),
    key=("kind", "item", "since"),
    starts="since",
    ends="until",
    amount="value",
    figures=(
        Figure("helps", "在进行的帮扶", unit="项", cites=(_CLAUSE,)),
        Figure("value", "折合金额", of="value", unit="元", cites=(_CLAUSE,)),
        Figure("objects", "惠及监测对象", of="objects", unit="户次", cites=(_CLAUSE,)),
        Figure("companies", "万企兴万村", where={"kind": "万企兴万村"}, unit="项", cites=(_CLAUSE,)),
    ),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "两项帮扶，一项折合两万元",
            (
                {
                    "kind": "万企兴万村",
                    "item": "物资",
                    "detail": "捐赠化肥",
                    "value": 2000000,
                    "objects": 12,
                    "since": "2022-03-01",
                },
                {"kind": "志愿服务", "item": "志愿服务", "detail": "助老", "objects": 5, "since": "2022-01-01"},
            ),
            {"helps": "2", "value": "20,000.00", "objects": "17", "companies": "1"},
        ),
        Case(
            "没有写事项",
            ({"kind": "县际结对", "item": "资金", "objects": 1, "since": "2022-01-01"},),
            refused="“帮扶事项”不能为空",
        ),
    ),
)
