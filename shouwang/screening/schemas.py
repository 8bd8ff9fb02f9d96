"""The columns of every dataset that rules may read, so that a dataset nobody has sent is an empty table, not an error."""

from __future__ import annotations

from functools import cache

from shouwang.feeds.datasets import DATASETS
from shouwang.intake.contract import Kind

_FEED_COLUMNS = {"batch": "int64", "row": "int32", "period": "string", "person_key": "int64", "household_key": "int64"}
_TYPES = {
    Kind.TEXT: "string",
    Kind.CODE: "string",
    Kind.KEY: "string",
    Kind.VILLAGE: "string",
    Kind.MONTH: "string",
    Kind.DAY: "date",
    Kind.YEAR: "int32",
    Kind.WHOLE: "int32",
    Kind.MONEY: "int64",
    Kind.DECIMAL: "decimal(18, 2)",
    Kind.YES_NO: "boolean",
}
_REGISTRY = {
    "registry_person": {
        "batch": "int64",
        "row": "int32",
        "person_key": "int64",
        "household_key": "int64",
        "region_code": "string",
        "born_on": "date",
        "labour_capacity": "string",
    },
    "registry_household": {
        "batch": "int64",
        "row": "int32",
        "household_key": "int64",
        "household_no": "string",
        "region_code": "string",
        "household_type": "string",
        "is_monitored": "boolean",
    },
    "registry_income": {
        "household_key": "int64",
        "year": "int32",
        "wage_fen": "int64",
        "business_fen": "int64",
        "property_fen": "int64",
        "transfer_fen": "int64",
        "business_cost_fen": "int64",
        "batch": "int64",
        "row": "int32",
        "period": "string",
    },
    "superseded": {"dataset": "string", "batch": "int64", "row": "int32", "period": "string"},
}


@cache
def columns(dataset: str) -> dict[str, str]:
    """Column name → Ibis type, for the columns that rules may use."""
    if dataset in _REGISTRY:
        return _REGISTRY[dataset]
    contract = DATASETS[dataset]
    return _FEED_COLUMNS | {column.name: _TYPES[column.kind] for column in contract.columns if column.name}
