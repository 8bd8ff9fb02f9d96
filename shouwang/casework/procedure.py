"""A procedure is a table: its states, its steps, who takes each, until when, and what has to be true first.

Pages, tasks, the permission matrix and the manual are all made from the table; ``runner`` is the only writer of state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shouwang.organisation.models import Account
    from shouwang.policy import Policies

    from .models import Event, Proceeding

VILLAGE, TOWNSHIP, COUNTY, CITY = "village", "township", "county", "city"
LEVEL_LABELS = {VILLAGE: "村", TOWNSHIP: "乡镇", COUNTY: "县", CITY: "市"}

TEXT, LONG_TEXT, DAY, NUMBER, COUNT = "text", "long_text", "day", "number", "count"
CHOICE, CHOICES, FLAG = "choice", "choices", "flag"


@dataclass(frozen=True)
class Field:
    """Something that a step asks for. ``choices`` are code → label; ``help`` names the clause that demands it, or what to write.

    ``required_if`` is (other field, its values): asked for only then. ``is_for_late``: asked for only once the total clock has
    run out. ``unlike_suggested``: another field; asked for only where that one differs from what was suggested.
    """

    name: str
    label: str
    kind: str = TEXT
    is_required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    required_if: tuple[str, tuple[str, ...]] | None = None
    help: str = ""
    is_for_late: bool = False
    unlike_suggested: str = ""


@dataclass(frozen=True)
class Asked:
    """Fields that the policy of a place names for a day. ``basis``: by which list; ``description`` stands above the form."""

    fields: tuple[Field, ...]
    basis: str
    description: str


@dataclass(frozen=True)
class State:
    """Where a proceeding stands. ``plain`` is what a farmer is told.

    ``option`` names an optional step of the region: a proceeding whose ``options`` lack it goes on to ``otherwise`` instead.
    ``is_settled``: the question is answered, and the answer holds while nothing worse is found. ``is_on_clock`` false: the
    total clock of the procedure no longer applies here.
    """

    code: str
    label: str
    plain: str = ""
    is_open: bool = True
    is_settled: bool = False
    option: str = ""
    otherwise: str = ""
    is_on_clock: bool = True


@dataclass
class Context:
    """What the checks and effects of a step may look at. ``stretch`` are the events since the present state was reached."""

    proceeding: Any
    step: Step
    by: Account | None
    on: dt.date
    today: dt.date
    now: dt.datetime
    data: dict[str, Any]
    policies: Policies
    events: Sequence[Event]
    stretch: Sequence[Event]
    county_code: str

    def value(self, parameter: str, *, on: dt.date | None = None) -> Any:
        """A policy value for this county, in force on the day of the step (or another)."""
        # nobody reads why: divisions need no names
        return self.policies.resolve(parameter, region_code=self.county_code, on=on or self.on, name_of=str).value

    def last(self, step: str) -> Event | None:
        """The newest event of a step since the present state was reached; None when it was not taken since."""
        return next((event for event in reversed(self.stretch) if event.step == step), None)


Check = Callable[[Context], Iterable[str]]
Effect = Callable[[Context], None]
Suggest = Callable[[Context], Mapping[str, Any]]
# policies, county, day → what that place asks for then
Asks = Callable[["Policies", str, dt.date], Asked]


@dataclass(frozen=True)
class Step:
    """One line of the table. ``sources`` are the states it may be taken in; an empty ``target`` stays where it is.

    ``conditions`` look at the proceeding alone and ``checks`` at what was filled in as well; both give sentences that say what
    is still in the way. ``effects`` write in the same transaction. ``limit`` is the parameter of its task's due day, counted
    from the day the state was reached; a field of a parameter that is a structure follows a colon
    (``case.step_limits:publicity``). ``suggests`` fills the form
    with what is known. ``apart_from``: whoever took one of these steps, of the lead or the case, may not take
    this one. ``is_task`` false: possible, but nobody waits for it; ``answers`` then names the step whose task it settles as
    well. ``is_once``: not again while the state lasts; with ``counts_from`` not again since that step was taken, from whose day
    the limit then counts. ``after``: nobody waits for it before that step was taken in this state. ``task_label`` names the
    work where it is more than this one step. ``asks``: fields that a parameter names, before those of the table; ``asked``: as
    they stand for one place and day (``local_fields.here``).
    """

    code: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    level: str
    fields: tuple[Field, ...] = ()
    asks: Asks | None = None
    asked: Asked | None = None
    limit: str = ""
    counts_from: str = ""
    after: str = ""
    conditions: tuple[Check, ...] = ()
    checks: tuple[Check, ...] = ()
    effects: tuple[Effect, ...] = ()
    suggests: Suggest | None = None
    apart_from: tuple[str, ...] = ()
    is_task: bool = True
    answers: str = ""
    task_label: str = ""
    is_once: bool = False
    is_by_program: bool = False
    cites: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Procedure:
    """The whole table. ``limit`` is the parameter of the total clock, from the day of discovery; ``pause_permission`` says
    who may let it stand still."""

    code: str
    label: str
    model: Callable[[], type[Proceeding]]
    start: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    limit: str = ""
    pause_permission: str = ""
    _states: dict[str, State] = field(default_factory=dict, init=False, repr=False, compare=False)
    _steps: dict[str, Step] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._states.update((state.code, state) for state in self.states)
        self._steps.update((step.code, step) for step in self.steps)
        named = {source for step in self.steps for source in (*step.sources, step.target) if source}
        named |= {state.otherwise for state in self.states if state.otherwise} | {self.start}
        if unknown := named - set(self._states):
            raise ValueError(f"{self.code}: unknown states {sorted(unknown)}")
        answered = {name for step in self.steps for name in (step.answers, step.counts_from, step.after) if name}
        if unknown := answered - set(self._steps):
            raise ValueError(f"{self.code}: unknown steps {sorted(unknown)}")
        if len(self._steps) != len(self.steps) or len(self._states) != len(self.states):
            raise ValueError(f"{self.code}: a step or state stands twice")

    def state(self, code: str) -> State:
        return self._states[code]

    def step(self, code: str) -> Step | None:
        return self._steps.get(code)

    def steps_from(self, state: str) -> list[Step]:
        """The steps that may be taken in a state, in the order of the table."""
        return [step for step in self.steps if state in step.sources]

    def reached(self, target: str, options: Iterable[str]) -> str:
        """Where a proceeding really ends up: optional states that its region does not ask for are passed over."""
        options = set(options)
        while (state := self._states[target]).option and state.option not in options:
            target = state.otherwise
        return target

    def limit_holds(self, state: str) -> bool:
        """Whether the procedure's total clock applies in a state."""
        return self._states[state].is_on_clock

    @property
    def open_states(self) -> frozenset[str]:
        return frozenset(state.code for state in self.states if state.is_open)

    @property
    def settled_states(self) -> frozenset[str]:
        return frozenset(state.code for state in self.states if state.is_settled)


_procedures: dict[str, Procedure] = {}


def register(procedures: Iterable[Procedure]) -> None:
    """By ``config`` at start-up: the subjects' procedures."""
    for procedure in procedures:
        _procedures[procedure.code] = procedure


def get(code: str) -> Procedure:
    return _procedures[code]


def all_procedures() -> list[Procedure]:
    return list(_procedures.values())
