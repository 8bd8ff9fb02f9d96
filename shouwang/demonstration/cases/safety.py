"""Cases of the rules on schooling and housing. Water is a matter of villages: see ``departments.villages``."""

from __future__ import annotations

import datetime as dt

from .case import DAUGHTER, GENERAL, HIT, SON, Case, Lines, appraised, changed, enrolled

CHILD = "household.child_not_in_school"
HOUSING = "household.housing_unsafe"
_SIX_ON_THE_DAY, _SIX_A_DAY_LATER = dt.date(2015, 9, 1), dt.date(2015, 9, 2)
_FIFTEEN_ON_THE_DAY, _FIFTEEN_A_DAY_LATER = dt.date(2006, 9, 1), dt.date(2006, 9, 2)


def schooling(lines: Lines) -> list[Case]:
    """Six or more and under fifteen on 1 September 2021, without a place at school."""

    def case(name: str, hit: bool, **more) -> Case:
        return Case(f"child.{name}", CHILD, {CHILD: HIT} if hit else {}, **more)

    return [
        case("six_on_the_day", True, born={SON: _SIX_ON_THE_DAY}, enrolment={SON: None}, observed="没有学籍记录"),
        case("six_a_day_later", False, born={SON: _SIX_A_DAY_LATER}, enrolment={SON: None}),
        case("fifteen_on_the_day", False, born={DAUGHTER: _FIFTEEN_ON_THE_DAY}, enrolment={DAUGHTER: None}),
        case(
            "fifteen_a_day_later",
            True,
            born={DAUGHTER: _FIFTEEN_A_DAY_LATER},
            enrolment={DAUGHTER: None},
            observed="没有学籍记录",
        ),
        case("dropped_out", True, enrolment={DAUGHTER: ("辍学", "厌学")}, observed="辍学", copies=3),
        case("no_record", True, enrolment={SON: None}, observed="没有学籍记录", kind=GENERAL, copies=3),
        case("taught_at_home", False, enrolment={SON: ("送教上门", "")}),
        case("too_ill", False, enrolment={SON: ("休学", "身体原因")}),
        case("on_leave", True, enrolment={DAUGHTER: ("休学", "其他")}, observed="休学", copies=1),
        case(
            "came_back",
            False,
            enrolment={DAUGHTER: ("辍学", "厌学")},
            events=(enrolled(DAUGHTER, "2022-06-10", "在读"),),
        ),
        case("left_in_june", True, events=(enrolled(DAUGHTER, "2022-06-10", "辍学", "务工"),), observed="辍学"),
        case("moved_away", False, enrolment={SON: None}, events=(changed(SON, "迁出", "2022-03-03"),), copies=1),
    ]


def housing(lines: Lines) -> list[Case]:
    """The newest appraisal."""

    def case(name: str, hit: bool, *events, **more) -> Case:
        return Case(f"housing.{name}", HOUSING, {HOUSING: HIT} if hit else {}, events=events, **more)

    return [
        case("dangerous", True, appraised("D", "2021-11-20", rebuilt="未改造", elsewhere="否"), observed="D", copies=3),
        case(
            "partly_dangerous", True, appraised("C", "2022-06-16", elsewhere="否"), observed="C", kind=GENERAL, copies=3
        ),
        case("sound", False, appraised("B", "2022-06-16"), copies=3),
        case("rebuilt", False, appraised("D", "2021-04-20", rebuilt="已改造")),
        case("being_rebuilt", True, appraised("D", "2021-11-20", rebuilt="改造中", elsewhere="否"), observed="D"),
        case("lives_elsewhere", False, appraised("D", "2021-11-20", rebuilt="未改造", elsewhere="是")),
        case("newly_sound", False, appraised("D", "2020-04-20", elsewhere="否"), appraised("B", "2022-06-01")),
        case(
            "newly_dangerous",
            True,
            appraised("A", "2020-04-20"),
            appraised("C", "2022-06-01", rebuilt="未改造"),
            observed="C",
            kind=GENERAL,
        ),
    ]
