"""Counts a month of visits once more by hand-written SQL, and holds what was closed against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection

from shouwang.households.models import MissedVisit, VisitMonth

from . import month

# One line per household: village, grid, whether it was seen, whether nothing had changed, what its visits said besides.
_HOMES = """
    SELECT h.id, h.region_code, r.staff_id, v.household_id IS NOT NULL OR e.household_id IS NOT NULL,
      coalesce(v.is_plain, 0), coalesce(v.moved, 0)
    FROM registry_household h
    LEFT JOIN households_responsibility r ON r.household_id = h.id AND r.kind = 'grid_worker' AND r.from_on <= '2022-06-30'
      AND (r.until_on IS NULL OR r.until_on > '2022-06-30')
    LEFT JOIN (
      SELECT household_id, min(CASE WHEN typed_count = 0 AND result = '' THEN 1 ELSE 0 END) AS is_plain,
        sum(CASE WHEN result = 'moved' THEN 1 ELSE 0 END) AS moved
      FROM households_visit WHERE undone_at IS NULL AND method = 'onsite' AND "on" BETWEEN '2022-06-01' AND '2022-06-30'
      GROUP BY household_id
    ) v ON v.household_id = h.id
    LEFT JOIN (
      SELECT DISTINCT l.household_id FROM casework_event e JOIN casework_lead l ON l.id = e.lead_id
      WHERE e.step IN ('confirm', 'clear', 'give_back') AND e."on" BETWEEN '2022-06-01' AND '2022-06-30'
    ) e ON e.household_id = h.id
    WHERE NOT h.is_withdrawn"""


def wrong() -> Iterator[str]:
    """Sentences about every figure and every name that was closed otherwise than it counts."""
    counted: Counter[tuple[Any, ...]] = Counter()
    missed = set()
    with connection.cursor() as cursor:
        cursor.execute(_HOMES)
        for home, village, grid, is_seen, is_plain, moved in cursor:
            for place in ((village,), (village, grid)):
                counted[*place, "wanted"] += 1
                counted[*place, "seen"] += bool(is_seen)
                counted[*place, "confirmed"] += bool(is_seen) and int(is_plain)
                counted[*place, "moved"] += int(moved) if is_seen else 0
            if not is_seen:
                missed.add((home, village, grid))
    closed: Counter[tuple[Any, ...]] = Counter()
    for one in VisitMonth.objects.filter(month=month.MONTH):
        lines = [((code,), rest) for code, _, *rest in one.figures["villages"]]
        lines += [((code, grid), rest) for code, grid, *rest in one.figures["grids"]]
        for place, (wanted, seen, confirmed, results) in lines:
            figures = {"wanted": wanted, "seen": seen, "confirmed": confirmed, "moved": results.get("moved", 0)}
            closed.update({(*place, name): count for name, count in figures.items()})
    for key in sorted(counted.keys() | closed.keys(), key=repr):
        if counted[key] != closed[key]:
            yield f"{key}: closed as {closed[key]}, counted {counted[key]}"
    named = list(
        MissedVisit.objects.filter(month__month=month.MONTH).values_list("household_id", "region_code", "grid")
    )
    if len(named) != len(set(named)) or set(named) != missed:
        yield f"{len(named)} households named as missed, counted {len(missed)}"
