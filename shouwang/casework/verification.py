"""The procedure of a lead: sent down to the village, looked at on the spot, and answered."""

from __future__ import annotations

from shouwang.feeds.datasets import disaster_loss
from shouwang.organisation import roles
from shouwang.screening import catalogue

from . import cases, clocks
from .lead_states import AT_TOWNSHIP, AT_VILLAGE, CONFIRMED, NO_RISK, OPEN, RETURNED, WITHDRAWN
from .models import Lead
from .procedure import (
    CHOICE,
    CHOICES,
    COUNTY,
    FLAG,
    LONG_TEXT,
    TOWNSHIP,
    VILLAGE,
    Context,
    Field,
    Procedure,
    State,
    Step,
)
from .risks import RISKS

CODE = "verification"

# Valid results that go back to whoever the data came from.
RETURN_KINDS = {"not_found": "查无此人", "died": "已去世", "moved": "已迁出", "wrong_data": "数据有误"}


def _needs_words(context: Context) -> list[str]:
    return ["“其他”须在情况说明里写明"] if "other" in context.data["risks"] and not context.data.get("note") else []


def _at_most_five(context: Context) -> list[str]:
    return ["风险最多选五项"] if len(context.data["risks"]) > 5 else []


# The sub-items of 因自然灾害, as the emergency office's file names them.
DISASTERS = {name: name for name in disaster_loss.KINDS.values}
GREEN_CHANNEL_KINDS = "case.green_channel_kinds"
_RISKS_OF_KIND = {"disaster": ("disaster",), "epidemic": ("epidemic",), "other_sudden": tuple(RISKS)}


# hebei-xiangzhenfa-2022-14#1.9
def _green_channel_allowed(context: Context) -> list[str]:
    """The green channel is for what came suddenly, where a document opens one."""
    if not context.data.get("green_channel"):
        return []
    kinds = context.value(GREEN_CHANNEL_KINDS)
    if kinds is None:
        return ["当地没有文件规定绿色通道"]
    allowed = {risk for kind in kinds for risk in _RISKS_OF_KIND.get(kind, ())}
    return [] if allowed & set(context.data["risks"]) else ["绿色通道只用于因灾、因疫等突发情形，所选风险都不是"]


def _known_risks(context: Context) -> dict[str, list[str]]:
    """The risks that the lead's reasons speak of."""
    lead: Lead = context.proceeding
    causes = {cause for rule in lead.rules for cause in _causes(rule)}
    found = [code for code, word in RISKS.items() if word in causes]
    told = lead.reasons.filter(signal__isnull=False).values_list("signal__risk", flat=True)
    return {"risks": list(dict.fromkeys([*found, *(risk for risk in told if risk in RISKS)]))[:5]}


def _causes(rule: str) -> tuple[str, ...]:
    bound = catalogue.rules().get(rule)
    return tuple(bound.rule.causes) if bound else ()


def _open_case(context: Context) -> None:
    cases.open_case(context)


PROCEDURE = Procedure(
    code=CODE,
    label="线索核实",
    model=lambda: Lead,
    start=OPEN,
    limit=clocks.IDENTIFICATION_LIMIT,
    pause_permission=roles.DISPATCH_LEADS,
    states=(
        State(OPEN, "待下派", plain="已收到，正在安排"),
        State(AT_TOWNSHIP, "待乡镇转派", plain="已收到，正在安排"),
        State(AT_VILLAGE, "待核实", plain="村里将上门了解情况"),
        State(CONFIRMED, "风险属实", plain="情况属实，正在按程序办理", is_open=False),
        State(NO_RISK, "无返贫风险", plain="已上门核实，暂不需要纳入监测", is_open=False, is_settled=True),
        State(RETURNED, "退回来源", plain="已核实，登记的信息需要更正", is_open=False, is_settled=True),
        State(WITHDRAWN, "依据已撤", plain="已办结", is_open=False),
    ),
    steps=(
        Step(
            code="dispatch",
            label="下派到村",
            sources=(OPEN, AT_TOWNSHIP),
            target=AT_VILLAGE,
            permission=roles.DISPATCH_LEADS,
            level=COUNTY,
            limit="feeds.risk_push_limit",
            task_label="下派线索",
            cites=("hengshui-2022-1#C.2.1.3", "xuchang-2022-1#3.1.2.2"),
        ),
        Step(
            code="send_to_township",
            label="下派到乡镇",
            sources=(OPEN,),
            target=AT_TOWNSHIP,
            permission=roles.DISPATCH_LEADS,
            level=COUNTY,
            is_task=False,
            answers="dispatch",
        ),
        Step(
            code="confirm",
            label="风险属实",
            sources=(AT_VILLAGE,),
            target=CONFIRMED,
            permission=roles.VERIFY,
            level=VILLAGE,
            limit="household.days_to_verify",
            task_label="入户核实",
            fields=(
                Field("risks", "致贫返贫风险", CHOICES, choices=RISKS, help="选一至五项"),
                Field("disaster_kind", "灾种", CHOICE, choices=DISASTERS, required_if=("risks", ("disaster",))),
                Field("green_channel", "走绿色通道：先帮扶，程序随后补办", FLAG, is_required=False),
                Field("note", "情况说明", LONG_TEXT, is_required=False, help="不写病名和证件号码"),
            ),
            checks=(_at_most_five, _needs_words, _green_channel_allowed),
            effects=(_open_case,),
            suggests=_known_risks,
            cites=("hengshui-2022-1#C.2.1.3",),
        ),
        Step(
            code="clear",
            label="无返贫风险",
            sources=(AT_VILLAGE,),
            target=NO_RISK,
            permission=roles.VERIFY,
            level=VILLAGE,
            is_task=False,
            answers="confirm",
            fields=(Field("reason", "理由", LONG_TEXT, help="一句话说明为什么不会返贫致贫；不写病名和证件号码"),),
        ),
        Step(
            code="give_back",
            label="退回来源",
            sources=(AT_VILLAGE, AT_TOWNSHIP, OPEN),
            target=RETURNED,
            permission=roles.VERIFY,
            level=VILLAGE,
            is_task=False,
            answers="confirm",
            fields=(
                Field("kind", "情形", CHOICE, choices=RETURN_KINDS),
                Field(
                    "reason",
                    "说明",
                    LONG_TEXT,
                    is_required=False,
                    required_if=("kind", ("wrong_data",)),
                    help="哪一项不对，实际是什么",
                ),
            ),
        ),
        Step(
            code="withdraw",
            label="依据撤回",
            sources=(OPEN, AT_TOWNSHIP, AT_VILLAGE),
            target=WITHDRAWN,
            permission="",
            level=COUNTY,
            is_task=False,
            is_by_program=True,
        ),
    ),
)

LEVEL_OF_STATE = {OPEN: COUNTY, AT_TOWNSHIP: TOWNSHIP, AT_VILLAGE: VILLAGE}
