"""What stands in the way of a step of a case, each as a sentence; empty when nothing does."""

from __future__ import annotations

import datetime as dt

from shouwang.casework import clocks
from shouwang.casework.models import Case, Notice
from shouwang.casework.procedure import Context
from shouwang.casework.risks import RISKS
from shouwang.policy.quantities import Duration

from . import kinds, measures, responsibilities

QUORUM = "case.democratic_review_quorum"
PUBLICITY_DAYS = "case.publicity_minimum_days"
CLEARANCE_MONTHS = "case.elimination_minimum_months"
GREEN_CHANNEL = "case.green_channel_kinds"
PLAN_LIMIT = "household.support_plan_limit"


# ── 民主评议 ─────────────────────────────────────────────────────────────────
def votes_add_up(context: Context) -> list[str]:
    """No more present than called, no more votes than present, and the share present where one is required."""
    eligible, present, votes_for, votes_against = _votes(context)
    found = []
    if present > eligible:
        found.append(f"实到 {present} 人多于应到 {eligible} 人")
    if votes_for + votes_against > present:
        found.append(f"票数 {votes_for + votes_against} 多于实到 {present} 人")
    quorum = context.value(QUORUM)
    if quorum is not None and eligible and present < quorum * eligible:
        found.append(f"到会比例 {present / eligible:.0%}，须达到 {float(quorum):.0%}")
    return found


def review_carried(context: Context) -> list[str]:
    _, present, votes_for, _ = _votes(context)
    if votes_for * 2 > present:
        return []
    return [f"同意 {votes_for} 票，未过实到 {present} 人的半数；评议没有通过的，另记“评议未通过”"]


def review_not_carried(context: Context) -> list[str]:
    _, present, votes_for, _ = _votes(context)
    return [f"同意 {votes_for} 票，已过实到 {present} 人的半数，应记为评议通过"] if votes_for * 2 > present else []


def _votes(context: Context) -> tuple[int, int, int, int]:
    names = ("eligible", "present", "votes_for", "votes_against")
    eligible, present, votes_for, votes_against = (int(context.data.get(name, "0")) for name in names)
    return eligible, present, votes_for, votes_against


# ── 公示 ─────────────────────────────────────────────────────────────────────
def publicity_ends_later(context: Context) -> list[str]:
    """A notice is not over before it is up. Whether its term is long enough is asked when it is to be closed."""
    shown_until = dt.date.fromisoformat(context.data["shown_until"])
    return [f"公示到 {shown_until}，早于张贴的 {context.on}"] if shown_until < context.on else []


def publicity_longer(context: Context) -> list[str]:
    notice = notice_up(context)
    if notice is None or dt.date.fromisoformat(context.data["shown_until"]) > notice.shown_until:
        return []
    return [f"现在公示到 {notice.shown_until}，只能往后延"]


def publicity_over(context: Context) -> list[str]:
    """The term has run, and it was long enough; the day on which the notice went up does not count (X02)."""
    notice = notice_up(context)
    if notice is None:
        return ["还没有张贴公示"]
    least: Duration | None = context.value(PUBLICITY_DAYS, on=notice.shown_from)
    basis = clocks.day_basis(region_code=context.county_code, on=notice.shown_from, policies=context.policies)
    if least is not None and notice.shown_until < (earliest := clocks.last_day(notice.shown_from, least, basis=basis)):
        return [
            f"公示 {notice.shown_from} 至 {notice.shown_until} 不足 {least.text}（张贴当日不计），"
            f"至少公示到 {earliest}：请先延长公示"
        ]
    return [f"公示到 {notice.shown_until} 才期满"] if context.on < notice.shown_until else []


def notice_is_up(context: Context) -> list[str]:
    return [] if notice_up(context) else ["还没有张贴公示"]


def objection_is_open(context: Context) -> list[str]:
    return [] if open_objections(context) else ["没有待答复的不同意见"]


def objections_answered(context: Context) -> list[str]:
    count = open_objections(context)
    return [f"还有 {count} 条不同意见没有答复"] if count else []


def open_objections(context: Context) -> int:
    """Objections of this stretch, less those answered."""
    taken = [event.step for event in context.stretch]
    raised = sum(step.endswith("object") for step in taken)
    return raised - sum(step.endswith("answer_objection") for step in taken)


def notice_up(context: Context) -> Notice | None:
    """The notice of this stretch: one that hung before the case went back does not count for the next round."""
    posted = next((event for event in reversed(context.stretch) if event.step.endswith("publish")), None)
    return Notice.objects.filter(event=posted, taken_down_on=None).first() if posted else None


# ── 纳入 ─────────────────────────────────────────────────────────────────────
# hengshui-2022-1#C.2.4.2
def measure_planned(context: Context) -> list[str]:
    """纳入监测同步谋划帮扶计划: where the plan is due with the inclusion, no inclusion without a measure."""
    limit: Duration | None = context.value(PLAN_LIMIT)
    if limit is None or limit.count > 0 or measures.standing(context.proceeding).exists():
        return []
    return ["还没有谋划帮扶措施（纳入监测须同步谋划帮扶计划）"]


def lateness_explained(context: Context) -> list[str]:
    due_on = context.proceeding.due_on
    if due_on is None or context.on <= due_on or context.data.get("late_reason"):
        return []
    return [f"已超过认定时限 {due_on}，须写明超期原因"]


def category_explained(context: Context) -> list[str]:
    """The category follows from last year's income; another one than proposed needs a word (X10, X11)."""
    proposed = context.proceeding.proposed_category
    if not proposed or context.data["object_category"] == proposed or context.data.get("category_reason"):
        return []
    return [f"与建议的类别“{proposed}”不同，须写明理由"]


def green_channel_is_new(context: Context) -> list[str]:
    if context.proceeding.is_green_channel:
        return ["已经在绿色通道"]
    return [] if context.value(GREEN_CHANNEL) else ["当地没有文件规定绿色通道"]


def contact_is_named(context: Context) -> list[str]:
    if responsibilities.has_contact(context.proceeding.household_id, on=context.on):
        return []
    return ["还没有指定监测联系人"]


# hengshui-2022-1#C.2.5.2
def plan_covers_risks(context: Context) -> list[str]:
    """单一风险单项措施、多风险综合性措施: every risk has a measure against it."""
    return measures.uncovered_sentences(context.proceeding)


def risks_are_new(context: Context) -> list[str]:
    case: Case = context.proceeding
    known = [RISKS[risk] for risk in context.data["risks"] if risk in case.risks]
    found = [f"“{label}”已经登记" for label in known]
    if len({*case.risks, *context.data["risks"]}) > 5:
        found.append("风险最多登记五项")
    if {"disaster", "other"} & set(context.data["risks"]) and not context.data.get("note"):
        found.append("“因自然灾害”须注明灾种，“其他”须写明情形")
    return found


# ── 消除 ─────────────────────────────────────────────────────────────────────
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


def lacks_labour(context: Context) -> list[str]:
    return ["家里有劳动能力，不需要准许"] if kinds.has_labour(context.proceeding.household) else []


def no_other_case(context: Context) -> list[str]:
    case: Case = context.proceeding
    if Case.objects.filter(household=case.household_id, is_open=True).exclude(pk=case.pk).exists():
        return ["该户已有新的个案，请在新的个案里办理"]
    return []
