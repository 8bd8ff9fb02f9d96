"""What departments' files say of one household over time, as it counts today: the months of its income."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.intake import queries as intake
from shouwang.intake.models import Batch
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.regions import queries as regions
from shouwang.registry.models import Household

from .facts import SUPERSEDED

_AMOUNTS = ("wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen")


@dataclass(frozen=True)
class MonthOfIncome:
    """One month: whole fen, None where the cell was empty; ``net_fen`` None when any part is unknown."""

    month: str
    wage_fen: int | None
    business_fen: int | None
    property_fen: int | None
    transfer_fen: int | None
    business_cost_fen: int | None
    batch: Batch
    row: int

    @property
    def net_fen(self) -> int | None:
        parts = (self.wage_fen, self.business_fen, self.property_fen, self.transfer_fen, self.business_cost_fen)
        if any(part is None for part in parts):
            return None
        *income, cost = (part or 0 for part in parts)
        return sum(income) - cost


def monthly_income(*, household: Household) -> list[MonthOfIncome]:
    """The collected months of a household that count today, newest first."""
    county = regions.county_of(household.region_code)
    files = intake.lake_files(county_code=county, datasets=["monthly_income", SUPERSEDED])
    told = [str(store.absolute(file.path)) for file in files if file.dataset == "monthly_income"]
    gone = [str(store.absolute(file.path)) for file in files if file.dataset == SUPERSEDED]
    if not told:
        return []
    query = f"""SELECT month, {", ".join(_AMOUNTS)}, batch, row FROM {_read(told)} AS told WHERE household_key = $household"""
    if gone:
        query += f""" AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone
            WHERE gone.dataset = 'monthly_income' AND gone.batch = told.batch AND gone.row = told.row)"""
    with store.connect() as connection:
        lines = connection.execute(f"{query} ORDER BY month DESC, batch", {"household": household.pk}).fetchall()
    batches = Batch.objects.in_bulk({line[-2] for line in lines})
    return [
        MonthOfIncome(month, wage, business, property_, transfer, cost, batches[batch], row)
        for month, wage, business, property_, transfer, cost, batch, row in lines
    ]


def row_numbers(*, batch: Batch, after: int = 0, limit: int = 50) -> list[int]:
    """The next rows of a file that count as facts of its batch, by their number in the file."""
    files = batch.lake_files.filter(dataset=batch.dataset).values_list("path", flat=True)
    paths = [str(store.absolute(path)) for path in files]
    if not paths:
        return []
    query = f"SELECT DISTINCT row FROM {_read(paths)} WHERE row > $after ORDER BY row LIMIT $limit"
    with store.connect() as connection:
        return [row for (row,) in connection.execute(query, {"after": after, "limit": limit}).fetchall()]


def _read(paths: list[str]) -> str:
    listed = ", ".join(quoted(path) for path in paths)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
