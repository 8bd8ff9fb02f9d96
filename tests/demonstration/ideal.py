"""The county's files as lake tables, as an import without any doubt would leave them: numbers and names that agree.

Files are read by the program's intake, people are found by their number and name in the person sheet; nothing of the
generator's own knowledge goes in. So the cases' outcomes can be held against the rules without the import in between.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pandas as pd
import pyarrow as pa

from shouwang.demonstration import calibration
from shouwang.feeds.dataset import Dataset, Subject
from shouwang.feeds.datasets import DATASETS
from shouwang.foundation import identity
from shouwang.intake import staging
from shouwang.lake import store
from shouwang.screening.compute import Inputs, compute
from shouwang.screening.engines import DuckDBEngine
from shouwang.screening.rule import Parameters, Setting

from .conftest import Written
from .reading import table_of

_MONEY = ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出")
_FEN = ("wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen")


def lake_of(written: Written, folder: Path) -> dict[str, list[Path]]:
    """Dataset → Parquet files."""
    files: dict[str, list[Path]] = defaultdict(list)
    with store.connect() as connection:

        def keep(dataset: str, query: str) -> None:
            path = folder / f"{dataset}-{len(files[dataset])}.parquet"
            store.write_query(connection, query, path)
            files[dataset].append(path)

        for name, table in _register(written).items():
            connection.register(name, table)
        keep("registry_person", "SELECT * EXCLUDE (number, name) FROM registry_person")
        keep("registry_household", "SELECT * FROM registry_household")
        keep("registry_income", "SELECT * FROM registry_income")
        for place, file in enumerate(written.files):
            if file.command == "feed" and file.region_code == calibration.COUNTY:
                dataset = DATASETS[file.dataset]
                staging.stage(connection, file.path, dataset.for_reading(), sender=file.sender, period=file.period)
                connection.execute(f"CREATE TABLE fact_{place} AS {_facts(dataset, str(file.period), 10 + place)}")
                connection.execute("DROP VIEW staged")
                files[file.dataset].append(Path(f"fact_{place}"))
        for dataset in DATASETS.values():
            parts = " UNION ALL BY NAME ".join(f"FROM {name}" for name in files.pop(dataset.code, []))
            if parts:
                keep(dataset.code, _newest(dataset, parts))
    return files


def findings(files: dict[str, list[Path]], policies, subject, **values: object) -> dict[str, dict[str, str]]:
    """Household number → rule → status; ``values`` sets open parameters (dots as double underscores)."""
    names = {name for rule in subject.rules for name in rule.rule.parameters}
    settings = {}
    for name in names:
        resolved = policies.resolve(name, region_code=calibration.COUNTY, on=calibration.AS_OF)
        settings[name] = Setting(values.get(name.replace(".", "__"), resolved.value), resolved.comparator)
    parameters = Parameters(settings)
    rules = [rule for rule in subject.rules if all(parameters.value(name) is not None for name in rule.rule.uses)]
    with store.connect() as connection:
        inputs = Inputs(files, calibration.AS_OF, parameters)
        outcome = compute(DuckDBEngine(connection), subject, rules, inputs, with_evidence=False)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in outcome.findings.to_pylist():
        found[row["household_no"]][row["rule"]] = row["status"]
    return found


def _register(written: Written) -> dict[str, pa.Table]:
    persons = table_of(written.file("person").path).drop_duplicates("人口编号")
    numbers = persons["证件号码"].map(_number)
    persons = persons[(numbers != "") & (persons["人口编号"] != "")].assign(number=numbers)
    households = table_of(written.file("household", "2021-12").path)
    households = households.assign(household_key=range(1, len(households) + 1))
    keys = households.set_index("户编号")["household_key"]
    watched = table_of(written.file("monitored").path)
    active = set(watched[watched["风险是否已消除"] == "否"]["户编号"])
    villages = {line["household_no"]: line["village"] for line in written.truth.of("case")}
    return {
        "registry_person": pa.table(
            {
                "batch": pa.array([2] * len(persons)),
                "row": pa.array(persons.index, pa.int32()),
                "person_key": pa.array(range(1, len(persons) + 1)),
                "household_key": pa.array(keys.reindex(persons["户编号"]).to_numpy()),
                "region_code": pa.array([""] * len(persons)),
                "born_on": pa.array(pd.to_datetime(persons["出生日期"]).dt.date),
                "labour_capacity": pa.array(persons["劳动技能"]),
                "number": pa.array(persons["number"]),
                "name": pa.array(persons["姓名"].str.replace(r"[\s　]", "", regex=True)),
            }
        ),
        "registry_household": pa.table(
            {
                "batch": pa.array([1] * len(households)),
                "row": pa.array(households.index, pa.int32()),
                "household_key": pa.array(households["household_key"]),
                "household_no": pa.array(households["户编号"]),
                "region_code": pa.array([villages.get(number, "") for number in households["户编号"]]),
                "household_type": pa.array(households["户类型"]),
                "is_monitored": pa.array([number in active for number in households["户编号"]]),
            }
        ),
        "registry_income": pa.table(
            {
                "batch": pa.array([1] * len(households)),
                "row": pa.array(households.index, pa.int32()),
                "household_key": pa.array(households["household_key"]),
                "year": pa.array(households["年度"].astype(int), pa.int32()),
                "period": pa.array(["2021-12"] * len(households)),
                **{
                    name: pa.array([_fen(text) for text in households[heading]], pa.int64())
                    for name, heading in zip(_FEN, _MONEY, strict=True)
                },
            }
        ),
    }


def _number(text: str) -> str:
    try:
        return identity.parse(text).text
    except identity.IdentityNumberError:
        return ""


def _fen(text: str) -> int | None:
    return round(float(text) * 100) if text else None


def _facts(dataset: Dataset, period: str, batch: int) -> str:
    columns = ", ".join(f'staged."{column.name}"' for column in dataset.lake_columns)
    head = f'SELECT {batch}::BIGINT AS batch, staged."row"::INTEGER AS "row", \'{period}\' AS period'
    by_number = "JOIN registry_person AS person ON person.number = staged.identity_number AND person.name = staged.name"
    match dataset.subject:
        case Subject.PERSON:
            keys, join = "person.person_key, NULL::BIGINT AS household_key", by_number
        case Subject.HOUSEHOLDER:
            keys, join = "NULL::BIGINT AS person_key, person.household_key", by_number
        case Subject.HOUSEHOLD:
            keys, join = (
                "NULL::BIGINT AS person_key, household.household_key",
                "JOIN registry_household AS household USING (household_no)",
            )
        case Subject.VILLAGE | Subject.COUNTY:
            keys, join = "NULL::BIGINT AS person_key, NULL::BIGINT AS household_key", ""
    return f"{head}, {keys}, {columns} FROM staged {join}"


def _newest(dataset: Dataset, parts: str) -> str:
    """Of rows that tell of the same thing the newest."""
    key = ", ".join(f'"{name}"' for name in (dataset.subject_key, *dataset.natural_key) if name)
    first = f"({dataset.precedence}) DESC NULLS LAST, " if dataset.precedence else ""
    return f'SELECT * FROM ({parts}) QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY period DESC, {first}"row" DESC) = 1'
