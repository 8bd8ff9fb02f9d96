"""The procedure of a case: identified in the four steps of the province, helped, and closed the way it was opened (怎么进怎么出)."""

from __future__ import annotations

from shouwang.casework import cases, clocks
from shouwang.casework.models import Case
from shouwang.casework.procedure import Procedure
from shouwang.organisation import roles

from . import clearance, identification
from .states import AUTHORISE, STATES

PROCEDURE = Procedure(
    code=cases.CODE,
    label="监测帮扶个案",
    model=lambda: Case,
    start=AUTHORISE,
    limit=clocks.IDENTIFICATION_LIMIT,
    pause_permission=roles.APPROVE,
    states=STATES,
    steps=(*identification.STEPS, *clearance.STEPS),
)
