"""Inspections: a sample with a recorded seed, a sheet each, problems with a due day, put right by the place and closed by another.

What is inspected and asked stands in ``inspection_kinds``, what is drawn from in ``inspection_populations``.
"""

from __future__ import annotations

import datetime as dt
import secrets as randomness
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from . import inspection_populations
from .inspection_kinds import KINDS, PROBLEMS, TEAMS, Kind
from .inspection_kinds import MEASURES as MEASURES  # said by callers as inspections.MEASURES
from .models import InspectedItem, Inspection
from .sampling import choose

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


@dataclass(frozen=True)
class Window:
    """When the documents want it; empty days with ``why`` where none does. ``text`` for the page."""

    from_on: dt.date | None
    until_on: dt.date | None
    cites: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Standing:
    """How far an inspection is, as far as a scope reaches."""

    items: int
    checked: int
    problems: int
    rectified: int
    closed: int
    late: int

    @property
    def is_finished(self) -> bool:
        return self.items > 0 and self.checked == self.items and self.closed == self.problems


def window(*, kind: str, region_code: str, on: dt.date, policies: Policies) -> Window:
    wanted = _kind(kind)
    if not wanted.window:
        return Window(None, None, (wanted.cite,), "文件没有规定时间")
    found = policies.resolve(wanted.window, region_code=region_code, on=on)
    if found.value is None or found.source is None:
        return Window(None, None, (), found.why)
    return Window(found.value.first_on, found.value.last_on, tuple(found.source.cites))


def draw(
    *,
    kind: str,
    region_code: str,
    size: int,
    seed: str = "",
    by: Account,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
) -> Inspection:
    """Draws the sheets of an inspection, every township by its share. Raises UserError. Without a ``seed`` one is made."""
    wanted = _kind(kind)
    if not by.may(roles.DISPATCH_LEADS) or not Scope.of(by).contains(region_code):
        raise NotPermittedError("您的账号不能在这个区域组织检查", next_step="请由市、县或乡镇办理。")
    if size < 1:
        raise UserError("至少抽取 1 项")
    population = inspection_populations.of_kind(
        kind, scope=Scope.of_region(region_code), today=today, policies=policies
    )
    if not population:
        raise UserError(f"这个区域没有可以检查的对象（{wanted.label}）", next_step="请换一个区域。")
    when = window(kind=kind, region_code=region_code, on=today, policies=policies)
    seed = seed.strip()[:40] or randomness.token_hex(8)
    pairs = [[one.key, one.region_code] for one in population]
    known = {one.key: one for one in population}
    chosen = [known[key] for key in choose(pairs, size=size, seed=seed)]
    with transaction.atomic():
        made = Inspection.objects.create(
            kind=kind,
            region_code=regions.full_code(region_code),
            from_on=when.from_on,
            until_on=when.until_on,
            cites=list(when.cites),
            size=len(chosen),
            seed=seed,
            population=pairs,
            drawn_on=today,
            by=by,
            at=now,
        )
        InspectedItem.objects.bulk_create(
            [
                InspectedItem(
                    inspection=made,
                    place=place,
                    region_code=one.region_code,
                    measure_id=one.measure_id,
                    household_id=one.household_id,
                    told=one.told,
                )
                for place, one in enumerate(chosen, 1)
            ],
            batch_size=1000,
        )
        detail = {"kind": kind, "size": len(chosen), "population": len(pairs), "seed": seed}
        audit.record(by=by, action="抽取检查样本", region_code=region_code, target=f"检查 {made.pk}", detail=detail)
    return made


