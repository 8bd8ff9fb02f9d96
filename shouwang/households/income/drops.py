"""By how much households' projected income differs from last year's, over a whole place in two queries; for whom all months are there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from ..models import IncomeMonth
from .growth import holds
from .span import span_of


@dataclass(frozen=True)
class Drop:
    """A household's net income of last year and the projection of this one, in fen."""

    last_fen: int
    projected_fen: int

    @property
    def change_fen(self) -> int:
        return self.projected_fen - self.last_fen

    @property
    def share(self) -> Decimal | None:
        """How much of last year's income is lost (0.25 for a quarter); None where there was none to lose."""
        return Decimal(-self.change_fen) / self.last_fen if self.last_fen > 0 else None

    @property
    def percent(self) -> str:
        """−25.0, +3.2; empty where last year had no income."""
        if self.share is None:
            return ""
        text = f"{-self.share * 100:+.1f}"
        return text.replace("-", "−")

    def is_large(self, limit: Decimal, comparator: str) -> bool:
        return self.share is not None and holds(self.share, comparator or ">=", limit)


# laiyuan-2022-9#2.2.7
def of_scope(*, scope: Scope, county_code: str, as_of: dt.date, policies: Policies) -> Mapping[int, Drop]:
    """Household → its drop (or gain). A household with a month or last year missing is left out: it is not computed, never 0."""
    span = span_of(region_code=county_code, as_of=as_of, policies=policies) if county_code else None
    if span is None:
        return {}
    rows = scope.filter(IncomeMonth.objects.filter(net_fen__isnull=False)).order_by()
    last = dict(rows.filter(period=span.last_year).values_list("household_id", "net_fen"))
    told = rows.filter(period__in=span.months).values_list("household_id")
    found = {}
    due = len(span.months)
    for household, count, net in told.annotate(count=Count("pk"), net=Sum("net_fen")):
        if count == due and net is not None and (before := last.get(household)) is not None:
            found[household] = Drop(before, net * span.annual_months // due)
    return found
