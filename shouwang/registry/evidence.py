"""A row of the national system's sheets as a snapshot keeps it, in the words of its headings: what a finding points at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shouwang.foundation.money import grouped, yuan
from shouwang.intake.models import Batch, LakeFile
from shouwang.intake.queries import lake_files
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from .models import Household, Person
from .snapshots import INCOME_ITEM, INCOME_ITEMS

_INCOME = {
    "wage_fen": "工资性收入",
    "business_fen": "生产经营性收入",
    "property_fen": "财产性收入",
    "transfer_fen": "转移性收入",
    "business_cost_fen": "生产经营性支出",
}
DATASETS = ("registry_person", "registry_household", "registry_income", INCOME_ITEM)


@dataclass(frozen=True)
class RegisterRow:
    """One row of one sheet: where it came from, whom it speaks of, what it says (heading → text)."""

    dataset: str
    batch: Batch
    row: int
    person: Person | None
    household: Household
    values: Mapping[str, str]


def rows(*, scope: Scope, points: Iterable[tuple[str, int, int]]) -> list[RegisterRow]:
    """Rows named (snapshot, batch, row); those of households outside the scope are left out.

    Snapshots of reverted batches are looked at too: a finding of the past stays explainable.
    """
    wanted: dict[str, set[tuple[int, int]]] = {}
    for dataset, batch, row in points:
        if dataset in DATASETS:
            wanted.setdefault(dataset, set()).add((batch, row))
    found: list[RegisterRow] = []
    for dataset, places in wanted.items():
        lines = _lines(dataset, places)
        batches = Batch.objects.in_bulk({line["batch"] for line in lines})
        homes = Household.objects.in_bulk({line["household_key"] for line in lines})
        people = Person.objects.in_bulk({line["person_key"] for line in lines if line.get("person_key")})
        for line in lines:
            home = homes.get(line["household_key"])
            if home is not None and scope.covers(line.get("region_code") or home.region_code):
                person = people.get(line.get("person_key"))
                values = _VALUES.get(dataset, _columns)(line)
                found.append(RegisterRow(dataset, batches[line["batch"]], line["row"], person, home, values))
    return found


def incomes(*, household: Household) -> list[RegisterRow]:
    """The years of income that the sheets tell of a household, newest first; of one year the newest file counts."""
    county = regions.county_of(household.region_code)
    files = lake_files(county_code=county, datasets=["registry_income"])
    if not files:
        return []
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    query = f"""SELECT * FROM read_parquet([{paths}], union_by_name = true, hive_partitioning = false)
        WHERE household_key = $household ORDER BY year, period, batch"""
    with store.connect() as connection:
        lines = connection.execute(query, {"household": household.pk}).to_arrow_table().to_pylist()
    newest = {line["year"]: line for line in lines}
    batches = Batch.objects.in_bulk({line["batch"] for line in newest.values()})
    return [
        RegisterRow("registry_income", batches[line["batch"]], line["row"], None, household, _income(line))
        for _, line in sorted(newest.items(), reverse=True)
    ]


def _lines(dataset: str, places: set[tuple[int, int]]) -> list[dict[str, Any]]:
    """The rows themselves, each once, from the snapshots of the counties that the batches belong to."""
    counties = LakeFile.objects.filter(batch_id__in={batch for batch, _ in places}, dataset=dataset)
    files = LakeFile.objects.filter(dataset=dataset, region_code__in=counties.values("region_code")).order_by("-id")
    paths = ", ".join(quoted(str(store.absolute(path))) for path in files.values_list("path", flat=True))
    if not paths:
        return []
    listed = ", ".join(f"({int(batch)}, {int(row)})" for batch, row in sorted(places))
    query = f"""SELECT * FROM read_parquet([{paths}], union_by_name = true, hive_partitioning = false)
        WHERE (batch, "row") IN ({listed})"""
    with store.connect() as connection:
        lines = connection.execute(query).to_arrow_table().to_pylist()
    return list({(line["batch"], line["row"]): line for line in reversed(lines)}.values())


def _income(line: Mapping[str, Any]) -> dict[str, str]:
    amounts = {heading: line[name] for name, heading in _INCOME.items()}
    shown = {heading: f"{grouped(yuan(fen))} 元" if fen is not None else "" for heading, fen in amounts.items()}
    return {"年度": str(line["year"]), **shown}


def _items(line: Mapping[str, Any]) -> dict[str, str]:
    amounts = {heading: line[name] for name, heading in INCOME_ITEMS.items()}
    shown = {heading: f"{grouped(yuan(fen))} 元" for heading, fen in amounts.items() if fen is not None}
    return {"年度": str(line["year"]), **shown}


def _columns(line: Mapping[str, Any]) -> dict[str, str]:
    """The sheet's own columns; what the program added has no Chinese name."""
    return {name: str(value) for name, value in line.items() if value not in (None, "") and not name.isascii()}


_VALUES = {"registry_income": _income, INCOME_ITEM: _items}
