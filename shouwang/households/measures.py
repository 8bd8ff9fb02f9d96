"""What may be done against which risk, what is planned and done for a household, and whether a plan misses a risk (缺什么补什么)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from shouwang.casework import courses
from shouwang.casework.models import Case
from shouwang.casework.risks import RISKS
from shouwang.foundation import code_lists, money
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Person

from . import kinds
from .catalogue import CATALOGUE, Kind
from .models import Measure

_MOST_FEN = 10**11
_LONGEST = 200


# ── reads ────────────────────────────────────────────────────────────────────
def standing(case: Case) -> QuerySet[Measure]:
    """The measures of a case that were not cancelled."""
    return Measure.objects.filter(case=case, cancelled_on=None)


def uncovered(case: Case) -> list[str]:
    """The case's risks without a standing measure."""
    covered = set(standing(case).values_list("risk", flat=True))
    return [risk for risk in case.risks if risk not in covered]


def uncovered_sentences(case: Case) -> list[str]:
    return [f"“{RISKS.get(risk, risk)}”还没有对应的措施" for risk in uncovered(case)]


# hebei-opinion-2021#2.2.14, hebei-opinion-2021#2.2.15
def proposed(case: Case) -> list[tuple[str, Kind]]:
    """(risk, measure) for each risk that has none yet: with labour 产业 and 就业 come first, without it 兜底 does."""
    has_labour = kinds.has_labour(case.household)
    known = set(standing(case).values_list("kind", flat=True))
    found = []
    for risk in uncovered(case):
        fitting = [kind for kind in CATALOGUE.values() if risk in kind.risks and kind.suits(has_labour)]
        fitting.sort(key=lambda kind: (kind.code in known, kind.is_developmental != has_labour))
        found += [(risk, kind) for kind in fitting]
    return found


# hebei-opinion-2021#2.2.14
def lacks_development(case: Case) -> bool:
    """有劳动能力而没有开发式帮扶措施: an alert, nothing is blocked by it."""
    if not kinds.has_labour(case.household):
        return False
    codes = standing(case).values_list("kind", flat=True)
    return not any(CATALOGUE[code].is_developmental for code in codes if code in CATALOGUE)


# xuchang-2022-1#3.1.3.6
def unmet(*, scope: Scope, risks: Iterable[str] = tuple(RISKS)) -> QuerySet[Case]:
    """Included cases with a risk that no standing measure answers: shown until there is none (动态清零, S4-C-12, S1-C-10)."""
    return scope.filter(Case.objects.filter(is_unmet(risks)))


def is_unmet(risks: Iterable[str] = tuple(RISKS)) -> Q:
    """The same for rows of cases that are narrowed already."""
    missing = Q(pk__in=[])
    for risk in risks:
        answered = Measure.objects.filter(case=OuterRef("pk"), cancelled_on=None, risk=risk)
        missing = missing | (code_lists.names("risks", risk) & ~Q(Exists(answered)))
    return Q(is_open=True, included_on__isnull=False) & missing


# hebei-opinion-2021#2.2.14
def without_development(*, scope: Scope) -> QuerySet[Case]:
    """Included cases of households with labour that have no standing developmental measure."""
    return scope.filter(Case.objects.filter(lacks_any_development()))


def lacks_any_development() -> Q:
    """The same for rows of cases that are narrowed already."""
    developmental = [kind.code for kind in CATALOGUE.values() if kind.is_developmental]
    helped = Measure.objects.filter(case=OuterRef("pk"), cancelled_on=None, kind__in=developmental)
    workers = Person.objects.filter(
        household=OuterRef("household"), is_withdrawn=False, labour_capacity__in=kinds.LABOURING
    )
    # whoever is helped is many and found in an index; the families of the others alone are looked at
    return Q(is_open=True, included_on__isnull=False) & ~Q(Exists(helped)) & Q(Exists(workers))


# ── writes ───────────────────────────────────────────────────────────────────
def plan(
    *,
    case: Case,
    kind: str,
    risk: str,
    planned_on: dt.date,
    today: dt.date,
    now: dt.datetime,
    by: Account | None,
    title: str = "",
    due_on: dt.date | None = None,
    phase: str = "",
) -> Measure:
    """Puts a measure on a case's plan. The same measure against the same risk that is not done yet is given back as it is.

    Raises UserError for an unknown measure, a risk that the case does not have, a day outside the case.
    """
    if kind not in CATALOGUE:
        raise UserError(f"没有“{kind}”这项措施")
    with transaction.atomic():
        fresh = _case(case, by)
        if risk not in fresh.risks:
            raise UserError(f"这一户没有“{RISKS.get(risk, risk)}”的风险", next_step="请先登记风险。")
        chosen = CATALOGUE[kind]
        known = standing(fresh).filter(kind=kind, risk=risk, done_on=None)
        if same := known.filter(title=title.strip() or chosen.label).first():
            return same
        _require_day("计划日", planned_on, fresh.opened_on, today)
        if due_on is not None and due_on < planned_on:
            raise UserError(f"应完成日 {due_on} 早于计划日 {planned_on}")
        return Measure.objects.create(
            case=fresh,
            region_code=fresh.region_code,
            kind=kind,
            risk=risk,
            department=chosen.department,
            phase=phase or chosen.phase,
            title=_text("内容", title) or chosen.label,
            planned_on=planned_on,
            due_on=due_on,
            by=by,
            at=now,
        )


