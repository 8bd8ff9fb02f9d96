"""应贷尽贷: who could have a small loan, who was asked, who wants one, what stands in the way, who got one (laiyuan-2022-9#2.3.3.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from shouwang.foundation import bulk
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums
from shouwang.registry.models import Household, Person

from .. import watched
from ..kinds import LABOURING
from ..models import LoanSurvey
from . import ledger

# The five things that may stand in the way, in the words of the clause.
BARRIERS = {"will": "意愿", "project": "项目", "skill": "技能", "platform": "平台", "channel": "渠道"}
_MOST_FEN = 10**9


@dataclass
class Coverage:
    """How far the asking has come. ``rate``: lent ÷ (eligible and wants), None where nobody wants one."""

    eligible: int = 0
    asked: int = 0
    wants: int = 0
    lent: int = 0
    by_barrier: dict[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> Decimal | None:
        return None if not self.wants else Decimal(self.lent) / self.wants


def eligible_in(scope: Scope) -> QuerySet[Household]:
    """Watched households with somebody who can work."""
    able = Person.objects.filter(household=OuterRef("pk"), is_withdrawn=False, labour_capacity__in=LABOURING)
    found: QuerySet[Household] = ledger.watched_in(scope).filter(Exists(able))
    return found


def newest(households: Sequence[int] | QuerySet[Any]) -> dict[int, LoanSurvey]:
    """Household → its last survey."""
    rows = LoanSurvey.objects.filter(household_id__in=households).order_by("household_id", "asked_on", "pk")
    return {one.household_id: one for one in rows}


def coverage(*, scope: Scope) -> Coverage:
    """Sums over a scope, kept by township: only eligible households count."""
    found = Coverage()
    for figures in kept_sums.read(ASKED, ranges=scope.ranges, key={}).values():
        found.eligible += figures["eligible"]
        found.asked += figures["asked"]
        found.wants += figures["wants"]
        found.lent += figures["lent"]
        for barrier, count in figures["by_barrier"].items():
            found.by_barrier[barrier] = found.by_barrier.get(barrier, 0) + count
    return found


def _by_township(*, ranges: kept_sums.Ranges) -> dict[str, dict[str, Any]]:
    found: dict[str, Coverage] = {}
    able = eligible_in(Scope(ranges)).order_by().annotate(township=Substr("region_code", 1, kept_sums.PLACE_DIGITS))
    for township, count in able.values_list("township").annotate(count=Count("pk")):
        found[township] = Coverage(eligible=count)
    # whoever was asked at all; of a household the newest answer counts
    told = able.filter(Exists(LoanSurvey.objects.filter(household=OuterRef("pk"))))
    own = LoanSurvey.objects.filter(household=OuterRef("pk")).order_by("-asked_on", "-pk")
    last = dict(told.annotate(last=Subquery(own.values("pk")[:1])).values_list("last", "township"))
    for keys in bulk.chunks(last):
        for survey in LoanSurvey.objects.filter(pk__in=keys):
            one = found[last[survey.pk]]
            one.asked += 1
            one.wants += survey.wants
            one.lent += survey.wants and survey.lent_on is not None
            if survey.barrier:
                one.by_barrier[survey.barrier] = one.by_barrier.get(survey.barrier, 0) + 1
    return {township: asdict(one) for township, one in found.items()}


ASKED = kept_sums.Sum(
    name="loans_asked",
    sources=(watched.HOUSEHOLD, watched.PERSON, watched.MONITORING, watched.LOAN_SURVEY),
    compute=_by_township,
    wanted=lambda today, policies: [({}, Scope.everything().ranges)],
)


def ask(
    *,
    household: Household,
    asked_on: dt.date,
    wants: bool,
    barrier: str,
    lent_on: dt.date | None,
    lent_fen: int | None,
    today: dt.date,
    by: Account | None,
    now: dt.datetime,
) -> LoanSurvey:
    """Writes down what a household said. The same answer of the same day is given back as it is."""
    if by is not None and not Scope.of(by).covers(household.region_code):
        raise NotPermittedError("您的账号看不到这个区域")
    if by is not None and not by.may(roles.TAKE_REPORTS):
        raise NotPermittedError("您的角色不能登记信贷需求", next_step="请由村或乡镇的工作人员登记。")
    if barrier and barrier not in BARRIERS:
        raise UserError(f"没有“{barrier}”这种障碍")
    if asked_on > today:
        raise UserError(f"询问日 {asked_on} 还没有到")
    if (lent_on is None) != (lent_fen is None):
        raise UserError("放款日和放款金额须同时填写")
    if lent_on is not None and not wants:
        raise UserError("已放款的户应登记为有意愿")
    if lent_fen is not None and not 0 < lent_fen < _MOST_FEN:
        raise UserError("放款金额不对", next_step="请以元为单位填写。")
    known = newest([household.pk]).get(household.pk)
    values = (asked_on, wants, barrier, lent_on, lent_fen)
    if known and (known.asked_on, known.wants, known.barrier, known.lent_on, known.lent_fen) == values:
        return known
    return LoanSurvey.objects.create(
        household=household,
        region_code=household.region_code,
        asked_on=asked_on,
        wants=wants,
        barrier=barrier,
        lent_on=lent_on,
        lent_fen=lent_fen,
        by=by,
        at=now,
    )
