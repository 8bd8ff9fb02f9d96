"""The cases of a rule: a sentence, a tiny village, the findings that must come out. They run on every engine and are the manual."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from ruamel.yaml import YAML

from shouwang.foundation import money
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.policy.quantities import MonthDay

from . import figures, schemas
from .catalogue import Subject
from .compute import Inputs, compute
from .engines import Engine, arrow_schema
from .rule import BoundRule, Parameters, Setting

_CASE_KEYS = {"case", "as_of", "parameters", "households", "people", "income", "facts", "expect"}
_EXPECT_KEYS = {"household", "person", "status", "observed", "threshold", "present", "expected", "reason", "evidence"}


@dataclass(frozen=True)
class Case:
    """One case as its file states it."""

    rule: str
    sentence: str
    as_of: dt.date
    parameters: dict[str, Setting]
    households: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]
    income: dict[str, dict[int, dict[str, Any]]]
    facts: dict[str, list[dict[str, Any]]]
    expect: list[dict[str, Any]]


@dataclass
class Verdict:
    """What came out of a case, beside what had to."""

    case: Case
    found: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """As many findings as expected, and each agrees in every key that the expectation names."""
        if len(self.found) != len(self.case.expect):
            return False
        left = list(self.found)
        for wanted in self.case.expect:
            match = next((row for row in left if all(row[key] == value for key, value in wanted.items())), None)
            if match is None:
                return False
            left.remove(match)
        return True


def read(rule: BoundRule) -> list[Case]:
    """The cases beside a rule. Raises UserError that names the file and the case for anything unknown."""
    content = YAML(typ="safe").load(rule.cases_file.read_text())
    defaults = content.get("defaults", {})
    found = []
    for entry in content["cases"]:
        place = f"{rule.cases_file.name}“{entry.get('case', '?')}”"
        if unknown := set(entry) - _CASE_KEYS:
            raise UserError(f"用例中有不认识的键：{'、'.join(sorted(unknown))}", place=place)
        settings = defaults.get("parameters", {}) | entry.get("parameters", {})
        for wanted in entry["expect"]:
            if unknown := set(wanted) - _EXPECT_KEYS:
                raise UserError(f"期望中有不认识的键：{'、'.join(sorted(unknown))}", place=place)
        found.append(
            Case(
                rule=rule.code,
                sentence=entry["case"],
                as_of=entry.get("as_of") or defaults["as_of"],
                parameters={name: _setting(value) for name, value in settings.items()},
                households=entry.get("households", {}),
                people=entry.get("people", {}),
                income=entry.get("income", {}),
                facts=entry.get("facts", {}),
                expect=[{key: _exact(value) for key, value in wanted.items()} for wanted in entry["expect"]],
            )
        )
    return found


def _setting(written: Any) -> Setting:
    """``[9089.50, ">"]`` → value and comparator; anything else is the value alone."""
    if isinstance(written, list) and len(written) == 2 and written[1] in figures.COMPARATOR_WORDS:
        return Setting(_exact(written[0]), written[1])
    return Setting(_exact(written))


def _exact(value: Any) -> Any:
    """Values as the policy files' loader gives them: no floats, days of every year as such."""
    if isinstance(value, dict):
        return {key: _exact(part) for key, part in value.items()}
    if isinstance(value, str) and re.fullmatch(r"\d\d-\d\d", value):
        return MonthDay.parse(value)
    return Decimal(str(value)) if isinstance(value, float) else value


def run(engine: Engine, subject: Subject, rules: Sequence[BoundRule]) -> list[Verdict]:
    """Runs the cases of some rules. Cases whose day and parameters do not contradict each other share one computation."""
    by_code = {rule.code: rule for rule in rules}
    verdicts: list[Verdict] = []
    for group in _groups([case for rule in rules for case in read(rule)], by_code):
        verdicts += _run_group(
            engine, subject, [by_code[code] for code in dict.fromkeys(case.rule for case in group)], group
        )
    return verdicts


def _groups(cases: Iterable[Case], rules: dict[str, BoundRule]) -> list[list[Case]]:
    groups: list[tuple[dt.date, dict[str, Setting | None], list[Case]]] = []
    for case in cases:
        needed = {name: case.parameters.get(name) for name in rules[case.rule].rule.parameters}
        for as_of, settled, members in groups:
            if as_of == case.as_of and all(settled.get(name, setting) == setting for name, setting in needed.items()):
                settled.update(needed)
                members.append(case)
                break
        else:
            groups.append((case.as_of, dict(needed), [case]))
    return [members for _, _, members in groups]


