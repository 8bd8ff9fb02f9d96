"""Reads at the door: how far a report is, for whoever holds its receipt; lists and candidates for those who work on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.casework.models import LeadReason
from shouwang.foundation import secrets
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household, Person

from . import answering, leads, marks, promise, receipts
from .models import Outcome, SelfReport
from .said import TAIL_LENGTH, digits

# Where a report is, as the lists narrow it. ``decided``: the lead has a result, the family has not been told.
WAITING, IN_HAND, DECIDED, ANSWERED, MERGED = "waiting", "in_hand", "decided", "answered", "merged"
STAGES = {
    WAITING: "待对上农户",
    IN_HAND: "办理中",
    DECIDED: "有结果，待答复",
    ANSWERED: "已答复",
    MERGED: "已并入另一件",
}
_MOST_CANDIDATES = 20


@dataclass(frozen=True)
class Progress:
    """What a family is told about its report: no name, no number, no trouble, nothing of what was said.

    ``steps`` are (label, day or "", whether it is done). ``until``: by which day the visit is made
    (``is_visit``) or the answer given; ``is_late``: that day is over.
    """

    received_on: dt.date
    steps: tuple[tuple[str, str, bool], ...]
    headline: str
    until: dt.date | None = None
    is_visit: bool = False
    is_late: bool = False
    is_merged: bool = False
    answer: answering.Answer | None = None
    answered_on: dt.date | None = None
    may_object: bool = False
    has_objected: bool = False
    report: int = field(default=0, repr=False)


@dataclass
class Candidate:
    """A household that a report may mean, and why."""

    household: Household
    reasons: list[str] = field(default_factory=list)


def progress(*, receipt_no: str, phone_tail: str, today: dt.date, policies: Policies) -> Progress | None:
    """How far a report is. None alike for a wrong receipt, a wrong tail and a number that cannot be a receipt: one question to
    the database in each case, so that neither words nor time tell them apart."""
    tail = digits(phone_tail)
    mark = marks.of_progress(receipts.clean(receipt_no) or "-", tail if len(tail) == TAIL_LENGTH else "-")
    asked = SelfReport.objects.filter(progress_index=mark).select_related("merged_into", "household").first()
    if asked is None:
        return None
    first = asked.merged_into or asked
    if first.answered_at:
        return _answered(asked, first)
    standing = leads.standing(report=first) if first.household_id else None
    if standing is None or not standing.is_verified:
        promised = promise.of(first, policies=policies)
        headline = standing.plain if standing and standing.plain else "已收到，村里会派人上门了解情况。"
        return _on_the_way(asked, headline, done=1, until=promised.on, is_visit=promised.is_visit, today=today)
    return _on_the_way(
        asked,
        standing.plain or standing.label,
        done=2,
        until=None if standing.is_decided else standing.due_on,
        today=today,
    )


def _on_the_way(
    asked: SelfReport, headline: str, *, done: int, until: dt.date | None, today: dt.date, is_visit: bool = False
) -> Progress:
    return Progress(
        received_on=asked.received_on,
        steps=_steps(asked, done, None),
        headline=headline,
        until=until,
        is_visit=is_visit,
        is_late=until is not None and until < today,
        is_merged=asked.merged_into_id is not None,
        report=asked.pk,
    )


def _answered(asked: SelfReport, first: SelfReport) -> Progress:
    answer = answering.read(first)
    if asked.is_for_other and asked.phone_index != first.phone_index:
        # what was written for the family is not told to whoever reported for it later: the kind of reason is
        answer = replace(answer, reason=first.get_refusal_display() if first.refusal else "")
    has_objected = SelfReport.objects.filter(objects_to=first).exists()
    return Progress(
        received_on=asked.received_on,
        steps=_steps(asked, 3, first.answered_on, is_here=first.outcome != Outcome.NOT_HERE),
        headline=first.get_outcome_display(),
        is_merged=asked.merged_into_id is not None,
        answer=answer,
        answered_on=first.answered_on,
        may_object=answer.is_refusal and not has_objected,
        has_objected=has_objected,
        report=first.pk,
    )


def _steps(
    asked: SelfReport, done: int, answered_on: dt.date | None, *, is_here: bool = True
) -> tuple[tuple[str, str, bool], ...]:
    days = (asked.received_on.isoformat(), "", answered_on.isoformat() if answered_on else "")
    return tuple(
        (label, day, place < done)
        for place, (label, day) in enumerate(
            zip(("已收到", "上门核实" if is_here else "核对户籍", "告诉您结果"), days, strict=True)
        )
    )


def reports(
    *,
    scope: Scope,
    stage: str = "",
    channel: str = "",
    difficulty: str = "",
    month: str = "",
    text: str = "",
    outcome: str = "",
    refusal: str = "",
) -> QuerySet[SelfReport]:
    """Reports of the scope; ``month`` of receipt as 2022-07, ``text`` a receipt number or the beginning of a name."""
    rows = scope.filter(SelfReport.objects.all())
    if stage:
        rows = rows.filter(_at(stage))
    for name, value in (("channel", channel), ("difficulty", difficulty), ("outcome", outcome), ("refusal", refusal)):
        if value:
            rows = rows.filter(**{name: value})
    if month:
        year, number = int(month[:4]), int(month[5:7])
        rows = rows.filter(received_on__gte=dt.date(year, number, 1))
        rows = rows.filter(received_on__lt=dt.date(year + number // 12, number % 12 + 1, 1))
    if text:
        begins = Q(householder_name__gte=text, householder_name__lt=text + "\U0010ffff")
        rows = rows.filter(Q(receipt_no=receipts.clean(text) or "-") | begins)
    return rows.select_related("household", "merged_into")


def _at(stage: str) -> Q:
    if stage == MERGED:
        return Q(merged_into__isnull=False)
    if stage == ANSWERED:
        return Q(answered_at__isnull=False)
    unanswered = Q(merged_into__isnull=True, answered_at__isnull=True)
    if stage == WAITING:
        return unanswered & Q(household__isnull=True)
    return unanswered & Q(household__isnull=False) & (has_result() if stage == DECIDED else ~has_result())


def has_result() -> Q:
    """Whether the lead of a report, and its case where it has one, came to a result."""
    # by household first: signals are found by it, hardly any household has more than a few
    reasons = LeadReason.objects.filter(
        signal__household=OuterRef("household"), signal__reference=OuterRef("receipt_no"), lead__is_open=False
    )
    over = Q(lead__case__isnull=True) | Q(lead__case__is_open=False) | Q(lead__case__included_on__isnull=False)
    return Q(Exists(reasons.filter(over)))


def decided_among(rows: Iterable[SelfReport]) -> set[int]:
    """Which of these have a result to tell."""
    keys = [row.pk for row in rows if row.household_id and not row.answered_at]
    return set(SelfReport.objects.filter(has_result(), pk__in=keys).values_list("pk", flat=True))


def stage_of(report: SelfReport, *, is_decided: bool) -> str:
    """The stage of one report, as the lists name it."""
    if report.merged_into_id:
        return MERGED
    if report.answered_at:
        return ANSWERED
    if not report.household_id:
        return WAITING
    return DECIDED if is_decided else IN_HAND


def candidates(*, report: SelfReport, scope: Scope) -> list[Candidate]:
    """Households of the scope that a report may mean, the likeliest first: by identity number, then by name and village."""
    found: dict[int, Candidate] = {}

    def add(household: Household, reason: str) -> None:
        found.setdefault(household.pk, Candidate(household)).reasons.append(reason)

    people = scope.filter(Person.objects.filter(is_withdrawn=False, household__is_withdrawn=False))
    if report.identity_index:
        for person in people.filter(identity_index=report.identity_index).select_related("household")[:5]:
            agrees = "姓名一致" if person.name == report.householder_name else f"档案姓名是{person.name}"
            add(person.household, f"身份证号相同，{agrees}")
    heads = scope.filter(Household.objects.filter(head_name=report.householder_name, is_withdrawn=False))
    township = Scope.of_region(f"{report.region_code[:9]}000")
    for household in heads.filter(region_code=report.region_code)[:_MOST_CANDIDATES]:
        add(household, "本村同名户主")
    members = people.filter(name=report.householder_name, region_code=report.region_code)
    for person in members.exclude(relation="户主").select_related("household")[:_MOST_CANDIDATES]:
        add(person.household, f"本村同名，是户主的{person.relation or '家庭成员'}")
    for household in township.filter(heads).exclude(region_code=report.region_code)[:_MOST_CANDIDATES]:
        add(household, "本乡镇其他村的同名户主")
    return list(found.values())[:_MOST_CANDIDATES]


def content(report: SelfReport) -> dict[str, str]:
    """What was said, in the clear: phone, identity_number, description, reporter_name. The caller masks, or has logged who looks."""
    return secrets.load().decrypt_values(bytes(report.secrets))
