"""收入推算: what each watched household earned last year, what the months collected so far add up to, and where the year is heading.

Part by part, so that a difference can be traced to wages, business, property or transfers (上年度收入明细对比).
"""

import ibis

from shouwang.screening.derived import Derived

PARTS = ("wage", "business", "property", "transfer", "business_cost")

DERIVED = Derived(
    code="household.income_outlook",
    label="收入推算",
    cites=("laiyuan-2022-9#2.1.3", "laiyuan-2022-9#2.2.7"),
    uses=("household.income_projection",),
    datasets=("monthly_income",),
    optional_datasets=("registry_income",),
    columns={
        "household_key": "int64",
        "members": "int64",
        "present": "int64",
        "expected": "int64",
        "month_bits": "int64",
        **{f"last_{part}_fen": "int64" for part in PARTS},
        **{f"collected_{part}_fen": "int64" for part in PARTS},
        "last_net_fen": "int64",
        "collected_net_fen": "int64",
        "projected_net_fen": "int64",
    },
)


# laiyuan-2022-9#2.1.3, laiyuan-2022-9#2.2.7
def build(facts, parameters):
    """One row per watched household. ``projected_net_fen``: Σ of the collected months ÷ their due number × a year's months.

    A month that does not state every part is a month that is missing. ``month_bits``: bit 0 is the first month of the
    collection year, and so on; a bit is set where the month was collected.
    """
    months = len(facts.collection_months)
    row = facts.monthly_rows
    row = row.filter(_net(row, "").notnull())
    bit = ibis.cases(*[(row.month == month, 2**place) for place, month in enumerate(facts.collection_months)])
    sums = row.group_by("household_key").agg(
        present=row.count(),
        month_bits=bit.cast("int64").sum(),
        **{f"collected_{part}_fen": row[f"{part}_fen"].sum().cast("int64") for part in PARTS},
    )
    last = facts.income_rows
    last = last.select("household_key", **{f"last_{part}_fen": last[f"{part}_fen"] for part in PARTS})
    household = facts.watched_households.select("household_key", "members")
    household = household.left_join(sums, "household_key").drop("household_key_right")
    household = household.left_join(last, "household_key").drop("household_key_right")
    collected, before = _net(household, "collected_"), _net(household, "last_")
    return household.mutate(
        present=ibis.coalesce(household.present, 0),
        month_bits=ibis.coalesce(household.month_bits, 0),
        expected=months,
        last_net_fen=before,
        collected_net_fen=collected,
        # rounded down to whole fen for a list; the rules compare fractions
        projected_net_fen=((collected * facts.annual_months) / months).floor(),
    )


def _net(table, prefix):
    wage, business, property_, transfer, cost = (table[f"{prefix}{part}_fen"] for part in PARTS)
    return wage + business + property_ + transfer - cost
