"""转移性收入占比过高 (丁类): transfers are more of the collected months' income than the limit.

The share is transfers ÷ (wages + business + property + transfers), before business expenses. The document says 过高 and names no
number: without the parameter the class is not computed.
"""

import ibis

from shouwang.screening.rule import HIT, NOT_COMPUTED, PROVISIONAL, SHARE_SCALE, Rule, finding

from .projected import NOTHING_COLLECTED, projected_evidence

LIMIT = "household.transfer_share_limit"

RULE = Rule(
    code="household.transfer_share_high",
    label="转移性收入占比过高",
    cites=("laiyuan-2022-9#2.2",),
    subject="household",
    unit="share",
    sentence="已采集的 {present}/{expected} 个月中转移性收入占 {observed}，{comparator} {threshold}",
    applies_to="脱贫户和监测对象",
    causes=("因务工就业不稳", "因产业项目失败", "缺劳动力"),
    compared_by=(LIMIT,),
    uses=("household.income_projection", LIMIT),
    datasets=("monthly_income",),
)


# laiyuan-2022-9#2.2
def find(facts, parameters):
    """One row per watched household whose transfers weigh too much."""
    household = facts.projection
    limit = parameters.millionths(LIMIT)
    months = len(facts.collection_months)
    is_high = parameters.compare(household.transfer_fen * SHARE_SCALE, LIMIT, household.gross_fen * limit)
    status = ibis.cases(
        (household.present.isnull(), NOT_COMPUTED),
        (is_high & (household.gross_fen > 0) & (household.present == months), HIT),
        (is_high & (household.gross_fen > 0), PROVISIONAL),
    )
    return finding(
        household,
        status=status,
        reason=ibis.ifelse(household.present.isnull(), NOTHING_COLLECTED, ibis.null("string")),
        observed=household.transfer_fen * SHARE_SCALE,
        observed_divisor=household.gross_fen,
        threshold=limit,
        present_count=household.present,
        expected_count=months,
    )


def evidence(facts, parameters):
    """The collected months."""
    return projected_evidence(facts)
