"""What people and departments told of a household, as its lead shows it: who, when, of which risk, and where it stands written."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouwang.casework.models import Lead, Signal
from shouwang.casework.models.leads import CHANNELS
from shouwang.casework.risks import RISKS
from shouwang.door.models import SelfReport
from shouwang.households import pushes
from shouwang.households.models import PushedRow
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

from . import evidence


@dataclass
class Told:
    """One signal. ``is_answered``: from the record, because it says nothing new; ``receipt_no``: the report that may be read in full; ``groups``: the very row of the list that was pushed."""

    signal: Signal
    channel: str
    risk: str
    is_answered: bool = False
    receipt_no: str = ""
    list_label: str = ""
    groups: list[evidence.Group] = field(default_factory=list)


def of(lead: Lead, *, by: Account) -> list[Told]:
    """In the order in which they came."""
    scope, channels = Scope.of(by), dict(CHANNELS)
    joined = lead.reasons.filter(signal__isnull=False).select_related("signal").order_by("joined_on", "pk")
    pairs = [(reason.signal, reason.is_answered) for reason in joined if reason.signal is not None]
    signals = [signal for signal, _ in pairs]
    found = {
        one.pk: Told(one, channels[one.channel], RISKS.get(one.risk, ""), is_answered) for one, is_answered in pairs
    }
    if by.may(roles.TAKE_REPORTS):
        receipts = {one.reference: one.pk for one in signals if one.reference}
        reports = scope.filter(SelfReport.objects.filter(receipt_no__in=receipts, household=lead.household_id))
        for receipt_no in reports.values_list("receipt_no", flat=True):
            found[receipts[receipt_no]].receipt_no = receipt_no
    if any(one.channel == pushes.CHANNEL for one in signals):
        _add_rows(found, scope)
    return list(found.values())


def _add_rows(found: dict[int, Told], scope: Scope) -> None:
    """A row of a file for several counties lies with its county's share: whichever part has it opens it."""
    for row in PushedRow.objects.filter(signal__in=found, left_on=None).select_related("push__batch"):
        batch = row.push.batch
        points = [
            {"dataset": batch.dataset, "batch": part.pk, "row": row.row_number} for part in pushes.batches_of(batch)
        ]
        opened = evidence.open_rows(scope, points)
        standing = [point for point in points if (point["dataset"], point["batch"], point["row"]) in opened]
        told = found[row.signal_id or 0]
        told.list_label = f"{pushes.label_of(row.push)}第 {row.row_number:,} 行"
        told.groups = evidence.grouped(standing, opened, set())
