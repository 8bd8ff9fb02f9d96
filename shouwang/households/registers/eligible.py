"""Who, by a rule, should stand in a register: from measures that were done, findings of the screening, policies that fit, groups.

Each source says why it cannot answer instead of giving an empty list. Whoever has a row that counts already is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household, Monitoring, Person
from shouwang.screening import derived
from shouwang.screening.models import Finding

from ..income import entitlements, ledger
from ..kinds import LABOURING
from ..models import Measure, RegisterRow
from .declaration import PERSON, Ask, Candidate, Candidates, Eligible
from .queries import column_is, in_force

Source = Callable[[Ask], Candidates]
OBJECT_FIRST, ALLEVIATED_NEXT = 0, 1


@dataclass(frozen=True)
class Missing:
    """One list: who is missing (ordered), or why that cannot be said."""

    eligible: Eligible
    candidates: tuple[Candidate, ...]
    stopped: str

    @property
    def count(self) -> int:
        return len(self.candidates)


def missing(eligible: Eligible, ask: Ask) -> Missing:
    """Whoever should stand in the register and has no row that counts."""
    answer = eligible.who(ask)
    if answer.stopped:
        return Missing(eligible, (), answer.stopped)
    rows = ask.scope.filter(RegisterRow.objects.filter(register=ask.register.code, is_taken_back=False))
    if ask.register.period:
        rows = rows.filter(period=ask.period)
    rows = rows.filter(in_force(ask.on))
    for name, value in eligible.where.items():
        rows = rows.filter(column_is(ask.register, name, value))
    is_by_measure = any(one.measure_id for one in answer.found)
    if is_by_measure:
        there = set(rows.exclude(measure=None).values_list("measure_id", flat=True))
        left = [one for one in answer.found if one.measure_id not in there]
    elif ask.register.about == PERSON and not eligible.per_household:
        there = set(rows.values_list("person_id", flat=True))
        left = [one for one in answer.found if one.person_id not in there]
    else:
        there = set(rows.values_list("household_id", flat=True))
        left = [one for one in answer.found if one.household_id not in there]
    if ask.register.about != PERSON or eligible.per_household:
        left = list({(one.household_id, one.measure_id): one for one in reversed(left)}.values())
    left.sort(key=lambda one: (one.rank, one.region_code, one.household_id, one.person_id or 0))
    return Missing(eligible, tuple(left), "")


# ── sources ──────────────────────────────────────────────────────────────────
def measures_done(*kinds: str) -> Source:
    """Measures of these kinds that were carried out: each may fill a row."""

    def source(ask: Ask) -> Candidates:
        rows = ask.scope.filter(
            Measure.objects.filter(kind__in=kinds, cancelled_on=None, done_on__isnull=False, done_on__lte=ask.on)
        )
        return Candidates(
            tuple(
                Candidate(one.case.household_id, one.region_code, f"{one.title}，{one.done_on} 落实", measure_id=one.pk)
                for one in rows.select_related("case").order_by("pk")
            )
        )

    return source


def found_by(rule: str) -> Source:
    """Households (and persons, where the rule names them) whom the newest screening points at."""

    def source(ask: Ask) -> Candidates:
        if Level(regions.region(ask.region_code).level) < Level.COUNTY:
            return Candidates(stopped="请先选择一个县")
        result = derived.newest(code=rule, region_code=regions.county_of(ask.region_code))
        if result is None:
            return Candidates(stopped="还没有筛查")
        if result.outcome != "computed":
            return Candidates(stopped="；".join(entry["text"] for entry in result.missing) or "缺少数据")
        rows = ask.scope.filter(Finding.objects.filter(result=result, status="hit"))
        return Candidates(
            tuple(
                Candidate(home, region, f"截至 {result.as_of} 的筛查发现", person_id=person)
                for home, person, region in rows.values_list("household_id", "person_id", "region_code")
            )
        )

    return source


def fits(*policies: str) -> Source:
    """Persons whom a policy fits and who do not receive it, as the page 应享尽享 says; those of whom it is unknown are named as such."""

    def source(ask: Ask) -> Candidates:
        if Level(regions.region(ask.region_code).level) < Level.COUNTY:
            return Candidates(stopped="请先选择一个县")
        county = regions.county_of(ask.region_code)
        entries = entitlements.matrix(
            scope=ask.scope, county_code=county, as_of=ask.on, policies=ask.policies, only=policies
        )
        if not entries:
            stopped = [
                f"{one.policy.label}{one.stopped}"
                for one in entitlements.sums(entries, scope=ask.scope, county_code=county, as_of=ask.on)
                if one.policy.code in policies and one.stopped
            ]
            if stopped:
                return Candidates(stopped="；".join(stopped))
        return Candidates(
            tuple(
                Candidate(
                    one.household_id,
                    one.region_code,
                    entitlements.BY_CODE[one.policy].why + (f"（{one.reason}）" if one.reason else ""),
                    person_id=one.person_id,
                )
                for one in entries
                if one.state != entitlements.RECEIVED
            )
        )

    return source


def people_who(capacities: Sequence[str], why: str, *, watched_only: bool = True) -> Source:
    """Persons of these labour capacities in watched households (脱贫户 and 监测对象), objects first."""

    def source(ask: Ask) -> Candidates:
        people = ask.scope.filter(Person.objects.filter(is_withdrawn=False, labour_capacity__in=capacities))
        if watched_only:
            people = people.filter(household__in=ledger.watched_in(ask.scope).order_by().values("pk"))
        return Candidates(_ranked(people, ask, why))

    return source


def households_who(has_labour: bool | None, why: str, *, objects_only: bool = False) -> Source:
    """Watched households with labour, without any, or all; ``objects_only``: 监测对象 alone."""

    def source(ask: Ask) -> Candidates:
        homes: QuerySet[Household] = ledger.watched_in(ask.scope)
        if objects_only:
            homes = homes.filter(Exists(_watch(OuterRef("pk"))))
        if has_labour is not None:
            able = Exists(
                Person.objects.filter(household=OuterRef("pk"), is_withdrawn=False, labour_capacity__in=LABOURING)
            )
            homes = homes.filter(able) if has_labour else homes.filter(~able)
        objects = _objects(ask)
        return Candidates(
            tuple(
                Candidate(pk, region, _said(why, pk in objects), rank=_rank(pk in objects))
                for pk, region in homes.order_by().values_list("pk", "region_code")
            )
        )

    return source


def of_any(*sources: Source) -> Source:
    """Several sources as one; stopped only where all are."""

    def source(ask: Ask) -> Candidates:
        given = [one(ask) for one in sources]
        found = tuple(candidate for one in given for candidate in one.found)
        stopped = "；".join(one.stopped for one in given if one.stopped)
        return Candidates(found) if found or not stopped else Candidates(stopped=stopped)

    return source


def _ranked(people: QuerySet[Person], ask: Ask, why: str) -> tuple[Candidate, ...]:
    objects = _objects(ask)
    return tuple(
        Candidate(home, region, _said(why, home in objects), person_id=pk, rank=_rank(home in objects))
        for pk, home, region in people.order_by().values_list("pk", "household_id", "region_code")
    )


def _said(why: str, is_object: bool) -> str:
    return f"监测对象，{why}" if is_object and not why.startswith("监测对象") else why


def _rank(is_object: bool) -> int:
    return OBJECT_FIRST if is_object else ALLEVIATED_NEXT


def _objects(ask: Ask) -> set[int]:
    rows = ask.scope.filter(Monitoring.objects.filter(is_withdrawn=False, is_cleared=False))
    return set(rows.values_list("household_id", flat=True))


def _watch(household: OuterRef) -> QuerySet[Monitoring]:
    return Monitoring.objects.filter(household=household, is_withdrawn=False, is_cleared=False)


__all__ = ["Missing", "fits", "found_by", "households_who", "measures_done", "missing", "of_any", "people_who"]
