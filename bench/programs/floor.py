"""The least that any engine has to do: the smallest value of every column that the rules use, of every file, once. Argument: lake."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from bench.measuring import measured

_ROW = ("batch", '"row"')

USED = {
    "registry_person": (*_ROW, "person_key", "household_key", "born_on", "labour_capacity"),
    "registry_household": ("household_key", "household_no", "region_code", "household_type", "is_monitored"),
    "registry_income": (*_ROW, "household_key", "year", "wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen"),
    "population_change": ("person_key", "changed_on", "change_kind"),
    "medical_settlement": (*_ROW, "person_key", "settled_on", "own_payment_fen", "disease"),
    "major_disease": (*_ROW, "person_key", "diagnosed_on", "disease"),
    "disability": (*_ROW, "person_key", "certified_on", "cancelled_on", "disability_level"),
    "employment": (*_ROW, "person_key", "employment_status", "started_on", "ended_on"),
    "accident": (*_ROW, "person_key", "occurred_on", "own_loss_fen"),
    "disaster_loss": (*_ROW, "household_key", "occurred_on", "loss_fen"),
    "schooling_cost": (*_ROW, "person_key", "paid_on", "amount_fen"),
    "enrolment": (*_ROW, "period", "person_key", "enrolment_status", "not_enrolled_reason"),
    "medical_insurance": (*_ROW, "period", "person_key", "insured_year", "insurance_status"),
    "housing_safety": (*_ROW, "period", "household_key", "appraised_on", "safety_grade", "rebuild_status", "has_safe_dwelling"),
    "water_outage": (*_ROW, "period", "village_code", "outage_from", "outage_to", "quality_passed"),
    "monthly_income": (
        *_ROW, "household_key", "month", "wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen",
    ),
}  # fmt: skip


def main(lake: Path) -> None:
    with duckdb.connect() as connection, measured():
        for dataset, columns in USED.items():
            least = ", ".join(f"min({column})" for column in columns)
            source = f"read_parquet('{lake}/{dataset}/*/*/*.parquet', hive_partitioning = false)"
            connection.execute(f"SELECT {least} FROM {source}").fetchall()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
