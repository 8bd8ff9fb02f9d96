"""Runs the screening of a region: computes what the inputs changed, takes the rest from before, and records the run."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.db import transaction

from shouwang.foundation import bulk
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.intake.models import BatchState, LakeFile
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from . import catalogue, counties, engines, figures
from .compute import Inputs, Outcome, compute
from .derived import BoundDerived
from .models import Finding, RuleResult, Run
from .planning import CountyInputs, Plan, county_inputs, plan
from .rule import HIT, JUDGEMENT, NOT_COMPUTED, PROVISIONAL, BoundRule, Rule

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

GAPS, DERIVED = "screening_gaps", "screening_derived"


def run(
    *,
    region_code: str,
    as_of: dt.date,
    policies: Policies,
    by: Account | None,
    now: dt.datetime,
    engine: str = "duckdb",
    spark_master: str = "",
    progress: Progress = silent,
) -> Run:
    """Screens every county of a region that has a register. The same inputs give the same findings and compute nothing.

    Raises UserError when no county of the region has a register, or when the engine cannot be had.
    """
    screened = counties_with_register(region_code)
    if not screened:
        raise UserError(
            "这个区域还没有导入农户档案，无法筛查",
            next_step="请先导入全国系统的人口表和农户表（shouwang registry import）。",
        )
    results: list[RuleResult] = []
    for subject in catalogue.subjects():
        plans: list[Plan] = []
        for number, county in enumerate(screened):
            progress("核对输入", number, len(screened))
            asked: tuple[BoundRule | BoundDerived, ...] = (*subject.rules, *subject.derived)
            inputs = county_inputs(county_code=county, as_of=as_of, rules=asked, policies=policies)
            plans += [plan(rule, inputs, engine) for rule in asked]
        results += _results(subject, plans, engine=engine, spark_master=spark_master, now=now, progress=progress)
    with transaction.atomic():
        record = Run.objects.create(
            region_code=region_code,
            as_of=as_of,
            engine=engine,
            policy_version=policies.version,
            code_version=code_version(),
            started_at=now,
            started_by=by,
            counts=_run_counts(results),
        )
        record.results.set(results)
    return record


def counties_with_register(region_code: str) -> list[str]:
    """Counties of a region for which a register snapshot is in force."""
    snapshots = LakeFile.objects.filter(dataset="registry_person", batch__state=BatchState.APPLIED)
    return sorted(set(Scope.of_region(region_code).filter(snapshots).values_list("region_code", flat=True)))


def code_version() -> str:
    """12 characters over the versions of all rules: what a run can be repeated with."""
    versions = sorted((rule.code, rule.version) for rule in catalogue.rules().values())
    return hashlib.sha256(json.dumps(versions).encode()).hexdigest()[:12]


def _results(
    subject: catalogue.Subject,
    plans: list[Plan],
    *,
    engine: str,
    spark_master: str,
    now: dt.datetime,
    progress: Progress,
) -> list[RuleResult]:
    """The result of every plan: known, not computable, or computed now."""
    keys = {id(one): one.key for one in plans}
    known = {result.key: result for result in RuleResult.objects.filter(key__in=list(keys.values()))}
    open_plans = [one for one in plans if keys[id(one)] not in known]
    for one in [one for one in open_plans if one.missing]:
        known[keys[id(one)]] = _save_not_computable(one, keys[id(one)], now)
    stale = [one for one in open_plans if not one.missing]
    if stale:
        with engines.start(engine, spark_master=spark_master) as opened:
            for group in _groups(stale):
                stale_rules = {one.rule.code: one.rule for one in group}.values()
                outcome = compute(
                    opened,
                    subject,
                    [one for one in stale_rules if isinstance(one, BoundRule)],
                    _inputs_of(group),
                    derived=[one for one in stale_rules if isinstance(one, BoundDerived)],
                    progress=progress,
                )
                for result in _save(group, keys, outcome, now, progress):
                    known[result.key] = result
    return [known[keys[id(one)]] for one in plans]


def _groups(plans: Iterable[Plan]) -> list[list[Plan]]:
    """Plans that can share one computation: counties with the same values of all parameters and the same stale rules."""
    by_county: dict[str, list[Plan]] = defaultdict(list)
    for one in plans:
        by_county[one.inputs.county_code].append(one)
    groups: dict[str, list[Plan]] = defaultdict(list)
    for county_plans in by_county.values():
        inputs = county_plans[0].inputs
        mark = json.dumps([sorted(one.rule.code for one in county_plans), inputs.sources], sort_keys=True, default=str)
        groups[mark] += county_plans
    return list(groups.values())


def _inputs_of(group: list[Plan]) -> Inputs:
    by_county: dict[str, CountyInputs] = {one.inputs.county_code: one.inputs for one in group}
    return inputs_of(list(by_county.values()))


def inputs_of(counties_inputs: list[CountyInputs]) -> Inputs:
    """The files of some counties that share day and parameters, as one computation reads them."""
    files: dict[str, list] = defaultdict(list)
    several: set[str] = set()
    for inputs in counties_inputs:
        for dataset, rows in inputs.files.items():
            files[dataset] += [store.absolute(file.path) for file in rows]
            if len(rows) > 1:
                several.add(dataset)
    first = counties_inputs[0]
    return Inputs(files, first.as_of, first.parameters, one_file=frozenset(set(files) - several))


def _save_not_computable(one: Plan, key: str, now: dt.datetime) -> RuleResult:
    result, _ = RuleResult.objects.get_or_create(
        key=key, defaults={**_described(one, now), "outcome": NOT_COMPUTED, "missing": one.missing}
    )
    return result


def _described(one: Plan, now: dt.datetime) -> dict[str, Any]:
    return {
        "rule": one.rule.code,
        "county_code": one.inputs.county_code,
        "as_of": one.inputs.as_of,
        "parameters": one.used_parameters,
        "inputs": [
            {"dataset": file.dataset, "batch": file.batch_id, "period": file.period, "content_hash": file.content_hash}
            for file in one.used_files
        ],
        "rule_version": one.rule.version,
        "engine": one.engine,
        "computed_at": now,
    }


def _save(
    group: list[Plan], keys: dict[int, str], outcome: Outcome, now: dt.datetime, progress: Progress
) -> list[RuleResult]:
    """Writes the results of one computation, county by county and rule by rule, in one transaction."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    county_of = counties.finder(one.inputs.county_code for one in group)
    for row in outcome.findings.to_pylist():
        rows[row["rule"], county_of(row["region_code"])].append(row)
    saved = []
    with transaction.atomic():
        for number, one in enumerate(group):
            progress("保存结果", number, len(group))
            if isinstance(one.rule, BoundDerived):
                saved.append(_save_derived(one, keys[id(one)], outcome.derived[one.rule.code], county_of, now))
                continue
            mine = rows.get((one.rule.code, one.inputs.county_code), [])
            found = [row for row in mine if row["status"] != NOT_COMPUTED]
            gaps = [row for row in mine if row["status"] == NOT_COMPUTED]
            result, is_new = RuleResult.objects.get_or_create(
                key=keys[id(one)],
                defaults={
                    **_described(one, now),
                    "outcome": "computed",
                    "counts": _counts(found, gaps),
                    "file": _write_gaps(one, keys[id(one)], gaps),
                },
            )
            if is_new:
                _insert_findings(result, one.rule.rule, one, found, outcome.missing_months)
            saved.append(result)
    return saved


