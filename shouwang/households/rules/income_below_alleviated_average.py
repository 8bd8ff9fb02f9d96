"""低于全国脱贫人口平均 (丙类): the projected net income per head lies under the national average of alleviated people."""

from shouwang.screening.rule import Rule

from .projected import against, projected_evidence

AVERAGE = "household.alleviated_average_income"

RULE = Rule(
    code="household.income_below_alleviated_average",
    label="推算收入低于全国脱贫人口平均",
    cites=("laiyuan-2022-9#2.2",),
    subject="household",
    unit="yuan",
    sentence="按已采集的 {present}/{expected} 个月推算，全年人均纯收入 {observed}，{comparator} 全国脱贫人口平均水平 {threshold}",
    applies_to="脱贫户和监测对象",
    causes=("因务工就业不稳", "因产业项目失败", "缺劳动力"),
    compared_by=(AVERAGE,),
    uses=("household.income_projection", AVERAGE),
    datasets=("monthly_income",),
)


# laiyuan-2022-9#2.2
def find(facts, parameters):
    """One row per watched household projected under the average."""
    household = facts.projection
    average = parameters.fen(AVERAGE)
    projected, divisor = facts.projected(household)
    is_hit = parameters.compare(projected, AVERAGE, divisor * average)
    return against(facts, household, is_hit=is_hit, threshold=average)


def evidence(facts, parameters):
    """The collected months."""
    return projected_evidence(facts)
