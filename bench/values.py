"""The day and the parameter values that the bench screens with: the program's own, and numbers for those that documents leave open.

The numbers mean nothing; they make every rule compute, and none of them find everybody.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from shouwang.foundation.periods import Month

AS_OF = dt.date(2022, 6, 30)
REGION = "130630000000"

LEFT_OPEN: dict[str, Any] = {
    "household.medical_warning_line.general": Decimal(18179),
    "household.medical_warning_line.monitored": Decimal("9089.50"),
    "household.low_income_limit": Decimal(9000),
    "household.sudden_income_drop": Decimal("0.3"),
    "household.sudden_spending_limit": Decimal(10000),
    "household.transfer_share_limit": Decimal("0.3"),
    "household.water_outage_days": 7,
}

# The comparators that bench/hand_screening.sql is written with.
COMPARATORS = {
    "household.monitoring_income_line": "<",
    "household.alleviated_average_income": "<",
    "household.low_income_limit": "<",
    "household.medical_warning_line.general": ">",
    "household.medical_warning_line.monitored": ">",
    "household.sudden_income_drop": ">=",
    "household.sudden_spending_limit": ">=",
    "household.transfer_share_limit": ">",
    "household.water_outage_days": ">=",
}


def settings() -> dict[str, Any]:
    """Every parameter of every household rule with a value and its comparator (``screening.rule.Setting``)."""
    from shouwang.foundation import workspace
    from shouwang.households.manifest import SUBJECT
    from shouwang.policy import loading
    from shouwang.screening.rule import Setting

    policies = loading.read(program=workspace.PROGRAM_POLICIES)
    found = {}
    for name in dict.fromkeys(name for rule in SUBJECT.rules for name in rule.rule.parameters):
        resolution = policies.resolve(name, region_code=REGION, on=AS_OF)
        value = LEFT_OPEN[name] if resolution.value is None else resolution.value
        found[name] = Setting(value, resolution.comparator)
        if COMPARATORS.get(name, "") != resolution.comparator:
            raise ValueError(
                f"{name} is now compared with {resolution.comparator}: bench/hand_screening.sql has to follow"
            )
    return found


def sql_names() -> dict[str, Any]:
    """The same values as ``hand_screening.sql`` and the pandas program name them."""
    from shouwang.screening.rule import Parameters

    parameters = Parameters(settings())
    month = Month.of(AS_OF)
    ages, projection = (
        parameters.value("household.compulsory_education_ages"),
        parameters.value("household.income_projection"),
    )
    school_start = ages["on"].in_year(AS_OF.year if ages["on"].in_year(AS_OF.year) <= AS_OF else AS_OF.year - 1)
    first_month = Month(
        month.year if month.month >= int(projection["first_month"]) else month.year - 1, int(projection["first_month"])
    )
    diseases = parameters.spellings("household.major_diseases") + parameters.spellings("household.chronic_diseases")
    return {
        "as_of": AS_OF,
        "month": str(month),
        "year": AS_OF.year,
        "last_year": AS_OF.year - 1,
        "year_start": dt.date(AS_OF.year, 1, 1),
        "month_start": month.first_day,
        "spending_start": month.plus(1 - int(parameters.value("household.rigid_spending_months"))).first_day,
        "first_month": str(first_month),
        "months": len(first_month.until(month)),
        "annual_months": int(projection["annual_months"]),
        "school_year": str(Month.of(school_start)),
        "child_born_after": school_start.replace(year=school_start.year - int(ages["until"])),
        "child_born_until": school_start.replace(year=school_start.year - int(ages["from"])),
        "line": parameters.fen("household.monitoring_income_line"),
        "average": parameters.fen("household.alleviated_average_income"),
        "low_income": parameters.fen("household.low_income_limit"),
        "transfer_share": parameters.millionths("household.transfer_share_limit"),
        "sudden_spending": parameters.fen("household.sudden_spending_limit"),
        "sudden_drop": parameters.millionths("household.sudden_income_drop"),
        "warning_general": parameters.fen("household.medical_warning_line.general"),
        "warning_monitored": parameters.fen("household.medical_warning_line.monitored"),
        "outage_days": int(parameters.value("household.water_outage_days")),
        "diseases": sorted(set(diseases)),
        "severe_levels": [int(level) for level in parameters.value("household.severe_disability_levels")],
        "unsafe_grades": [str(grade) for grade in parameters.value("household.unsafe_housing_grades")],
    }
