"""The steps that the way in and the way out share: 民主评议 and 公示 (怎么进怎么出)."""

from __future__ import annotations

from shouwang.casework.procedure import CHOICE, COUNT, DAY, LONG_TEXT, TOWNSHIP, VILLAGE, Field, Step
from shouwang.organisation import roles

from . import obstacles, outcomes, suggestions

REASON = Field("reason", "理由", LONG_TEXT, help="会告知农户，不写病名和证件号码")


def _minutes(what: str) -> tuple[Field, ...]:
    return (
        Field("place", "地点"),
        Field("chair", "主持人"),
        Field("recorder", "记录人"),
        Field("eligible", "应到人数", COUNT),
        Field("present", "实到人数", COUNT),
        Field("votes_for", f"同意{what}（票）", COUNT),
        Field("votes_against", "不同意（票）", COUNT, is_required=False),
        Field("minutes", "评议意见", LONG_TEXT, help="不写病名和证件号码"),
    )


def review(prefix: str, *, source: str, target: str, what: str) -> Step:
    return Step(
        code=f"{prefix}review",
        label=f"民主评议通过（{what}）",
        sources=(source,),
        target=target,
        permission=roles.ORGANISE,
        level=VILLAGE,
        limit="case.step_limits:democratic_review",
        fields=_minutes(what),
        checks=(obstacles.votes_add_up, obstacles.review_carried),
        suggests=suggestions.of_review,
        task_label="召开民主评议",
        cites=("hebei-opinion-2021#2.2.11",),
    )


def review_against(*, source: str, target: str, what: str) -> Step:
    return Step(
        code="review_against",
        label="民主评议未通过",
        sources=(source,),
        target=target,
        permission=roles.ORGANISE,
        level=VILLAGE,
        is_task=False,
        answers="review",
        fields=_minutes(what),
        checks=(obstacles.votes_add_up, obstacles.review_not_carried),
        suggests=suggestions.of_review,
    )


def publicity(prefix: str, *, source: str, target: str, back: str) -> tuple[Step, ...]:
    """Up, longer, objections and their answers, and the two ways in which it ends."""
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
                Field("shown_until", "公示到", DAY, help="张贴当日不计"),
                Field("place", "张贴地点", help="如：村务公开栏"),
                Field("phone", "受理电话", help="办公电话，农户有不同意见时拨打"),
            ),
            checks=(obstacles.publicity_ends_later,),
            effects=(outcomes.put_up_notice,),
            suggests=suggestions.of_notice,
            is_once=True,
            cites=("hebei-opinion-2021#2.2.11",),
        ),
        Step(
            code=f"{prefix}close_publicity",
            label="公示期满",
            sources=(source,),
            target=target,
            permission=roles.ORGANISE,
            level=VILLAGE,
            fields=(Field("result", "公示结果", CHOICE, choices={"kept": "无不同意见，或不同意见不成立"}),),
            after=f"{prefix}publish",
            conditions=(obstacles.publicity_over, obstacles.objections_answered),
            cites=("hebei-opinion-2021#2.2.11",),
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
            conditions=(obstacles.notice_is_up,),
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
            conditions=(obstacles.objection_is_open,),
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
            conditions=(obstacles.notice_is_up,),
            checks=(obstacles.publicity_longer,),
            effects=(outcomes.extend_notice,),
        ),
        Step(
            code=f"{prefix}uphold_objection",
            label="不同意见成立，重新评议",
            sources=(source,),
            target=back,
            permission=roles.ORGANISE,
            level=VILLAGE,
            is_task=False,
            fields=(REASON,),
            conditions=(obstacles.notice_is_up,),
            effects=(outcomes.take_down_notice,),
        ),
    )


def township_review(prefix: str, *, source: str, target: str, apart_from: tuple[str, ...], limit: str = "") -> Step:
    return Step(
        code=f"{prefix}township_review",
        label="乡级审核",
        sources=(source,),
        target=target,
        permission=roles.REVIEW,
        level=TOWNSHIP,
        limit=limit,
        fields=(Field("opinion", "审核意见", LONG_TEXT),),
        apart_from=apart_from,
        cites=("hebei-opinion-2021#2.2.11",),
    )
