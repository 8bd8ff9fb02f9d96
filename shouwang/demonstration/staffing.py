"""Units, posts and people of the demonstration county: everybody in place, but for one township without a station and one
village without a grid worker, some vacant posts, and grid workers who changed in spring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np

from shouwang.organisation import actions
from shouwang.organisation.departments import BY_CODE
from shouwang.organisation.models import Account, PostKind, Unit, UnitKind
from shouwang.organisation.roster import RosterRow
from shouwang.regions import catalogue

from . import calibration, places
from .names import given_names, surnames
from .streams import Streams

# The day on which the roster was drawn up: gaps of 31 March can be looked at as well as today's.
DRAWN_UP_ON = dt.date(2022, 7, 1)
WITHOUT_STATION = "130630207000"  # a small township whose station was never set up
WITHOUT_GRID_WORKER = "130630102201"  # beside the demonstration village
DEPARTMENTS = (
    "medical_insurance",
    "disabled_federation",
    "civil_affairs",
    "education",
    "health",
    "housing",
    "water",
    "human_resources",
    "agriculture",
    "emergency",
    "public_security",
)
_STARTED = (dt.date(2021, 3, 1), dt.date(2021, 6, 15), dt.date(2021, 11, 1), dt.date(2022, 2, 20), dt.date(2022, 3, 28))
_CHANGED_ON = dt.date(2022, 5, 1)
_CHANGED_SHARE, _SECOND_SHARE, _VACANT_SHARE = 0.06, 0.35, 0.03
_VISITS = "每月走访本网格农户，核实线索，收集变化"
_CONTACT = "联系监测对象，掌握收支和“三保障”变化"


def create(*, by: Account | None = None) -> None:
    """Registers them once; a county that has its centre is left as it is."""
    if Unit.objects.filter(kind=UnitKind.COUNTY_CENTRE, region_code=calibration.COUNTY).exists():
        return
    actions.take_roster(rows=list(_rows()), region_code=calibration.COUNTY, today=DRAWN_UP_ON, by=by)


class _People:
    """Invented names, telephones and first days, each drawn once."""

    def __init__(self) -> None:
        self.chance, size = Streams(2022)["staff"], 3000
        is_male = self.chance.random(size) < 0.7
        family = surnames(self.chance, size)
        given = given_names(self.chance, self.chance.integers(1962, 1995, size), is_male)
        self._drawn = iter(zip(np.char.add(family, given).tolist(), is_male.tolist(), strict=True))
        self._number = 0

    def next(self, name: str = "") -> dict[str, Any]:
        """A person; ``name`` for those who have an account. Numbers of a range that no operator gives out."""
        drawn, is_male = next(self._drawn)
        self._number += 1
        return {"name": name or drawn, "sex": "男" if is_male else "女", "phone": f"1000{self._number:07d}"}

    def first_day(self) -> dt.date:
        return _STARTED[int(self.chance.integers(0, len(_STARTED)))]

    def happens(self, share: float) -> bool:
        return bool(self.chance.random() < share)


def _rows() -> Iterator[RosterRow]:
    people = _People()
    divisions = [line for line in catalogue.divisions(counties_in_detail=[calibration.COUNTY]) if line.is_in_force()]
    names = {line.code: line.name for line in divisions}
    inside = sorted(code for code in names if code[:6] == calibration.COUNTY[:6] and code != calibration.COUNTY)
    villages = [code for code in inside if code[9:] >= "200" and code[6:9] != "000"]
    yield from _county(people, names[calibration.COUNTY])
    for township in sorted({f"{code[:9]}000" for code in villages}):
        if township != WITHOUT_STATION:
            yield from _station(people, township, names[township])
    for code in villages:
        yield from _village(people, code, places.register_name(names[code]))


def _county(people: _People, county: str) -> Iterator[RosterRow]:
    centre = (calibration.COUNTY, f"{county}防贫中心", UnitKind.COUNTY_CENTRE, "")
    yield _row(centre, "中心主任", PostKind.LEADER, "全面负责防返贫监测帮扶", people)
    yield _row(centre, "数据员", PostKind.CENTRE_OFFICER, "接收部门数据，筛查，下发线索，县级确定", people, "县中心孙")
    yield _row(centre, "监测专干", PostKind.CENTRE_OFFICER, "督办线索，抽查标识", people)
    yield RosterRow(*centre, post="帮扶专干", post_kind=PostKind.CENTRE_OFFICER, responsibility="汇总帮扶措施")
    office = (calibration.COUNTY, f"{county}乡村振兴局", UnitKind.DEPARTMENT, "rural_revitalisation")
    yield _row(office, "分管领导", PostKind.LEADER, "分管防返贫监测帮扶", people, "县领导冯")
    known = {"medical_insurance": "医保郑", "disabled_federation": "残联王"}
    for code in DEPARTMENTS:
        unit = (calibration.COUNTY, f"{county}{BY_CODE[code].name}", UnitKind.DEPARTMENT, code)
        yield _row(unit, "联络员", PostKind.LIAISON, "报送数据，回复名单，反馈措施", people, known.get(code, ""))


def _station(people: _People, code: str, name: str) -> Iterator[RosterRow]:
    unit = (code, f"{name}防贫工作站", UnitKind.TOWNSHIP_STATION, "")
    is_ours = code == calibration.DEMONSTRATION_TOWNSHIP
    yield _row(unit, "站长", PostKind.LEADER, "负责本乡镇防返贫监测帮扶", people)
    yield _row(unit, "监测专干", PostKind.STATION_OFFICER, "下发和审核线索", people, "乡镇钱" if is_ours else "")
    if people.happens(_VACANT_SHARE) and not is_ours:
        yield RosterRow(*unit, post="帮扶专干", post_kind=PostKind.STATION_OFFICER, responsibility="登记帮扶措施")
    else:
        yield _row(
            unit, "帮扶专干", PostKind.STATION_OFFICER, "帮扶计划和措施登记", people, "乡镇何" if is_ours else ""
        )


def _village(people: _People, code: str, name: str) -> Iterator[RosterRow]:
    unit = (code, name, UnitKind.VILLAGE, "")
    is_ours = code == calibration.DEMONSTRATION_VILLAGE
    if code == WITHOUT_GRID_WORKER:
        yield RosterRow(*unit, post="网格员", post_kind=PostKind.GRID_WORKER, responsibility=_VISITS)
    else:
        if people.happens(_CHANGED_SHARE) and not is_ours:
            before = people.next()
            yield RosterRow(
                *unit, "网格员", PostKind.GRID_WORKER, _VISITS, **before, from_on=_STARTED[0], until_on=_CHANGED_ON
            )
            yield RosterRow(*unit, "网格员", PostKind.GRID_WORKER, _VISITS, **people.next(), from_on=_CHANGED_ON)
        else:
            yield _row(unit, "网格员", PostKind.GRID_WORKER, _VISITS, people, "网格员赵" if is_ours else "")
        if people.happens(_SECOND_SHARE):
            yield _row(unit, "网格员（二）", PostKind.GRID_WORKER, _VISITS, people)
    yield _row(unit, "监测联系人", PostKind.MONITORING_CONTACT, _CONTACT, people)
    if is_ours or people.happens(0.3):
        yield _row(
            unit, "驻村工作队员", PostKind.VILLAGE_TEAM, "驻村帮扶，协助走访", people, "驻村高" if is_ours else ""
        )


def _row(
    unit: tuple[str, str, str, str], post: str, kind: str, responsibility: str, people: _People, name: str = ""
) -> RosterRow:
    return RosterRow(*unit, post, kind, responsibility, **people.next(name), from_on=people.first_day())
