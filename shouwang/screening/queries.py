"""Reads of runs, results and findings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from shouwang.foundation.errors import UserError
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from . import catalogue
from .models import Finding, RuleResult, Run


def newest_results(*, region_code: str, as_of: dt.date, engine: str = "") -> dict[str, Run]:
    """Per county of the region, the newest run of that day which covers it. Empty when nobody has screened it."""
    runs = Run.objects.filter(as_of=as_of).order_by("-id")
    if engine:
        runs = runs.filter(engine=engine)
    wanted = Scope.of_region(region_code)
    newest: dict[str, Run] = {}
    for run in runs:
        for county in run.results.values_list("county_code", flat=True).distinct():
            if wanted.covers(county) or Scope.of_region(county).contains(region_code):
                newest.setdefault(county, run)
    return newest


def findings(*, region_code: str, as_of: dt.date, scope: Scope) -> QuerySet[Finding]:
    """The findings of the newest runs of a day in a region, in the order of files: household number, member, rule.

    Raises UserError when the region was not screened for that day.
    """
    newest = newest_results(region_code=region_code, as_of=as_of)
    if not newest:
        raise UserError(
            f"{regions.name(region_code)}还没有截至 {as_of} 的筛查结果", next_step="请先运行筛查（shouwang screen）。"
        )
    chosen = [
        result
        for county, run in newest.items()
        for result in run.results.filter(county_code=county).values_list("pk", flat=True)
    ]
    rows = Finding.objects.filter(result_id__in=chosen)
    rows = Scope.of_region(region_code).filter(scope.filter(rows))
    return rows.order_by("household__household_no", "person__person_no", "rule", "pk")


def finding_rows(*, region_code: str, as_of: dt.date, scope: Scope) -> Iterator[dict[str, Any]]:
    """The rows of ``findings export`` (interfaces: household_no, person_no, rule, status, as_of, observed, threshold, …)."""
    newest = newest_results(region_code=region_code, as_of=as_of)
    versions = {county: run.policy_version for county, run in newest.items()}
    rows = findings(region_code=region_code, as_of=as_of, scope=scope).select_related("result", "household", "person")
    for finding in rows.iterator(chunk_size=5000):
        yield export_row(finding, policy_version=versions[finding.result.county_code])


def export_row(finding: Finding, *, policy_version: str) -> dict[str, Any]:
    result = finding.result
    used = deciding_parameters(result)
    return {
        "household_no": finding.household.household_no,
        "person_no": finding.person.person_no if finding.person else None,
        "rule": finding.rule,
        "status": finding.status,
        "as_of": finding.as_of.isoformat(),
        "observed": finding.observed,
        "threshold": finding.threshold,
        "comparator": finding.comparator,
        "cites": cites(result),
        "parameter_region": next((one["region"] for one in used if one["region"]), ""),
        "evidence": finding.evidence,
        "engine": result.engine,
        "policy_version": policy_version,
    }


def cites(result: RuleResult) -> list[str]:
    """The rule's clauses, then the clauses of the values it was measured with."""
    rule = catalogue.rules().get(result.rule)
    own = list(rule.rule.cites) if rule else []
    return list(dict.fromkeys(own + [cite for one in deciding_parameters(result) for cite in one["cites"]]))


def deciding_parameters(result: RuleResult) -> list[dict[str, Any]]:
    """The parameters that a finding's threshold came from, else all that the rule used; those with a value."""
    rule = catalogue.rules().get(result.rule)
    names = (rule.rule.compared_by if rule else ()) or tuple(result.parameters)
    chosen = [{"name": name, **result.parameters[name]} for name in names if name in result.parameters]
    return [one for one in chosen if one["value"] is not None]


def run_summary(*, run: Run, scope: Scope) -> list[dict[str, Any]]:
    """Per rule over the counties of a run that the scope covers: counts, what was missing, what could not be computed."""
    found: dict[str, dict[str, Any]] = {}
    for result in run.results.order_by("rule", "county_code"):
        if not scope.covers(result.county_code) or result.rule not in catalogue.rules():
            continue
        rule = catalogue.rules().get(result.rule)
        row = found.setdefault(
            result.rule,
            {
                "rule": result.rule,
                "label": rule.rule.label if rule else result.rule,
                "counts": Counter(),
                "gaps": Counter(),
                "missing": [],
                "results": [],
            },
        )
        row["results"].append(result)
        row["missing"] += [entry["text"] for entry in result.missing if entry["text"] not in row["missing"]]
        row["gaps"].update(result.counts.get("not_computed", {}))
        for name in ("hit", "judgement", "provisional", "households"):
            row["counts"][name] += result.counts.get(name, 0)
    order = {code: place for place, code in enumerate(catalogue.rules())}
    return sorted(found.values(), key=lambda row: order.get(row["rule"], len(order)))


def gaps(*, result: RuleResult, scope: Scope) -> list[dict[str, Any]]:
    """The households that a rule could not compute, with the reason: [{household_key, person_key, household_no, region_code, reason}]."""
    if not result.file:
        return []
    with store.connect() as connection:
        rows = connection.execute(
            "SELECT * FROM read_parquet($path) ORDER BY household_no, person_key",
            {"path": str(store.absolute(result.file))},
        )
        found = rows.to_arrow_table().to_pylist()
    return [row for row in found if scope.covers(row["region_code"])]


def gaps_in_order(
    *, results: Sequence[RuleResult], scope: Scope, reason: str = "", start: int = 0, size: int = 50
) -> list[dict[str, Any]]:
    """A window of ``gaps`` over several results, by household number; ``reason`` keeps one reason only."""
    paths = [str(store.absolute(result.file)) for result in results if result.file]
    if not paths or not scope.ranges:
        return []
    seen = " OR ".join(
        f"(region_code >= $low{place} AND region_code < $high{place})" for place in range(len(scope.ranges))
    )
    named: dict[str, Any] = {"paths": paths, "reason": reason, "start": start, "size": size}
    for place, (low, high) in enumerate(scope.ranges):
        named |= {f"low{place}": low, f"high{place}": high}
    query = f"""SELECT household_key, person_key, household_no, region_code, reason FROM read_parquet($paths)
        WHERE ({seen}) AND ($reason = '' OR reason = $reason)
        ORDER BY household_no, person_key NULLS FIRST LIMIT $size OFFSET $start"""
    with store.connect() as connection:
        return connection.execute(query, named).to_arrow_table().to_pylist()
