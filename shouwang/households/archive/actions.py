"""Comparing a county anew, and settling a difference with how it was settled."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from shouwang.foundation import bulk
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Household

from ..models import ArchiveComparison, ArchiveDifference
from ..models.archive import ARCHIVE_MENDED, EXPLAINED, GONE, SETTLEMENTS
from . import comparing
from .comparing import Found

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

BY_PEOPLE = tuple((code, label) for code, label in SETTLEMENTS if code != GONE)
_SAYS_OTHERWISE = "各方说法有变，另列"


def may_compare(*, county: str, by: Account) -> bool:
    """Whoever keeps the county's register in step with the national system."""
    return by.may(roles.IMPORT_REGISTRY) and Scope.of(by).contains(county)


# xuchang-2022-1#3.1.4.2, hengshui-2022-1#C.4.4
def compare(*, county: str, by: Account | None, today: dt.date, now: dt.datetime) -> ArchiveComparison:
    """Compares a county; what is still open stays, what is gone is settled by that, what was explained stays explained.

    Repeating it changes nothing. Raises NotPermittedError.
    """
    code = regions.county_of(county)
    if by is not None and not may_compare(county=code, by=by):
        raise NotPermittedError("您的账号不能比对这个县的档案", next_step="请由县防贫中心办理。")
    scope = Scope.of_region(code)
    count, found = comparing.differences(scope=scope, on=today)
    with transaction.atomic():
        rows = scope.filter(ArchiveDifference.objects.all())
        standing = {(one.household_id, one.item): one for one in rows.select_for_update().filter(settled_on=None)}
        answered = _answered(scope, code)
        new, kept, vanished = _sorted(found, standing, answered)
        for how, keys in vanished.items():
            for chunk in bulk.chunks(keys):
                ArchiveDifference.objects.filter(pk__in=chunk).update(settled_on=today, settled_as=GONE, how=how)
        ArchiveDifference.objects.bulk_create([_difference(one, today) for one in new], batch_size=2000)
        counts = {"found": len(found), "new": len(new), "kept": kept, "gone": sum(map(len, vanished.values()))}
        made = ArchiveComparison.objects.create(
            county_code=code,
            made_at=now,
            made_on=today,
            register_period=_register_period(scope),
            household_count=count,
            counts=counts,
            by=by,
        )
        audit.record(by=by, action="档账实比对", region_code=code, target=f"比对 {made.pk}", detail=counts)
    return made


def may_settle(difference: ArchiveDifference, *, by: Account) -> bool:
    """The township that settles what visits say differently, or the county that keeps the register; within their scope."""
    works = any(map(by.may, (roles.SETTLE_VISITS, roles.IMPORT_REGISTRY)))
    return works and Scope.of(by).covers(difference.region_code) and difference.settled_on is None


def settle(
    *, difference: ArchiveDifference, settled_as: str, how: str, by: Account, today: dt.date
) -> ArchiveDifference:
    """Raises UserError without a result and a sentence, ConflictError when it was settled meanwhile."""
    if settled_as not in dict(BY_PEOPLE):
        raise UserError("没有选择核对结果")
    if not how.strip():
        raise UserError("请写明怎样核对、改在哪里")
    with transaction.atomic():
        fresh = ArchiveDifference.objects.select_for_update().get(pk=difference.pk)
        if fresh.settled_on:
            raise ConflictError("这一项已经核对")
        if not may_settle(fresh, by=by):
            raise NotPermittedError("您的账号不能核对这一项", next_step="请由乡镇或县防贫中心核对。")
        fresh.settled_on, fresh.settled_as, fresh.how, fresh.settled_by = today, settled_as, how.strip()[:200], by
        fresh.save(update_fields=["settled_on", "settled_as", "how", "settled_by"])
        audit.record(by=by, action="核对三方差异", region_code=fresh.region_code, target=f"差异 {fresh.pk}", reason=fresh.how)  # fmt: skip
    return fresh


def _sorted(
    found: list[Found], standing: dict[tuple[int, str], ArchiveDifference], answered: dict[tuple[int, str], _Said]
) -> tuple[list[Found], int, dict[str, list[int]]]:
    """(what is new, how many stay open, how the others ended → their keys)."""
    new, kept = [], 0
    vanished: dict[str, list[int]] = {"": [], _SAYS_OTHERWISE: []}
    left = dict(standing)
    for one in found:
        key, said = (one.household_id, one.item), (one.archive, one.system, one.reality)
        before = left.pop(key, None)
        if before is not None and (before.archive, before.system, before.reality) == said:
            kept += 1
            continue
        if before is not None:
            vanished[_SAYS_OTHERWISE].append(before.pk)
        if answered.get(key) != said:
            new.append(one)
    vanished[""] = [one.pk for one in left.values()]
    return new, kept, vanished


_Said = tuple[str, str, str]


def _answered(scope: Scope, county: str) -> dict[tuple[int, str], _Said]:
    """What people settled and need not be asked again: what was explained, and what is mended in the national system until its next file."""
    imports = Batch.objects.filter(purpose="registry", region_code=county, state=BatchState.APPLIED)
    newest = imports.order_by("-applied_at").values_list("applied_at", flat=True).first()
    rows = scope.filter(ArchiveDifference.objects.filter(settled_as__in=(EXPLAINED, ARCHIVE_MENDED))).order_by("pk")
    fields = ("household_id", "item", "archive", "system", "reality", "settled_as", "settled_on")
    found: dict[tuple[int, str], _Said] = {}
    for household, item, archive, system, reality, settled_as, settled_on in rows.values_list(*fields):
        is_waiting = settled_as == EXPLAINED or newest is None or newest.date() <= settled_on
        if is_waiting:
            found[household, item] = (archive, system, reality)
        else:
            found.pop((household, item), None)
    return found


def _difference(one: Found, today: dt.date) -> ArchiveDifference:
    return ArchiveDifference(
        household_id=one.household_id,
        region_code=one.region_code,
        item=one.item,
        kind=one.kind,
        archive=one.archive[:200],
        system=one.system[:200],
        reality=one.reality[:200],
        seen_on=one.seen_on,
        found_on=today,
    )


def _register_period(scope: Scope) -> str:
    rows = scope.filter(Household.objects.filter(is_withdrawn=False)).order_by("-period")
    return rows.values_list("period", flat=True).first() or ""
