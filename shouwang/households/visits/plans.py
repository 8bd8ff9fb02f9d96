"""脱贫户 whom no visit is planned for: outside the month's visit scope, or inside it with nobody in office to go (S0-C-01)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.casework.models import Event
from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household

from .. import responsibilities
from ..kinds import ALLEVIATED
from ..models import Visit
from ..models.responsibility import GRID_WORKER
from ..models.visits import ONSITE
from . import population
from .coverage import HOME_STEPS
from .population import RURAL, Demand


def unplanned(*, scope: Scope, county: str, on: dt.date, policies: Policies) -> tuple[QuerySet[Household], Demand]:
    """The 脱贫户 of a county that nobody will see in the month of a day and nobody has seen, and what the month asks for."""
    demand = population.demand(county=county, month=Month.of(on), policies=policies)
    within = scope.narrowed(county) if scope.contains(county) else scope
    rows = within.filter(Household.objects.filter(is_withdrawn=False, household_type=ALLEVIATED))
    rows = rows.exclude(_seen(Month.of(on)))
    if RURAL not in demand.groups:
        rows = rows.filter(~population.members_of(demand.groups) | ~_has_visitor(on))
    else:
        rows = rows.exclude(_has_visitor(on))
    return rows, demand


def why(*, household: Household, demand: Demand, without_visitor: set[int]) -> str:
    """In words: nobody is named to go, or no document asks for it."""
    return (
        "没有在任网格员" if household.pk in without_visitor else f"不在走访范围（{demand.label or '当地没有文件规定'}）"
    )


def without_visitor(*, households: list[Household], on: dt.date) -> set[int]:
    """Those of some households whom no grid worker in office looks after."""
    keys = {one.pk for one in households}
    held = responsibilities.held(on=on, kind=GRID_WORKER).filter(household__in=keys)
    return keys - set(held.values_list("household_id", flat=True))


def _has_visitor(on: dt.date) -> Q:
    return Q(Exists(responsibilities.held(on=on, kind=GRID_WORKER).filter(household=OuterRef("pk"))))


def _seen(month: Month) -> Q:
    visits = Visit.objects.filter(household=OuterRef("pk"), month=str(month), undone_at=None, method=ONSITE)
    steps = Event.objects.filter(
        lead__household=OuterRef("pk"), step__in=HOME_STEPS, on__range=(month.first_day, month.last_day)
    )
    return Q(Exists(visits)) | Q(Exists(steps))
