"""Months of income that a family told as a whole on visits: what the rules would miss if they read the files alone.

Whoever collects a missing month by telephone has answered the question; the next screening must not ask it again (S0-C-62).
"""

from __future__ import annotations

from collections import defaultdict

from shouwang.organisation.scope import Scope

from ..models import IncomeLine, IncomeMonth
from ..models.income import VISIT
from .items import ASKED_OF_FAMILY, PARTS, TRANSFER

# The sender of the file in which these months reach the rules; the ledger, where they come from, does not read it.
SENDER = "走访补采（平台汇总）"
ASKED = frozenset(part for part in PARTS if part != TRANSFER) | {ASKED_OF_FAMILY}
_CHUNK = 5000

Month_ = tuple[int, str]  # household, 2022-06


def whole_months(*, county_code: str) -> dict[Month_, tuple[int, ...]]:
    """Household and month → the five parts in the order of ``PARTS``, whole fen: as the ledger counts them today."""
    lines = IncomeLine.objects.filter(source=VISIT, item__in=ASKED, superseded_by=None, amount_fen__isnull=False)
    said: dict[Month_, set[str]] = defaultdict(set)
    for household, period, item in (
        Scope.of_region(county_code).filter(lines).values_list("household_id", "period", "item")
    ):
        said[household, period].add(item)
    whole = {key for key, items in said.items() if items == ASKED}
    households = sorted({household for household, _ in whole})
    found: dict[Month_, tuple[int, ...]] = {}
    for start in range(0, len(households), _CHUNK):
        rows = IncomeMonth.objects.filter(household__in=households[start : start + _CHUNK], net_fen__isnull=False)
        for household, period, *parts in rows.values_list("household_id", "period", *(f"{part}_fen" for part in PARTS)):
            if (household, period) in whole:
                found[household, period] = tuple(parts)
    return found