def check(
    *,
    item: InspectedItem,
    findings: Mapping[str, str],
    note: str,
    rectify_by: dt.date | None,
    by: Account,
    today: dt.date,
) -> InspectedItem:
    """What was found on the spot; a problem needs a sentence and a day by which it is put right. Raises UserError."""
    questions = KINDS[item.inspection.kind].questions
    missing = [one.label for code, one in questions.items() if findings.get(code) not in one.choices]
    if missing:
        raise UserError(f"还没有检查：{'、'.join(missing)}", next_step="请逐项选择。")
    is_sound = not any(findings[code] in PROBLEMS for code in questions)
    if not is_sound and not note.strip():
        raise UserError("有问题的项目，请说明问题")
    if not is_sound and (rectify_by is None or rectify_by < today):
        raise UserError("有问题的须有整改期限", next_step="请填写今天或以后的日期。")
    with transaction.atomic():
        fresh = _locked(item)
        _require_inspector(by, fresh)
        if fresh.rectified_on:
            raise ConflictError("这一项已经整改，检查结果不能再改")
        fresh.findings = {code: findings[code] for code in questions}
        fresh.is_sound, fresh.note = is_sound, note.strip()[:200]
        fresh.rectify_by = None if is_sound else rectify_by
        fresh.checked_on, fresh.by = today, by
        fresh.save()
        _log(by, "登记检查结果", fresh)
    return fresh


def may_rectify(item: InspectedItem, *, by: Account) -> bool:
    """People who work in the place or above it."""
    works = any(map(by.may, (roles.ORGANISE, roles.PLAN_SUPPORT, roles.MANAGE_STAFF)))
    return works and Scope.of(by).covers(item.region_code) and item.is_sound is False and item.closed_on is None


def rectify(*, item: InspectedItem, text: str, by: Account, today: dt.date) -> InspectedItem:
    """How the problem was put right, told by the place."""
    if not text.strip():
        raise UserError("请写明整改情况")
    with transaction.atomic():
        fresh = _locked(item)
        if fresh.closed_on:
            raise ConflictError("这一项已经销号")
        if not may_rectify(fresh, by=by):
            raise NotPermittedError("您的账号不能登记整改", next_step="请由有问题的单位登记。")
        fresh.rectification, fresh.rectified_on, fresh.rectified_by = text.strip()[:200], today, by
        fresh.save(update_fields=["rectification", "rectified_on", "rectified_by"])
        _log(by, "登记整改", fresh)
    return fresh


def close(*, item: InspectedItem, by: Account, today: dt.date) -> InspectedItem:
    """Another than whoever put it right says that it is (销号)."""
    with transaction.atomic():
        fresh = _locked(item)
        _require_inspector(by, fresh)
        if fresh.closed_on:
            raise ConflictError("这一项已经销号")
        if fresh.rectified_on is None:
            raise UserError("还没有整改", next_step="整改后再销号。")
        if fresh.rectified_by_id == by.pk:
            raise NotPermittedError("整改的人不能自己销号", next_step="请由检查单位的其他人核对后销号。")
        fresh.closed_on, fresh.closed_by = today, by
        fresh.save(update_fields=["closed_on", "closed_by"])
        _log(by, "整改销号", fresh)
    return fresh


# ── reads ────────────────────────────────────────────────────────────────────
def inspections(*, scope: Scope) -> QuerySet[Inspection]:
    """Those of the scope and those with a sheet in it, the newest first."""
    here = scope.filter(InspectedItem.objects.all()).values("inspection")
    rows = Inspection.objects.filter(scope.where() | Q(pk__in=here)).select_related("by")
    return rows.order_by("-drawn_on", "-pk")


def items(*, scope: Scope, made: Inspection | None = None, part: str = "") -> QuerySet[InspectedItem]:
    """Sheets within the scope: all, ``open`` (not checked), ``problems``, ``waiting`` (problems not closed)."""
    wanted = {
        "open": Q(checked_on=None),
        "problems": Q(is_sound=False),
        "waiting": Q(is_sound=False, closed_on=None),
    }
    related = ("inspection", "measure__case__household", "household", "by", "rectified_by", "closed_by")
    rows = scope.filter(InspectedItem.objects.select_related(*related)).order_by("inspection", "place")
    if made is not None:
        rows = rows.filter(inspection=made)
    return rows.filter(wanted[part]) if part in wanted else rows


