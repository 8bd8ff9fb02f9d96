"""Which households live on a branch of farming, as far as the income ledger says so item by item (种植、养殖、林果)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from shouwang.feeds.datasets import produce_price
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household

from .income.items import BUSINESS
from .models import IncomeLine

CROPS, LIVESTOCK, ORCHARD = "crops", "livestock", "orchard"
# Code of a branch → the word of price files, the item of the ledger.
BRANCHES = {
    CROPS: (produce_price.CROPS, f"{BUSINESS}.crops"),
    LIVESTOCK: (produce_price.LIVESTOCK, f"{BUSINESS}.livestock"),
    ORCHARD: (produce_price.ORCHARD, f"{BUSINESS}.orchard"),
}
CODES = {word: code for code, (word, _) in BRANCHES.items()}
_MONTHS = 12


@dataclass(frozen=True)
class Producers:
    """How many households of a place the ledger names for each branch, and how many have farm income that nobody broke down."""

    counts: dict[str, int]
    undivided: int


def in_scope(*, scope: Scope, on: dt.date) -> Producers:
    """Over the twelve months up to a day."""
    items = {item: code for code, (_, item) in BRANCHES.items()}
    found: dict[str, set[int]] = {code: set() for code in BRANCHES}
    whole: set[int] = set()
    rows = scope.filter(_lines(on).filter(item__in=[BUSINESS, *items])).order_by()
    for household, item in rows.values_list("household_id", "item").distinct():
        if item in items:
            found[items[item]].add(household)
        else:
            whole.add(household)
    return Producers({code: len(homes) for code, homes in found.items()}, len(whole.difference(*found.values())))


def households(homes: QuerySet[Household], *, branch: str, on: dt.date) -> list[tuple[int, str, str]]:
    """Key, village and the fact that says so of the households among ``homes`` that live on a branch."""
    word, item = BRANCHES[branch]
    rows = _lines(on).filter(item=item, household__in=homes).order_by("household__region_code", "household_id")
    sums = rows.values_list("household_id", "household__region_code").annotate(fen=Sum("amount_fen"))
    return [(pk, village, f"{word}收入近 {_MONTHS} 个月 {fen // 100:,} 元") for pk, village, fen in sums]


def _lines(on: dt.date) -> QuerySet[IncomeLine]:
    first = Month.of(on).plus(-_MONTHS)
    return IncomeLine.objects.filter(
        amount_fen__gt=0, superseded_by=None, period__gte=str(first), period__lte=str(Month.of(on))
    )
