"""The rules and datasets that the program knows, handed over by config at start-up. No discovery, no decorators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .derived import BoundDerived
    from .rule import BoundRule


@dataclass(frozen=True)
class Subject:
    """What a subject brings: its rules, and how their shared facts are made of tables, day and parameters."""

    name: str
    label: str
    rules: tuple[BoundRule, ...]
    facts: Callable[..., Any]
    derived: tuple[BoundDerived, ...] = ()
    # (facts, findings) → household_key, month: which months of the collection are there for provisional findings
    collected_months: Callable[..., Any] | None = None
    collection_dataset: str = ""
    # the derived table that says where households stand, and (position, household_type) → proposed object category
    category_table: str = ""
    category: Callable[..., str] | None = None


_load: Callable[[], tuple[Subject, ...]] = tuple


def register(load: Callable[[], tuple[Subject, ...]]) -> None:
    """``load`` is called when somebody first asks: a command that runs no rules does not wait for the engines."""
    global _load
    _load = load
    subjects.cache_clear()
    rules.cache_clear()


@cache
def subjects() -> tuple[Subject, ...]:
    loaded = _load()
    codes = [rule.code for subject in loaded for rule in subject.rules]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"规则代码重复：{'、'.join(sorted(twice))}")
    return loaded


@cache
def rules() -> Mapping[str, BoundRule]:
    return {rule.code: rule for subject in subjects() for rule in subject.rules}
