"""The steps of the way out: checked item by item, then closed the way it was opened (怎么进怎么出)."""

from __future__ import annotations

from shouwang.casework.procedure import CHOICE, COUNTY, LONG_TEXT, TOWNSHIP, VILLAGE, Field, Step
from shouwang.organisation import roles

from . import clearance_items, meetings, obstacles, outcomes
from .meetings import REASON
from .states import (
    CLEARED,
    CLEARED_NATURALLY,
    OUT_COUNTY,
    OUT_PUBLISH,
    OUT_REVIEW,
    OUT_TOWNSHIP,
    SUPPORTED,
)

STEPS: tuple[Step, ...] = (
    Step(
        code="ask_clearance",
        label="申请风险消除",
        sources=(SUPPORTED,),
        target=OUT_REVIEW,
        permission=roles.VERIFY,
        level=VILLAGE,
        is_task=False,
        asks=clearance_items.asked,
        fields=(Field("early_reason", "不足规定月数的理由", LONG_TEXT, is_required=False),),
        conditions=(obstacles.has_labour,),
        checks=(clearance_items.all_passed, obstacles.stable_long_enough),
        cites=("hengshui-2022-1#C.2.4.4",),
    ),
    meetings.review("out_", source=OUT_REVIEW, target=OUT_PUBLISH, what="消除"),
    *meetings.publicity("out_", source=OUT_PUBLISH, target=OUT_TOWNSHIP, back=OUT_REVIEW),
    meetings.township_review(
        "out_", source=OUT_TOWNSHIP, target=OUT_COUNTY, apart_from=("out_review", "ask_clearance")
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
    ),
    Step(
        code="keep_supporting",
        label="不予消除，继续帮扶",
        sources=(OUT_REVIEW, OUT_PUBLISH, OUT_TOWNSHIP),
        target=SUPPORTED,
        permission=roles.REVIEW,
        level=TOWNSHIP,
        is_task=False,
        fields=(REASON,),
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
        fields=(REASON,),
    ),
    Step(
        code="allow_no_labour",
        label="准许整户无劳动能力家庭申请消除",
        sources=(SUPPORTED,),
        target="",
        permission=roles.APPROVE,
        level=COUNTY,
        is_task=False,
        is_once=True,
        fields=(REASON,),
        conditions=(obstacles.lacks_labour,),
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
            Field("kind", "情形", CHOICE, choices={"died": "整户死亡", "moved": "整户迁出", "merged": "并入其他农户"}),
            REASON,
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
        fields=(REASON,),
        conditions=(obstacles.no_other_case,),
        effects=(outcomes.reopen,),
        cites=("hengshui-2022-1#C.2.4.5",),
    ),
)
