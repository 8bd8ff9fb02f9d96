"""What if: a hospital bill, a worker who comes home, a new post. One household's projection and the rules' answers, nothing is kept.

The household's own rows are taken out of the lake into a small one, the year is carried on to the end of the collection year at the
average of the collected months, the change is added, and the very rules of the screening are asked before and after.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet

from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.intake.models import LakeFile
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person
from shouwang.screening import catalogue, engines, figures, schemas
from shouwang.screening.compute import Inputs, compute
from shouwang.screening.engines import arrow_schema
from shouwang.screening.models import Finding, RuleResult
from shouwang.screening.planning import CountyInputs, county_inputs, plan
from shouwang.screening.rule import NOT_COMPUTED, BoundRule

from . import members
from .items import OWN_MEDICAL, PARTS
from .span import Span, span_of

_MOST_FEN = 10**10
_SUPPOSED_BATCH = 0  # rows that nobody sent


@dataclass(frozen=True)
class Effect:
    """A change of ``fen`` (less: negative) a month in one part from ``first`` on, or once (``is_once``) in that month.

    ``what``: one of the five parts, or ``items.OWN_MEDICAL`` for what a family pays itself (``person``: for whom; the head otherwise).
    """

    what: str
    fen: int
    first: Month
    is_once: bool = False
    person: int | None = None
    label: str = ""


@dataclass(frozen=True)
class Outcome:
    """Before or after: net income of the year per head as fen and divisor, month by month, and what the rules say."""

    year_fen: int | None
    divisor: int
    months: dict[str, dict[str, int]]
    findings: list[Finding]
    not_computed: list[tuple[str, str]]  # rule, why


@dataclass(frozen=True)
class Answer:
    span: Span
    horizon: dt.date
    before: Outcome
    after: Outcome
    supposed: tuple[str, ...]  # months filled with the average
    missing: tuple[str, ...]

    @property
    def entering(self) -> list[Finding]:
        """What the rules would find that they do not find now."""
        known = {(one.rule, one.person_id, one.status) for one in self.before.findings}
        return [one for one in self.after.findings if (one.rule, one.person_id, one.status) not in known]

    @property
    def leaving(self) -> list[Finding]:
        known = {(one.rule, one.person_id, one.status) for one in self.after.findings}
        return [one for one in self.before.findings if (one.rule, one.person_id, one.status) not in known]


def ask(*, household: Household, effects: Sequence[Effect], as_of: dt.date, policies: Policies) -> Answer:
    """Raises UserError where the county has no projection or no register, or an effect is out of range."""
    county = regions.county_of(household.region_code)
    span = span_of(region_code=county, as_of=as_of, policies=policies)
    if span is None:
        raise UserError(
            "本县没有规定全年收入的推算方法", next_step="请在参数 household.income_projection 中录入依据的文件。"
        )
    _check(effects, span)
    horizon = Month.parse(span.year_months[-1]).last_day
    (subject,) = (one for one in catalogue.subjects() if one.name == "household")
    inputs = county_inputs(county_code=county, as_of=horizon, rules=subject.rules, policies=policies)
    if not inputs.files.get("registry_person") or not inputs.files.get("registry_household"):
        raise UserError("本县还没有导入农户档案，无法试算")
    people = list(Person.objects.filter(household=household, is_withdrawn=False).order_by("pk"))
    with tempfile.TemporaryDirectory(prefix="shouwang-what-if-") as folder, engines.start("duckdb") as engine:
        assert isinstance(engine, engines.DuckDBEngine)
        small = _rows_of(engine.connection, inputs, household, [one.pk for one in people])
        supposed = _carry_on(small, household, span)
        collected = {row["month"] for row in small.get("monthly_income", ()) if _net(row) is not None}
        before = _outcome(engine, subject, inputs, small, span, horizon, people, household, Path(folder) / "before")
        changed = {name: [dict(row) for row in rows] for name, rows in small.items()}
        for effect in effects:
            _apply(changed, effect, household, people, span)
        after = _outcome(engine, subject, inputs, changed, span, horizon, people, household, Path(folder) / "after")
    missing = tuple(month for month in span.year_months if month not in collected)
    return Answer(span, horizon, before, after, supposed, missing)


def _check(effects: Sequence[Effect], span: Span) -> None:
    for effect in effects:
        if effect.what not in PARTS and effect.what != OWN_MEDICAL:
            raise UserError(f"没有“{effect.what}”这一项")
        if not -_MOST_FEN < effect.fen < _MOST_FEN:
            raise UserError("金额太大", next_step="请填实际可能的数额。")
        if str(effect.first) not in span.year_months:
            first, last = Month.parse(span.year_months[0]), Month.parse(span.year_months[-1])
            raise UserError(
                f"{effect.first.label}不在本采集年度", next_step=f"请填 {first.label}至{last.label}之间的月份。"
            )


def _rows_of(
    lake: duckdb.DuckDBPyConnection, inputs: CountyInputs, household: Household, people: Sequence[int]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of each dataset that speak of the household, its members or its village."""
    members = ", ".join(map(str, people)) or "NULL"
    found: dict[str, list[dict[str, Any]]] = {}
    for dataset, files in inputs.files.items():
        names = schemas.columns(dataset)
        if dataset == "superseded":
            continue
        conditions = [f"household_key = {household.pk}"] if "household_key" in names else []
        if "person_key" in names and dataset != "registry_person":
            conditions.append(f"person_key IN ({members})")
        if "village_code" in names:
            conditions.append(f"village_code = {quoted(household.region_code)}")
        listed = ", ".join(f'"{name}"' for name in names)
        query = f"SELECT {listed} FROM {_read(files)} AS told WHERE ({' OR '.join(conditions)})"
        if gone := inputs.files.get("superseded"):
            query += f" AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone WHERE gone.dataset = {quoted(dataset)}"
            query += " AND gone.batch = told.batch AND gone.row = told.row)"
        found[dataset] = lake.execute(query).to_arrow_table().cast(arrow_schema(names)).to_pylist()
    return found


