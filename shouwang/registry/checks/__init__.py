"""The inspectors' questions (domain 2.11): what they will ask about the register, per village and per check, with the rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb

from shouwang.foundation import secrets
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from ..models import Person
from . import households, objects, pack, persons, relations
from .check import Check, Subject
from .pack import ERROR, OFF, SEVERITIES, WARNING, Setting

__all__ = ["CHECKS", "ERROR", "OFF", "SEVERITIES", "WARNING", "Answer", "Asked", "Question", "run", "settings"]

CHECKS: tuple[Check, ...] = (*persons.CHECKS, *households.CHECKS, *objects.CHECKS)
_FROM = {
    Subject.PERSON: "p JOIN h ON h.household_id = p.household_id LEFT JOIN m ON m.household_id = p.household_id",
    Subject.HOUSEHOLD: "h LEFT JOIN m ON m.household_id = h.household_id",
    Subject.OBJECT: "o JOIN h ON h.household_id = o.household_id LEFT JOIN m ON m.household_id = h.household_id",
}

# Parameter and county → its value there, None while the documents leave it open.
Resolve = Callable[[str, str], Decimal | None]


@dataclass(frozen=True)
class Question:
    """One row that inspectors will ask about."""

    check: str
    region_code: str
    household_no: str
    head_name: str
    person_no: str
    person_name: str
    sentence: str


@dataclass(frozen=True)
class Asked:
    """A check that was run: how it is put, how many rows it found, or why it could not be computed."""

    code: str
    setting: Setting
    count: int
    not_computed: str = ""


@dataclass
class Answer:
    """Everything that the pack asks about a region as of a day."""

    region_code: str
    as_of: dt.date
    checks: list[Asked] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def by_village(self) -> dict[str, Counter[str]]:
        """Village → how many questions of each check."""
        found: dict[str, Counter[str]] = {}
        for question in self.questions:
            found.setdefault(question.region_code, Counter())[question.check] += 1
        return dict(sorted(found.items()))

    def count(self, severity: str) -> int:
        return sum(asked.count for asked in self.checks if asked.setting.severity == severity)


def settings() -> dict[str, Setting]:
    """Code → label, severity and thresholds, in the order in which the checks are listed."""
    known = pack.load()
    return {check.code: known[check.code] for check in CHECKS}


def run(
    *,
    region_code: str,
    scope: Scope,
    as_of: dt.date | None = None,
    resolve: Resolve | None = None,
    progress: Progress = silent,
) -> Answer:
    """Asks every check that is not switched off about the part of a region that the scope sees.

    ``as_of``: ages and months are counted to it; without it, to the end of the newest month of the register. ``resolve`` gives
    the value of a policy parameter for a county; a check whose parameter has none is not computed, and says so. Raises
    UserError when nothing of the region is in the register.
    """
    region_code = regions.full_code(region_code)
    inside = scope.narrowed(region_code)
    day = as_of or _newest(inside, region_code)
    wanted = settings()
    answer = Answer(region_code, day)
    with store.connect() as connection:
        progress("读取档案", 0, len(CHECKS))
        keys = secrets.load()
        digits = int(str(wanted["telephone_length"].thresholds["digits"].value))
        relations.build(connection, scope=inside, keys=keys, as_of=day, digits=digits)
        values = _values(connection, resolve)
        for number, check in enumerate(CHECKS, start=1):
            setting = wanted[check.code]
            if setting.severity == OFF:
                continue
            progress(setting.label, number, len(CHECKS))
            if check.parameter and not values.get(check.parameter):
                answer.checks.append(Asked(check.code, setting, 0, f"参数 {check.parameter} 在这里没有值"))
                continue
            found = _ask(connection, check, setting, values.get(check.parameter, {}))
            answer.checks.append(Asked(check.code, setting, len(found)))
            answer.questions += found
    order = {check.code: place for place, check in enumerate(CHECKS)}
    answer.questions.sort(key=lambda one: (one.region_code, one.household_no, one.person_no, order[one.check]))
    return answer


def _newest(scope: Scope, region_code: str) -> dt.date:
    period = (
        scope.filter(Person.objects.filter(is_withdrawn=False))
        .order_by("-period")
        .values_list("period", flat=True)
        .first()
    )
    if not period:
        raise UserError(
            f"{regions.name(region_code)}还没有人员档案，无法检查", next_step="请先用 shouwang registry import 导入。"
        )
    return Month.parse(period).last_day


def _values(connection: duckdb.DuckDBPyConnection, resolve: Resolve | None) -> dict[str, dict[str, Decimal]]:
    """Parameter → first six digits of a county → value."""
    if resolve is None:
        return {}
    rows = connection.execute("SELECT DISTINCT left(region_code, 6) FROM h").fetchall()
    found: dict[str, dict[str, Decimal]] = {}
    for name in {check.parameter for check in CHECKS if check.parameter}:
        for (prefix,) in rows:
            value = resolve(name, f"{prefix}000000")
            if value is not None:
                found.setdefault(name, {})[prefix] = value
    return found


def _ask(
    connection: duckdb.DuckDBPyConnection, check: Check, setting: Setting, values: Mapping[str, Decimal]
) -> list[Question]:
    names = {name: _sql(limit.value) for name, limit in setting.thresholds.items()}
    if values:
        cases = " ".join(f"WHEN {quoted(prefix)} THEN {value}" for prefix, value in values.items())
        names["parameter"] = f"(CASE left(h.region_code, 6) {cases} END)"
    who = "p.person_no, p.name" if check.subject is Subject.PERSON else "'', ''"
    rows = connection.execute(f"""SELECT h.region_code, h.household_no, h.head_name, {who}, {check.says.format(**names)}
        FROM {_FROM[check.subject]} WHERE {check.when.format(**names)}""").fetchall()
    return [Question(check.code, *row) for row in rows]


def _sql(value: pack.Value) -> str:
    """A threshold as it stands in SQL: numbers and months as they are, a list as its members."""
    return ", ".join(quoted(item) for item in value) if isinstance(value, tuple) else value
