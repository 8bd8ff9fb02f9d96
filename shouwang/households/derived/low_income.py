"""上年收入在监测范围内的户: households whose last year's net income per head lies under the line, and those that cannot be told.

The object category that is proposed for a lead follows from it: see ``categories``.
"""

import ibis

from shouwang.screening.derived import Derived

LINE = "household.monitoring_income_line"
LOW, UNKNOWN = "low", "unknown"

DERIVED = Derived(
    code="household.low_income",
    label="上年收入在监测范围内",
    cites=("hebei-xiangzhenfa-2022-14#1.4",),
    uses=(LINE,),
    datasets=("registry_income",),
    optional_datasets=(),
    columns={"household_key": "int64", "position": "string"},
)


def build(facts, parameters):
    """One row per household under the line (``low``) or without a complete income of last year (``unknown``)."""
    year = facts.last_year
    is_low = parameters.compare(year.net_fen, LINE, year.members * parameters.fen(LINE))
    year = year.mutate(position=ibis.cases((year.net_fen.isnull(), UNKNOWN), (is_low, LOW)))
    return year.filter(year.position.notnull())
