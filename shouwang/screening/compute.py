"""Runs a set of rules over the lake files of some counties: what they share is computed once, then each rule asks its question.

Nothing here touches the database or the clock: files, parameters and a day go in, one sorted table comes out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.lake import store

from .catalogue import Subject
from .derived import BoundDerived, rows
from .engines import DuckDBEngine, Engine, arrow_schema
from .rule import EVIDENCE_COLUMNS, FINDING_COLUMNS, NOT_COMPUTED, PROVISIONAL, BoundRule, Parameters

_RULED_FINDINGS = {"rule": "string", **FINDING_COLUMNS}
_RULED_EVIDENCE = {"rule": "string", **EVIDENCE_COLUMNS}

RESULT_QUERY = """
    WITH folded AS (
        SELECT rule, household_key, person_key,
               list({'dataset': dataset, 'batch': batch, 'row': "row"} ORDER BY dataset, batch, "row") AS evidence
        FROM (SELECT DISTINCT * FROM evidence_rows)
        GROUP BY ALL
    )
    SELECT findings.* EXCLUDE (household_key, person_key), household.region_code, household.household_no,
           findings.household_key, findings.person_key,
           coalesce(folded.evidence, []) AS evidence
    FROM finding_rows AS findings
    JOIN registry_household AS household USING (household_key)
    LEFT JOIN folded ON folded.rule = findings.rule AND folded.household_key = findings.household_key
         AND folded.person_key IS NOT DISTINCT FROM findings.person_key
    ORDER BY findings.rule, household.household_no, findings.household_key, findings.person_key NULLS FIRST
"""


@dataclass(frozen=True)
class Inputs:
    """What one computation reads: the files of each dataset, and the rows that later batches superseded."""

    files: Mapping[str, Sequence[Path]]
    as_of: dt.date
    parameters: Parameters
    one_file: frozenset[str] = frozenset()  # datasets of which no county has more than one file


@dataclass
class Outcome:
    """Findings with evidence (see ``RESULT_QUERY``), among them the households that could not be computed; and for
    provisional ones the months that are missing: household_key → 2022-06, …"""

    findings: pa.Table
    missing_months: dict[int, list[str]] = field(default_factory=dict)
    derived: dict[str, pa.Table] = field(default_factory=dict)


def compute(
    engine: Engine,
    subject: Subject,
    rules: Sequence[BoundRule],
    inputs: Inputs,
    *,
    derived: Sequence[BoundDerived] = (),
    with_evidence: bool = True,
    progress: Progress = silent,
) -> Outcome:
    """The findings of ``rules``. Rows: rule, the columns of ``FINDING_COLUMNS``, region_code, household_no, evidence.

    Without evidence (a what-if counts, it does not explain) the evidence is empty and no months are looked up.
    """
    progress("打开数据")
    opened = _open(engine, [*rules, *derived], inputs)
    facts = subject.facts(
        tables=opened,
        as_of=inputs.as_of,
        parameters=inputs.parameters,
        keep=engine.keep,
        one_file=inputs.one_file,
    )

    # one query per rule, over shared facts that the engine keeps: one query over all rules makes DuckDB 1.5 hang
    found = [arrow_schema(_RULED_FINDINGS).empty_table()]
    for number, rule in enumerate(rules):
        progress(f"执行规则：{rule.rule.label}", number, 2 * len(rules))
        found.append(
            engine.collect(_ruled(rule.find(facts, inputs.parameters), rule, _RULED_FINDINGS), _RULED_FINDINGS)
        )
    findings = pa.concat_tables(found)

    hits = engine.hold("finding_rows", findings)
    shown = [arrow_schema(_RULED_EVIDENCE).empty_table()]
    for number, (rule, mine) in enumerate(zip(rules, found[1:], strict=True)):
        progress(f"收集依据：{rule.rule.label}", len(rules) + number, 2 * len(rules))
        if not with_evidence or not mine.num_rows:
            continue
        for points in rule.evidence(facts, _hits_of(hits, rule), inputs.parameters):
            shown.append(engine.collect(_ruled(points, rule, _RULED_EVIDENCE), _RULED_EVIDENCE))
    result = _fold(findings, pa.concat_tables(shown), inputs.files["registry_household"])

    months: dict[int, list[str]] = {}
    if (
        with_evidence
        and subject.collected_months is not None
        and PROVISIONAL in findings["status"].unique().to_pylist()
    ):
        present = engine.collect(subject.collected_months(facts, hits), {"household_key": "int64", "month": "string"})
        months = _missing(present, facts.collection_months)
    tables = {}
    for one in derived:
        progress(f"推算：{one.rule.label}")
        tables[one.code] = rows(engine, one, facts, inputs.parameters, inputs.files["registry_household"])
    progress("整理结果", 1, 1)
    return Outcome(findings=result, missing_months=months, derived=tables)


def _open(engine: Engine, rules: Sequence[BoundRule | BoundDerived], inputs: Inputs) -> dict[str, ir.Table]:
    names = {"registry_person", "registry_household", "registry_income", "population_change"}
    names |= {dataset for rule in rules for dataset in rule.rule.all_datasets}
    tables = {name: engine.open(name, list(inputs.files.get(name, ()))) for name in sorted(names)}
    if replaced := list(inputs.files.get("superseded", ())):
        gone = engine.open("superseded", replaced)
        for name, table in tables.items():
            if not name.startswith("registry_"):
                mine = gone.filter(gone.dataset == name)
                if DATASETS[name].tells_of_its_month:  # a later month's word does not change what was said before
                    mine = mine.filter(mine.period <= str(Month.of(inputs.as_of)))
                tables[name] = table.anti_join(mine, ["batch", "row"])
    return tables


def _ruled(rows: ir.Table, rule: BoundRule, types: Mapping[str, str]) -> ir.Table:
    return rows.select(rule=ibis.literal(rule.code), **{name: rows[name] for name in types if name != "rule"})


def _hits_of(hits: ir.Table, rule: BoundRule) -> ir.Table:
    """The households (and members) that one rule found, without those it could not compute."""
    mine = hits.filter((hits.rule == rule.code) & (hits.status != NOT_COMPUTED))
    return mine.select("household_key", "person_key").distinct().view()


def _fold(findings: pa.Table, evidence: pa.Table, household_files: Sequence[Path]) -> pa.Table:
    """Both engines' rows meet here: evidence folded into its finding, numbers and villages attached, one fixed order."""
    with store.connect() as connection:
        DuckDBEngine(connection).open("registry_household", list(household_files))
        connection.register("finding_rows", findings)
        connection.register("evidence_rows", evidence)
        return connection.execute(RESULT_QUERY).to_arrow_table()


def _missing(present: pa.Table, expected: Sequence[str]) -> dict[int, list[str]]:
    collected: dict[int, set[str]] = {}
    for key, month in zip(present["household_key"].to_pylist(), present["month"].to_pylist(), strict=True):
        collected.setdefault(key, set()).add(month)
    return {key: [month for month in expected if month not in months] for key, months in collected.items()}
