"""Where a case can stand, and what its family is told."""

from __future__ import annotations

from shouwang.casework.procedure import State

# identification
AUTHORISE, MATCH, REVIEW, NOT_CARRIED = "to_authorise", "to_match", "to_review", "not_carried"
PUBLISH, TOWNSHIP_REVIEW, COUNTY_DECISION = "to_publish", "to_township", "to_county"
ANNOUNCE, SUPPORTED, REFUSED = "to_announce", "supported", "refused"
# the way out
OUT_REVIEW, OUT_PUBLISH, OUT_TOWNSHIP, OUT_COUNTY = "out_review", "out_publish", "out_township", "out_county"
CLEARED, CLEARED_NATURALLY = "cleared", "cleared_naturally"

IDENTIFYING = (AUTHORISE, MATCH, REVIEW, NOT_CARRIED, PUBLISH, TOWNSHIP_REVIEW, COUNTY_DECISION)
CLEARING = (OUT_REVIEW, OUT_PUBLISH, OUT_TOWNSHIP, OUT_COUNTY)

STATES = (
    State(AUTHORISE, "待授权", plain="等您签承诺授权书", option="household_verification", otherwise=MATCH),
    State(MATCH, "待信息比对", plain="正在核对信息", option="data_match", otherwise=REVIEW),
    State(REVIEW, "待民主评议", plain="等村里开会评议"),
    State(NOT_CARRIED, "评议未通过", plain="村里已经评议，正由县里研究"),
    State(PUBLISH, "公示", plain="评议已通过，正在村里公示"),
    State(TOWNSHIP_REVIEW, "待乡级审核", plain="公示已结束，正由乡镇审核"),
    State(COUNTY_DECISION, "待县级确定", plain="乡镇已审核，正由县里确定"),
    State(ANNOUNCE, "待公告", plain="已纳入监测帮扶", option="announcement", otherwise=SUPPORTED, is_on_clock=False),
    State(SUPPORTED, "监测帮扶", plain="已纳入监测帮扶", is_on_clock=False),
    State(OUT_REVIEW, "消除：待民主评议", plain="正在办理风险消除", is_on_clock=False),
    State(OUT_PUBLISH, "消除：公示", plain="风险消除正在村里公示", is_on_clock=False),
    State(OUT_TOWNSHIP, "消除：待乡级审核", plain="正在办理风险消除", is_on_clock=False),
    State(OUT_COUNTY, "消除：待县级确定", plain="正在办理风险消除", is_on_clock=False),
    State(CLEARED, "风险消除", plain="风险已消除，村里还会常来看看", is_open=False, is_on_clock=False),
    State(CLEARED_NATURALLY, "自然消除", plain="已办结", is_open=False, is_on_clock=False),
    State(REFUSED, "不予纳入", plain="没有纳入监测", is_open=False, is_settled=True),
)