def standing(*, made: Inspection, scope: Scope, today: dt.date) -> Standing:
    return standings(inspections=[made], scope=scope, today=today)[made.pk]


def standings(*, inspections: Sequence[Inspection], scope: Scope, today: dt.date) -> dict[int, Standing]:
    """Inspection → how far it is, for a whole list in one question."""
    wrong = Q(is_sound=False)
    rows = scope.filter(InspectedItem.objects.filter(inspection__in=inspections)).order_by()
    counts = rows.values_list("inspection").annotate(
        items=Count("pk"),
        checked=Count("pk", filter=Q(checked_on__isnull=False)),
        problems=Count("pk", filter=wrong),
        rectified=Count("pk", filter=wrong & Q(rectified_on__isnull=False)),
        closed=Count("pk", filter=wrong & Q(closed_on__isnull=False)),
        late=Count("pk", filter=wrong & Q(rectified_on=None, rectify_by__lt=today)),
    )
    found = {pk: Standing(*numbers) for pk, *numbers in counts}
    return {one.pk: found.get(one.pk, Standing(0, 0, 0, 0, 0, 0)) for one in inspections}


def drawn_again(made: Inspection) -> bool:
    """Whether drawing again from what was kept gives the same measures or places in the same order."""
    chosen = choose(made.population, size=made.size, seed=made.seed)
    kept = made.items.order_by("place").values_list("measure_id", "household_id", "region_code")
    if made.kind == TEAMS:
        where = dict(made.population)
        return [where[key] for key in chosen] == [code for *_, code in kept]
    return chosen == [str(measure or household) for measure, household, _ in kept]


# laiyuan-2022-9#3.4.1
@dataclass
class Found:
    """What an inspection found in one place, by kind of finding."""

    checked: int = 0
    problems: int = 0
    by_finding: dict[str, int] = field(default_factory=dict)
    rectified: int = 0
    closed: int = 0
    late: int = 0


def by_place(*, made: Inspection, scope: Scope, digits: int, today: dt.date) -> dict[str, Found]:
    """Division (``digits`` of the code) → what was found there; for a bulletin, which names places and no household."""
    found: dict[str, Found] = {}
    for item in scope.filter(made.items.filter(checked_on__isnull=False)).order_by("region_code", "place"):
        one = found.setdefault(f"{item.region_code[:digits]:0<12}", Found())
        one.checked += 1
        if item.is_sound:
            continue
        one.problems += 1
        for code in findings_of(item):
            one.by_finding[code] = one.by_finding.get(code, 0) + 1
        one.rectified += item.rectified_on is not None
        one.closed += item.closed_on is not None
        one.late += item.rectified_on is None and item.rectify_by is not None and item.rectify_by < today
    return found


def findings_of(item: InspectedItem) -> list[str]:
    """The questions of a sheet whose answer is a problem."""
    return [code for code in KINDS[item.inspection.kind].questions if item.findings.get(code) in PROBLEMS]


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise UserError(f"没有“{code}”这种检查")
    return KINDS[code]


def _locked(item: InspectedItem) -> InspectedItem:
    return InspectedItem.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=item.pk)


def _require_inspector(by: Account, item: InspectedItem) -> None:
    if not may_inspect(item.inspection, by=by):
        raise NotPermittedError("您的账号不能登记这次检查", next_step="请由组织检查的单位办理。")


def may_inspect(made: Inspection, *, by: Account) -> bool:
    """People of the region that it is about, or above."""
    return by.may(roles.DISPATCH_LEADS) and Scope.of(by).contains(made.region_code)


def _log(by: Account, action: str, item: InspectedItem) -> None:
    audit.record(
        by=by, action=action, region_code=item.region_code, target=f"检查 {item.inspection_id} 第 {item.place} 项"
    )
