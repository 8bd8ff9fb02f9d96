"""How the days of an identification lie: what was done when, how long the notice must hang, and when it has to go up at the latest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shouwang.casework import clocks
from shouwang.casework.models import Case, Event
from shouwang.policy import Policies
from shouwang.policy.quantities import Duration
from shouwang.regions import queries as regions

from . import obstacles
from .states import STATES

_DAY = dt.timedelta(days=1)
_AFTER_PUBLICITY = ("township_review", "county_decision")
LABELS = {state.code: state.label for state in STATES}


@dataclass(frozen=True)
class Stretch:
    """Days spent in one state, both ends included."""

    state: str
    label: str
    from_on: dt.date
    until_on: dt.date


@dataclass(frozen=True)
class Schedule:
    """``publish_by``: the last day on which a notice can go up that hangs long enough and leaves the later steps their time;
    None where no document says how long a notice hangs, or the notice is done with."""

    opened_on: dt.date
    due_on: dt.date | None
    ended_on: dt.date
    stretches: tuple[Stretch, ...]
    publicity: Duration | None
    publish_by: dt.date | None

    @property
    def is_too_late_to_publish(self) -> bool:
        return self.publish_by is not None and self.ended_on > self.publish_by


# hebei-xiangzhenfa-2022-14#1.8 (domain 2.1: 公示 inside the total clock)
def schedule(*, case: Case, events: Sequence[Event], today: dt.date, policies: Policies) -> Schedule:
    """The schedule of a case's identification up to today, or to the day on which it was decided or its clock stopped."""
    decided_on = case.included_on or (case.closed_on if not case.is_open else None)
    ended_on = decided_on or case.paused_on or today  # no day passes while the clock stands still
    county = regions.county_of(case.region_code)
    publicity: Duration | None = policies.resolve(obstacles.PUBLICITY_DAYS, region_code=county, on=case.opened_on).value
    is_ahead = decided_on is None and not any(event.step == "publish" for event in events)
    return Schedule(
        opened_on=case.opened_on,
        due_on=case.due_on,
        ended_on=ended_on,
        stretches=tuple(_stretches(case, events, ended_on)),
        publicity=publicity,
        publish_by=publish_by(case=case, county=county, policies=policies) if is_ahead else None,
    )


def publish_by(*, case: Case, county: str, policies: Policies) -> dt.date | None:
    """The due day less what township and county may take, less the notice's term."""
    least: Duration | None = policies.resolve(obstacles.PUBLICITY_DAYS, region_code=county, on=case.opened_on).value
    if least is None or case.due_on is None:
        return None
    basis = clocks.day_basis(region_code=county, on=case.opened_on, policies=policies)
    limits = policies.resolve("case.step_limits", region_code=county, on=case.opened_on).value or {}
    end = case.due_on
    for name in reversed(_AFTER_PUBLICITY):
        if (limit := limits.get(name)) is not None:
            end = _latest_start(end, limit, basis)
    return _latest_start(end, least, basis)


def _latest_start(end: dt.date, limit: Duration, basis: str) -> dt.date:
    """The last day from which a limit ends no later than ``end``."""
    start = end
    while clocks.last_day(start, limit, basis=basis) > end:
        start -= _DAY
    return start


def _stretches(case: Case, events: Sequence[Event], ended_on: dt.date) -> list[Stretch]:
    found: list[Stretch] = []
    state, since = "", case.opened_on
    for event in events:
        if event.case_id is None or event.to_state == event.from_state:
            continue
        if not found and not state:
            found.append(Stretch("lead", "线索核实", case.opened_on, _opened_case(events, case)))
            since = found[0].until_on
        found.append(Stretch(event.from_state, LABELS.get(event.from_state, event.from_state), since, event.on))
        state, since = event.to_state, event.on
        if event.step in ("county_decision", "refuse", "decide_against"):
            return found
    if not found:
        found.append(Stretch("lead", "线索核实", case.opened_on, _opened_case(events, case)))
        since, state = found[0].until_on, case.state
    found.append(Stretch(state, LABELS.get(state, state), since, max(since, ended_on)))
    return found


def _opened_case(events: Sequence[Event], case: Case) -> dt.date:
    """The day on which the lead was confirmed."""
    return next((event.on for event in events if event.step == "confirm"), case.opened_on)