def _read(files: Sequence[LakeFile]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"


def _net(row: Mapping[str, Any]) -> int | None:
    amounts = [row[f"{part}_fen"] for part in PARTS]
    if any(amount is None for amount in amounts):
        return None
    *gains, cost = amounts
    return sum(gains) - cost


def _carry_on(small: dict[str, list[dict[str, Any]]], household: Household, span: Span) -> tuple[str, ...]:
    """The months of the collection year still to come, at the average of the collected ones, part by part."""
    rows = [row for row in small.get("monthly_income", ()) if row["month"] in span.months]
    complete = [row for row in rows if _net(row) is not None]
    ahead = span.year_months[len(span.months) :]
    small["monthly_income"] = rows
    if not complete:
        return ()
    for number, month in enumerate(ahead, 1):
        amounts = {f"{part}_fen": sum(row[f"{part}_fen"] for row in complete) // len(complete) for part in PARTS}
        rows.append(
            _supposed("monthly_income", number, month, {"household_key": household.pk, "month": month, **amounts})
        )
    return tuple(ahead)


def _supposed(dataset: str, number: int, period: str, values: dict[str, Any]) -> dict[str, Any]:
    empty = dict.fromkeys(schemas.columns(dataset))
    return empty | {"batch": _SUPPOSED_BATCH, "row": number, "period": period} | values


def _apply(
    small: dict[str, list[dict[str, Any]]], effect: Effect, household: Household, people: Sequence[Person], span: Span
) -> None:
    first = str(effect.first)
    months = [first] if effect.is_once else [month for month in span.year_months if month >= first]
    if effect.what == OWN_MEDICAL:
        if not people:
            raise UserError("这一户没有在册成员")
        person = effect.person if effect.person in {one.pk for one in people} else people[0].pk
        bills = small.setdefault("medical_settlement", [])
        for month in months:
            values = {"person_key": person, "settled_on": Month.parse(month).first_day, "own_payment_fen": effect.fen}
            bills.append(_supposed("medical_settlement", len(bills) + 1, month, values))
        return
    for row in small.get("monthly_income", ()):
        if row["month"] in months and row[f"{effect.what}_fen"] is not None:
            row[f"{effect.what}_fen"] = max(0, row[f"{effect.what}_fen"] + effect.fen)


def _outcome(
    engine: engines.DuckDBEngine,
    subject: Any,
    inputs: CountyInputs,
    small: Mapping[str, list[dict[str, Any]]],
    span: Span,
    horizon: dt.date,
    people: Sequence[Person],
    household: Household,
    folder: Path,
) -> Outcome:
    folder.mkdir()
    files: dict[str, list[Path]] = {}
    for dataset, rows in small.items():
        schema = arrow_schema(schemas.columns(dataset))
        path = folder / f"{dataset}.parquet"
        pyarrow.parquet.write_table(
            pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema), path
        )
        files[dataset] = [path]
    own = replace(inputs, files=dict(files))  # type: ignore[arg-type]
    plans = [plan(rule, own, engine.name) for rule in subject.rules]
    ready = [rule for rule, one in zip(subject.rules, plans, strict=True) if not one.missing]
    result = compute(engine, subject, ready, Inputs(files, horizon, inputs.parameters), with_evidence=False)
    by_code = {rule.code: rule for rule in subject.rules}
    stopped = [(one.rule.code, "；".join(entry["text"] for entry in one.missing)) for one in plans if one.missing]
    findings = []
    for row in result.findings.to_pylist():
        if row["status"] == NOT_COMPUTED:
            stopped.append((row["rule"], row["reason"] or ""))
        else:
            findings.append(_finding(by_code[row["rule"]], row, inputs, horizon, people, household))
    months = {
        row["month"]: {part: row[f"{part}_fen"] for part in PARTS} | {"net": _net(row) or 0}
        for row in small.get("monthly_income", ())
        if _net(row) is not None
    }
    # one formula for before and after: Σ of what is there ÷ its months × a year's months
    size = max(
        1, members.counts(households=[household.pk], county_code=inputs.county_code, as_of=horizon).get(household.pk, 0)
    )
    year = sum(month["net"] for month in months.values()) * span.annual_months if months else None
    return Outcome(year, max(1, len(months)) * size, months, findings, sorted(set(stopped)))


def _finding(
    rule: BoundRule,
    row: Mapping[str, Any],
    inputs: CountyInputs,
    horizon: dt.date,
    people: Sequence[Person],
    household: Household,
) -> Finding:
    """A finding that is never saved, in the shape that pages already know how to say."""
    unit = rule.rule.unit
    settings = {name: inputs.sources[name] for name in rule.rule.parameters if name in inputs.sources}
    person = next((one for one in people if one.pk == row["person_key"]), None)
    return Finding(
        result=RuleResult(rule=rule.code, parameters=settings, as_of=horizon),
        household=household,
        person=person,
        region_code=household.region_code,
        rule=rule.code,
        as_of=horizon,
        status=row["status"],
        observed=figures.plain(unit, row["observed"], row["observed_divisor"], row["observed_text"]),
        threshold=figures.plain(unit, row["threshold"], row["threshold_divisor"]),
        comparator=rule.rule.comparator_under(inputs.parameters),
        present_count=row["present_count"],
        expected_count=row["expected_count"],
        missing_months=[],
    )
