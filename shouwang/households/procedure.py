"""The procedure of a case: identified in the four steps of the province, helped, and closed the way it was opened (怎么进怎么出)."""

from __future__ import annotations

from shouwang.casework import clocks
from shouwang.casework.models import Case
from shouwang.casework.procedure import (
    CHOICE,
    COUNTY,
    DAY,
    FLAG,
    LONG_TEXT,
    NUMBER,
    TOWNSHIP,
    VILLAGE,
    Field,
    Procedure,
    State,
    Step,
)
from shouwang.organisation import roles

from . import categories, obstacles, outcomes

CODE = "case"

# identification
AUTHORISE, MATCH, REVIEW, PUBLISH, TOWNSHIP_REVIEW, COUNTY_DECISION = (
    "to_authorise",
    "to_match",
    "to_review",
    "to_publish",
    "to_township",
    "to_county",
)
ANNOUNCE, SUPPORTED, REFUSED = "to_announce", "supported", "refused"
# the way out
OUT_REVIEW, OUT_PUBLISH, OUT_TOWNSHIP, OUT_COUNTY = "out_review", "out_publish", "out_township", "out_county"
CLEARED, CLEARED_NATURALLY = "cleared", "cleared_naturally"

IDENTIFYING = (AUTHORISE, MATCH, REVIEW, PUBLISH, TOWNSHIP_REVIEW, COUNTY_DECISION)

# The four checks that other places use; the documents here say that there are four and not which (P68, X22).
CHECKS = {
    "income_stable": "收入持续稳定超过监测范围",
    "guarantees_kept": "“三保障”和饮水安全持续巩固",
    "spending_solved": "大额刚性支出稳定解决",
    "risk_gone": "返贫致贫风险稳定消除",
}
PASSED, FAILED = "passed", "failed"

_YES_NO = {"agree": "同意", "refuse": "不同意"}
_REASON = Field("reason", "理由", LONG_TEXT, help="会告知农户，不写病名和证件号码")


def _review(prefix: str, source: str, target: str, what: str) -> Step:
    return Step(
        code=f"{prefix}review",
        label="民主评议",
        sources=(source,),
        target=target,
        permission=roles.ORGANISE,
        level=VILLAGE,
        limit="case.step_limits:democratic_review",
        fields=(
            Field("place", "地点"),
            Field("chair", "主持人"),
            Field("recorder", "记录人"),
            Field("eligible", "应到人数", NUMBER),
            Field("present", "实到人数", NUMBER),
            Field("votes_for", f"同意{what}", NUMBER),
            Field("votes_against", "不同意", NUMBER, is_required=False),
            Field("minutes", "评议意见", LONG_TEXT, help="不写病名和证件号码"),
        ),
        checks=(obstacles.review_carried,),
        cites=("hebei-opinion-2021#2.2.11",),
    )


def _publicity(prefix: str, source: str, target: str, back: str) -> tuple[Step, ...]:
    return (
        Step(
            code=f"{prefix}publish",
            label="张贴公示",
            sources=(source,),
            target="",
            permission=roles.ORGANISE,
            level=VILLAGE,
            limit="case.step_limits:publicity",
            fields=(
                Field("shown_until", "公示到", DAY),
                Field("place", "张贴地点", help="如：村务公开栏"),
                Field("phone", "受理电话", help="办公电话，农户有不同意见时拨打"),
            ),
            checks=(obstacles.publicity_ends_later,),
            effects=(outcomes.put_up_notice,),
            is_once=True,
            cites=("hebei-opinion-2021#2.2.11",),
        ),
        Step(
            code=f"{prefix}extend_publicity",
            label="延长公示",
            sources=(source,),
            target="",
            permission=roles.ORGANISE,
            level=VILLAGE,
            is_task=False,
            fields=(Field("shown_until", "延长到", DAY),),
            checks=(obstacles.notice_is_up, obstacles.publicity_longer),
            effects=(outcomes.extend_notice,),
        ),
        Step(
            code=f"{prefix}object",
            label="登记不同意见",
            sources=(source,),
            target="",
            permission=roles.ORGANISE,
            level=VILLAGE,
            is_task=False,
            fields=(Field("text", "意见内容", LONG_TEXT, help="不写提意见人的姓名和电话"),),
            checks=(obstacles.notice_is_up,),
        ),
        Step(
            code=f"{prefix}answer_objection",
            label="答复不同意见",
            sources=(source,),
            target="",
            permission=roles.ORGANISE,
            level=VILLAGE,
            is_task=False,
            fields=(Field("text", "调查情况和答复", LONG_TEXT),),
            checks=(obstacles.objection_is_open,),
        ),
        Step(
            code=f"{prefix}close_publicity",
            label="公示期满",
            sources=(source,),
            target=target,
            permission=roles.ORGANISE,
            level=VILLAGE,
            fields=(Field("result", "公示结果", CHOICE, choices={"kept": "无异议，或异议不成立"}),),
            checks=(obstacles.publicity_over, obstacles.objections_answered),
            cites=("hebei-opinion-2021#2.2.11",),
        ),
        Step(
            code=f"{prefix}uphold_objection",
            label="异议成立，重新评议",
            sources=(source,),
            target=back,
            permission=roles.ORGANISE,
            level=VILLAGE,
            is_task=False,
            fields=(_REASON,),
            checks=(obstacles.notice_is_up,),
            effects=(outcomes.take_down_notice,),
        ),
    )


