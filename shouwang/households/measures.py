"""What may be done against which risk, and whether a plan misses one (缺什么补什么)."""

from __future__ import annotations

from django.db.models import QuerySet

from shouwang.casework.models import Case
from shouwang.casework.risks import RISKS

from .models import Measure


def standing(case: Case) -> QuerySet[Measure]:
    """The measures of a case that were not cancelled."""
    return Measure.objects.filter(case=case, cancelled_on=None)


def uncovered(case: Case) -> list[str]:
    """The case's risks without a standing measure."""
    covered = set(standing(case).values_list("risk", flat=True))
    return [risk for risk in case.risks if risk not in covered]


def uncovered_sentences(case: Case) -> list[str]:
    return [f"“{RISKS.get(risk, risk)}”还没有对应的措施" for risk in uncovered(case)]
