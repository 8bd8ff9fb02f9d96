"""Under which category a member is insured, and how many members of each have no insurance: kept by township, counted where it changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Case, CharField, Count, Exists, ExpressionWrapper, OuterRef, Q, Value, When
from django.db.models.functions import Substr

from shouwang.casework.models import Case as CaseFile
from shouwang.foundation import bulk
from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import kept_sums
from shouwang.registry.models import Monitoring, Person
from shouwang.screening.models import Finding, RuleResult

from . import watched
from .income import members
from .kinds import ALLEVIATED
from .rules import not_insured
from .visits import population
from .visits.population import ALLEVIATED_HOUSEHOLD, DIBAO, OBJECT, RURAL, TEKUN

# In this order: a person who belongs to several is subsidised, and listed, as the first.
CATEGORIES = {
    TEKUN: "特困供养人员",
    DIBAO: "低保对象",
    OBJECT: "监测对象",
    ALLEVIATED_HOUSEHOLD: "脱贫人口",
    RURAL: "其他农村人口",
}
# What the departments' list of assistance calls them, and what the person sheet says of them.
_ASSISTANCE = {TEKUN: ("特困供养",), DIBAO: ("农村低保", "城市低保")}
_HEADINGS = {TEKUN: "是否特困供养人员", DIBAO: "是否享受低保"}

Files = tuple[tuple[str, str], ...]  # path in the lake and fingerprint
Counts = dict[str, tuple[int, int]]  # category → members, those of them without insurance


def counts(*, result: RuleResult, scope: Scope) -> Counts:
    """How many members of each category live in a place and how many have no insurance; each member counts once."""
    within = scope.narrowed(result.county_code) if scope.contains(result.county_code) else scope
    found = kept_sums.read(MEMBERS, ranges=within.ranges, key=_key(result))
    totals: Counts = dict.fromkeys(CATEGORIES, (0, 0))
    for figures in found.values():
        for code, (member_count, uninsured_count) in figures.items():
            members_before, uninsured_before = totals[code]
            totals[code] = (members_before + member_count, uninsured_before + uninsured_count)
    return totals


def first(*said: str | Iterable[str]) -> str:
    """The first of the categories that somebody is said to belong to."""
    all_said = {one for part in said for one in ([part] if isinstance(part, str) else part)}
    return next((category for category in CATEGORIES if category in all_said), RURAL)


def category(prefix: str = "") -> Case:
    """The first category that the register says a person belongs to; ``prefix`` leads to the person."""
    household = OuterRef(f"{prefix}household")
    listed = Monitoring.objects.filter(household=household, is_cleared=False, is_withdrawn=False)
    taken_in = CaseFile.objects.filter(household=household, is_open=True, included_on__isnull=False)
    said = [
        When(**{f"{prefix}columns__{heading}__in": population.YES}, then=Value(code))
        for code, heading in _HEADINGS.items()
    ]
    return Case(
        *said,
        When(Exists(listed) | Exists(taken_in), then=Value(OBJECT)),
        When(**{f"{prefix}household__household_type": ALLEVIATED}, then=Value(ALLEVIATED_HOUSEHOLD)),
        default=Value(RURAL),
        output_field=CharField(),
    )


def assisted(*, result: RuleResult) -> Mapping[int, set[str]]:
    """Person → categories that an assistance in force in the month of a result makes, as the files in force say."""
    key = _key(result)
    return _assisted(key["assistance"], key["superseded"], f"{result.as_of:%Y-%m}")


def _key(result: RuleResult) -> dict[str, Any]:
    """What the figures of a result depend on besides the register and the cases: its findings, which never change, and these files."""
    files: dict[str, list[tuple[str, str]]] = {"population_change": [], "social_assistance": [], "superseded": []}
    for file in intake.lake_files(county_code=result.county_code, datasets=list(files)):
        files[file.dataset].append((file.path, file.content_hash))
    return {
        "result": result.pk,
        "as_of": result.as_of,
        "changes": tuple(files["population_change"]),
        "assistance": tuple(files["social_assistance"]),
        "superseded": tuple(files["superseded"]),
    }


def _by_township(
    *, ranges: kept_sums.Ranges, result: int, as_of: dt.date, changes: Files, assistance: Files, superseded: Files
) -> dict[str, dict[str, list[int]]]:
    """The database counts everybody by what the register says; only those of whom a file says more, and those who are gone, are looked
    at one by one."""
    gone = members.departed_by(changes, superseded, as_of)
    more = _assisted(assistance, superseded, f"{as_of:%Y-%m}")
    within = Scope(ranges)
    people = Person.objects.filter(is_withdrawn=False, household__is_withdrawn=False)
    people = within.filter(people, "household__region_code").order_by()
    hits = Finding.objects.filter(result=result, status="hit", person__isnull=False).values("person")
    own = people.annotate(township=Substr("household__region_code", 1, kept_sums.PLACE_DIGITS), own=category())
    member_counts, hit_counts = (
        Counter({(place, said): count for place, said, count in rows})
        for rows in (
            own.values_list("township", "own").annotate(count=Count("pk")),
            own.filter(pk__in=hits).values_list("township", "own").annotate(count=Count("pk")),
        )
    )
    for chunk in bulk.chunks(sorted({*gone, *more})):
        told = own.filter(pk__in=chunk).annotate(is_hit=ExpressionWrapper(Q(pk__in=hits), BooleanField()))
        for person, place, said, is_hit in told.values_list("pk", "township", "own", "is_hit"):
            code = first(said, more.get(person, ()))
            for numbers, number in ((member_counts, 1), (hit_counts, int(is_hit))):
                numbers[place, said] -= number
                numbers[place, code] += 0 if person in gone else number
    found: dict[str, dict[str, list[int]]] = {}
    for (place, code), count in member_counts.items():
        found.setdefault(place, {})[code] = [count, hit_counts[place, code]]
    return found


def _wanted(today: dt.date, policies: Policies) -> Iterator[tuple[dict[str, Any], kept_sums.Ranges]]:
    """The newest result of every county."""
    results = RuleResult.objects.filter(rule=not_insured.RULE.code, runs__isnull=False)
    keys = results.order_by("as_of", "runs").values_list("county_code", "pk")
    newest = RuleResult.objects.in_bulk(dict(keys).values())
    for result in sorted(newest.values(), key=lambda one: one.county_code):
        if result.outcome == "computed":
            yield _key(result), Scope.of_region(result.county_code).ranges


MEMBERS = kept_sums.Sum(
    name="insurance_members",
    sources=(watched.HOUSEHOLD, watched.PERSON, watched.MONITORING, watched.CASE),
    compute=_by_township,
    wanted=_wanted,
)


@lru_cache(maxsize=32)  # the same files say the same
def _assisted(told: Files, gone: Files, month: str) -> Mapping[int, set[str]]:
    if not told:
        return {}
    overruled = ""
    if gone:
        overruled = f"""AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone WHERE gone.dataset = 'social_assistance'
            AND gone.batch = told.batch AND gone.row = told.row)"""
    words = ", ".join(quoted(word) for kinds in _ASSISTANCE.values() for word in kinds)
    query = f"""SELECT DISTINCT person_key, assistance_kind FROM {_read(told)} AS told WHERE person_key IS NOT NULL
        AND assistance_kind IN ({words}) AND from_month <= $month AND (to_month IS NULL OR to_month >= $month) {overruled}"""
    with store.connect() as connection:
        rows = connection.execute(query, {"month": month}).fetchall()
    found: dict[int, set[str]] = {}
    for person, kind in rows:
        found.setdefault(person, set()).update(one for one, words in _ASSISTANCE.items() if kind in words)
    return found


def _read(files: Files) -> str:
    paths = ", ".join(quoted(str(store.absolute(path))) for path, _ in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
