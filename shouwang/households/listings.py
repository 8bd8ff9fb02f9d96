"""挂牌督办: a place below is put on the list with a notice and a day, tells its progress, and is taken off with evidence (S1-C-12).

What triggers it are the comparisons of ``income.growth``; the day is the parameter's, or the officer's with a reason while no document
gives one. Listing differs from 督办 (``casework.supervision``), which names single late tasks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from shouwang.casework import clocks
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.regions.codes import NATION
from shouwang.regions.models import Level

from .income import growth
from .models import GrowthStatistic, Listing, ListingEntry
from .models.listings import EXTENSION, PROGRESS

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

LIMIT = "supervision.income_growth.listing_limit"
CITE = "hebei-xiangzhenfa-2022-14#2.2"


@dataclass(frozen=True)
class Candidate:
    """A county whose growth was entered: whether it is triggered, and whether it is listed already."""

    region_code: str
    supervision: growth.Supervision
    listing: Listing | None


# hebei-xiangzhenfa-2022-14#2.2
def candidates(*, scope: Scope, period: str, on: dt.date, policies: Policies) -> list[Candidate]:
    """Counties of a scope with figures for a period, the triggered first; those that cannot be judged last."""
    entered = (
        scope.filter(GrowthStatistic.objects.filter(period=period)).order_by().values_list("region_code", flat=True)
    )
    open_ones = {one.region_code: one for one in scope.filter(Listing.objects.filter(released_on=None))}
    found = []
    for code in sorted(set(entered)):
        if Level(regions.region(code).level) != Level.COUNTY:
            continue
        judged = growth.supervision(region_code=code, period=period, on=on, policies=policies)
        if judged is not None:
            found.append(Candidate(code, judged, open_ones.get(code)))
    order = {True: 0, False: 1, None: 2}
    return sorted(found, key=lambda one: (order[one.supervision.is_triggered], not one.supervision.near, one.region_code))  # fmt: skip


def limit(*, region_code: str, today: dt.date, policies: Policies) -> clocks.Due:
    """The day by which a place listed today has to be put right, as a document sets it; ``on`` None: the officer chooses it."""
    return clocks.due(start_on=today, region_code=region_code, policies=policies, parameter=LIMIT)


def put_on(
    *,
    region_code: str,
    reason: str,
    due_on: dt.date,
    due_reason: str,
    phone: str,
    period: str = "",
    number: str = "",
    by: Account,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
) -> Listing:
    """Lists a place below the officer's own. Raises UserError, ConflictError while it is listed by the same office."""
    code = regions.full_code(region_code)
    if not by.may(roles.LIST_PLACES) or code == by.region_code or not Scope.of(by).contains(code):
        raise NotPermittedError("您的账号不能对这个地方挂牌督办", next_step="请由上一级乡村振兴部门办理。")
    if not reason.strip():
        raise UserError("没有写事由", next_step="请写明为什么挂牌督办。")
    if not phone.strip():
        raise UserError("没有联系电话", next_step="请填写本单位的办公电话。")
    if due_on <= today:
        raise UserError("整改期限要在今天以后", next_step="请改正期限。")
    set_by = limit(region_code=code, today=today, policies=policies)
    if set_by.on != due_on and not due_reason.strip():
        text = "没有文件规定整改期限" if set_by.on is None else f"文件规定的期限是 {set_by.on}"
        raise UserError(f"{text}，没有写期限的理由", next_step="请写明为什么定这一天。")
    trigger = {}
    if period:
        judged = growth.supervision(region_code=code, period=period, on=today, policies=policies)
        trigger = _plain(judged) if judged else {}
    try:
        with transaction.atomic():
            made = Listing.objects.create(
                region_code=code,
                by_region=by.region_code,
                reason=reason.strip()[:200],
                period=period,
                trigger=trigger,
                number=number.strip()[:40],
                phone=phone.strip()[:40],
                listed_on=today,
                due_on=due_on,
                limit={**set_by.because, "chosen": due_reason.strip()[:200]},
                by=by,
                at=now,
            )
            detail = {"due_on": due_on.isoformat(), "period": period}
            audit.record(
                by=by,
                action="挂牌督办",
                region_code=code,
                target=f"挂牌 {made.pk}",
                reason=reason.strip(),
                detail=detail,
            )
    except IntegrityError as error:
        raise ConflictError(f"{regions.name(code)}正在挂牌督办", next_step="摘牌后才能再次挂牌。") from error
    return made  # fmt: skip


def may_report(listing: Listing, *, by: Account) -> bool:
    """People of the listed place who press on its work."""
    here = by.is_active and by.region_code == listing.region_code
    return here and by.may(roles.DISPATCH_LEADS) and listing.released_on is None


def may_decide(listing: Listing, *, by: Account) -> bool:
    """People of the office that listed it."""
    here = by.is_active and by.region_code == listing.by_region
    return here and by.may(roles.LIST_PLACES) and listing.released_on is None


