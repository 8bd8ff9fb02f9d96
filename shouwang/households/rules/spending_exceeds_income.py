"""收入低支出高: last year's net income per head under the line, and own spending of the last months above the whole of it.

Spending is what the household itself paid for illness, schooling, accidents and disasters in the months up to the screened day.
"""

from functools import reduce

import ibis

from shouwang.foundation.periods import Month
from shouwang.screening.rule import HIT, NOT_COMPUTED, Evidence, Rule, finding

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
    year = facts.last_year
    is_low = parameters.compare(year.net_fen, LINE, year.members * parameters.fen(LINE))
    # few households are: only their bills are added up
    low = year.filter(year.net_fen.isnull() | is_low)
    people = facts.people.semi_join(low, "household_key").select("person_key", "household_key")
    bills = [_amounts(facts, parameters, name, people, low) for name in SPENDING]
    spending = reduce(lambda left, right: left.union(right), bills)
    spent = spending.group_by("household_key").agg(spent=spending.amount.sum())
    year = low.view().inner_join(spent, "household_key")
    status = ibis.cases(
        (year.net_fen.isnull(), NOT_COMPUTED),
        (year.spent > year.net_fen, HIT),  # 高于: equality is no hit
    )
    return finding(
        year,
        status=status,
        reason=ibis.ifelse(year.net_fen.isnull(), "缺上年收入", ibis.null("string")),
        observed=year.spent,
        threshold=year.net_fen,
    )


def evidence(facts, parameters):
    """Last year's income row and every payment that was counted."""
    return [
        Evidence("registry_income", facts.income_rows, of="household"),
        *(
            Evidence(dataset, _within(facts, parameters, dataset), of="member" if is_about_person else "household")
            for dataset, (_, _, is_about_person) in SPENDING.items()
        ),
    ]


def _within(facts, parameters, dataset):
    """Rows of the months that end with the screened day."""
    day, amount, _ = SPENDING[dataset]
    row = facts.table(dataset)
    first = Month.of(facts.as_of).plus(1 - int(parameters.value(MONTHS))).first_day
    return row.filter(row[day].between(first, facts.as_of) & (row[amount] > 0))


def _amounts(facts, parameters, dataset, people, households):
    """What these people, or these households, paid: household_key, amount."""
    _, amount, is_about_person = SPENDING[dataset]
    rows = _within(facts, parameters, dataset)
    if is_about_person:
        paid = rows.select("person_key", amount=rows[amount]).inner_join(people.view(), "person_key")
        return paid.select("household_key", "amount")
    return rows.semi_join(households.view(), "household_key").select("household_key", amount=rows[amount])
