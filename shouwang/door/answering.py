"""The answer to a family: proposed from what the lead and the case came to, given by a person, in words without anybody's numbers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from shouwang.casework import verification
from shouwang.foundation import secrets
from shouwang.foundation.errors import ConflictError, UserError
from shouwang.organisation import audit
from shouwang.reporting import scanner

from . import leads
from .models import OPEN, REFUSED, Outcome, RefusalReason, SelfReport
from .said import paragraph

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

TEXT_LENGTH = 300
HOW_TO_OBJECT = "可以在查询页上按“我有不同意见”重新申报，也可以拨打 12317，或到村委会、乡镇防贫工作站当面说明。"
_TEXTS = {
    Outcome.INCLUDED: "经村评议、公示，乡镇审核和县里确定，您申报的这一户已纳入防止返贫监测，会有专人上门制定帮扶计划。",
    Outcome.HELPED: "村里已上门核实，您申报的困难已安排帮扶，这一户暂不需要纳入监测，以后村里仍会定期走访。",
    Outcome.NOT_INCLUDED: "村里已上门核实，您申报的这一户这次没有纳入监测，以后情况有变化可以随时再申报。",
    Outcome.NOT_HERE: "按您申报的信息，这一户不是本地登记的农户，本地不能受理，请向户籍所在地的村委会申报。",
}
_REFUSALS = {verification.NO_RISK: RefusalReason.NO_RISK, verification.RETURNED: RefusalReason.DIFFERENT}
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@dataclass(frozen=True)
class Answer:
    """What a family is told. ``reason`` is empty unless it was refused."""

    outcome: str
    text: str
    reason: str = ""
    how_to_object: str = ""
    refusal: str = ""

    @property
    def is_refusal(self) -> bool:
        return self.outcome in REFUSED


def proposed(*, report: SelfReport) -> Answer | None:
    """What the result of the report's lead and case amounts to; None while there is none."""
    standing = leads.standing(report=report) if report.household_id else None
    if standing is None or not standing.is_decided:
        return None
    refusal = _REFUSALS.get(standing.lead.state, "") if standing.case is None else ""
    return Answer(standing.outcome, text_of(standing.outcome), standing.reason, HOW_TO_OBJECT, refusal)


def text_of(outcome: str) -> str:
    """The usual words of a result."""
    return _TEXTS[Outcome(outcome)]


# hengshui-2022-1#C.2.3: whoever reports is told the result, and why if the household is not included
def answer(
    *,
    report: SelfReport,
    outcome: str,
    refusal: str,
    text: str,
    reason: str,
    how_to_object: str = HOW_TO_OBJECT,
    by: Account,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Closes a report and those merged into it. Raises UserError while the verification is not over, or without a reason."""
    said = Answer(Outcome(outcome), paragraph(text), paragraph(reason), paragraph(how_to_object))
    _check(report, said, refusal)
    kept = {"text": said.text}
    if said.is_refusal:
        kept |= {"reason": said.reason, "how_to_object": said.how_to_object}
    with transaction.atomic():
        changed = SelfReport.objects.filter(OPEN, pk=report.pk).update(
            outcome=outcome,
            refusal=refusal if said.is_refusal else "",
            answer=secrets.load().encrypt_values(kept),
            answered_on=today,
            answered_at=now,
            answered_by=by,
        )
        if changed == 0:
            raise ConflictError("这件申报已由别人答复", next_step="请刷新后查看。")
        audit.record(
            by=by, action="答复申报", region_code=report.region_code, target=report.receipt_no,
            detail={"outcome": outcome, "refusal": refusal if said.is_refusal else ""},
        )  # fmt: skip


def read(report: SelfReport) -> Answer:
    """The answer of an answered report."""
    kept = secrets.load().decrypt_values(bytes(report.answer) if report.answer else None)
    label = RefusalReason(report.refusal).label if report.refusal else ""
    written = kept.get("reason", "")
    reason = f"{label}。{written}" if label and written else label or written
    return Answer(report.outcome, kept.get("text", ""), reason, kept.get("how_to_object", ""))


def _check(report: SelfReport, said: Answer, refusal: str) -> None:
    if not said.text:
        raise UserError("请写上给申报人的话")
    if max(map(len, (said.text, said.reason, said.how_to_object))) > TEXT_LENGTH:
        raise UserError(f"写得太长了，每项最多 {TEXT_LENGTH} 个字")
    if found := _private(said):
        raise UserError(f"答复里有{'、'.join(found)}", next_step="请去掉后再提交；查询页凭编号就能打开，不能写这些。")
    if said.is_refusal:
        if refusal not in RefusalReason.values:
            raise UserError("不纳入须选明原因", next_step="请选一项原因。")
        if refusal == RefusalReason.OTHER and not said.reason:
            raise UserError("原因选了“其他”，请在说明里写清楚")
        if not said.how_to_object:
            raise UserError("请写明有不同意见怎么办")
    if said.outcome == Outcome.NOT_HERE:
        return
    standing = leads.standing(report=report) if report.household_id else None
    if standing is None:
        raise UserError("这件申报还没有对上农户", next_step="请先认定是哪一户，或答复“不是本地登记的农户”。")
    if not standing.is_decided:
        raise UserError(
            f"这一户现在是“{standing.label}”，还没有结果，不能答复", next_step="请等核实或认定结束后再答复。"
        )
    if (said.outcome == Outcome.INCLUDED) != (standing.outcome == Outcome.INCLUDED):
        raise UserError("答复与办理结果不一致", next_step="请按系统里的办理结果答复；结果有误请先更正。")


def _private(said: Answer) -> list[str]:
    """What must not stand on a page that a receipt opens. An office may give its telephone to whoever does not agree."""
    kinds = {hit.kind for text in (said.text, said.reason) for hit in scanner.check(text)}
    kinds |= {hit.kind for hit in scanner.check(said.how_to_object)} - {scanner.Kind.PHONE}
    if _MOBILE.search(said.how_to_object):
        kinds.add(scanner.Kind.PHONE)
    return sorted(kind.value for kind in kinds)
