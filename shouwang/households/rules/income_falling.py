"""收入下降 (甲类): the net income that the collected months project for this year lies under last year's."""

from shouwang.screening.rule import Evidence, Rule

from .projected import against, projected_evidence

RULE = Rule(
    code="household.income_falling",
    label="收入下降",
    cites=("laiyuan-2022-9#2.2",),
    subject="household",
    unit="yuan",
    sentence="按已采集的 {present}/{expected} 个月推算，全年人均纯收入 {observed}，低于上年的 {threshold}",
    applies_to="脱贫户和监测对象",
    causes=("因务工就业不稳", "因产业项目失败", "缺劳动力"),
    comparator="<",
    uses=("household.income_projection",),
    datasets=("monthly_income", "registry_income"),
)


# laiyuan-2022-9#2.2
def find(facts, parameters):
    """One row per watched household projected under last year's income."""
    year = facts.last_year.select("household_key", last_net=facts.last_year.net_fen)
    household = facts.projection.left_join(year, "household_key").drop("household_key_right")
    return against(
        facts,
        household,
        is_hit=facts.projected(household)[0] < household.last_net * len(facts.collection_months),
        threshold=household.last_net,
        threshold_divisor=household.members,
        missing={"缺上年收入": household.last_net.isnull()},
    )


def evidence(facts, parameters):
    """The collected months and last year's income row."""
    return [*projected_evidence(facts), Evidence("registry_income", facts.income_rows, of="household")]
