"""Every field that the platform knows, and who supplies it: one field, one owner, so that nothing known is asked again (S0-C-62).

Built from the national system's sheets, the departments' datasets and what a visit alone supplies. ``asked_twice`` says whether
something that a form wants to ask has a living owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from shouwang.feeds.datasets import DATASETS
from shouwang.intake import headings
from shouwang.intake.contract import Column, Contract, Kind, Privacy
from shouwang.registry.sheets import SHEETS

from .visits.asked import ASKED, Asked

SHEET, DATASET, VISIT = "sheet", "dataset", "visit"
OWNER_KINDS = {SHEET: "全国系统", DATASET: "部门数据", VISIT: "走访"}
# How old a field may be: the rhythm of its source, by region (a sheet follows the natural changes of each month).
_SHEET_RHYTHM, VISIT_RHYTHM = "household.natural_change_frequency", "household.visit_frequency"
# Collected on the monthly visit; the file is only the other way in.
_COLLECTED_ON_VISITS = {"monthly_income"}
# Say whom a row is about; they are matched with the register and belong to it.
_SUBJECT_KINDS = {Kind.IDENTITY, Kind.CERTIFICATE, Kind.NAME}
_SUBJECT_HEADINGS = {"户编号", "人口编号", "行政村代码", "月份"}


@dataclass(frozen=True)
class Field:
    """A field: ``source`` is the code of the sheet or dataset (``visit`` for a visit), ``frequency_parameter`` says how old it may be."""

    code: str
    label: str
    kind: str
    unit: str
    choices: tuple[str, ...]
    privacy: Privacy
    owner: str
    source: str
    source_label: str
    frequency_parameter: str
    aliases: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    names: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def owner_label(self) -> str:
        """全国系统·人口信息, 县医保局·医疗结算, 走访."""
        return self.source_label if self.owner == VISIT else f"{OWNER_KINDS[self.owner]}·{self.source_label}"

    @property
    def is_asked(self) -> bool:
        """Whether a visit is what supplies it."""
        return self.owner == VISIT


@cache
def register() -> Mapping[str, Field]:
    """Every field by code, in the order of its sources. A heading of several sheets belongs to the first."""
    found: dict[str, Field] = {}
    seen: dict[str, str] = {}
    for contract, owner in _contracts():
        for column in contract.columns:
            if owner == DATASET and (column.kind in _SUBJECT_KINDS or column.heading in _SUBJECT_HEADINGS):
                continue
            if owner == SHEET and column.heading in seen:
                known = found[seen[column.heading]]
                found[known.code] = _with_source(known, contract)
                continue
            made = _of_column(contract, column, owner)
            found[made.code] = made
            if owner == SHEET:
                seen[column.heading] = made.code
    for one in ASKED:
        made = _of_visit(one)
        found[made.code] = made
    return found


def field_of(code: str) -> Field | None:
    return register().get(code)


def asked_twice(label: str) -> Field | None:
    """The field with a living owner that says the same as a label that a form wants to ask: by its own name or one of its aliases."""
    name = headings.normalised(label)
    return next((one for one in register().values() if not one.is_asked and name in one.names), None)


def search(text: str) -> list[Field]:
    """Fields whose name, other name or source contains a text."""
    wanted = headings.normalised(text)
    if not wanted:
        return list(register().values())
    return [
        one
        for one in register().values()
        if any(wanted in name for name in one.names) or wanted in headings.normalised(one.source_label)
    ]


def _contracts() -> Iterable[tuple[Contract, str]]:
    for code in ("person", "household", "monitored", "outwork"):
        yield SHEETS[code], SHEET
    for dataset in DATASETS.values():
        yield dataset, VISIT if dataset.code in _COLLECTED_ON_VISITS else DATASET


def _of_column(contract: Contract, column: Column, owner: str) -> Field:
    department = getattr(contract, "department", "")
    frequency = getattr(contract, "frequency_parameter", _SHEET_RHYTHM) if owner != SHEET else _SHEET_RHYTHM
    names = {headings.normalised(name) for name in (column.heading, *column.aliases)}
    names |= {headings.normalised(name, with_brackets=False) for name in (column.heading, *column.aliases)}
    label = f"{department}·{contract.label}" if department and owner == DATASET else contract.label
    return Field(
        code=f"{contract.code}.{column.heading}",
        label=column.heading,
        kind=column.kind.value,
        unit=column.unit,
        choices=tuple(column.codes.values) if column.codes else (),
        privacy=column.privacy,
        owner=owner,
        source=contract.code,
        source_label=f"走访（{label}）" if owner == VISIT else label,
        frequency_parameter=frequency,
        aliases=column.aliases,
        names=frozenset(names - {""}),
    )


def _with_source(known: Field, contract: Contract) -> Field:
    return Field(**{**known.__dict__, "also_in": (*known.also_in, contract.label)})


def _of_visit(one: Asked) -> Field:
    return Field(
        code=f"visit.{one.name}",
        label=one.label,
        kind=_KIND_WORDS.get(one.kind, one.kind),
        unit=one.unit,
        choices=tuple(one.choices.values()),
        privacy=one.privacy,
        owner=VISIT,
        source="visit",
        source_label="走访",
        frequency_parameter=VISIT_RHYTHM,
        names=frozenset({headings.normalised(one.label)}),
    )


_KIND_WORDS = {
    "text": "文字",
    "long_text": "长文字",
    "day": "日期",
    "number": "金额",
    "choice": "单选",
    "choices": "多选",
    "flag": "是否",
    "member": "家庭成员",
}
