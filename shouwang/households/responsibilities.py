"""Who looks after which household: reads and changes, with their history."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from .models import Responsibility
from .models.responsibility import CONTACT


def has_contact(household_id: int, *, on: dt.date) -> bool:
    """Whether a monitoring contact is named on a day (hebei-opinion-2021#2.2.12)."""
    return in_force(on=on).filter(household_id=household_id, kind=CONTACT).exists()


def in_force(*, on: dt.date):
    """The lines that hold on a day."""
    return Responsibility.objects.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)