PROCEDURE = Procedure(
    code=CODE,
    label="监测帮扶个案",
    model=lambda: Case,
    start=AUTHORISE,
    limit=clocks.IDENTIFICATION_LIMIT,
    states=(
        State(AUTHORISE, "待授权", plain="等您签承诺授权书", option="authorisation", otherwise=MATCH),
        State(MATCH, "待信息比对", plain="正在核对信息", option="data_match", otherwise=REVIEW),
        State(REVIEW, "待民主评议", plain="等村里开会评议"),
        State(PUBLISH, "公示", plain="评议已通过，正在村里公示"),
        State(TOWNSHIP_REVIEW, "待乡级审核", plain="公示已结束，正由乡镇审核"),
        State(COUNTY_DECISION, "待县级确定", plain="乡镇已审核，正由县里确定"),
        State(
            ANNOUNCE,
            "待公告",
            plain="已纳入监测帮扶",
            option="announcement",
            otherwise=SUPPORTED,
            is_on_clock=False,
        ),
        State(SUPPORTED, "监测帮扶", plain="已纳入监测帮扶", is_on_clock=False),
        State(OUT_REVIEW, "消除：待民主评议", plain="正在办理风险消除", is_on_clock=False),
        State(OUT_PUBLISH, "消除：公示", plain="风险消除正在村里公示", is_on_clock=False),
        State(OUT_TOWNSHIP, "消除：待乡级审核", plain="正在办理风险消除", is_on_clock=False),
        State(OUT_COUNTY, "消除：待县级确定", plain="正在办理风险消除", is_on_clock=False),
        State(CLEARED, "风险消除", plain="风险已消除，村里还会常来看看", is_open=False, is_on_clock=False),
        State(CLEARED_NATURALLY, "自然消除", plain="已办结", is_open=False, is_on_clock=False),
        State(REFUSED, "不予纳入", plain="没有纳入监测", is_open=False, is_settled=True),
    ),
    steps=(
        Step(
            code="authorise",
            label="签订承诺授权书",
            sources=(AUTHORISE,),
            target=MATCH,
            permission=roles.VERIFY,
            level=VILLAGE,
            fields=(Field("signed_by", "签字人与户主关系"), Field("signed", "原件已签字存档", FLAG)),
        ),
        Step(
            code="match",
            label="信息比对",
            sources=(MATCH,),
            target=REVIEW,
            permission=roles.APPROVE,
            level=COUNTY,
            fields=(Field("result", "比对结果", LONG_TEXT, help="比对了哪些部门，有无需要说明的情况"),),
        ),
        _review("", REVIEW, PUBLISH, "纳入"),
        *_publicity("", PUBLISH, TOWNSHIP_REVIEW, REVIEW),
        Step(
            code="township_review",
            label="乡级审核",
            sources=(TOWNSHIP_REVIEW,),
            target=COUNTY_DECISION,
            permission=roles.REVIEW,
            level=TOWNSHIP,
            limit="case.step_limits:township_review",
            fields=(Field("opinion", "审核意见", LONG_TEXT),),
            apart_from=("confirm", "review", "match"),
            cites=("hebei-opinion-2021#2.2.11",),
        ),
        Step(
            code="township_return",
            label="退回村里",
            sources=(TOWNSHIP_REVIEW,),
            target=REVIEW,
            permission=roles.REVIEW,
            level=TOWNSHIP,
            is_task=False,
            fields=(_REASON,),
        ),
        Step(
            code="county_decision",
            label="县级确定纳入",
            sources=(COUNTY_DECISION,),
            target=ANNOUNCE,
            permission=roles.APPROVE,
            level=COUNTY,
            limit="case.step_limits:county_decision",
            fields=(
                Field("object_category", "监测对象类别", CHOICE, choices={name: name for name in categories.ALL}),
                Field("decision_no", "文号", is_required=False),
                Field("late_reason", "超期原因", LONG_TEXT, is_required=False, help="超过认定时限时必填"),
            ),
            checks=(obstacles.measure_planned, obstacles.lateness_explained),
            effects=(outcomes.include,),
            apart_from=("township_review", "review"),
            task_label="县级确定",
            cites=("hebei-opinion-2021#2.2.11", "hengshui-2022-1#C.2.4.2"),
        ),
        Step(
            code="county_return",
            label="退回乡镇",
            sources=(COUNTY_DECISION,),
            target=TOWNSHIP_REVIEW,
            permission=roles.APPROVE,
            level=COUNTY,
            is_task=False,
            fields=(_REASON,),
        ),
        Step(
            code="refuse",
            label="不予纳入",
            sources=IDENTIFYING,
            target=REFUSED,
            permission=roles.APPROVE,
            level=COUNTY,
            is_task=False,
            answers="county_decision",
            fields=(_REASON,),
            apart_from=("township_review", "review"),
        ),
        Step(
            code="announce",
            label="结果公告",
            sources=(ANNOUNCE,),
            target=SUPPORTED,
            permission=roles.ORGANISE,
            level=TOWNSHIP,
            fields=(Field("shown_until", "公告到", DAY), Field("place", "张贴地点"), Field("phone", "受理电话")),
            effects=(outcomes.put_up_notice,),
        ),
        Step(
            code="name_contact",
            label="落实监测联系人",
            sources=(ANNOUNCE, SUPPORTED),
            target="",
            permission=roles.PLAN_SUPPORT,
            level=TOWNSHIP,
            limit="household.contact_person_limit",
            checks=(obstacles.contact_is_named,),
            is_once=True,
            cites=("xuchang-2022-1#3.1.3.1", "hebei-opinion-2021#2.2.12"),
        ),
        Step(
            code="settle_plan",
            label="制定帮扶计划",
            sources=(ANNOUNCE, SUPPORTED),
            target="",
            permission=roles.PLAN_SUPPORT,
            level=TOWNSHIP,
            limit="household.support_plan_limit",
            checks=(obstacles.plan_covers_risks,),
            is_once=True,
            cites=("xuchang-2022-1#3.1.3.2", "hengshui-2022-1#C.2.4.2"),
        ),
        # ── the way out ──────────────────────────────────────────────────────
        Step(
            code="allow_no_labour",
            label="准许整户无劳动能力家庭申请消除",
            sources=(SUPPORTED,),
            target="",
            permission=roles.APPROVE,
            level=COUNTY,
            is_task=False,
            is_once=True,
            fields=(_REASON,),
        ),
        Step(
            code="ask_clearance",
            label="申请风险消除",
            sources=(SUPPORTED,),
            target=OUT_REVIEW,
            permission=roles.VERIFY,
            level=VILLAGE,
            is_task=False,
            fields=(
                *(
                    field
                    for code, label in CHECKS.items()
                    for field in (
                        Field(code, label, CHOICE, choices={PASSED: "通过", FAILED: "未通过"}),
                        Field(f"{code}_evidence", f"{label}：依据", LONG_TEXT),
                    )
                ),
                Field("early_reason", "不足规定月数的理由", LONG_TEXT, is_required=False),
            ),
            checks=(obstacles.checks_passed, obstacles.stable_long_enough, obstacles.has_labour),
            cites=("hengshui-2022-1#C.2.4.4",),
        ),
        _review("out_", OUT_REVIEW, OUT_PUBLISH, "消除"),
        *_publicity("out_", OUT_PUBLISH, OUT_TOWNSHIP, OUT_REVIEW),
        Step(
            code="out_township_review",
            label="乡级审核",
            sources=(OUT_TOWNSHIP,),
            target=OUT_COUNTY,
            permission=roles.REVIEW,
            level=TOWNSHIP,
            fields=(Field("opinion", "审核意见", LONG_TEXT),),
            apart_from=("out_review", "ask_clearance"),
        ),
        Step(
            code="out_county_decision",
            label="县级确定消除",
            sources=(OUT_COUNTY,),
            target=CLEARED,
            permission=roles.APPROVE,
            level=COUNTY,
            fields=(Field("decision_no", "文号", is_required=False),),
            effects=(outcomes.clear,),
            apart_from=("out_township_review", "out_review", "ask_clearance"),
            task_label="县级确定消除",
        ),
        Step(
            code="keep_supporting",
            label="不予消除，继续帮扶",
            sources=(OUT_REVIEW, OUT_PUBLISH, OUT_TOWNSHIP),
            target=SUPPORTED,
            permission=roles.REVIEW,
            level=TOWNSHIP,
            is_task=False,
            fields=(_REASON,),
            effects=(outcomes.take_down_notice,),
        ),
        Step(
            code="keep_supporting_county",
            label="县里退回，继续帮扶",
            sources=(OUT_COUNTY,),
            target=SUPPORTED,
            permission=roles.APPROVE,
            level=COUNTY,
            is_task=False,
            answers="out_county_decision",
            fields=(_REASON,),
        ),
        Step(
            code="clear_naturally",
            label="自然消除",
            sources=(SUPPORTED,),
            target=CLEARED_NATURALLY,
            permission=roles.APPROVE,
            level=COUNTY,
            is_task=False,
            fields=(
                Field(
                    "kind", "情形", CHOICE, choices={"died": "整户死亡", "moved": "整户迁出", "merged": "并入其他农户"}
                ),
                _REASON,
            ),
            effects=(outcomes.clear,),
        ),
        Step(
            code="reopen",
            label="标注有误，恢复监测",
            sources=(CLEARED,),
            target=SUPPORTED,
            permission=roles.APPROVE,
            level=COUNTY,
            is_task=False,
            fields=(_REASON,),
            effects=(outcomes.reopen,),
            cites=("hengshui-2022-1#C.2.4.5",),
        ),
    ),
)
