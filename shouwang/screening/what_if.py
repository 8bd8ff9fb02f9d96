"""What would change if one parameter had another value: who enters, who leaves. Nothing is recorded."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from . import catalogue, engines
from .actions import inputs_of
from .compute import compute
from .planning import county_inputs, plan
from .rule import HIT, JUDGEMENT, Setting


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
    """Computes every rule that uses ``parameter`` twice: as in force, and with ``value`` (written as in a policy file).

    Raises UserError for a value that does not fit the parameter, an unseen county, or a rule that lacks data.
    """
    scope.narrowed(county_code)
    declaration = policies.parameter(parameter)
    setting = Setting(declaration.read(value), declaration.comparator)
    differences: list[Difference] = []
    with engines.start("duckdb") as engine:
        for subject in catalogue.subjects():
            rules = [rule for rule in subject.rules if parameter in rule.rule.parameters]
            found: list[dict[str, dict[int, str]]] = []
            for overrides in ({}, {parameter: setting}):
                inputs = county_inputs(
                    county_code=county_code, as_of=as_of, rules=rules, policies=policies, overrides=overrides
                )
                ready = [rule for rule in rules if not plan(rule, inputs, "duckdb").missing]
                hits: dict[str, dict[int, str]] = {rule.code: {} for rule in rules}
                if ready:
                    outcome = compute(engine, subject, ready, inputs_of([inputs]), with_evidence=False)
                    for row in outcome.findings.to_pylist():
                        if row["status"] in (HIT, JUDGEMENT):
                            hits[row["rule"]][row["household_key"]] = row["region_code"]
                found.append(hits)
            for rule in rules:
                before, after = found[0][rule.code], found[1][rule.code]
                differences.append(Difference(rule.code, frozenset(before), frozenset(after), before | after))
    if not differences:
        raise UserError(f"没有规则使用参数 {parameter}", next_step="请在参数页查看各参数用于哪些规则。")
    return differences
