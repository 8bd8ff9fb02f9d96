"""Whom the ledger keeps: 脱贫户 and 监测对象, as the register says (laiyuan-2022-9#2.1)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from shouwang.organisation.scope import Scope
from shouwang.registry.models import Monitoring

from ..kinds import ALLEVIATED


def is_watched() -> Q:
    """The condition on households, each of which it gives once: a join would make the database compare whole rows to say so."""
    listed = Monitoring.objects.filter(household=OuterRef("pk"), is_withdrawn=False, is_cleared=False)
    return Q(household_type=ALLEVIATED) | Q(Exists(listed))


def in_sql(scope: Scope) -> tuple[str, list[str]]:
    """The same as a query of its own with its values: ``id, region_code, is_monitored`` of the watched households of a scope."""
    places = " OR ".join(["(h.region_code >= %s AND h.region_code < %s)"] * len(scope.ranges)) or "1 = 0"
    query = f"""SELECT h.id, h.region_code, w.id IS NOT NULL AS is_monitored FROM registry_household h
      LEFT JOIN registry_monitoring w ON w.household_id = h.id AND NOT w.is_withdrawn AND NOT w.is_cleared
      WHERE NOT h.is_withdrawn AND ({places}) AND (h.household_type = %s OR w.id IS NOT NULL)"""
    return query, [*(bound for pair in scope.ranges for bound in pair), ALLEVIATED]
