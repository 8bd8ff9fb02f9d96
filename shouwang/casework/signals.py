"""What is said about a household by anybody but a rule: it joins the household's lead, or opens one, on the same clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from shouwang.foundation import bulk
from shouwang.foundation.errors import UserError
from shouwang.organisation import audit
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household

from . import actions, courses
from .models import Lead, LeadReason, Signal
from .models.leads import CHANNELS


def receive(
    *,
    channel: str,
    household: Household,
    region_code: str,
    told_on: dt.date,
    now: dt.datetime,
    policies: Policies,
    by: Account | None,
    risk: str = "",
    reference: str = "",
) -> Signal:
    """Takes a signal in once: the same reference from the same channel about the same household is given back as it is.

    It joins the household's open lead or the lead of its open case; otherwise a new lead opens, even where an earlier
    question was settled: somebody says that something is new. Raises UserError, also when ``by`` does not see the place.
    """
    if channel not in dict(CHANNELS):
        raise UserError(f"没有“{channel}”这个渠道")
    if by is not None and not Scope.of(by).covers(region_code):
        raise UserError("这一户不在您的辖区", next_step="请交由所在地的工作站登记。")
    with transaction.atomic():
        # two who tell of one household at the same moment: the second joins the lead that the first opened
        Household.objects.select_for_update(no_key=True).get(pk=household.pk)
        known = Signal.objects.filter(channel=channel, reference=reference, household=household)
        if reference and (signal := known.first()):
            return signal
        signal = Signal.objects.create(
            channel=channel,
            household=household,
            region_code=region_code,
            risk=risk,
            told_on=told_on,
            reference=reference,
            received_at=now,
        )
        lead_id = actions.open_leads_of([household.pk]).get(household.pk)
        if lead_id is None:
            opened = actions.write_leads(
                {household.pk: region_code},
                opened_on=told_on,
                policies=policies,
                county_of=regions.county_of,
                channel=channel,
            )
            lead_id = opened[household.pk]
        lead = Lead.objects.get(pk=lead_id)
        if channel not in lead.channels:
            lead.channels = sorted({*lead.channels, channel})
            lead.save(update_fields=["channels"])
        LeadReason.objects.create(lead=lead, signal=signal, joined_on=told_on)
        courses.renew([lead.pk])
        audit.record(
            by=by, action="登记反映", region_code=region_code, target=lead.lead_no, detail={"channel": channel}
        )
    return signal


@dataclass(frozen=True)
class Told:
    """One thing that a list says about a household; ``reference`` names the line of the list."""

    household_id: int
    region_code: str
    reference: str
    risk: str = ""


def receive_many(
    *,
    channel: str,
    told: Sequence[Told],
    told_on: dt.date,
    now: dt.datetime,
    policies: Policies,
    by: Account | None,
    answered_by: Mapping[int, int] | None = None,
) -> dict[tuple[int, str], tuple[int, int]]:
    """A whole list at once, as ``receive`` takes one: (household, reference) → (signal, lead).

    ``answered_by``: household → its settled lead, for households about which the list says nothing that was not known
    when that lead was settled; their lines are kept on it as answered from the record.
    """
    if channel not in dict(CHANNELS):
        raise UserError(f"没有“{channel}”这个渠道")
    if by is not None and (scope := Scope.of(by)) and not all(scope.covers(one.region_code) for one in told):
        raise UserError("有农户不在您的辖区", next_step="请由所在地的人员办理。")
    with transaction.atomic():
        known = _known(channel, told)
        new = [one for one in told if (one.household_id, one.reference) not in known]
        if not new:
            return known
        open_leads = actions.open_leads_of({one.household_id for one in new})
        settled = {household: lead for household, lead in (answered_by or {}).items() if household not in open_leads}
        homeless = {
            one.household_id: one.region_code
            for one in sorted(new, key=lambda one: (one.region_code, one.household_id))
            if one.household_id not in open_leads and one.household_id not in settled
        }
        open_leads |= actions.write_leads(
            homeless, opened_on=told_on, policies=policies, county_of=regions.county_of, channel=channel
        )
        written = Signal.objects.bulk_create(
            [
                Signal(
                    channel=channel,
                    household_id=one.household_id,
                    region_code=one.region_code,
                    risk=one.risk,
                    told_on=told_on,
                    reference=one.reference,
                    received_at=now,
                )
                for one in new
            ],
            batch_size=1000,
        )
        leads = [settled.get(one.household_id) or open_leads[one.household_id] for one in new]
        LeadReason.objects.bulk_create(
            [
                LeadReason(lead_id=lead, signal=signal, joined_on=told_on, is_answered=signal.household_id in settled)
                for signal, lead in zip(written, leads, strict=True)
            ],
            batch_size=1000,
        )
        _add_channel(channel, set(leads) - set(settled.values()))
        courses.renew(leads)
        audit.record(by=by, action="登记反映", target=f"{len(new)} 条", detail={"channel": channel, "rows": len(new)})
        return known | {
            (one.household_id, one.reference): (signal.pk, lead)
            for one, signal, lead in zip(new, written, leads, strict=True)
        }


def _known(channel: str, told: Sequence[Told]) -> dict[tuple[int, str], tuple[int, int]]:
    """What of a list was received before, with the lead that it joined."""
    wanted = {(one.household_id, one.reference) for one in told if one.reference}
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for chunk in bulk.chunks({one.household_id for one in told}):
        rows = LeadReason.objects.filter(signal__channel=channel, signal__household_id__in=chunk)
        for household, reference, signal, lead in rows.values_list(
            "signal__household_id", "signal__reference", "signal_id", "lead_id"
        ):
            if (household, reference) in wanted:
                found[household, reference] = signal, lead
    return found


def _add_channel(channel: str, leads: set[int]) -> None:
    for chunk in bulk.chunks(leads):
        changed = []
        for lead in Lead.objects.filter(pk__in=chunk).only("id", "channels"):
            if channel not in lead.channels:
                lead.channels = sorted({*lead.channels, channel})
                changed.append(lead)
        Lead.objects.bulk_update(changed, ["channels"])
