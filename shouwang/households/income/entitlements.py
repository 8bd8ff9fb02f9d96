"""应享尽享: per person and policy whether it fits, whether it is received, and who is missing.

"Fits" is a reason to ask the department, never a decision; where no file can say whether somebody receives it, the answer is
unknown and nobody is called missing (laiyuan-2022-9#2.3.4).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from shouwang.foundation.periods import Month
from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import kept_sums

from .. import watched
from ..models import GrowthMeasure, Measure
from .entitlement_policies import BY_CODE, POLICIES, Policy
from .person_traits import DATASETS, Basis, add_findings, basis, open_traits, run_of

RECEIVED, MISSING, UNKNOWN = "received", "missing", "unknown"
_ENTRY, _ORDER = (
    "person_id, household_id, region_code, policy, state, reason",
    "region_code, household_id, person_id, place",
)
_ONE_COUNTY = 10**6  # codes
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
    told = basis(county_code=county_code, as_of=as_of, policies=policies)
    with store.connect() as lake:
        _open(lake, chosen, scope, told)
        return _entries(lake, chosen, told.known)


@dataclass
class Screenful:
    """All sums of a scope, how many entries there are of what was asked for, and the first of them."""

    sums: list[PolicySum]
    count: int
    entries: list[Entry]


def screenful(
    *, scope: Scope, county_code: str, as_of: dt.date, policies: Policies, state: str, policy: str = "", size: int
) -> Screenful:
    """The sums of ``matrix``, which are kept by township, and its first entries of one state and policy (of all unless given): of no
    more townships than hold a screenful."""
    told = basis(county_code=county_code, as_of=as_of, policies=policies)
    by_township = kept_sums.read(FITTING, ranges=scope.ranges, key=vars(told))
    counts: Counter[tuple[str, str]] = Counter()
    wanted: dict[str, int] = {}
    chosen = {one.code for one in POLICIES if policy in ("", one.code)}
    for township, figures in sorted(by_township.items()):
        for one in POLICIES:
            received, others = figures.get(one.code, (0, 0))
            for told_state, number in ((RECEIVED, received), (_otherwise(one, told.known)[0], others)):
                counts[one.code, told_state] += number
                if number and told_state == state and one.code in chosen:
                    wanted[township] = wanted.get(township, 0) + number
    found = _sums(+counts, scope=scope, county_code=county_code, as_of=as_of)
    asked = [one for one in POLICIES if one.code in chosen and counts[one.code, state]]
    entries: list[Entry] = []
    if asked:
        with store.connect() as lake:
            _open(lake, asked, _first(scope, wanted, size), told)
            entries = _entries(lake, asked, told.known, f"WHERE state = {quoted(state)}", f"LIMIT {int(size)}")
    return Screenful(found, sum(wanted.values()), entries)


def _first(scope: Scope, wanted: Mapping[str, int], size: int) -> Scope:
    """The part of a scope that lies in the first townships which together have as many entries as are asked for."""
    pieces: list[tuple[str, str]] = []
    for township, number in wanted.items():
        if size <= 0:
            break
        start, end = kept_sums.one_place(township)
        pieces += [(max(low, start), min(high, end)) for low, high in scope.ranges if low < end and start < high]
        size -= number
    return Scope(tuple(pieces))


def _by_township(*, ranges: kept_sums.Ranges, **told: Any) -> dict[str, dict[str, list[int]]]:
    """Township → policy → whom it fits and who receives it, whom it fits besides."""
    known = Basis(**told)
    with store.connect() as lake:
        _open(lake, POLICIES, Scope(ranges), known)
        return _counts(lake, known.known)


def _wanted(today: dt.date, policies: Policies) -> Iterator[tuple[dict[str, Any], kept_sums.Ranges]]:
    """What the page opens with: the last month that is over, in every county with a register."""
    as_of = Month.of(today).plus(-1).last_day
    for county in watched.counties():
        yield vars(basis(county_code=county, as_of=as_of, policies=policies)), Scope.of_region(county).ranges


FITTING = kept_sums.Sum(
    name="entitlements",
    sources=(
        watched.HOUSEHOLD,
        watched.PERSON,
        watched.MONITORING,
        watched.CASE_HOME,
        watched.MEASURE,
        watched.GROWTH_MEASURE,
    ),
    compute=_by_township,
    wanted=_wanted,
)


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
    counts = Counter((entry.policy, entry.state) for entry in entries)
    return _sums(counts, scope=scope, county_code=county_code, as_of=as_of)


def _sums(counts: Mapping[tuple[str, str], int], *, scope: Scope, county_code: str, as_of: dt.date) -> list[PolicySum]:
    found = {policy.code: PolicySum(policy) for policy in POLICIES}
    for (code, state), count in counts.items():
        one = found[code]
        one.fits += count
        setattr(one, state, count)
    have = {file.dataset for file in intake.lake_files(county_code=county_code, datasets=DATASETS)}
    if run_of(scope, as_of):
        have.add("screening")
    labels = {"screening": "还没有筛查", "employment": "没有就业数据", "disability": "没有残疾人数据"}
    for one in found.values():
        lacking = [need for need in one.policy.needs if need not in have]
        if lacking and not one.fits:
            one.stopped = "、".join(labels.get(need, "缺数据") for need in lacking)
    return list(found.values())


def _open(lake: duckdb.DuckDBPyConnection, chosen: Sequence[Policy], scope: Scope, told: Basis) -> None:
    """Leaves ``wide`` in the connection."""
    if scope.width < _ONE_COUNTY:  # the people of some townships: sharing them out takes longer than they do
        lake.execute("SET threads = 1")
    open_traits(lake, scope, told.told_by(part for one in chosen for part in (one.fits, one.has)))
    add_findings(
        lake, scope, told, _measures(scope, told.county_code, {kind for one in chosen for kind in one.measures})
    )


def _entries(
    lake: duckdb.DuckDBPyConnection, chosen: Sequence[Policy], known: set[str], condition: str = "", limit: str = ""
) -> list[Entry]:
    if not chosen:
        return []
    parts = " UNION ALL ".join(_part(policy, known) for policy in chosen)
    rows = lake.execute(f"SELECT {_ENTRY} FROM ({parts}) {condition} ORDER BY {_ORDER} {limit}")
    return [Entry(*row) for row in rows.fetchall()]


def _counts(lake: duckdb.DuckDBPyConnection, known: set[str]) -> dict[str, dict[str, list[int]]]:
    """Township → policy → [receive it, fit besides], in one look at everybody."""
    asked = [
        f"count(*) FILTER (WHERE ({_fits(policy, known)}) {how} ({_has(policy)}))"
        for policy in POLICIES
        for how in ("AND", "AND NOT")
    ]
    found: dict[str, dict[str, list[int]]] = {}
    place = f"left(region_code, {kept_sums.PLACE_DIGITS})"
    for township, *numbers in lake.execute(f"SELECT {place}, {', '.join(asked)} FROM wide GROUP BY 1").fetchall():
        pairs = zip(POLICIES, numbers[::2], numbers[1::2], strict=True)
        found[township] = {policy.code: [received, others] for policy, received, others in pairs if received or others}
    return found


def _part(policy: Policy, known: set[str]) -> str:
    """SQL of the people whom a policy fits."""
    state, reason = _otherwise(policy, known)
    return (
        f"SELECT person_id, household_id, region_code, '{policy.code}' AS policy, {POLICIES.index(policy)} AS place,"
        f" CASE WHEN {_has(policy)} THEN '{RECEIVED}' ELSE '{state}' END AS state,"
        f" CASE WHEN {_has(policy)} THEN '' ELSE {quoted(reason)} END AS reason FROM wide WHERE {_fits(policy, known)}"
    )


def _fits(policy: Policy, known: set[str]) -> str:
    """Nobody where it cannot be known."""
    return policy.fits if all(need in known for need in policy.needs) else "false"


def _has(policy: Policy) -> str:
    """By a department's file, or by a measure that was carried out."""
    kinds = ", ".join(map(quoted, policy.measures))
    return f"coalesce({policy.has}, false)" + (f" OR coalesce(list_has_any(given, [{kinds}]), false)" if kinds else "")


def _otherwise(policy: Policy, known: set[str]) -> tuple[str, str]:
    """(state, reason) of those who do not have it: missing only where a file could say so."""
    if not policy.sources:
        return UNKNOWN, "没有发放数据，也没有登记落实"
    if not known.intersection(policy.sources):
        return UNKNOWN, f"没有收到{policy.department}的数据"
    return MISSING, ""


def _measures(scope: Scope, county_code: str, kinds: set[str]) -> dict[int, set[str]]:
    """Household → the kinds of measures that were carried out."""
    # a household may have moved within the county since: what it was given there goes with it
    within = Scope.of_region(county_code)
    done = within.filter(Measure.objects.filter(kind__in=kinds, cancelled_on=None, done_on__isnull=False))
    own = within.filter(GrowthMeasure.objects.filter(kind__in=kinds, done_on__isnull=False))
    if scope != within:
        done, own = scope.filter(done, "case__household__region_code"), scope.filter(own, "household__region_code")
    found: dict[int, set[str]] = {}
    for household, kind in (*done.values_list("case__household_id", "kind"), *own.values_list("household_id", "kind")):
        found.setdefault(household, set()).add(kind)
    return found
