"""突发严重困难: a disaster, an accident or a loss of work dated in the screened month.

It is a hit when the losses or the drop of income reach their limits. The documents name no limits: while one has no value the
household is put forward for judgement, because nothing may be ruled out that was not measured.
"""

import ibis

from shouwang.screening.rule import HIT, JUDGEMENT, SHARE_SCALE, Evidence, Rule, finding

from ..kinds import JOBLESS

SPENDING_LIMIT = "household.sudden_spending_limit"
INCOME_DROP = "household.sudden_income_drop"

RULE = Rule(
    code="household.sudden_hardship",
    label="突发严重困难",
    cites=("hebei-xiangzhenfa-2022-14#1.3",),
    subject="household",
    unit="yuan",
    sentence="{month}发生灾害、意外事故或失去工作，已知损失 {observed}",
    applies_to="全部农村家庭",
    causes=("因自然灾害", "因意外事故", "因务工就业不稳", "因突发公共卫生事件"),
    compared_by=(SPENDING_LIMIT,),
    optional=(SPENDING_LIMIT, INCOME_DROP, "household.income_projection"),
    needs_one_dataset_of=("disaster_loss", "accident", "employment"),
    optional_datasets=("monthly_income", "registry_income"),
)


# hebei-xiangzhenfa-2022-14#1.3
def find(facts, parameters):
    """One row per household with an event in the month."""
    event = events(facts)
    event = event.group_by("household_key").agg(loss=event.loss.sum())
    household = event.inner_join(facts.households.select("household_key"), "household_key")
    spending_limit, drop_limit = parameters.fen(SPENDING_LIMIT), parameters.millionths(INCOME_DROP)

    if drop_limit is not None:
        household = household.left_join(_drop(facts), "household_key").drop("household_key_right")

    is_hit, is_open = ibis.literal(False), ibis.literal(spending_limit is None or drop_limit is None)
    if spending_limit is not None:
        is_hit = is_hit | parameters.compare(household.loss.fill_null(0), SPENDING_LIMIT, spending_limit)
    if drop_limit is not None:
        # drop ÷ last year compared with the limit, without dividing
        dropped = parameters.compare(household.drop_fen * SHARE_SCALE, INCOME_DROP, household.base_fen * drop_limit)
        is_hit = is_hit | dropped.fill_null(False)
        is_open = is_open | household.drop_fen.isnull()
    status = ibis.cases((is_hit, HIT), (is_open, JUDGEMENT))
    return finding(household, status=status, observed=household.loss, threshold=spending_limit)


def evidence(facts, parameters):
    """The rows of the events."""
    return [
        Evidence("disaster_loss", _in_month(facts, "disaster_loss"), of="household"),
        Evidence("accident", _in_month(facts, "accident"), of="member"),
        Evidence("employment", lost_work(facts), of="member"),
    ]


def events(facts):
    """Disasters, accidents and losses of work of the month: household_key, loss (fen, null when nobody stated one)."""
    disaster, accident, work = _in_month(facts, "disaster_loss"), _in_month(facts, "accident"), lost_work(facts)
    people = facts.people.select("person_key", "household_key")
    accident = accident.drop("household_key").inner_join(people, "person_key")
    work = work.drop("household_key").inner_join(people.view(), "person_key")
    return (
        disaster.select("household_key", loss=disaster.loss_fen)
        .union(accident.select("household_key", loss=accident.own_loss_fen))
        .union(work.select("household_key", loss=ibis.null("int64")))
    )


def lost_work(facts):
    """Work that ended in the month, or unemployment that began in it, unless new work began by the screened day."""
    row = facts.table("employment")
    first, last = facts.month.first_day, facts.as_of
    is_jobless = row.employment_status.isin(JOBLESS)
    lost = row.filter(
        (is_jobless & row.started_on.between(first, last)) | (~is_jobless & row.ended_on.between(first, last))
    )
    working = row.filter(~is_jobless & (row.started_on <= last) & (row.ended_on.isnull() | (row.ended_on > last)))
    return lost.anti_join(working.select("person_key").view(), "person_key")


def _in_month(facts, dataset):
    row = facts.table(dataset)
    return row.filter(row.occurred_on.between(facts.month.first_day, facts.as_of))


def _drop(facts):
    """Watched households with a complete projection: how far it lies under last year, and last year, on the same footing."""
    year = facts.last_year.select("household_key", last_net=facts.last_year.net_fen)
    year = facts.projection.inner_join(year, "household_key")
    year = year.filter((year.present == len(facts.collection_months)) & (year.last_net > 0))
    base = year.last_net * len(facts.collection_months)
    return year.select("household_key", base_fen=base, drop_fen=base - year.net_fen * facts.annual_months)
