"""龙头合作联结: which household is tied to which enterprise, cooperative or base, and how its business income runs (laiyuan-2022-9#2.3.1.1)."""

from __future__ import annotations

from ..declaration import HOUSEHOLD, YEARLY, Case, Eligible, Figure, Register, choice, text
from ..eligible import households_who
from ..sources import business_income_per_head

_CLAUSE = "laiyuan-2022-9#2.3.1.1"

REGISTER = Register(
    code="leading_links",
    label="龙头合作联结",
    description="龙头企业、合作社、基地与农户的联结，一户一个主体一年一行",
    department="agriculture",
    about=HOUSEHOLD,
    period=YEARLY,
    unit="户次",
    known=("person.户类型", "household.是否加入农民专业合作组织", "household.是否有龙头企业带动"),
    columns=(
        choice("kind", "带动主体种类", ("龙头企业", "合作社", "产业基地", "家庭农场", "致富带头人"), is_required=True),
        text("leader", "带动主体", "主体名称", is_required=True),
        choice(
            "way", "联结方式", ("订单收购", "土地流转", "务工", "入股分红", "托管代养", "生产服务"), is_required=True
        ),
        text("product", "产业产品"),
        choice("signed", "书面协议", ("已签订", "未签订")),
    ),
    key=("leader",),
    figures=(
        Figure("links", "联结农户", of="households", unit="户", cites=(_CLAUSE,)),
        Figure("companies", "龙头企业带动", of="households", where={"kind": "龙头企业"}, unit="户", cites=(_CLAUSE,)),
        Figure("cooperatives", "合作社带动", of="households", where={"kind": "合作社"}, unit="户", cites=(_CLAUSE,)),
        Figure(
            "income",
            "联结户人均产业收入",
            worked_out=business_income_per_head,
            is_money=True,
            compared="year",
            parameter="industry.business_income_change",
            unit="元",
            cites=(_CLAUSE,),
        ),
    ),
    eligible=(
        Eligible(
            "able",
            "有劳动能力、没有联结的脱贫户和监测对象",
            households_who(True, "有劳动能力，台账里没有联结"),
            (_CLAUSE,),
        ),
    ),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "两户，一户由合作社带动；没有年收入就不算",
            (
                {"kind": "龙头企业", "leader": "太行菌业", "way": "订单收购"},
                {"kind": "合作社", "leader": "南屯药材合作社", "way": "土地流转"},
            ),
            {"links": "2", "cooperatives": "1", "income": ""},
        ),
        Case("联结方式要选", ({"kind": "合作社", "leader": "南屯药材合作社"},), refused="“联结方式”不能为空"),
    ),
)
