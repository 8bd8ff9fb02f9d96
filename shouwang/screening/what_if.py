"""What would change if one parameter had another value: who enters, who leaves. Nothing is recorded."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from . import catalogue, engines
from .actions import inputs_of
from .compute import compute
from .models import Finding, RuleResult
from .planning import CountyInputs, county_inputs, plan
from .rule import HIT, JUDGEMENT, BoundRule, Setting

_COUNTED = (HIT, JUDGEMENT)


@dataclass(frozen=True)
class Difference:
    """One rule: households found with today's value and with the other one, and their villages."""

    rule: str
    before: frozenset[int]
    after: frozenset[int]
    villages: dict[int, str]

    @property
    def entering(self) -> frozenset[int]:
        return self.after - self.before

    @property
    def leaving(self) -> frozenset[int]:
        return self.before - self.after

    def by_township(self, households: frozenset[int]) -> Counter[str]:
        """Township code → number of households."""
        return Counter(f"{self.villages[household][:9]}000" for household in households)


def what_if(
    *, county_code: str, as_of: dt.date, parameter: str, value: str, policies: Policies, scope: Scope
) -> list[Difference]:
    """The findings of every rule that uses ``parameter``: as in force, and with ``value`` (written as in a policy file).

    What a screening kept for exactly these files and values is not computed again; the other side always is. Raises UserError for a value that does not fit the parameter, an unseen county, or a rule that lacks data.
    """
    scope.narrowed(county_code)
    declaration = policies.parameter(parameter)
    setting = Setting(declaration.read(value), declaration.comparator)
    differences: list[Difference] = []
    with engines.start("duckdb") as engine:
        for subject in catalogue.subjects():
            rules = [rule for rule in subject.rules if parameter in rule.rule.parameters]
            in_force, changed = (
                county_inputs(county_code=county_code, as_of=as_of, rules=rules, policies=policies, overrides=overrides)
                for overrides in ({}, {parameter: setting})
            )
            before = _kept(rules, in_force)
            unknown = [rule for rule in rules if rule.code not in before]
            before |= _computed(engine, subject, unknown, in_force)
            after = _computed(engine, subject, rules, changed)
            for rule in rules:
                old, new = before[rule.code], after[rule.code]
                differences.append(Difference(rule.code, frozenset(old), frozenset(new), old | new))
    if not differences:
        raise UserError(f"没有规则使用参数 {parameter}", next_step="请在参数页查看各参数用于哪些规则。")
    return differences


def _kept(rules: Sequence[BoundRule], inputs: CountyInputs) -> dict[str, dict[int, str]]:
    """Rule → household → village, for the rules that a screening has answered from these very inputs."""
    keys = {plan(rule, inputs, engine).key: rule.code for rule in rules for engine in engines.NAMES}
    results = RuleResult.objects.filter(key__in=list(keys)).in_bulk()
    found: dict[str, dict[int, str]] = {keys[result.key]: {} for result in results.values()}
    # either engine's answer is the answer, and where both have one they are the same
    rows = Finding.objects.filter(result__in=list(results), status__in=_COUNTED)
    for code, household, village in rows.values_list("rule", "household_id", "region_code").iterator(chunk_size=10_000):
        found[code][household] = village
    return found


def _computed(
    engine: engines.Engine, subject: catalogue.Subject, rules: Sequence[BoundRule], inputs: CountyInputs
) -> dict[str, dict[int, str]]:
    """The same, computed now; a rule that lacks a parameter or a dataset finds nobody."""
    found: dict[str, dict[int, str]] = {rule.code: {} for rule in rules}
    ready = [rule for rule in rules if not plan(rule, inputs, engine.name).missing]
    if ready:
        outcome = compute(engine, subject, ready, inputs_of([inputs]), with_evidence=False)
        counted = outcome.findings.filter(pc.field("status").isin(_COUNTED))
        columns = (counted[name].to_pylist() for name in ("rule", "household_key", "region_code"))
        for code, household, village in zip(*columns, strict=True):
            found[code][household] = village
    return found