def _run_group(engine: Engine, subject: Subject, rules: list[BoundRule], cases: list[Case]) -> list[Verdict]:
    world = _World()
    for case in cases:
        world.add(case)
    settings: dict[str, Setting] = {}
    for case in cases:
        settings |= case.parameters
    with tempfile.TemporaryDirectory(prefix="shouwang-cases-") as folder:
        files = world.write(Path(folder))
        inputs = Inputs(files=files, as_of=cases[0].as_of, parameters=Parameters(settings))
        outcome = compute(engine, subject, rules, inputs)
    verdicts = {id(case): Verdict(case) for case in cases}
    units = {rule.code: rule.rule.unit for rule in rules}
    for row in outcome.findings.to_pylist():
        case, household = world.owner[row["household_key"]]
        if case.rule != row["rule"]:
            continue
        unit = units[row["rule"]]
        verdicts[id(case)].found.append(
            {
                "household": household,
                "person": world.person_names.get(row["person_key"]),
                "status": row["status"],
                "observed": figures.plain(unit, row["observed"], row["observed_divisor"], row["observed_text"]),
                "threshold": figures.plain(unit, row["threshold"], row["threshold_divisor"]),
                "present": row["present_count"],
                "expected": row["expected_count"],
                "reason": row["reason"],
                "evidence": [f"{point['dataset']}:{point['row']}" for point in row["evidence"]],
            }
        )
    return list(verdicts.values())


class _World:
    """The tables of several cases side by side: each has households, villages and people of its own."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.owner: dict[int, tuple[Case, str]] = {}
        self.person_names: dict[int, str] = {}
        self._villages = 0
        self._persons = 0

    def add(self, case: Case) -> None:
        households: dict[str, int] = {}
        persons: dict[str, tuple[int, int]] = {}
        villages: dict[str, str] = {}
        for number, (name, household) in enumerate(case.households.items(), 1):
            key = households[name] = len(self.owner) + 1
            self.owner[key] = (case, name)
            village = self._village(villages, str(household.get("village", name)))
            self.rows["registry_household"].append(
                {
                    "batch": 1,
                    "row": number,
                    "household_key": key,
                    "household_no": f"H{key:06d}",
                    "region_code": village,
                    "household_type": household.get("type", "一般农户"),
                    "is_monitored": household.get("monitored", False),
                }
            )
            for person in household["members"]:
                self._persons += 1
                persons[person] = (self._persons, key)
                self.person_names[self._persons] = person
                traits = {"born_on": dt.date(1980, 1, 1), "labour_capacity": "普通劳动力"} | case.people.get(person, {})
                self.rows["registry_person"].append(
                    {
                        "batch": 2,
                        "row": len(persons),
                        "person_key": self._persons,
                        "household_key": key,
                        "region_code": village,
                        **traits,
                    }
                )
        entries = [(name, year, parts) for name, years in case.income.items() for year, parts in years.items()]
        for number, (name, year, parts) in enumerate(entries, 1):
            self._income(number, households[name], year, parts)
        for dataset, rows in case.facts.items():
            for number, fact in enumerate((fact for row in rows for fact in _spread(row)), 1):
                self._fact(case, dataset, number, fact, households, persons, villages)

    def _village(self, villages: dict[str, str], name: str) -> str:
        if name not in villages:
            self._villages += 1
            villages[name] = f"130630{self._villages:06d}"
        return villages[name]

    def _income(self, number: int, household: int, year: int, parts: dict[str, Any]) -> None:
        row: dict[str, int | None] = {
            f"{part}_fen": 0 for part in ("wage", "business", "property", "transfer", "business_cost")
        }
        row |= {
            f"{part}_fen": None if amount is None else money.fen(_exact(amount))
            for part, amount in parts.items()
            if part != "period"
        }
        period = parts.get("period", f"{year}-12")
        self.rows["registry_income"].append(
            {"household_key": household, "year": year, "batch": 3, "row": number, "period": period, **row}
        )

    def _fact(
        self,
        case: Case,
        dataset: str,
        number: int,
        written: dict[str, Any],
        households: dict,
        persons: dict,
        villages: dict,
    ) -> None:
        columns = schemas.columns(dataset)
        row: dict[str, Any] = {"batch": 10, "row": number, "period": str(Month.of(case.as_of))}
        if dataset == "monthly_income":
            row |= {name: 0 for name in columns if name.endswith("_fen")}
        for name, value in written.items():
            if name == "household":
                row["household_key"] = households[value]
            elif name == "person":
                row["person_key"] = persons[value][0]
            elif name == "village":
                row["village_code"] = self._village(villages, str(value))
            elif f"{name}_fen" in columns:
                row[f"{name}_fen"] = None if value is None else money.fen(_exact(value))
            elif name in columns:
                row[name] = value
            else:
                raise UserError(f"数据集 {dataset} 没有名为“{name}”的列", place=f"“{case.sentence}”")
        self.rows[dataset].append(row)

    def write(self, folder: Path) -> dict[str, list[Path]]:
        files: dict[str, list[Path]] = {"registry_household": [], "registry_person": [], "registry_income": []}
        for dataset, rows in self.rows.items():
            schema = arrow_schema(schemas.columns(dataset))
            filled = [{name: row.get(name) for name in schema.names} for row in rows]
            path = folder / f"{dataset}.parquet"
            pyarrow.parquet.write_table(pa.Table.from_pylist(filled, schema), path)
            files[dataset] = [path]
        return files


def _spread(row: dict[str, Any]) -> list[dict[str, Any]]:
    """``month: 2021-10..2022-06`` stands for one row per month."""
    month = row.get("month")
    if not isinstance(month, str) or ".." not in month:
        return [row]
    first, last = (Month.parse(part) for part in month.split(".."))
    return [row | {"month": str(each)} for each in first.until(last)]
