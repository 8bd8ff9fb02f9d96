"""The city's leads and cases in every state, with findings, reasons, events, tasks, measures, notices; reports and lists beside them."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

from shouwang import policy
from shouwang.casework import clocks, procedure, tasks
from shouwang.casework.models import Case, CollectionTask, Event, Lead, LeadReason, Notice, Proceeding, Signal, Task
from shouwang.casework.risks import RISKS
from shouwang.households.catalogue import CATALOGUE
from shouwang.households.models import Measure
from shouwang.policy import Policies
from shouwang.screening import catalogue
from shouwang.screening.models import Finding, RuleResult, Run

from .register import TODAY, City
from .writing import moment, plain, put

LEADS, CASES = 60_000, 20_000
# Where leads and cases stand, in shares, with the steps that led there.
_CONFIRMED = ("dispatch", "confirm")
_LEAD_STATES: dict[str, tuple[int, tuple[str, ...]]] = {
    "open": (4, ()),
    "at_township": (3, ("send_to_township",)),
    "at_village": (20, ("dispatch",)),
    "no_risk": (30, ("dispatch", "clear")),
    "returned": (8, ("dispatch", "give_back")),
    "withdrawn": (2, ("withdraw",)),
}
_IN = ("authorise", "match", "review", "publish", "close_publicity", "township_review", "county_decision", "announce")
_OUT = (
    "ask_clearance",
    "out_review",
    "out_publish",
    "out_close_publicity",
    "out_township_review",
    "out_county_decision",
)
_CASE_STATES: dict[str, tuple[int, tuple[str, ...]]] = {
    "to_authorise": (3, ()),
    "to_match": (2, _IN[:1]),
    "to_review": (6, _IN[:2]),
    "not_carried": (1, (*_IN[:2], "review_against")),
    "to_publish": (5, _IN[:4]),
    "to_township": (3, _IN[:5]),
    "to_county": (3, _IN[:6]),
    "to_announce": (2, _IN[:7]),
    "supported": (50, (*_IN, "name_contact", "settle_plan")),
    "out_review": (1, (*_IN, *_OUT[:1])),
    "out_publish": (1, (*_IN, *_OUT[:3])),
    "out_township": (1, (*_IN, *_OUT[:4])),
    "out_county": (1, (*_IN, *_OUT[:5])),
    "cleared": (18, (*_IN, *_OUT)),
    "cleared_naturally": (1, (*_IN, "clear_naturally")),
    "refused": (2, (*_IN[:2], "refuse")),
}


def fill(city: City, scale: float) -> None:
    chance, policies = city.chance, policy.load()
    results = _runs(city)
    chosen = chance.sample(city.households, int(LEADS * scale))
    case_count = int(CASES * scale)
    leads: list[Lead] = []
    cases: list[Case] = []
    trails: list[tuple[Proceeding, tuple[str, ...]]] = []
    numbers: dict[str, Iterator[int]] = {}
    for key, (household, village) in enumerate(chosen, 1):
        state, steps = ("confirmed", _CONFIRMED) if key <= case_count else _drawn(chance, _LEAD_STATES)
        is_recent = key > case_count and procedure.get("verification").state(state).is_open
        lead = _lead(city, key, household, village, state, steps, is_recent, numbers, policies)
        leads.append(lead)
        trails.append((lead, steps))
        if key <= case_count:
            case_state, case_steps = _drawn(chance, _CASE_STATES)
            case = _case(chance, lead, case_state, case_steps)
            cases.append(case)
            trails.append((case, case_steps))
    put(Lead, _columns(Lead), _values(Lead, leads))
    put(Case, _columns(Case), _values(Case, cases))
    _reasons(city, leads, results)
    _events(trails)
    _tasks(trails, policies)
    _measures(chance, cases)
    _notices(cases)
    put(
        CollectionTask,
        ("id", "household_id", "region_code", "dataset", "month", "opened_on", "done_on"),
        (
            (key, household, village, "monthly_income", f"2022-0{1 + key % 6}", "2022-07-01", None)
            for key, (household, village) in enumerate(chosen[: len(chosen) // 2], 1)
        ),
    )


def _lead(
    city: City, key: int, household: int, village: str, state: str, steps: tuple[str, ...], is_recent: bool,
    numbers: dict[str, Iterator[int]], policies: Policies,
) -> Lead:  # fmt: skip
    county = f"{village[:6]}000000"
    age = city.chance.randrange(1, 30) if is_recent else city.chance.randrange(40, 360)
    opened_on = TODAY - dt.timedelta(days=age)
    month = f"{village[:6]}-{opened_on:%Y%m}"
    number = next(numbers.setdefault(month, itertools.count(1)))
    due = _due(opened_on, county, policies)
    is_open = procedure.get("verification").state(state).is_open
    rules = sorted(city.chance.sample(list(catalogue.rules()), 1 + (key % 4 == 0)))
    return Lead(
        id=key, region_code=village, opened_on=opened_on, due_on=due.on, due_parameter=due.because,
        procedure="verification", state=state, version=len(steps), is_open=is_open,
        closed_on=None if is_open else opened_on + dt.timedelta(days=city.chance.randrange(1, 16)),
        lead_no=f"{month}-{number:06d}", household_id=household, responsible_unit="防贫工作站", rules=rules,
        channels=["screening"], proposed_category="突发严重困难户",
    )  # fmt: skip


_dues: dict[tuple[dt.date, str], clocks.Due] = {}


def _due(opened_on: dt.date, county: str, policies: Policies) -> clocks.Due:
    if (opened_on, county) not in _dues:
        _dues[opened_on, county] = clocks.due(start_on=opened_on, region_code=county, policies=policies)
    return _dues[opened_on, county]


def _case(chance: random.Random, lead: Lead, state: str, steps: tuple[str, ...]) -> Case:
    is_open = procedure.get("case").state(state).is_open
    assert lead.closed_on
    included = lead.closed_on + dt.timedelta(days=12) if "county_decision" in steps else None
    return Case(
        id=lead.pk, region_code=lead.region_code, opened_on=lead.opened_on, due_on=lead.due_on,
        due_parameter=lead.due_parameter, procedure="case", state=state, version=len(steps), is_open=is_open,
        closed_on=None if is_open else TODAY - dt.timedelta(days=3), case_no=lead.lead_no.replace("-2", "-G2", 1),
        household_id=lead.household_id, lead_id=lead.pk,
        options=["household_verification", "data_match", "announcement"],
        risks=chance.sample(list(RISKS), 1 + lead.pk % 2), entry_rules=lead.rules,
        proposed_category="突发严重困难户", object_category="突发严重困难户" if included else "",
        is_green_channel=lead.pk % 100 == 0, included_on=included,
        cleared_on=TODAY - dt.timedelta(days=3) if state == "cleared" else None,
    )  # fmt: skip


def _runs(city: City) -> dict[tuple[str, str], int]:
    """(county, rule) → its result; one run of each county."""
    found: dict[tuple[str, str], int] = {}
    results, runs, links = [], [], []
    for number, county in enumerate(city.villages, 1):
        runs.append((number, county, "2022-06-30", "duckdb", "1", "1", moment("2022-07-01"), moment("2022-07-01")))
        for rule in catalogue.rules():
            key = len(results) + 1
            counts = plain({"hit": 500, "judgement": 0, "provisional": 0, "not_computed": {}})
            results.append(
                (key, f"{key:064d}", rule, county, "2022-06-30", "computed", counts, "1", "duckdb", moment(TODAY))
            )
            links.append((key, number, key))
            found[county, rule] = key
    columns = (
        "id",
        "key",
        "rule",
        "county_code",
        "as_of",
        "outcome",
        "counts",
        "rule_version",
        "engine",
        "computed_at",
    )
    put(RuleResult, columns, results)
    columns = ("id", "region_code", "as_of", "engine", "policy_version", "code_version", "started_at", "finished_at")
    put(Run, columns, runs)
    put(Run.results.through, ("id", "run_id", "ruleresult_id"), links)
    return found


def _reasons(city: City, leads: list[Lead], results: dict[tuple[str, str], int]) -> None:
    """A finding for each rule of a lead with the rows that show it; a tenth of the leads were told about by somebody as well."""
    findings, reasons, signals = [], [], []
    for lead in leads:
        county = f"{lead.region_code[:6]}000000"
        left = TODAY if lead.state == "withdrawn" else None
        for rule in lead.rules:
            evidence = [
                {"dataset": "medical_settlement", "batch": 1 + lead.pk % 900, "row": lead.pk + n} for n in range(4)
            ]
            key = len(findings) + 1
            findings.append(
                (key, results[county, rule], lead.region_code, lead.household_id, rule, "2022-06-30", "hit", "12345.00",
                 "10000.00", ">", plain(evidence), f"{key:064d}")
            )  # fmt: skip
            reasons.append((len(reasons) + 1, lead.pk, key, None, lead.opened_on, left, lead.pk % 50 == 0))
        if lead.pk % 10 == 0:
            key = len(signals) + 1
            told = lead.opened_on, f"R{key}", moment(lead.opened_on)
            signals.append((key, "visit", lead.household_id, lead.region_code, "illness", *told))
            reasons.append((len(reasons) + 1, lead.pk, None, key, lead.opened_on, left, False))
    columns = ("id", "result_id", "region_code", "household_id", "rule", "as_of", "status", "observed", "threshold")
    put(Finding, (*columns, "comparator", "evidence", "fingerprint"), findings)
    columns = ("id", "channel", "household_id", "region_code", "risk", "told_on", "reference", "received_at")
    put(Signal, columns, signals)
    columns = ("id", "lead_id", "finding_id", "signal_id", "joined_on", "left_on", "is_answered")
    put(LeadReason, columns, reasons)


def _events(trails: list[tuple[Proceeding, tuple[str, ...]]]) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for proceeding, codes in trails:
            table = procedure.get(proceeding.procedure)
            state = table.start
            lead, case = (proceeding.pk, None) if isinstance(proceeding, Lead) else (None, proceeding.pk)
            for sequence, code in enumerate(codes, 1):
                step = table.step(code)
                assert step
                key += 1
                before, state = state, step.target or state
                on = proceeding.opened_on + dt.timedelta(days=sequence)
                yield key, lead, case, sequence, code, before, state, on, moment(on), "网格员赵", "{}"

    columns = ("id", "lead_id", "case_id", "sequence", "step", "from_state", "to_state", "on", "at", "by_name", "data")
    put(Event, columns, rows())


def _tasks(trails: list[tuple[Proceeding, tuple[str, ...]]], policies: Policies) -> None:
    dues: dict[Any, Any] = {}
    found = []
    for proceeding, steps in trails:
        table = procedure.get(proceeding.procedure)
        on = proceeding.opened_on + dt.timedelta(days=len(steps))
        done = [step for code in steps if (step := table.step(code)) and step.is_task]
        link = {"lead": proceeding} if isinstance(proceeding, Lead) else {"case": proceeding}
        for step in done:
            found.append(
                Task(**link, household_id=proceeding.household_id, region_code=proceeding.region_code, step=step.code,
                     level=step.level, opened_on=on, due_on=proceeding.due_on, due_parameter=proceeding.due_parameter,
                     is_open=False, done_on=on)
            )  # fmt: skip
        asked = tasks.wanted(table, proceeding, [], on, policies, dues)
        found += [task for task in asked if task.step not in steps]
    for key, task in enumerate(found, 1):
        task.pk = key
    put(Task, _columns(Task), _values(Task, found))


def _measures(chance: random.Random, cases: list[Case]) -> None:
    """Nine of ten included cases have a measure for each risk."""
    kinds = {risk: [kind for kind in CATALOGUE.values() if risk in kind.risks] for risk in RISKS}

    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for case in cases:
            if case.included_on is None or case.pk % 10 == 0:
                continue
            for risk in case.risks:
                for kind in chance.sample(kinds[risk], min(2, len(kinds[risk]))):
                    key += 1
                    started = case.included_on + dt.timedelta(days=key % 20)
                    yield (
                        key, case.pk, case.region_code, kind.code, risk, kind.department, kind.phase, kind.label,
                        case.included_on, started, started + dt.timedelta(days=30) if key % 2 else None, moment(TODAY),
                    )  # fmt: skip

    columns = ("id", "case_id", "region_code", "kind", "risk", "department", "phase", "title", "planned_on")
    put(Measure, (*columns, "started_on", "done_on", "at"), rows())


def _notices(cases: list[Case]) -> None:
    """One for each case whose notice went up; its event is found by its step."""
    posted = dict(Event.objects.filter(step="publish").values_list("case_id", "pk"))
    said = {"name": "张*", "group": "一组", "size": 3, "category": "突发严重困难户", "risk": "因病"}
    content = plain(said | {"place": "村务公开栏", "phone": "0312-7300000"})
    rows = (
        (key, case.pk, posted[case.pk], "publicity", case.region_code, content, *_days(case))
        for key, case in enumerate((case for case in cases if case.pk in posted), 1)
    )
    put(Notice, ("id", "case_id", "event_id", "kind", "region_code", "content", "shown_from", "shown_until"), rows)


def _days(case: Case) -> tuple[dt.date, dt.date]:
    start = TODAY - dt.timedelta(days=2) if case.state == "to_publish" else case.opened_on + dt.timedelta(days=4)
    return start, start + dt.timedelta(days=5)


def _drawn(chance: random.Random, states: dict[str, tuple[int, tuple[str, ...]]]) -> tuple[str, tuple[str, ...]]:
    state = chance.choices(list(states), [weight for weight, _ in states.values()])[0]
    return state, states[state][1]


def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _values(model: Any, rows: list[Any]) -> Iterator[list[Any]]:
    json_names = {field.attname for field in model._meta.concrete_fields if field.get_internal_type() == "JSONField"}
    columns = _columns(model)
    for row in rows:
        yield [plain(getattr(row, name)) if name in json_names else getattr(row, name) for name in columns]
