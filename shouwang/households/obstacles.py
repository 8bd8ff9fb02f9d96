"""What stands in the way of a step of a case, each as a sentence; empty when nothing does."""

from __future__ import annotations

import datetime as dt

from shouwang.casework import clocks
from shouwang.casework.models import Notice
from shouwang.casework.procedure import Context
from shouwang.policy.quantities import Duration

from . import kinds, measures, responsibilities

QUORUM = "case.democratic_review_quorum"
PUBLICITY_DAYS = "case.publicity_minimum_days"
CLEARANCE_CHECKS = "case.elimination_checks"
CLEARANCE_MONTHS = "case.elimination_minimum_months"


def review_carried(context: Context) -> list[str]:
    """民主评议: no more present than called, no more votes than present, a majority, and the share where one is required."""
    eligible, present = int(float(context.data["eligible"])), int(float(context.data["present"]))
    votes_for = int(float(context.data["votes_for"]))
    votes_against = int(float(context.data.get("votes_against", "0")))
    found = []
    if present > eligible:
        found.append(f"实到 {present} 人多于应到 {eligible} 人")
    if votes_for + votes_against > present:
        found.append(f"票数 {votes_for + votes_against} 多于实到 {present} 人")
    quorum = context.value(QUORUM)
    if quorum is not None and eligible and present < quorum * eligible:
        found.append(f"到会比例 {present / eligible:.0%}，须达到 {float(quorum):.0%}")
    if votes_for * 2 <= present:
        found.append(f"同意 {votes_for} 票，未过实到 {present} 人的半数")
    return found


# ── 公示 ─────────────────────────────────────────────────────────────────────
def publicity_ends_later(context: Context) -> list[str]:
    """A notice is not over before it is up. Whether its term is long enough is asked when it is to be closed."""
    shown_until = dt.date.fromisoformat(context.data["shown_until"])
    if shown_until < context.on:
        return [f"公示到 {shown_until}，早于张贴的 {context.on}"]
    return []


def publicity_longer(context: Context) -> list[str]:
    notice = _notice_up(context)
    if notice is None or dt.date.fromisoformat(context.data["shown_until"]) > notice.shown_until:
        return []
    return [f"现在公示到 {notice.shown_until}，只能往后延"]


def publicity_over(context: Context) -> list[str]:
    """The term has run, and it was long enough."""
    notice = _notice_up(context)
    if notice is None:
        return ["还没有张贴公示"]
    found = []
    least: Duration | None = context.value(PUBLICITY_DAYS, on=notice.shown_from)
    if least is not None:
        earliest = clocks.last_day(notice.shown_from, least)
        if notice.shown_until < earliest:
            days = (notice.shown_until - notice.shown_from).days
            found.append(f"公示 {notice.shown_from} 至 {notice.shown_until} 满 {days} 天，不少于 {least.text}才算数")
    if context.on < notice.shown_until:
        found.append(f"公示到 {notice.shown_until} 才期满")
    return found


def notice_is_up(context: Context) -> list[str]:
    return [] if _notice_up(context) else ["还没有张贴公示"]


def objection_is_open(context: Context) -> list[str]:
    return [] if _open_objections(context) else ["没有待答复的不同意见"]


def objections_answered(context: Context) -> list[str]:
    count = _open_objections(context)
    return [f"还有 {count} 条不同意见没有答复"] if count else []


def _open_objections(context: Context) -> int:
    """Objections since the notice went up, less those answered."""
    prefix = "out_" if context.proceeding.state.startswith("out_") else ""
    count = 0
    for event in context.events:
        if event.step == f"{prefix}publish":
            count = 0
        elif event.step == f"{prefix}object":
            count += 1
        elif event.step == f"{prefix}answer_objection":
            count -= 1
    return count


def _notice_up(context: Context) -> Notice | None:
    """The notice of this stretch that was not taken down."""
    prefix = "out_" if context.proceeding.state.startswith("out_") else ""
    rows = Notice.objects.filter(case=context.proceeding, event__step=f"{prefix}publish", taken_down_on=None)
    return rows.order_by("-event__sequence").first()


# ── 纳入 ─────────────────────────────────────────────────────────────────────
# hengshui-2022-1#C.2.4.2
def measure_planned(context: Context) -> list[str]:
    """纳入监测同步谋划帮扶计划: where the plan is due with the inclusion, no inclusion without a measure."""
    limit: Duration | None = context.value("household.support_plan_limit")
    if limit is None or limit.count > 0 or measures.standing(context.proceeding).exists():
        return []
    return ["还没有谋划帮扶措施（纳入监测须同步谋划帮扶计划）"]


def lateness_explained(context: Context) -> list[str]:
    due_on = context.proceeding.due_on
    if due_on is None or context.on <= due_on or context.data.get("late_reason"):
        return []
    return [f"已超过认定时限 {due_on}，须写明超期原因"]


def contact_is_named(context: Context) -> list[str]:
    return (
        [] if responsibilities.has_contact(context.proceeding.household_id, on=context.on) else ["还没有指定监测联系人"]
    )


# hengshui-2022-1#C.2.5.2
def plan_covers_risks(context: Context) -> list[str]:
    """单一风险单项措施、多风险综合性措施: every risk has a measure against it."""
    return measures.uncovered_sentences(context.proceeding)


# ── 消除 ─────────────────────────────────────────────────────────────────────
def checks_passed(context: Context) -> list[str]:
    """Every check of the region's list; where no list is set, all four that other places use."""
    from .procedure import CHECKS, PASSED

    wanted = context.value(CLEARANCE_CHECKS) or tuple(CHECKS)
    return [f"“{CHECKS[code]}”未通过" for code in wanted if context.data[code] != PASSED]


def stable_long_enough(context: Context) -> list[str]:
    months = context.value(CLEARANCE_MONTHS)
    begun = context.proceeding.included_on
    if months is None or begun is None or context.data.get("early_reason"):
        return []
    passed = (context.on.year - begun.year) * 12 + context.on.month - begun.month
    passed -= context.on.day < begun.day
    return [f"纳入才 {passed} 个月，不足 {months} 个月，须写明理由"] if passed < months else []


def has_labour(context: Context) -> list[str]:
    """整户无劳动能力: goes on being monitored, unless the county allowed it in writing."""
    if context.last("allow_no_labour") or kinds.has_labour(context.proceeding.household):
        return []
    return ["整户无劳动能力，应当持续监测；确需消除的，先由县里准许"]
