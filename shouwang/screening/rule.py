"""What a rule is: a name, its clauses, what it needs, and one expression that says which households it points at."""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import ibis
import ibis.expr.types as ir

from shouwang.foundation import money

HIT, JUDGEMENT, PROVISIONAL, NOT_COMPUTED = "hit", "judgement", "provisional", "not_computed"
STATUS_LABELS = {HIT: "命中", JUDGEMENT: "需研判", PROVISIONAL: "暂定", NOT_COMPUTED: "未计算"}

# What every rule returns, in this order. Figures are whole numbers in the smallest unit (fen, days, millionths of a share);
# a figure per head is kept as numerator and divisor, so that nothing is rounded before it is compared.
FINDING_COLUMNS: dict[str, str] = {
    "household_key": "int64",
    "person_key": "int64",
    "status": "string",
    "reason": "string",
    "observed": "int64",
    "observed_divisor": "int64",
    "observed_text": "string",
    "threshold": "int64",
    "threshold_divisor": "int64",
    "present_count": "int16",
    "expected_count": "int16",
}
EVIDENCE_COLUMNS: dict[str, str] = {"finding": "int64", "dataset": "string", "batch": "int64", "row": "int32"}

SHARE_SCALE = 1_000_000


@dataclass(frozen=True)
class Rule:
    """The declaration of a rule.

    ``uses``: parameters without which it is not computed; ``needs_one_of``: at least one of these must have a value;
    ``optional``: what happens without them is part of the rule. The same three words for datasets. ``causes``: the risk
    causes (致贫返贫风险) that the rule speaks about; a household already monitored for one of them gets no new lead.
    ``compared_by``: the parameters whose comparator decides; ``comparator`` where the clause itself says it and no value stands
    beside it. ``sentence`` explains a finding: {person} {observed} {comparator} {threshold} {period} may stand in it.
    """

    code: str
    label: str
    cites: tuple[str, ...]
    subject: str  # household | person
    unit: str  # yuan | day | share | text
    sentence: str
    applies_to: str
    causes: tuple[str, ...]
    comparator: str = ""
    compared_by: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    needs_one_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    needs_one_dataset_of: tuple[str, ...] = ()
    optional_datasets: tuple[str, ...] = ()

    def comparator_under(self, parameters: Parameters) -> str:
        """The comparator that a finding of this rule is stored with."""
        return next(filter(None, (parameters.comparator(name) for name in self.compared_by)), self.comparator)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.uses, *self.needs_one_of, *self.optional)))

    @property
    def all_datasets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.datasets, *self.needs_one_dataset_of, *self.optional_datasets)))


@dataclass(frozen=True)
class Evidence:
    """Rows that findings of a rule point at, each of them once: those of the found person, of the household, of its members or village.

    ``rows`` has the columns batch and row, and the key that ``of`` (person, household, member, village) is found by. Rules that name
    the same rows are answered together, so that each dataset is read once.
    """

    dataset: str
    rows: ir.Table
    of: str


@dataclass(frozen=True)
class BoundRule:
    """A rule with its expressions, as the runner uses it."""

    rule: Rule
    find: Callable[[Any, Parameters], ir.Table]
    evidence: Callable[[Any, Parameters], list[Evidence]]
    description: str
    version: str
    cases_file: Path

    @property
    def code(self) -> str:
        return self.rule.code


def bind(module: ModuleType, *, shared: tuple[ModuleType, ...] = ()) -> BoundRule:
    """Takes RULE, find and evidence from a rule's module. The version is a hash of its source and of what it shares."""
    source = "".join(inspect.getsource(part) for part in (module, *shared))
    return BoundRule(
        rule=module.RULE,
        find=module.find,
        evidence=module.evidence,
        description=inspect.cleandoc(module.__doc__ or ""),
        version=hashlib.sha256(source.encode()).hexdigest()[:12],
        cases_file=Path(str(module.__file__)).with_suffix(".cases.yaml"),
    )


@dataclass(frozen=True)
class Setting:
    """The value of one parameter for the county and day of a run, with the comparator its clause demands."""

    value: Any
    comparator: str = ""


class Parameters:
    """The parameter values of one run. A rule asks by full name; money comes as whole fen, shares as millionths."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self._settings = settings

    def value(self, name: str) -> Any:
        """The value, or None while the documents leave it open."""
        setting = self._settings.get(name)
        return None if setting is None else setting.value

    def fen(self, name: str) -> int | None:
        value = self.value(name)
        return None if value is None else money.fen(value)

    def millionths(self, name: str) -> int | None:
        value = self.value(name)
        return None if value is None else int(Decimal(str(value)) * SHARE_SCALE)

    def comparator(self, name: str) -> str:
        setting = self._settings.get(name)
        return setting.comparator if setting else ""

    def spellings(self, name: str) -> list[str]:
        """Every accepted spelling of a list of names: the names themselves and their aliases."""
        found: list[str] = []
        for entry in self.value(name) or ():
            found += [entry] if isinstance(entry, str) else [entry["name"], *entry.get("aliases", ())]
        return found

    def compare(self, left: Any, name: str, right: Any) -> ir.BooleanValue:
        """``left`` against ``right`` with the comparator of the parameter's clause."""
        return compare(left, self.comparator(name), right)


def compare(left: Any, comparator: str, right: Any) -> ir.BooleanValue:
    """One of < <= > >= as an expression. Raises ValueError for anything else: a parameter without comparator cannot decide."""
    match comparator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    raise ValueError(f"参数没有可用的比较符：{comparator!r}")


def finding(
    table: ir.Table,
    *,
    status: Any,
    household_key: Any = None,
    person_key: Any = None,
    reason: Any = None,
    observed: Any = None,
    observed_divisor: Any = None,
    observed_text: Any = None,
    threshold: Any = None,
    threshold_divisor: Any = None,
    present_count: Any = None,
    expected_count: Any = None,
) -> ir.Table:
    """The rows of ``table`` in the shape that every rule returns; rows whose status is null are not findings."""
    given = {
        "household_key": table.household_key if household_key is None else household_key,
        "person_key": person_key,
        "status": status,
        "reason": reason,
        "observed": observed,
        "observed_divisor": observed_divisor,
        "observed_text": observed_text,
        "threshold": threshold,
        "threshold_divisor": threshold_divisor,
        "present_count": present_count,
        "expected_count": expected_count,
    }
    shaped = table.select(**{name: _typed(given[name], kind) for name, kind in FINDING_COLUMNS.items()})
    return shaped.filter(shaped.status.notnull())


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return ibis.null(kind)
    if isinstance(value, str | int | bool | dt.date):
        value = ibis.literal(value)
    return value.cast(kind)
