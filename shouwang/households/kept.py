"""All sums that are kept by place: what config registers, so that their sources are watched and the worker brings them up to date."""

from __future__ import annotations

from . import insurance_members, large_scale, metrics, responsibilities
from .income import entitlements, loans, places
from .visits import burden, campaign_sums, seen

SUMS = (
    responsibilities.LOOKED_AFTER,
    insurance_members.MEMBERS,
    entitlements.FITTING,
    loans.ASKED,
    places.TOLD,
    places.COVERED,
    places.WORK,
    seen.SEEN,
    burden.BURDENS,
    campaign_sums.PROGRESS,
    metrics.WAYS,
    large_scale.SCREENED,
)
