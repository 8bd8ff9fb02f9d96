"""收入低支出高: last year's net income per head under the line, and own spending of the last months above the whole of it.

Spending is what the household itself paid for illness, schooling, accidents and disasters in the months up to the screened day.
"""

from functools import reduce

import ibis

from shouwang.foundation.periods import Month
from shouwang.screening.rule import HIT, NOT_COMPUTED, Rule, finding

LINE = "household.monitoring_income_line"
MONTHS = "household.rigid_spending_months"

RULE = Rule(
    code="household.spending_exceeds_income",
    label="收入低支出高",
    cites=("hebei-xiangzhenfa-2022-14#1.4",),
    subject="household",
    unit="yuan",
    sentence="上年人均纯收入低于监测标准，且近 {months} 个月因病因学因意外因灾自付支出 {observed}，{comparator} 上年家庭纯收入 {threshold}",
    applies_to="全部农村家庭",
    causes=("因病", "因学", "因意外事故", "因自然灾害"),
    comparator=">",
    uses=(LINE, MONTHS),
    datasets=("registry_income",),
    needs_one_dataset_of=("medical_settlement", "schooling_cost", "accident", "disaster_loss"),
)

# dataset → the day and the amount of the household's own spending, and whether its rows are about a person
SPENDING = {
    "medical_settlement": ("settled_on", "own_payment_fen", True),
    "schooling_cost": ("paid_on", "amount_fen", True),
    "accident": ("occurred_on", "own_loss_fen", True),
    "disaster_loss": ("occurred_on", "loss_fen", False),
}


# hebei-xiangzhenfa-2022-14#1.4
def find(facts, parameters):
    """One row per household whose spending is above last year's income while that was under the line."""
    spending = reduce(lambda left, right: left.union(right), [_amounts(facts, parameters, name) for name in SPENDING])
    spent = spending.group_by("household_key").agg(spent=spending.amount.sum())
    spent = spent.filter(spent.spent > 0)
    year = spent.inner_join(facts.last_year.select("household_key", "members", "net_fen"), "household_key")
    is_low = parameters.compare(year.net_fen, LINE, year.members * parameters.fen(LINE))
    status = ibis.cases(
        (year.net_fen.isnull(), NOT_COMPUTED),
        (is_low & (year.spent > year.net_fen), HIT),  # 高于: equality is no hit,
    )
    return finding(
        year,
        status=status,
        reason=ibis.ifelse(year.net_fen.isnull(), "缺上年收入", ibis.null("string")),
        observed=year.spent,
        threshold=year.net_fen,
    )


def evidence(facts, hits, parameters):
    """Last year's income row and every payment that was counted."""
    shown = [facts.rows_of_household(hits, facts.income_rows, "registry_income")]
    for dataset, (_, _, is_about_person) in SPENDING.items():
        rows = _within(facts, parameters, dataset)
        choose = facts.rows_of_members if is_about_person else facts.rows_of_household
        shown.append(choose(hits, rows, dataset))
    return shown


def _within(facts, parameters, dataset):
    """Rows of the months that end with the screened day."""
    day, amount, _ = SPENDING[dataset]
    row = facts.table(dataset)
    first = Month.of(facts.as_of).plus(1 - int(parameters.value(MONTHS))).first_day
    return row.filter(row[day].between(first, facts.as_of) & (row[amount] > 0))


def _amounts(facts, parameters, dataset):
    _, amount, is_about_person = SPENDING[dataset]
    rows = _within(facts, parameters, dataset)
    if is_about_person:
        # added up per person first: the join to households then meets far fewer rows
        rows = rows.group_by("person_key").agg(amount=rows[amount].sum())
        rows = rows.inner_join(facts.people.select("person_key", "household_key"), "person_key")
        return rows.select("household_key", "amount")
    return rows.select("household_key", amount=rows[amount])