def report(*, listing: Listing, text: str, by: Account, today: dt.date, now: dt.datetime) -> ListingEntry:
    """What the listed place did since."""
    if not text.strip():
        raise UserError("请写明整改进展")
    with transaction.atomic():
        fresh = _open(listing)
        if not may_report(fresh, by=by):
            raise NotPermittedError("只有被挂牌的地方才能登记进展")
        entry = ListingEntry.objects.create(
            listing=fresh, kind=PROGRESS, on=today, text=text.strip()[:500], by=by, at=now
        )
        _log(by, "登记整改进展", fresh)
    return entry  # fmt: skip


def move(*, listing: Listing, due_on: dt.date, reason: str, by: Account, today: dt.date, now: dt.datetime) -> Listing:
    """Another day, with the reason; the earlier one stays in the record."""
    if not reason.strip():
        raise UserError("请写明调整期限的理由")
    if due_on <= today:
        raise UserError("整改期限要在今天以后", next_step="请改正期限。")
    with transaction.atomic():
        fresh = _open(listing)
        if not may_decide(fresh, by=by):
            raise NotPermittedError("只有挂牌单位才能调整期限")
        ListingEntry.objects.create(
            listing=fresh,
            kind=EXTENSION,
            on=today,
            text=reason.strip()[:500],
            due_before=fresh.due_on,
            by=by,
            at=now,
        )
        fresh.due_on = due_on
        fresh.save(update_fields=["due_on"])
        _log(by, "调整挂牌期限", fresh, reason)
    return fresh


def release(*, listing: Listing, evidence: str, by: Account, today: dt.date) -> Listing:
    """摘牌, with what shows that it was put right, once the place has told its progress."""
    if not evidence.strip():
        raise UserError("请写明摘牌的依据", next_step="如：2022年三季度增速已高于当地农民，来源和数字。")
    with transaction.atomic():
        fresh = _open(listing)
        if not may_decide(fresh, by=by):
            raise NotPermittedError("只有挂牌单位才能摘牌")
        if not fresh.entries.filter(kind=PROGRESS).exists():
            raise UserError("被挂牌的地方还没有登记整改进展", next_step="收到进展后再摘牌。")
        fresh.released_on, fresh.released_by, fresh.evidence = today, by, evidence.strip()[:300]
        fresh.save(update_fields=["released_on", "released_by", "evidence"])
        _log(by, "摘牌", fresh, evidence)
    return fresh


def listings(*, scope: Scope) -> QuerySet[Listing]:
    """Those of places in the scope, open ones first. ``progress_count``: how often the place told of its progress."""
    rows = scope.filter(Listing.objects.select_related("by", "released_by"))
    counted = rows.annotate(progress_count=Count("entries", filter=Q(entries__kind=PROGRESS)))
    return counted.order_by("released_on", "due_on", "pk")


def entries(listing: Listing) -> list[ListingEntry]:
    return list(listing.entries.select_related("by").order_by("on", "pk"))


def places_below(account: Account) -> list[tuple[str, str]]:
    """What an account may list: counties for a province or city, what lies directly below for others."""
    if not account.region_code:
        return []
    below = regions.children(account.region_code)
    if Level(regions.region(account.region_code).level) == Level.PROVINCE:
        below = [
            one for child in below for one in ([child] if child.level == Level.COUNTY else regions.children(child.code))
        ]
    return [(one.code, one.name) for one in below if one.level <= Level.TOWNSHIP]  # fmt: skip


def _plain(judged: growth.Supervision) -> dict[str, Any]:
    """The comparison as it stood, with every figure and who published it."""
    return {
        "is_triggered": judged.is_triggered,
        "near": judged.near,
        "logic": judged.logic,
        "answers": [
            {
                "label": one.comparison.label,
                "margin": None if one.margin is None else str(one.margin),
                "is_met": one.is_met,
                "missing": list(one.missing),
                "cites": list(one.resolution.source.cites) if one.resolution.source else [],
                "sides": [
                    {
                        "place": "全国" if side.region_code == NATION else regions.name(side.region_code),
                        "series": growth.SERIES[side.series],
                        "growth": None if side.growth is None else str(side.growth),
                        "source": side.source,
                    }
                    for side in one.sides
                ],
            }
            for one in judged.answers
        ],
    }


def _open(listing: Listing) -> Listing:
    fresh = Listing.objects.select_for_update().get(pk=listing.pk)
    if fresh.released_on:
        raise ConflictError("已经摘牌")
    return fresh


def _log(by: Account, action: str, listing: Listing, reason: str = "") -> None:
    audit.record(by=by, action=action, region_code=listing.region_code, target=f"挂牌 {listing.pk}", reason=reason.strip()[:200])  # fmt: skip