def start(*, measure: Measure, on: dt.date, today: dt.date, by: Account | None) -> Measure:
    """Says since when a measure runs. Saying the same again changes nothing."""
    with transaction.atomic():
        fresh, case = _open_measure(measure, by)
        if fresh.started_on is not None:
            return _unless_the_same(fresh, "started_on", on)
        _require_help_day("开始日", on, case, today)
        fresh.started_on = on
        fresh.save(update_fields=["started_on"])
        _tell_course(case)
    return fresh


def finish(
    *,
    measure: Measure,
    on: dt.date,
    result: str,
    today: dt.date,
    by: Account | None,
    amount_fen: int | None = None,
) -> Measure:
    """Says that a measure was carried out: when, with what result, for how much (whole fen)."""
    if not result.strip():
        raise UserError("请写明措施的结果")
    if amount_fen is not None and not 0 <= amount_fen < _MOST_FEN:
        raise UserError(f"金额须在 0 到 {money.grouped(money.yuan(_MOST_FEN))} 元之间")
    with transaction.atomic():
        fresh, case = _open_measure(measure, by, done_too=True)
        if fresh.done_on is not None:
            return _unless_the_same(fresh, "done_on", on)
        _require_help_day("完成日", on, case, today)
        if fresh.started_on is not None and on < fresh.started_on:
            raise UserError(f"完成日 {on} 早于开始日 {fresh.started_on}")
        fresh.started_on = fresh.started_on or on
        fresh.done_on, fresh.result, fresh.amount_fen = on, _text("结果", result), amount_fen
        fresh.save(update_fields=["started_on", "done_on", "result", "amount_fen"])
        _tell_course(case)
    return fresh


def cancel(*, measure: Measure, reason: str, on: dt.date, by: Account | None) -> Measure:
    """Takes a measure off the plan, with the reason; the line stays."""
    if not reason.strip():
        raise UserError("请写明取消的理由")
    with transaction.atomic():
        fresh, case = _open_measure(measure, by, cancelled_too=True)
        if fresh.cancelled_on is None:
            if on < fresh.planned_on:
                raise UserError(f"取消日 {on} 早于计划日 {fresh.planned_on}")
            fresh.cancelled_on, fresh.cancel_reason = on, _text("取消理由", reason)
            fresh.save(update_fields=["cancelled_on", "cancel_reason"])
            _tell_course(case)
    return fresh


def first_begun(*, scope: Scope) -> dict[int, dt.date]:
    """Lead → the day on which the first measure of its case began."""
    rows = scope.filter(Measure.objects.filter(cancelled_on=None, case__lead__isnull=False)).order_by()
    found = rows.values_list("case__lead_id").annotate(on=Min(Coalesce("started_on", "done_on")))
    return {lead: on for lead, on in found if on is not None}


def _tell_course(case: Case) -> None:
    """The lead's course is measured up to the first measure."""
    if case.lead_id is not None:
        first = standing(case).aggregate(on=Min(Coalesce("started_on", "done_on")))["on"]
        courses.measured(lead=case.lead_id, on=first)


def _case(case: Case, by: Account | None) -> Case:
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    if by is not None:
        if not by.may(roles.PLAN_SUPPORT):
            raise NotPermittedError("您的角色不能制定帮扶计划", next_step="请联系乡镇防贫工作站。")
        if not Scope.of(by).covers(fresh.region_code):
            raise NotPermittedError("您的账号看不到这个区域")
    if not fresh.is_open:
        raise ConflictError("个案已经了结，不能再改措施", next_step="请刷新页面再看。")
    return fresh


def _open_measure(
    measure: Measure, by: Account | None, *, done_too: bool = False, cancelled_too: bool = False
) -> tuple[Measure, Case]:
    case = _case(measure.case, by)
    fresh = Measure.objects.select_for_update().get(pk=measure.pk)
    if fresh.cancelled_on and not cancelled_too:
        raise ConflictError(f"“{fresh.title}”已于 {fresh.cancelled_on} 取消", next_step="请刷新页面再看。")
    if fresh.done_on and not done_too:
        raise ConflictError(f"“{fresh.title}”已于 {fresh.done_on} 完成", next_step="请刷新页面再看。")
    return fresh, case


def _unless_the_same(measure: Measure, field: str, on: dt.date) -> Measure:
    """A form sent twice is harmless; another day for the same thing is a conflict."""
    if getattr(measure, field) != on:
        raise ConflictError(f"“{measure.title}”已登记为 {getattr(measure, field)}", next_step="请刷新页面再看。")
    return measure


# hebei-xiangzhenfa-2022-14#1.9
def _require_help_day(label: str, on: dt.date, case: Case, today: dt.date) -> None:
    """Help begins with the inclusion; in the green channel it comes first and the procedure follows."""
    if case.is_green_channel:
        if on > today:
            raise UserError(f"{label} {on} 还没有到")
        return
    if case.included_on is None:
        raise UserError(
            "还没有纳入监测，措施只能列入计划", next_step="因灾因疫等突发的，可转入绿色通道，先帮扶后履行程序。"
        )
    _require_day(label, on, case.included_on, today)


def _require_day(label: str, on: dt.date, earliest: dt.date, today: dt.date) -> None:
    if on > today:
        raise UserError(f"{label} {on} 还没有到", next_step=f"请填不晚于 {today} 的日期。")
    if on < earliest:
        raise UserError(f"{label} {on} 早于 {earliest}", next_step="请核对日期。")


def _text(label: str, text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST:
        raise UserError(f"{label}最多 {_LONGEST} 字，现有 {len(text)} 字")
    return text
