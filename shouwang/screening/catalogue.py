"""The rules and datasets that the program knows, handed over by config at start-up. No discovery, no decorators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .rule import BoundRule


@dataclass(frozen=True)
class Subject:
    """What a subject brings: its rules, and how their shared facts are made of tables, day and parameters."""

    name: str
    label: str
    rules: tuple[BoundRule, ...]
    facts: Callable[..., Any]
    questions: Callable[..., Any] | None = (
        None  # facts → rows to ask about (asset hints), never a reason to drop a finding
    )


_subjects: tuple[Subject, ...] = ()


def register(subjects: tuple[Subject, ...]) -> None:
    global _subjects
    codes = [rule.code for subject in subjects for rule in subject.rules]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ValueError(f"规则代码重复：{'、'.join(sorted(twice))}")
    _subjects = subjects


def subjects() -> tuple[Subject, ...]:
    return _subjects


def rules() -> Mapping[str, BoundRule]:
    return {rule.code: rule for subject in _subjects for rule in subject.rules}
