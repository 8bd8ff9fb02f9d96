"""What the income classes have in common: a projection per head against something, and what happens when a month is missing."""

import ibis

from shouwang.screening.rule import HIT, NOT_COMPUTED, PROVISIONAL, Evidence, finding

NOTHING_COLLECTED = "没有采集到本采集年度的月收入"


def against(facts, household, *, is_hit, threshold, threshold_divisor=None, missing=None):
    """One row per household of ``facts.projection`` (joined to more) for which ``is_hit`` holds.

    With a month missing the result is provisional and never a hit (laiyuan-2022-9#2.2 counts all months). ``missing``:
    reason → condition under which the rule cannot be computed.
    """
    gaps = {NOTHING_COLLECTED: household.present.isnull(), **(missing or {})}
    projected, divisor = facts.projected(household)
    is_complete = household.present == len(facts.collection_months)
    status = ibis.cases(
        *[(condition, NOT_COMPUTED) for condition in gaps.values()],
        (is_hit & is_complete, HIT),
        (is_hit, PROVISIONAL),
    )
    reason = ibis.cases(*[(condition, text) for text, condition in gaps.items()])
    return finding(
        household,
        status=status,
        reason=reason,
        observed=projected,
        observed_divisor=divisor,
        threshold=threshold,
        threshold_divisor=threshold_divisor,
        present_count=household.present,
        expected_count=len(facts.collection_months),
    )


def projected_evidence(facts):
    """The collected months."""
    return [Evidence("monthly_income", facts.collected_rows, of="household")]
