"""牵头部门和责任单位 of a task: the department that leads, those that take part, the unit that answers for it (S2-B-06).

Identification is led by the office for rural revitalisation and carried by the townships; a measure is led by its own department. Units
are called as they are registered; where none is registered, as the division is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shouwang.casework.models import Task
from shouwang.casework.procedure import CITY, COUNTY
from shouwang.organisation import departments
from shouwang.organisation.models import Unit, UnitKind
from shouwang.regions import queries as regions

from . import routing

# laiyuan-2022-9#2.1.6, laiyuan-2022-9#2.2: 牵头部门：乡村振兴局，责任单位：各乡镇
LEADING = "rural_revitalisation"
# Steps for which the departments that own the fitting measures are asked as well.
_WITH_DEPARTMENTS = ("settle_plan",)


@dataclass(frozen=True)
class Ownership:
    """``taking_part``: departments that are asked besides."""

    lead: str
    responsible: str
    taking_part: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        more = f"（{'、'.join(self.taking_part)}参加）" if self.taking_part else ""
        return f"牵头部门：{self.lead}{more}，责任单位：{self.responsible}"


def of_tasks(tasks: Iterable[Task]) -> dict[int, Ownership]:
    """Task → who leads and who answers; two queries for however many."""
    rows = list(tasks)
    places = {task.pk: _place(task) for task in rows}
    units = responsible_units(set(places.values()))
    found = {}
    for task in rows:
        taking_part: tuple[str, ...] = ()
        if task.step in _WITH_DEPARTMENTS and task.case is not None:
            codes = [code for code in routing.departments(list(task.case.risks)) if code != LEADING]
            taking_part = tuple(map(departments.label_of, codes))
        found[task.pk] = Ownership(departments.label_of(LEADING), units[places[task.pk]], taking_part)
    return found


def responsible_units(codes: set[str]) -> dict[str, str]:
    """Township or county → how its unit is called."""
    kinds = (UnitKind.TOWNSHIP_STATION, UnitKind.COUNTY_CENTRE, UnitKind.BUREAU)
    rows = Unit.objects.filter(region_code__in=codes, kind__in=kinds, closed_on=None).order_by("-pk")
    registered = dict(rows.values_list("region_code", "name"))
    missing = codes - registered.keys()
    names = regions.names_of(missing)
    return {code: registered.get(code) or names.get(code, code) for code in codes}


def _place(task: Task) -> str:
    """责任单位 are the townships; what the county or city does itself, they answer for."""
    if task.level == CITY:
        return regions.ancestors(regions.county_of(task.region_code))[1]
    return regions.county_of(task.region_code) if task.level == COUNTY else f"{task.region_code[:9]}000"
