"""低于监测标准 (乙类): the projected net income per head lies under the monitoring line."""

from shouwang.screening.rule import Rule

from .projected import against, projected_evidence

LINE = "household.monitoring_income_line"

RULE = Rule(
    code="household.income_below_line",
    label="推算收入低于监测标准",
    cites=("laiyuan-2022-9#2.2",),
    subject="household",
    unit="yuan",
    sentence="按已采集的 {present}/{expected} 个月推算，全年人均纯收入 {observed}，{comparator} {threshold} 的监测标准",
    applies_to="脱贫户和监测对象",
    causes=("因务工就业不稳", "因产业项目失败", "缺劳动力"),
    compared_by=(LINE,),
    uses=("household.income_projection", LINE),
    datasets=("monthly_income",),
)


# laiyuan-2022-9#2.2
def find(facts, parameters):
    """One row per watched household projected under the line."""
    household = facts.projection
    line = parameters.fen(LINE)
    projected, divisor = facts.projected(household)
    is_hit = parameters.compare(projected, LINE, divisor * line)
    return against(facts, household, is_hit=is_hit, threshold=line)


def evidence(facts, parameters):
    """The collected months."""
    return projected_evidence(facts)
