"""公益岗位设置: the posts of a village or township, how many people each takes, and how many places are free (hengshui-2022-1#C.3.2.3)."""

from __future__ import annotations

from ..declaration import UNIT, Ask, Case, Figure, Register, choice, day, money, whole
from ..queries import in_force

_CLAUSE = "hengshui-2022-1#C.3.2.3"


def _held(ask: Ask) -> tuple[int | None, str]:
    """People who hold a post on the day."""
    from ...models import RegisterRow

    rows = ask.scope.filter(RegisterRow.objects.filter(register="post_holders", is_taken_back=False))
    return rows.filter(in_force(ask.on)).count(), ""


REGISTER = Register(
    code="public_posts",
    label="公益岗位设置",
    description="公益岗位，一岗一行；按需设岗，定员减在岗就是空缺",
    department="human_resources",
    about=UNIT,
    name_label="岗位名称",
    unit="个",
    columns=(
        choice(
            "kind",
            "岗位种类",
            ("保洁", "护林", "护路", "护河", "防火", "托幼养老", "治安协管", "防贫网格", "其他"),
            is_required=True,
        ),
        whole("places", "定员", "人", "这个岗位要几个人", is_required=True),
        choice(
            "funding",
            "资金来源渠道",
            {
                "衔接资金": ("专项资金", "财政衔接资金"),
                "项目资产收益": ("资产收益", "光伏收益"),
                "就业补助资金": (),
                "村集体收入": ("集体经济",),
                "其他": (),
            },
            "补助从哪里来",
            is_required=True,
        ),
        money("monthly_pay", "每人月补贴", is_required=True),
        day("opened_on", "设岗日期"),
    ),
    starts="opened_on",
    figures=(
        Figure("posts", "岗位", unit="个", cites=(_CLAUSE,)),
        Figure("places", "定员合计", of="places", unit="人", cites=(_CLAUSE,)),
        Figure("held", "在岗", worked_out=_held, unit="人", cites=(_CLAUSE,)),
        Figure("vacant", "空缺", of="places", minus="held", unit="人", cites=(_CLAUSE,)),
    ),
    cites=(_CLAUSE, "hebei-opinion-2021#3.7.4"),
    links=(("register:post_holders", "公益岗位人员"),),
    cases=(
        Case(
            "两个岗位五个人，没有人在岗",
            (
                {"kind": "保洁", "places": 3, "funding": "衔接资金", "monthly_pay": 50000},
                {"kind": "护林", "places": 2, "funding": "项目资产收益", "monthly_pay": 60000},
            ),
            {"posts": "2", "places": "5", "held": "0", "vacant": "5"},
        ),
        Case(
            "没有写资金来源", ({"kind": "保洁", "places": 3, "monthly_pay": 50000},), refused="“资金来源渠道”不能为空"
        ),
    ),
)
