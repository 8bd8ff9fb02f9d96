"""Sample checks of clearance marks: drawn with a seed, checked on the spot, the wrong ones reopened (S0-C-23).

A drawing can be repeated by anybody: the numbers drawn from and the seed are kept, and the order follows from both alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets as randomness
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shouwang.casework import runner
from shouwang.casework.models import Case, Event
from shouwang.foundation import bulk
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from .models import SampledCase, SampleDraw

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

AGREE, DIFFER = "agree", "differ"
# What is compared on the spot with what the file says when the mark was set.
FIELDS = {
    "income": "收入稳定超过监测范围",
    "guarantees": "“三保障”和饮水安全有保障",
    "spending": "大额刚性支出已解决",
    "risk": "风险确已消除",
    "measures": "帮扶措施与台账一致",
    "procedure": "评议、公示、公告程序完备",
}


@dataclass(frozen=True)
class Accuracy:
    """How many were checked and right. ``share``: correct ÷ checked with one digit, None while nothing was checked."""

    drawn: int
    checked: int
    correct: int

    @property
    def wrong(self) -> int:
        return self.checked - self.correct

    @property
    def unchecked(self) -> int:
        return self.drawn - self.checked

    @property
    def share(self) -> Decimal | None:
        if not self.checked:
            return None
        percent = Decimal(100 * self.correct) / self.checked
        return percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


# hengshui-2022-1#C.2.4.5
def draw(
    *,
    region_code: str,
    from_on: dt.date,
    until_on: dt.date,
    size: int,
    object_category: str = "",
    seed: str = "",
    by: Account,
    today: dt.date,
    now: dt.datetime,
) -> SampleDraw:
    """Draws marks that were set from a day to another (not included), every township by its share. Raises UserError.

    Without a ``seed`` one is made. No more than there are can be drawn: then all are.
    """
    scope = Scope.of(by)
    if not (by.may(roles.APPROVE) or by.may(roles.EXPORT)) or not scope.contains(region_code):
        raise NotPermittedError("您的账号不能在这个区域抽查", next_step="请由县或市办理。")
    if size < 1:
        raise UserError("至少抽取 1 件")
    if until_on <= from_on:
        raise UserError("消除日的起止不对", next_step="请核对日期。")
    rows = Scope.of_region(region_code).filter(Case.objects.filter(cleared_on__gte=from_on, cleared_on__lt=until_on))
    if object_category:
        rows = rows.filter(object_category=object_category)
    population = [list(one) for one in rows.order_by("case_no").values_list("case_no", "region_code")]
    if not population:
        raise UserError("这段时间没有标注风险消除的个案", next_step="请放宽日期或区域。")
    seed = seed.strip()[:40] or randomness.token_hex(8)
    chosen = choose(population, size=size, seed=seed)
    with transaction.atomic():
        made = SampleDraw.objects.create(
            region_code=regions.full_code(region_code),
            from_on=from_on,
            until_on=until_on,
            object_category=object_category,
            size=len(chosen),
            seed=seed,
            population=population,
            drawn_on=today,
            by=by,
            at=now,
        )
        cases: dict[str, Case] = {}
        for chunk in bulk.chunks(range(len(chosen))):
            numbers = [chosen[place] for place in chunk]
            cases |= {case.case_no: case for case in Case.objects.filter(case_no__in=numbers)}
        SampledCase.objects.bulk_create(
            [
                SampledCase(draw=made, case=cases[number], region_code=cases[number].region_code, place=place)
                for place, number in enumerate(chosen, 1)
            ],
            batch_size=1000,
        )
        detail = {"size": len(chosen), "population": len(population), "seed": seed}
        audit.record(by=by, action="抽取标注抽查样本", region_code=region_code, target=f"抽查 {made.pk}", detail=detail)
    return made


def choose(population: Sequence[Sequence[str]], *, size: int, seed: str) -> list[str]:
    """(case number, village) → the numbers drawn, in order. Each township gets its share, the largest remainders first.

    Within a township the order is that of a hash over seed and number, so that it depends on no library or version.
    """
    strata: dict[str, list[str]] = defaultdict(list)
    for number, village in population:
        strata[village[:9]].append(number)
    size = min(size, len(population))
    exact = {town: size * len(numbers) / len(population) for town, numbers in strata.items()}
    quota = {town: int(share) for town, share in exact.items()}
    rest = sorted(strata, key=lambda town: (quota[town] - exact[town], _order(seed, town)))
    for town in rest[: size - sum(quota.values())]:
        quota[town] += 1
    found: list[str] = []
    for town in sorted(strata):
        found += sorted(strata[town], key=lambda number: _order(seed, number))[: quota[town]]
    return found


def _order(seed: str, text: str) -> str:
    return hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest()


def drawn_again(made: SampleDraw) -> bool:
    """Whether drawing again from what was kept gives the same cases in the same order."""
    kept = list(made.cases.order_by("place").values_list("case__case_no", flat=True))
    return choose(made.population, size=made.size, seed=made.seed) == kept


def check(*, sampled: SampledCase, findings: Mapping[str, str], note: str, by: Account, today: dt.date) -> SampledCase:
    """What was found on the spot, field by field; the mark is right when nothing differs. Raises UserError."""
    _require(by, sampled.region_code)
    if missing := [label for code, label in FIELDS.items() if findings.get(code) not in (AGREE, DIFFER)]:
        raise UserError(f"还没有核对：{'、'.join(missing)}", next_step="请逐项选择一致或不一致。")
    is_correct = DIFFER not in {findings[code] for code in FIELDS}
    if not is_correct and not note.strip():
        raise UserError("有不一致的项目，请说明实际情况")
    with transaction.atomic():
        fresh = SampledCase.objects.select_for_update().get(pk=sampled.pk)
        if fresh.reopened_on:
            raise ConflictError("这一件已恢复监测，核对结果不能再改")
        fresh.findings = {code: findings[code] for code in FIELDS}
        fresh.is_correct, fresh.note = is_correct, note.strip()[:200]
        fresh.checked_on, fresh.by = today, by
        fresh.save()
        audit.record(by=by, action="核对风险消除标注", region_code=fresh.region_code, target=fresh.case.case_no)
    return fresh


def reopen(*, sampled: SampledCase, by: Account, today: dt.date, now: dt.datetime, policies: Policies) -> SampledCase:
    """A mark that was found wrong is taken back: the case goes on where it was supported."""
    with transaction.atomic():
        fresh = SampledCase.objects.select_for_update().select_related("case").get(pk=sampled.pk)
        if fresh.is_correct is not False:
            raise UserError("只有标注有误的才能恢复监测", next_step="请先登记核对结果。")
        if fresh.reopened_on:
            raise ConflictError("这一件已恢复监测")
        runner.act(
            proceeding=fresh.case,
            step="reopen",
            by=by,
            today=today,
            now=now,
            policies=policies,
            data={"reason": f"标注抽查不准确：{fresh.note}"[:200]},
        )
        fresh.reopened_on = today
        fresh.save(update_fields=["reopened_on"])
    return fresh


def draws(*, scope: Scope) -> QuerySet[SampleDraw]:
    """Drawings of the scope, the newest first."""
    return scope.filter(SampleDraw.objects.select_related("by")).order_by("-drawn_on", "-pk")


def accuracy(*, made: SampleDraw, scope: Scope) -> Accuracy:
    """As far as the scope reaches."""
    counts = scope.filter(made.cases.all()).aggregate(
        drawn=Count("pk"),
        checked=Count("pk", filter=Q(checked_on__isnull=False)),
        correct=Count("pk", filter=Q(is_correct=True)),
    )
    return Accuracy(**counts)


def cases(*, made: SampleDraw, scope: Scope, part: str = "") -> QuerySet[SampledCase]:
    """The drawn cases: all, those still to check (``open``), the right and the wrong ones, the reopened. ``marked_on``: the day
    of the mark that was drawn, which a case that was reopened bears no more."""
    wanted = {
        "open": Q(checked_on=None),
        "correct": Q(is_correct=True),
        "wrong": Q(is_correct=False),
        "checked": Q(checked_on__isnull=False),
        "reopened": Q(reopened_on__isnull=False),
    }
    decided = Event.objects.filter(case=OuterRef("case"), step="out_county_decision").order_by("-sequence")
    rows = scope.filter(made.cases.select_related("case__household", "by")).order_by("place")
    rows = rows.annotate(marked_on=Coalesce("case__cleared_on", Subquery(decided.values("on")[:1])))
    return rows.filter(wanted[part]) if part in wanted else rows


def _require(by: Account, region_code: str) -> None:
    if not (by.may(roles.APPROVE) or by.may(roles.EXPORT)) or not Scope.of(by).covers(region_code):
        raise NotPermittedError("您的账号不能登记抽查结果", next_step="请由县或市的抽查人员办理。")
