"""公益岗位人员: who holds which public post from when until when, held against the month before; whom a free place is offered first
(laiyuan-2022-9#2.3.2.3, hengshui-2022-1#C.3.2.3)."""

from __future__ import annotations

from ...kinds import LABOURING
from ..declaration import PERSON, Ask, Candidate, Candidates, Case, Eligible, Figure, Register, choice, day, money
from ..eligible import measures_done, people_who

_CLAUSE, _PRIORITY = "laiyuan-2022-9#2.3.2.3", "hengshui-2022-1#C.3.2.3"
_WEAK = LABOURING[-1]


def _in_order(ask: Ask) -> Candidates:
    """监测对象 before the others, among them weak labour first; whoever the labour register calls jobless before who has work."""
    from ...models import RegisterRow

    working = set(
        ask.scope.filter(RegisterRow.objects.filter(register="labour", is_taken_back=False, ended_on=None))
        .exclude(status__in=("未就业", "在家务农"))
        .values_list("person_id", flat=True)
    )
    weak = people_who((_WEAK,), "弱劳动力或半劳动力，更优先")(ask).found
    others = people_who(tuple(one for one in LABOURING if one != _WEAK), "有劳动能力，没有就业")(ask).found
    known = set(
        ask.scope.filter(
            RegisterRow.objects.filter(
                register="labour", is_taken_back=False, ended_on=None, status__in=("未就业", "在家务农")
            )
        ).values_list("person_id", flat=True)
    )
    found = [_ranked(one, 0) for one in weak if one.person_id not in working]
    # the able are offered a post only where somebody wrote down that they have no work
    found += [_ranked(one, 1) for one in others if one.person_id in known]
    return Candidates(tuple(found))


def _ranked(one: Candidate, step: int) -> Candidate:
    return Candidate(one.household_id, one.region_code, one.why, one.person_id, rank=one.rank * 2 + step)


REGISTER = Register(
    code="post_holders",
    label="公益岗位人员",
    description="在公益岗位上的人，一人一次聘用一行；到期或退岗后留在记录里",
    department="human_resources",
    about=PERSON,
    unit="人",
    part_of="public_posts",
    known=("person.劳动技能", "person.户类型", "monitored.监测对象类别"),
    columns=(
        day("hired_on", "上岗日期", is_required=True),
        day("agreed_until", "协议到期日", "最后一天"),
        money("paid", "实发月补贴"),
        choice("insured", "意外保险", ("已买", "未买")),
        choice("announced", "聘用公示", ("已公示", "未公示")),
    ),
    key=("hired_on",),
    starts="hired_on",
    ends="agreed_until",
    due="agreed_until",
    amount="paid",
    measures=("public_welfare_post", "asset_public_work"),
    from_measure={"hired_on": "started_on", "paid": "amount_fen"},
    figures=(
        Figure(
            "holders",
            "在岗帮扶对象",
            compared="month",
            parameter="employment.public_welfare_post_change",
            unit="人",
            cites=(_CLAUSE,),
        ),
        Figure("objects", "监测对象家庭的", where={"group": "monitored"}, unit="人", cites=(_PRIORITY,)),
        Figure(
            "objects_share", "监测对象家庭占比", where={"group": "monitored"}, share_of="holders", cites=(_PRIORITY,)
        ),
    ),
    eligible=(
        Eligible("in_order", "空缺岗位的优先次序名单", _in_order, (_CLAUSE, _PRIORITY)),
        Eligible(
            "measures",
            "安置措施已落实、没有登记",
            measures_done("public_welfare_post", "asset_public_work"),
            (_PRIORITY,),
        ),
    ),
    cites=(_CLAUSE, _PRIORITY, "hebei-opinion-2021#3.7.4"),
    links=(("register:public_posts", "公益岗位设置"),),
    open=("聘用的年龄和一户几岗，文件没有给出，不作限制。",),
    cases=(
        Case(
            "上月底两人，本月一人到期、一人新来：不减少",
            (
                {"hired_on": "2022-01-01", "agreed_until": "2022-07-05", "paid": 50000},
                {"hired_on": "2022-01-01", "agreed_until": "2022-12-31", "paid": 50000},
                {"hired_on": "2022-07-06", "agreed_until": "2023-07-05", "paid": 50000},
            ),
            {"holders": "2"},
        ),
        Case("到期早于上岗", ({"hired_on": "2022-07-06", "agreed_until": "2022-07-05"},), refused="早于"),
    ),
)
