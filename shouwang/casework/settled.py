"""A settled question stays settled: the same cause with no worse figure is answered from the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Q

from shouwang.foundation import bulk
from shouwang.screening.models import Finding

from . import cases, procedure, verification
from .models import Lead, LeadReason

_LOWER_IS_WORSE, _HIGHER_IS_WORSE = ("<", "<="), (">", ">=")
_SETTLED = sorted(verification.PROCEDURE.settled_states)


@dataclass(frozen=True)
class Answer:
    """The settled lead that answers, and the findings that stand on it."""

    lead: int
    findings: frozenset[int]

    def holds(self, finding: Finding) -> bool:
        return finding.pk in self.findings


class Record:
    """What was settled about households, by the newest settled lead of each."""

    def __init__(self, households: Iterable[int]) -> None:
        self._leads: dict[int, int] = {}
        self._reasons: dict[int, list[Finding]] = {}
        # a case that was not taken in settles what led to it
        refused = sorted(procedure.get(cases.CODE).settled_states)
        for chunk in bulk.chunks(households):
            settled = Q(state__in=_SETTLED) | Q(state=verification.CONFIRMED, case__state__in=refused)
            rows = Lead.objects.filter(settled, household_id__in=chunk).order_by("closed_on", "id")
            self._leads |= dict(rows.values_list("household_id", "id"))
        for chunk in bulk.chunks(self._leads.values()):
            reasons = LeadReason.objects.filter(lead_id__in=chunk, left_on=None, finding__isnull=False)
            for reason in reasons.select_related("finding"):
                if reason.finding is not None:
                    self._reasons.setdefault(reason.lead_id, []).append(reason.finding)

    def answer(self, household: int, found: Iterable[Finding]) -> Answer | None:
        """The record's answer when it has one for every finding; None when anything is new or worse."""
        lead = self._leads.get(household)
        if lead is None:
            return None
        before = self._reasons.get(lead, [])
        if all(any(is_no_worse(finding, old) for old in before) for finding in found):
            return Answer(lead, frozenset(old.pk for old in before))
        return None


def is_no_worse(finding: Finding, settled: Finding) -> bool:
    """The same rule about the same person, and a figure that is no further on the wrong side."""
    if (finding.rule, finding.person_id) != (settled.rule, settled.person_id):
        return False
    if finding.comparator != settled.comparator or finding.status != settled.status:
        return False
    if finding.observed == settled.observed:
        return True
    try:
        now, then = Decimal(finding.observed), Decimal(settled.observed)
    except InvalidOperation:
        return False
    if finding.comparator in _LOWER_IS_WORSE:
        return now >= then
    return finding.comparator in _HIGHER_IS_WORSE and now <= then
