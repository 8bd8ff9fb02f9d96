"""What is said about a household by anybody but a rule: it joins the household's lead, or opens one, on the same clock."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shouwang.foundation.errors import UserError
from shouwang.organisation import audit
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household

from . import actions
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
        audit.record(
            by=by, action="登记反映", region_code=region_code, target=lead.lead_no, detail={"channel": channel}
        )
    return signal