def _counts(found: list[dict[str, Any]], gaps: list[dict[str, Any]]) -> dict[str, Any]:
    statuses = Counter(row["status"] for row in found)
    return {
        **{status: statuses[status] for status in (HIT, JUDGEMENT, PROVISIONAL)},
        "households": len({row["household_key"] for row in found}),
        NOT_COMPUTED: dict(Counter(row["reason"] for row in gaps)),
    }


def _write_gaps(one: Plan, key: str, gaps: list[dict[str, Any]]) -> str:
    """The households that could not be computed, with the reason: a file, because there may be as many as households."""
    if not gaps:
        return ""
    columns = ("household_key", "person_key", "household_no", "region_code", "reason")
    table = pa.Table.from_pylist([{name: row[name] for name in columns} for row in gaps])
    path = store.path_of(GAPS, one.inputs.county_code, str(Month.of(one.inputs.as_of)), f"{one.rule.code}-{key[:12]}")
    store.write_table(table, path)
    return store.relative(path)


def _save_derived(
    one: Plan, key: str, table: pa.Table, county_of: Callable[[str], str], now: dt.datetime
) -> RuleResult:
    """One county's part of a derived table as a file."""
    county = one.inputs.county_code
    mine = table.filter(
        pa.array([county_of(village) == county for village in table["region_code"].to_pylist()], pa.bool_())
    )
    path = store.path_of(DERIVED, county, str(Month.of(one.inputs.as_of)), f"{one.rule.code}-{key[:12]}")
    store.write_table(mine, path)
    described = {
        **_described(one, now),
        "outcome": "computed",
        "file": store.relative(path),
        "counts": {"rows": mine.num_rows},
    }
    return RuleResult.objects.get_or_create(key=key, defaults=described)[0]


_FINDING_FIELDS = (
    "result", "region_code", "household", "person", "rule", "as_of", "status", "observed", "threshold", "comparator",
    "present_count", "expected_count", "missing_months", "evidence", "fingerprint",
)  # fmt: skip


def _insert_findings(
    result: RuleResult, rule: Rule, one: Plan, found: list[dict[str, Any]], missing_months: dict[int, list[str]]
) -> None:
    as_of = one.inputs.as_of.isoformat()
    comparator = rule.comparator_under(one.inputs.parameters)

    def rows() -> Iterable[tuple]:
        for row in found:
            observed = figures.plain(rule.unit, row["observed"], row["observed_divisor"], row["observed_text"])
            threshold = figures.plain(rule.unit, row["threshold"], row["threshold_divisor"])
            evidence = json.dumps(row["evidence"], ensure_ascii=False)
            months = missing_months.get(row["household_key"], []) if row["status"] == PROVISIONAL else []
            content = [
                rule.code,
                row["household_key"],
                row["person_key"],
                as_of,
                row["status"],
                observed,
                threshold,
                evidence,
            ]
            yield (
                result.pk, row["region_code"], row["household_key"], row["person_key"], rule.code, as_of, row["status"],
                observed, threshold, comparator if threshold else "", row["present_count"], row["expected_count"],
                json.dumps(months), evidence, hashlib.sha256(json.dumps(content).encode()).hexdigest(),
            )  # fmt: skip

    bulk.insert(Finding, _FINDING_FIELDS, rows())


def _run_counts(results: list[RuleResult]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for result in results:
        if result.rule not in catalogue.rules():
            continue
        for status in (HIT, JUDGEMENT, PROVISIONAL):
            total[status] += result.counts.get(status, 0)
        total["not_computed_rules"] += result.outcome == NOT_COMPUTED
    return dict(total)
