"""整户无劳力且收入较低 (戊类): no member can work, and the projected net income per head lies under the limit.

The document says 较低 and names no number: without the parameter the class is not computed.
"""

from shouwang.screening.rule import Evidence, Rule

from .projected import against, projected_evidence

LIMIT = "household.low_income_limit"

RULE = Rule(
    code="household.no_labour_low_income",
    label="整户无劳力且收入较低",
    cites=("laiyuan-2022-9#2.2",),
    subject="household",
    unit="yuan",
    sentence="全家没有劳动力，按已采集的 {present}/{expected} 个月推算，全年人均纯收入 {observed}，{comparator} {threshold}",
    applies_to="脱贫户和监测对象",
    causes=("缺劳动力",),
    compared_by=(LIMIT,),
    uses=("household.income_projection", LIMIT),
    datasets=("monthly_income",),
)


# laiyuan-2022-9#2.2
def find(facts, parameters):
    """One row per watched household without labour projected under the limit."""
    household = facts.projection.filter(~facts.projection.has_labour)
    limit = parameters.fen(LIMIT)
    projected, divisor = facts.projected(household)
    is_hit = parameters.compare(projected, LIMIT, divisor * limit)
    return against(facts, household, is_hit=is_hit, threshold=limit)


def evidence(facts, parameters):
    """The collected months, and the members' rows that state their labour capacity."""
    return [*projected_evidence(facts), Evidence("registry_person", facts.people_rows, of="member")]
