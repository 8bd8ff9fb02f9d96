"""Runs a set of rules over the lake files of some counties: what they share is computed once, then each rule asks its question.

Nothing here touches the database or the clock: files, parameters and a day go in, one sorted table comes out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.lake import store

from .catalogue import Subject
from .derived import BoundDerived, rows
from .engines import DuckDBEngine, Engine, arrow_schema
from .rule import EVIDENCE_COLUMNS, FINDING_COLUMNS, NOT_COMPUTED, PROVISIONAL, BoundRule, Evidence, Parameters

_RULED_FINDINGS = {"rule": "string", **FINDING_COLUMNS}

RESULT_QUERY = """
    WITH shown AS (
        SELECT finding, list_sort(list({'dataset': dataset, 'batch': batch, 'row': "row"})) AS evidence
        FROM evidence_rows GROUP BY finding
    )
    SELECT findings.* EXCLUDE (finding, household_key, person_key), household.region_code, household.household_no,
           findings.household_key, findings.person_key,
           coalesce(shown.evidence, []) AS evidence
    FROM finding_rows AS findings
    JOIN registry_household AS household USING (household_key)
    LEFT JOIN shown USING (finding)
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
        expression = rule.find(facts, inputs.parameters).mutate(rule=ibis.literal(rule.code))
        found.append(engine.collect(expression, _RULED_FINDINGS))
    findings = pa.concat_tables(found)
    findings = findings.append_column("finding", pa.array(range(findings.num_rows), pa.int64()))

    shown = [arrow_schema(EVIDENCE_COLUMNS).empty_table()]
    months: dict[int, list[str]] = {}
    if with_evidence:
        hits = engine.hold("finding_rows", findings.filter(pc.field("status") != NOT_COMPUTED))
        finding = [rule for rule, mine in zip(rules, found[1:], strict=True) if mine.num_rows]
        wanted = _wanted(finding, facts, inputs.parameters)
        for number, (evidence, codes) in enumerate(wanted):
            progress("收集依据", len(wanted) + number, 2 * len(wanted))
            expression = facts.shown(hits.filter(hits.rule.isin(codes)), evidence)
            expression = expression.mutate(dataset=ibis.literal(evidence.dataset))
            shown.append(engine.collect(expression, EVIDENCE_COLUMNS))
        months = _missing_months(engine, subject, facts, findings, hits)
    result = _fold(findings, pa.concat_tables(shown), inputs.files["registry_household"])
    tables = {}
    for one in derived:
        progress(f"推算：{one.rule.label}")
        tables[one.code] = rows(engine, one, facts, inputs.parameters, inputs.files["registry_household"])
    progress("整理结果", 1, 1)
    return Outcome(findings=result, missing_months=months, derived=tables)


def _wanted(rules: Sequence[BoundRule], facts: Any, parameters: Parameters) -> list[tuple[Evidence, list[str]]]:
    """What the rules show, with the rules that show it: rows that several name are looked up once for all of them."""
    wanted: dict[tuple[str, str, Any], tuple[Evidence, list[str]]] = {}
    for rule in rules:
        for evidence in rule.evidence(facts, parameters):
            wanted.setdefault((evidence.dataset, evidence.of, evidence.rows.op()), (evidence, []))[1].append(rule.code)
    return list(wanted.values())


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


def _fold(findings: pa.Table, evidence: pa.Table, household_files: Sequence[Path]) -> pa.Table:
    """Both engines' rows meet here: evidence folded into its finding, numbers and villages attached, one fixed order."""
    with store.connect() as connection:
        DuckDBEngine(connection).open("registry_household", list(household_files))
        connection.register("finding_rows", findings)
        connection.register("evidence_rows", evidence)
        return connection.execute(RESULT_QUERY).to_arrow_table()


def _missing_months(
    engine: Engine, subject: Subject, facts: Any, findings: pa.Table, hits: ir.Table
) -> dict[int, list[str]]:
    """Household key → the months that a provisional finding lacks."""
    if subject.collected_months is None or not pc.any(pc.equal(findings["status"], PROVISIONAL)).as_py():
        return {}
    present = engine.collect(subject.collected_months(facts, hits), {"household_key": "int64", "month": "string"})
    collected: dict[int, set[str]] = {}
    for key, month in zip(present["household_key"].to_pylist(), present["month"].to_pylist(), strict=True):
        collected.setdefault(key, set()).add(month)
    return {
        key: [month for month in facts.collection_months if month not in months] for key, months in collected.items()
    }
