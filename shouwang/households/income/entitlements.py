"""应享尽享: per person and policy whether it fits, whether it is received, and who is missing.

"Fits" is a reason to ask the department, never a decision; where no file can say whether somebody receives it, the answer is
unknown and nobody is called missing (laiyuan-2022-9#2.3.4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from shouwang.intake import queries as intake
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies

from ..models import GrowthMeasure, Measure
from . import ledger
from .entitlement_policies import BY_CODE, POLICIES, Policy
from .person_traits import DATASETS, add_findings, open_traits, run_of

RECEIVED, MISSING, UNKNOWN = "received", "missing", "unknown"
STATES = {RECEIVED: "在享受", MISSING: "符合未享受", UNKNOWN: "无法判断"}


@dataclass(frozen=True)
class Entry:
    """One person and policy that fits. ``state``: received, missing, or unknown with ``reason``."""

    person_id: int
    household_id: int
    region_code: str
    policy: str
    state: str
    reason: str = ""


def matrix(
    *, scope: Scope, county_code: str, as_of: dt.date, policies: Policies, only: Iterable[str] = ()
) -> list[Entry]:
    """Everybody in the watched households of a scope for whom some policy fits, by household, person and policy."""
    chosen = [BY_CODE[code] for code in only] if only else list(POLICIES)
    watched = ledger.watched_in(scope).order_by()
    homes, keys = dict(watched.values_list("pk", "region_code")), watched.values("pk")
    with store.connect() as lake:
        files = open_traits(lake, scope, homes, keys, county_code, as_of, policies)
        have_run = add_findings(lake, scope, as_of)
        known = {name for name, rows in files.items() if rows} | ({"screening"} if have_run else set())
        parts = [_part(policy, known) for policy in chosen]
        rows = lake.execute(
            " UNION ALL ".join(parts) + " ORDER BY region_code, household_id, person_id, place"
        ).fetchall()
    granted = _measures(keys)
    found = []
    for person, household, region, code, has, _ in rows:
        policy = BY_CODE[code]
        if has or any(kind in granted.get(household, ()) for kind in policy.measures):
            found.append(Entry(person, household, region, code, RECEIVED))
        elif not policy.sources:
            found.append(Entry(person, household, region, code, UNKNOWN, "没有发放数据，也没有登记落实"))
        elif not known.intersection(policy.sources):
            found.append(Entry(person, household, region, code, UNKNOWN, f"没有收到{policy.department}的数据"))
        else:
            found.append(Entry(person, household, region, code, MISSING))
    return found


@dataclass
class PolicySum:
    """One policy: how many it fits, who receives it, who is missing, of whom it is unknown; or what stops the computation."""

    policy: Policy
    fits: int = 0
    received: int = 0
    missing: int = 0
    unknown: int = 0
    stopped: str = ""


def sums(entries: Sequence[Entry], *, scope: Scope, county_code: str, as_of: dt.date) -> list[PolicySum]:
    """One line per policy, in the order of the table."""
    found = {policy.code: PolicySum(policy) for policy in POLICIES}
    for entry in entries:
        one = found[entry.policy]
        one.fits += 1
        setattr(one, entry.state, getattr(one, entry.state) + 1)
    have = {file.dataset for file in intake.lake_files(county_code=county_code, datasets=DATASETS)}
    if run_of(scope, as_of):
        have.add("screening")
    labels = {"screening": "还没有筛查", "employment": "没有就业数据", "disability": "没有残疾人数据"}
    for one in found.values():
        lacking = [need for need in one.policy.needs if need not in have]
        if lacking and not one.fits:
            one.stopped = "、".join(labels.get(need, "缺数据") for need in lacking)
    return list(found.values())


def _part(policy: Policy, known: set[str]) -> str:
    """SQL of the people whom a policy fits; nobody where it cannot be known."""
    condition = policy.fits if all(need in known for need in policy.needs) else "false"
    return (
        f"SELECT person_id, household_id, region_code, '{policy.code}', coalesce({policy.has}, false) AS has,"
        f" {POLICIES.index(policy)} AS place FROM wide WHERE {condition}"
    )


def _measures(homes: QuerySet[Any]) -> dict[int, set[str]]:
    """Household → the kinds of measures that were carried out."""
    found: dict[int, set[str]] = {}
    done = Measure.objects.filter(case__household__in=homes, cancelled_on=None, done_on__isnull=False)
    for household, kind in done.values_list("case__household_id", "kind"):
        found.setdefault(household, set()).add(kind)
    own = GrowthMeasure.objects.filter(household__in=homes, done_on__isnull=False)
    for household, kind in own.values_list("household_id", "kind"):
        found.setdefault(household, set()).add(kind)
    return found
