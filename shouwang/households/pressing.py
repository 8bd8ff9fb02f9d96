"""What was asked of a place in writing (督办, 挂牌督办) and reminds: the place until it has answered, whoever asked once the day is over.

Derived from the papers and the day, like the ladder of tasks; there is nothing to take note of, it goes when it was done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.casework import reminders
from shouwang.casework.models import Supervision
from shouwang.foundation import questions
from shouwang.organisation import roles
from shouwang.policy import Policies
from shouwang.regions.codes import level_of
from shouwang.regions.models import Level

from .models import Listing, ListingEntry
from .models.listings import PROGRESS

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

SUPERVISION, LISTING = "supervision", "listing"
LABELS = {SUPERVISION: "督办", LISTING: "挂牌督办"}


@dataclass(frozen=True)
class Asked:
    """One paper. ``is_ours``: we have to answer it; else we asked, and the day has come."""

    kind: str
    key: int
    region_code: str
    due_on: dt.date
    rung: str
    is_ours: bool

    @property
    def label(self) -> str:
        return LABELS[self.kind]


# hengshui-2022-1#C.2.1.4, hebei-xiangzhenfa-2022-14#2.2
def reminding(*, account: Account, today: dt.date, policies: Policies) -> list[Asked]:
    """Of which papers an account is reminded today, the first due first.

    A unit under 督办 is reminded from the day it was asked until it answers, and whoever asked from the day after the term. A
    listed place is reminded until it has told its progress and again from the first rung before its day, the office that listed
    it from that day on: then it is put right, or has another day.
    """
    if not _is_asked(account):
        return []
    here = account.region_code
    steps = reminders.ladder(region_code=here, today=today, policies=policies)
    rows: list[tuple[str, QuerySet[Any], str]] = [
        (SUPERVISION, _unanswered(account, today), "reply_by"),
        (LISTING, _listed(account, today, steps.last_due(reminders.SOON, today)), "due_on"),
    ]
    found = [
        Asked(kind, pk, region_code, due_on, steps.rung(due_on, today), region_code == here)
        for kind, asked, due in rows
        for pk, region_code, due_on in asked.values_list("pk", "region_code", due)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.kind, one.key))


def count(*, account: Account, today: dt.date, policies: Policies, most: int) -> int:
    """How many ``reminding`` would give, ``most`` of each kind at most; every page asks it."""
    if not _is_asked(account):
        return 0
    steps = reminders.ladder(region_code=account.region_code, today=today, policies=policies)
    soon = steps.last_due(reminders.SOON, today)
    who = (account.region_code, account.role, today, soon)
    return questions.count((SUPERVISION, *who), lambda: _unanswered(account, today), most=most) + questions.count(
        (LISTING, *who), lambda: _listed(account, today, soon), most=most
    )


def _is_asked(account: Account) -> bool:
    return bool(account.region_code) and account.is_active and account.may(roles.SEE_CASES)


def _unanswered(account: Account, today: dt.date) -> QuerySet[Supervision]:
    here = account.region_code
    late = Q(asked_by_region=here, reply_by__lt=today) if account.may(roles.DISPATCH_LEADS) else Q(pk__in=[])
    return Supervision.objects.filter(Q(region_code=here) | late, closed_on=None, answered_on=None)


def _listed(account: Account, today: dt.date, soon: dt.date) -> QuerySet[Listing]:
    here = account.region_code
    ours, theirs = Q(pk__in=[]), Q(pk__in=[])
    if account.may(roles.DISPATCH_LEADS) and level_of(here) < Level.VILLAGE:
        told = ListingEntry.objects.filter(listing=OuterRef("pk"), kind=PROGRESS)
        ours = Q(region_code=here) & (~Exists(told) | Q(due_on__lte=soon))
    if account.may(roles.LIST_PLACES):
        theirs = Q(by_region=here, due_on__lte=today)
    return Listing.objects.filter(ours | theirs, released_on=None)
