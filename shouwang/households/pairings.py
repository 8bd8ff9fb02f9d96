"""Which units are paired with a village on a day, from the register of pairings (S4-C-11)."""

from __future__ import annotations

import datetime as dt

from .models import RegisterRow
from .registers import queries
from .registers.declared.village_pairings import REGISTER


# xuchang-2022-1#3.1.3.5
def of_village(*, region_code: str, on: dt.date) -> list[RegisterRow]:
    """The pairings of a village that hold on a day, the oldest first."""
    rows = RegisterRow.objects.filter(register=REGISTER.code, region_code=region_code, is_taken_back=False)
    return list(rows.filter(queries.in_force(on)).order_by("from_on", "pk"))
