"""The ledger rolled up by place: watched households, complete and fallen ones, classes, measures and risk points; what is reported upwards.

What months add up to and who can work is kept by township; villages are counted over the months that count now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Substr

from shouwang.foundation.periods import Month
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import kept_sums
from shouwang.registry.models import Person
from shouwang.screening.models import Finding

from .. import outlook, watched
from ..kinds import LABOURING
from ..models import GrowthMeasure, Measure, RiskPoint
from .ledger import WORK_MEASURES, watched_in
from .span import Span, span_of
from .watched import in_sql


@dataclass
class Sum:
    """One place: watched households, how many are complete, fallen or without any month, net incomes, classes, measures, points."""

    region_code: str
    households: int = 0
    complete: int = 0
    incomplete: int = 0
    nothing: int = 0
    fallen: int = 0
    last_fen: int = 0
    projected_fen: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    in_classes: int = 0
    with_measures: int = 0
    done_measures: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    open_points: int = 0
    closed_points: int = 0


def sums(*, scope: Scope, digits: int, as_of: dt.date, policies: Policies, county_code: str) -> list[Sum]:
    """One line per division (``digits`` of the code: 9 townships, 12 villages) of a county, from the months that count now."""
    span = span_of(region_code=county_code, as_of=as_of, policies=policies)
    if span is None or not scope.ranges:
        return []
    key = _key(span)
    found: dict[str, Sum] = {}
    net: dict[str, int] = {}
    if digits <= kept_sums.PLACE_DIGITS:
        rows = kept_sums.read(TOLD, ranges=scope.ranges, key=key)
    else:
        rows = _by_place(ranges=scope.ranges, digits=digits, **key)
    for place, (households, complete, nothing, fallen, last_fen, net_fen) in sorted(rows.items()):
        one = found.setdefault(place[:digits], Sum(f"{place[:digits]:0<12}"))
        one.households += households
        one.complete += complete
        one.nothing += nothing
        one.fallen += fallen
        one.last_fen += last_fen
        net[place[:digits]] = net.get(place[:digits], 0) + net_fen
    for area, one in found.items():
        one.incomplete = one.households - one.complete
        one.projected_fen = net[area] * span.annual_months // len(span.months)
    _classes_by_area(found, scope, digits, as_of)
    _work_by_area(found, scope, digits)
    return list(found.values())


def _key(span: Span) -> dict[str, Any]:
    return {"months": span.months, "last_year": span.last_year, "annual_months": span.annual_months}


def _by_place(
    *,
    ranges: kept_sums.Ranges,
    months: Sequence[str],
    last_year: str,
    annual_months: int,
    digits: int = kept_sums.PLACE_DIGITS,
) -> dict[str, list[int]]:
    """Place → watched households, complete ones, those without any month, fallen ones; of complete ones last year's net income and the
    sum of the months, in fen."""
    if not ranges:
        return {}
    chosen, bounds = in_sql(Scope(ranges))
    marks = ", ".join(["%s"] * len(months))
    query = f"""
        WITH watched AS ({chosen}
        ), told AS (
          SELECT m.household_id, sum(CASE WHEN m.period <> %s THEN 1 ELSE 0 END) AS present,
            sum(CASE WHEN m.period <> %s THEN m.net_fen END) AS net_fen,
            sum(CASE WHEN m.period = %s THEN m.net_fen END) AS last_fen
          -- CROSS: the watched first, each with its own months; SQLite would read everybody's
          FROM watched CROSS JOIN households_incomemonth m
          WHERE m.household_id = watched.id AND m.net_fen IS NOT NULL AND m.period IN (%s, {marks}) GROUP BY m.household_id
        )
        SELECT substr(watched.region_code, 1, {int(digits)}) AS area, count(*),
          sum(CASE WHEN told.present = %s AND told.last_fen IS NOT NULL THEN 1 ELSE 0 END),
          sum(CASE WHEN told.present > 0 THEN 0 ELSE 1 END),
          sum(CASE WHEN told.present = %s AND told.net_fen * %s < told.last_fen * %s THEN 1 ELSE 0 END),
          sum(CASE WHEN told.present = %s AND told.last_fen IS NOT NULL THEN told.last_fen ELSE 0 END),
          sum(CASE WHEN told.present = %s AND told.last_fen IS NOT NULL THEN told.net_fen ELSE 0 END)
        FROM watched LEFT JOIN told ON told.household_id = watched.id GROUP BY 1"""
    due, year = len(months), last_year
    values: list[Any] = [*bounds, year, year, year, year, *months, due, due, annual_months, due, due, due]
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {area: list(map(int, numbers)) for area, *numbers in cursor.fetchall()}


def _wanted(today: dt.date, policies: Policies) -> Iterator[tuple[dict[str, Any], kept_sums.Ranges]]:
    """What the page opens with: the last month that is over, in every county with a register."""
    as_of = Month.of(today).plus(-1).last_day
    for county in watched.counties():
        if span := span_of(region_code=county, as_of=as_of, policies=policies):
            yield _key(span), Scope.of_region(county).ranges


TOLD = kept_sums.Sum(
    name="ledger_told",
    sources=(watched.HOUSEHOLD, watched.MONITORING, watched.INCOME_MONTH),
    compute=_by_place,
    wanted=_wanted,
)


def _classes_by_area(found: dict[str, Sum], scope: Scope, digits: int, as_of: dt.date) -> None:
    earlier = [day for day in outlook.days(scope=scope) if day <= as_of]
    sources = outlook.sources(scope=scope, as_of=earlier[0]) if earlier else []
    results = [result.pk for source in sources for result in source.classes.values()]
    hits = scope.filter(Finding.objects.filter(result_id__in=results, status="hit"))
    seen: dict[str, set[int]] = {}
    for code, household, rule in hits.values_list("region_code", "household_id", "rule").iterator(chunk_size=5000):
        if one := found.get(code[:digits]):
            one.by_class[rule] = one.by_class.get(rule, 0) + 1
            seen.setdefault(code[:digits], set()).add(household)
    for area, keys in seen.items():
        found[area].in_classes = len(keys)


def _work_by_area(found: dict[str, Sum], scope: Scope, digits: int) -> None:
    if digits <= kept_sums.PLACE_DIGITS:
        rows = kept_sums.read(WORK, ranges=scope.ranges, key={})
    else:
        rows = _work(ranges=scope.ranges, digits=digits)
    for place, figures in rows.items():
        if one := found.get(place[:digits]):
            for kind, (count, done) in figures["kinds"].items():
                one.by_kind[kind] = one.by_kind.get(kind, 0) + count
                one.done_measures += done
            one.with_measures += figures["households"]
            one.open_points += figures["points"] - figures["closed"]
            one.closed_points += figures["closed"]


def _work(*, ranges: kept_sums.Ranges, digits: int = kept_sums.PLACE_DIGITS) -> dict[str, dict[str, Any]]:
    """Place → measures and those carried out by kind, households with any, risk points and those closed; where they were written down."""
    scope = Scope(ranges)
    own = scope.filter(GrowthMeasure.objects.all()), "household_id"
    cases = scope.filter(Measure.objects.filter(cancelled_on=None)), "case__household_id"
    found: dict[str, dict[str, Any]] = {}
    with_measures: dict[str, set[int]] = {}

    def at(area: str) -> dict[str, Any]:
        return found.setdefault(area, {"kinds": {}, "households": 0, "points": 0, "closed": 0})

    for rows, household in (own, cases):
        rows = rows.order_by().annotate(area=Substr("region_code", 1, digits))
        for area, kind, count, done in rows.values_list("area", "kind").annotate(
            all=Count("pk"), done=Count("done_on")
        ):
            before = at(area)["kinds"].get(kind, (0, 0))
            at(area)["kinds"][kind] = [before[0] + count, before[1] + done]
        for area, key in rows.values_list("area", household).distinct().iterator(chunk_size=20_000):
            with_measures.setdefault(area, set()).add(key)
    for area, keys in with_measures.items():
        at(area)["households"] = len(keys)
    points = scope.filter(RiskPoint.objects.all()).order_by().annotate(area=Substr("region_code", 1, digits))
    for area, count, closed in points.values_list("area").annotate(all=Count("pk"), closed=Count("closed_on")):
        at(area)["points"], at(area)["closed"] = count, closed
    return found


WORK = kept_sums.Sum(
    name="ledger_work",
    sources=(
        watched.HOUSEHOLD,
        watched.CASE_HOME,
        watched.MEASURE,
        watched.GROWTH_MEASURE,
        watched.RISK_POINT,
    ),
    compute=_work,
    wanted=lambda today, policies: [({}, Scope.everything().ranges)],
)


def labour_coverage(*, scope: Scope) -> tuple[int, int]:
    """(households with labour, those among them with an industry or employment measure): 产业就业帮扶全覆盖 (S2-B-15)."""
    found = kept_sums.read(COVERED, ranges=scope.ranges, key={}).values()
    return sum(able for able, _ in found), sum(covered for _, covered in found)


def _covered(*, ranges: kept_sums.Ranges) -> dict[str, list[int]]:
    # the people of a household stand together in an index of their own: it alone answers who can work
    able = Person.objects.filter(household=OuterRef("pk"), is_withdrawn=False, labour_capacity__in=LABOURING)
    working = watched_in(Scope(ranges)).order_by().filter(Exists(able))
    own = GrowthMeasure.objects.filter(kind__in=WORK_MEASURES, household=OuterRef("pk"))
    cases = Measure.objects.filter(kind__in=WORK_MEASURES, cancelled_on=None, case__household=OuterRef("pk"))
    rows = working.annotate(township=Substr("region_code", 1, kept_sums.PLACE_DIGITS)).values_list("township")
    counted = rows.annotate(all=Count("pk"), covered=Count("pk", filter=Q(Exists(own)) | Q(Exists(cases))))
    return {township: [count, covered] for township, count, covered in counted}


COVERED = kept_sums.Sum(
    name="labour_covered",
    sources=(
        watched.HOUSEHOLD,
        watched.PERSON,
        watched.MONITORING,
        watched.CASE_HOME,
        watched.MEASURE,
        watched.GROWTH_MEASURE,
    ),
    compute=_covered,
    wanted=lambda today, policies: [({}, Scope.everything().ranges)],
)
