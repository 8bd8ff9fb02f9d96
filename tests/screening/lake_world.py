"""A tiny county for the tests of runs and leads: households in the database, their facts in the lake."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.lake import store
from shouwang.registry.models import Household, Person
from shouwang.screening import schemas
from shouwang.screening.engines import arrow_schema
from tests import factories


class County:
    """Grows household by household; ``write`` puts each dataset into the lake as one batch in force."""

    def __init__(self, code: str = factories.LAIYUAN, village: str = "130630100201") -> None:
        self.code = code
        self.village = village
        self.households: dict[str, Household] = {}
        self.persons: dict[str, Person] = {}

    def household(self, name: str, *members: str, kind: str = "脱贫户") -> Household:
        household = factories.make_household(region_code=self.village, head_name=name)
        Household.objects.filter(pk=household.pk).update(household_type=kind)
        household.refresh_from_db()
        self.households[name] = household
        for member in members or (f"{name}一",):
            self.persons[member] = factories.make_person(household=household, name=member)
        return household

    def register(self, period: str = "2022-06", monitored: tuple[str, ...] = ()) -> None:
        """Writes the register's snapshot as it stands."""
        self.write(
            "registry_household",
            [
                {
                    "row": number,
                    "household_key": household.pk,
                    "household_no": household.household_no,
                    "region_code": household.region_code,
                    "household_type": household.household_type,
                    "is_monitored": name in monitored,
                }
                for number, (name, household) in enumerate(self.households.items(), 2)
            ],
            period=period,
        )
        self.write(
            "registry_person",
            [
                {
                    "row": number,
                    "person_key": person.pk,
                    "household_key": person.household_id,
                    "region_code": person.region_code,
                    "born_on": person.born_on,
                    "labour_capacity": "普通劳动力",
                }
                for number, person in enumerate(self.persons.values(), 2)
            ],
            period=period,
        )

    def income(self, year: int = 2021, **net_fen: int) -> Batch:
        parts = ("wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen")
        return self.write(
            "registry_income",
            [
                {"household_key": self.households[name].pk, "year": year, "row": number}
                | dict.fromkeys(parts, 0)
                | {"wage_fen": amount}
                for number, (name, amount) in enumerate(net_fen.items(), 2)
            ],
            period=f"{year}-12",
        )

    def months(self, name: str, months: list[str], wage_fen: int) -> Batch:
        parts = ("business_fen", "property_fen", "transfer_fen", "business_cost_fen")
        return self.write(
            "monthly_income",
            [
                {"household_key": self.households[name].pk, "month": month, "wage_fen": wage_fen, "row": number}
                | dict.fromkeys(parts, 0)
                for number, month in enumerate(months, 2)
            ],
        )

    def write(self, dataset: str, rows: list[dict[str, Any]], period: str = "2022-06") -> Batch:
        """One batch with one lake file; rows name persons and households by their names."""
        purpose = "registry" if dataset.startswith("registry_") else "feed"
        batch = factories.make_batch(purpose=purpose, dataset=dataset, region_code=self.code, period=period)
        schema = arrow_schema(schemas.columns(dataset))
        filled = []
        for number, row in enumerate(rows, 2):
            row = {"row": number, "period": period} | row | {"batch": batch.pk}
            if "person" in row:
                row["person_key"] = self.persons[row["person"]].pk
            if "household" in row:
                row["household_key"] = self.households[row["household"]].pk
            filled.append({name: row.get(name) for name in schema.names})
        path = store.path_of(dataset, self.code, period, f"batch-{batch.pk}")
        digest = store.write_table(pa.Table.from_pylist(filled, schema), path)
        LakeFile.objects.create(
            batch=batch,
            dataset=dataset,
            region_code=self.code,
            period=period,
            path=store.relative(path),
            content_hash=digest,
            row_count=len(filled),
        )
        return batch

    def supersede(self, dataset: str, batch: Batch, row: int, by: Batch) -> None:
        schema = arrow_schema(schemas.columns("superseded"))
        path = store.path_of("superseded", self.code, by.period, f"batch-{by.pk}")
        table = pa.Table.from_pylist([{"dataset": dataset, "batch": batch.pk, "row": row, "period": by.period}], schema)
        LakeFile.objects.create(
            batch=by,
            dataset="superseded",
            region_code=self.code,
            period=by.period,
            path=store.relative(path),
            content_hash=store.write_table(table, path),
            row_count=1,
        )

    @staticmethod
    def revert(batch: Batch) -> None:
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.REVERTED, reverted_at=factories.NOW)
